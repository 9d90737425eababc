"""The facts of a case that counts and standards ask for: nothing is needed, and what is not asked stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from waymark.pages.questions import PlainForm, Section
from waymark.people.forms.contacts import OFF
from waymark.reports.formats.counts.templates import current
from waymark.reports.formats.htcds import Field, fields, parts
from waymark.reports.formats.htcds.fields import words_of
from waymark.reports.formats.htcds.mapping import HELD_ELSEWHERE, NAMES
from waymark.reports.formats.htcds.values import LONGEST, SHORT, as_text, read_value

# What the file of the person or the case itself says, or a text nobody should write here twice.
ASKED_ELSEWHERE = HELD_ELSEWHERE | {*NAMES, "cas_Status", "cas_CaseOwner", "cas_ReasonForCaseClosure", "con_Consent"}
PARTS = ("prs_", "vic_", "per_", "hte_", "spl_")


def asked_fields() -> list[Field]:
    """The fields of the standard that this form asks for."""
    return [
        field
        for name, field in fields().items()
        if name.startswith(PARTS) and name not in ASKED_ELSEWHERE and not field.is_deprecated
    ]


class FactsForm(PlainForm):
    """First what the funder's counts ask, then the standard's fields, folded away until they are used."""

    why = {
        "race": "Only as they say themselves. It is sealed; a count of fewer than 11 people is never shown.",
        "victimization": "The funder asks what happened to whom we serve. A person counts once in each type.",
    }

    def more_fields(self) -> dict[str, forms.Field]:
        answers = current("voca").answers
        own: dict[str, forms.Field] = {
            "gender": forms.ChoiceField(
                label="Gender, in the funder's words", choices=_choices(answers["gender"]), required=False
            ),
            "race": forms.ChoiceField(label="Race and ethnicity", choices=_choices(answers["race"]), required=False),
            "victimization": _many("What happened to them", answers["victimization"]),
            "class": _many("What is true of them", answers["class"]),
        }
        return own | {field.name: _form_field(field) for field in asked_fields()}

    def grouped(self) -> Iterator[Section]:
        yield Section("For counts", [self.question(name) for name in ("gender", "race", "victimization", "class")])
        for part in parts():
            names = [field.name for field in part.fields if field.name in self.fields]
            if names:
                yield Section(f"{part.title} (HTCDS)", [self.question(name) for name in names], is_spare=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field in asked_fields():
            said = data.get(field.name)
            read = read_value(field, ";".join(said) if isinstance(said, list) else str(said or ""))
            if read.problem and field.name not in self.errors:
                self.add_error(field.name, f"This {read.problem}.")
            data[field.name] = read.value
        return data

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The facts as they are sealed: what is asked here over what was known before."""
        data = self.cleaned_data
        standard = {name: value for name, value in before.get("htcds", {}).items() if name not in self.fields}
        standard |= {field.name: data[field.name] for field in asked_fields() if data[field.name]}
        return {
            **before,
            "gender": data["gender"],
            "race": data["race"],
            "victimization": data["victimization"],
            "class": data["class"],
            "htcds": standard,
        }


def as_initial(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of facts that were written before."""
    standard = facts.get("htcds", {})
    shown = {
        field.name: standard.get(field.name, []) if field.kind == "codes" else as_text(standard.get(field.name, ""))
        for field in asked_fields()
    }
    return {**{name: facts.get(name, "") for name in ("gender", "race", "victimization", "class")}, **shown}


def _choices(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("", "Not said"), *((code, label) for code, label in answers.items() if code)]


def _one(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _many(label: str, answers: Mapping[str, str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(answers.items()), required=False, widget=forms.CheckboxSelectMultiple
    )


def _form_field(field: Field) -> forms.Field:
    label = words_of(field.name.partition("_")[2])
    if field.kind == "codes":
        return _many(label, {code: words_of(code) for code in field.codes})
    if field.kind in {"code", "checkbox"}:
        codes = field.codes or ("TRUE", "FALSE")
        words = {"TRUE": "Yes", "FALSE": "No"}
        options = [("", "Not said"), *((code, words.get(code) or words_of(code)) for code in codes)]
        return _one(label, options)
    longest = LONGEST.get(field.kind, SHORT)
    widget = forms.Textarea(attrs={**OFF, "rows": 3}) if field.kind == "long" else forms.TextInput(attrs=OFF)
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=widget, help_text=HINTS.get(field.kind, "")
    )


HINTS = {
    "date": "Like 2026-05-31.",
    "country": "Two letters, like MX.",
    "countries": "Two letters each, like MX;US.",
    "language": "Three letters, like eng or spa.",
}
