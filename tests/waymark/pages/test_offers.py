"""Answers that only the view knows: taken when they were offered, and never given to another kind of field."""

from __future__ import annotations

import pytest
from django import forms
from tests.factories.accounts import AgencyFactory

from waymark.accounts.models import Agency
from waymark.pages.offers import offer, offer_rows


class Asked(forms.Form):
    said = forms.CharField(required=False, max_length=10)
    one = forms.ChoiceField(required=False)
    row = forms.ModelChoiceField(Agency.objects.none(), required=False)


def test_what_is_offered_is_taken_and_nothing_else() -> None:
    offered, other = (Asked({"one": answer}) for answer in ("a", "c"))
    for form in (offered, other):
        offer(form, "one", ((code, code.upper()) for code in "ab"))
    assert offered.is_valid()
    assert '<option value="b">B</option>' in str(offered["one"])
    assert other.errors == {"one": ["Select a valid choice. c is not one of the available choices."]}


def test_what_one_form_offers_no_other_does() -> None:
    offer(Asked(), "one", [("a", "A")])
    assert Asked().fields["one"].choices == []  # type: ignore[attr-defined]


def test_a_row_is_told_by_the_label(db: None) -> None:
    agency = AgencyFactory()
    form = Asked({"row": str(agency.pk)})
    offer_rows(form, "row", Agency.objects.filter(pk=agency.pk), label=lambda row: f"To {row.name}")
    assert form.is_valid()
    assert f">To {agency.name}</option>" in str(form["row"])


@pytest.mark.parametrize("name", ["said", "row"])
def test_only_a_field_with_choices_offers_any(name: str) -> None:
    with pytest.raises(TypeError, match=f"The field '{name}' of Asked has no choices"):
        offer(Asked(), name, [("a", "A")])


@pytest.mark.parametrize("name", ["said", "one"])
def test_only_a_field_that_chooses_a_row_offers_rows(name: str) -> None:
    with pytest.raises(TypeError, match=f"The field '{name}' of Asked does not choose a row"):
        offer_rows(Asked(), name, Agency.objects.none())
