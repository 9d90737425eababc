"""All of it, or only these: asked of each chosen group that is a list of records.

Nothing is ticked before somebody ticks it. Which records there are is read from the open file; while the vault is locked
the ticks only travel along, so that none is lost and none counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from waymark.consent.formats.scopes import RECORD_CODES, Item
from waymark.consent.formats.words import day_in_words
from waymark.disclosures.formats.kinds import PACKAGE, label_of
from waymark.pages.questions import PlainForm

ALL, ONLY = "all", "only"
LONGEST_LABEL = 90
MOST_CARRIED = 400
GONE = "one of these is not in the file any more. Choose again."


class NamedField(forms.MultipleChoiceField):
    """Which records. Whether there must be one says the answer beside it."""

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


def extent_field(code: str) -> str:
    return f"extent-{code.replace('.', '-')}"


def named_field(code: str) -> str:
    return f"named-{code.replace('.', '-')}"


def label_of_item(item: Item, language: str = "en") -> str:
    """The day and the first words, as the worker and the person know it."""
    said = item.es if language == "es" and item.es else item.text
    first = " ".join(said.removeprefix("- ").removeprefix(f"{day_in_words(item.on, 'en')}: ").split())
    short = first if len(first) <= LONGEST_LABEL else f"{first[:LONGEST_LABEL].rstrip()}…"
    return f"{day_in_words(item.on, language)}: {short}"


class RecordsForm(PlainForm):
    """One question for each group of records, and one list under it."""

    listed = forms.CharField(max_length=1, required=False, widget=forms.HiddenInput, initial="1")

    def __init__(self, data: QueryDict | None, *, groups: Mapping[str, Sequence[Item]], **kwargs: Any) -> None:
        self.groups = groups
        super().__init__(data, **kwargs)
        self.sections = tuple(  # type: ignore[misc]
            (label_of(PACKAGE.code, code), (extent_field(code), named_field(code))) for code in groups
        )

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for code, items in self.groups.items():
            label = label_of(PACKAGE.code, code)
            found[extent_field(code)] = forms.ChoiceField(
                label=f"{label}: how much of it",
                choices=[
                    (ALL, "All of it, also what is written down later, until the last day"),
                    (ONLY, "Only these; nothing is added later"),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": f"{label}: say whether all of it is shared, or only some."},
            )
            found[named_field(code)] = NamedField(
                label=f"{label}: only these",
                choices=[(str(item.pk), label_of_item(item)) for item in items],
                widget=forms.CheckboxSelectMultiple,
                help_text="" if items else "Nothing of it is in the file now.",
                error_messages={"invalid_choice": f"{label}: {GONE}"},
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code in self.groups:
            label, name = label_of(PACKAGE.code, code), named_field(code)
            extent, named = data.get(extent_field(code)), data.get(name)
            if extent == ONLY and named == []:
                self.add_error(name, f"{label}: tick at least one. If nothing of it is shared, go back and leave it out.")
            elif extent == ALL and named:
                self.add_error(name, f"{label}: you ticked some and chose all of it. Choose one of the two.")
        return data

    def records(self) -> dict[str, list[uuid.UUID]]:
        """Of which groups only these records go."""
        data = self.cleaned_data
        return {
            code: [uuid.UUID(pk) for pk in data[named_field(code)]]
            for code in self.groups
            if data[extent_field(code)] == ONLY
        }

    def items(self) -> dict[str, list[Item]]:
        """The same, as they stand in the file."""
        chosen = self.records()
        return {code: [item for item in self.groups[code] if item.pk in pks] for code, pks in chosen.items()}


def carried_ticks(data: QueryDict | None) -> list[tuple[str, str]]:
    """What was ticked on this page before, to travel on hidden in another step's form."""
    if data is None:
        return []
    names = ["listed", *(name(code) for code in RECORD_CODES for name in (extent_field, named_field))]
    return [(name, value[:40]) for name in names for value in data.getlist(name)[:MOST_CARRIED]]


def ticked_before(data: QueryDict | None) -> dict[str, Any]:
    """The same, as what a fresh page begins with."""
    found: dict[str, Any] = {}
    for name, value in carried_ticks(data):
        if name.startswith("named-"):
            found.setdefault(name, []).append(value)
        elif name != "listed":
            found[name] = value
    return found
