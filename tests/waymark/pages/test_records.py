"""Nothing from police record systems comes in by the hand of the justice side: not typed, not in a file, nowhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.accounts import AgencyFactory
from tests.factories.operations import OperationFactory
from tests.plugins.staff import SiteClient

import waymark
from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind
from waymark.operations.models import Operation, OutcomeCount
from waymark.pages.questions import PlainForm, Questions
from waymark.pages.records import REFUSED, holds_records, refuses_records, written_by_justice

# Forms of the public sites, which nobody signs in for, and a filter that keeps nothing.
PUBLIC = {"waymark.finder.forms.ListForm", "waymark.finder.forms.ReportForm", "waymark.audit.forms.NarrowingForm"}


class NoteForm(PlainForm):
    text = forms.CharField(max_length=500)
    many = forms.MultipleChoiceField(choices=[("a", "a")], required=False)


class FileForm(PlainForm):
    file = forms.FileField()


@pytest.mark.parametrize(
    "text",
    [
        "as seen in CLETS today",
        "ncic hit",
        "her rap sheet",
        "Criminal  history transcript",
        "CII: A12345678",
        "FBI number 1234567",
        "FBI# 123456AB4",
        "SID CA12345678",
        "ORI: CA0340100",
        "LAW ENFORCEMENT SENSITIVE",
        "CORI was checked",
        "Subject of record",
    ],
)
def test_what_names_or_looks_like_a_record_is_known(text: str) -> None:
    assert holds_records(text)
    with written_by_justice(True):
        form = NoteForm({"text": text})
        assert not form.is_valid()
        assert form.errors["text"] == [REFUSED]
        assert form["text"].value() == text, "what was typed stays"
    assert NoteForm({"text": text}).is_valid(), "an advocate writes what a survivor says"
    assert not refuses_records()


@pytest.mark.parametrize(
    "text",
    ["The FBI took part.", "22 arrests, 14 of them PC 647(b)(2)", "Clients were told", "A. Corrigan", "SID is a name"],
)
def test_plain_words_are_taken(text: str) -> None:
    with written_by_justice(True):
        assert NoteForm({"text": text}).is_valid()


def test_a_file_of_the_justice_side_comes_with_a_word_and_is_looked_through() -> None:
    def sent(content: bytes, name: str = "counts.csv", **ticked: str) -> FileForm:
        return FileForm(ticked, {"file": SimpleUploadedFile(name, content)})

    assert sent(b"measure,value").is_valid(), "nobody else is asked"
    with written_by_justice(True):
        assert "is_attested" in sent(b"measure,value").errors
        for bad in (sent(b"a\nCLETS\n", is_attested="on"), sent(b"a", "rap sheet.csv", is_attested="on")):
            assert bad.errors["file"] == [REFUSED]
        right = sent(b"measure,value", is_attested="on")
        assert right.is_valid()
        assert right.cleaned_data["file"].read() == b"measure,value", "it is read again from its begin"


def _forms() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(waymark.__path__, "waymark."):
        if "forms" in module.name.split("."):
            found: Any = importlib.import_module(module.name)
            yield from (
                one
                for one in vars(found).values()
                if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__ == module.name
            )


def test_every_form_of_the_staff_site_asks() -> None:
    found = {f"{one.__module__}.{one.__qualname__}": one for one in _forms()}
    assert len(found) > 100
    assert {name for name, one in found.items() if not issubclass(one, Questions)} == PUBLIC


@pytest.mark.django_db
def test_the_sheriff_neither_types_nor_uploads_it(staff_of: Callable[..., SiteClient]) -> None:
    operation = OperationFactory(lead=AgencyFactory(kind=AgencyKind.LAW_ENFORCEMENT.value))
    client = staff_of(Role.MEMBER.value, agency=operation.lead)
    url = f"/operations/{operation.pk}/"
    typed = client.send(
        url + "counts/new/", {"measure": "arrests", "side": "buyer", "value": "22", "words": "NCIC says so"}
    )
    assert typed.status_code == 422
    assert "NCIC says so" in typed.content.decode()
    table = b"measure,side,value,words\narrests,buyer,22,from CLETS\n"
    for told in ({}, {"is_attested": "on"}):
        answer = client.send(url + "counts/import/", {"file": SimpleUploadedFile("counts.csv", table), **told})
        assert answer.status_code == 422
        assert "CLETS" in answer.content.decode()
    assert not OutcomeCount.objects.exists()
    assert Operation.objects.count() == 1
    assert client.send(url + "edit/", {"name": "CLETS check"}).status_code == 422
