"""What a person wants to see, take home, or say against."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from waymark.obligations.formats.words import LANGUAGES
from waymark.obligations.models import Statement
from waymark.pages.questions import PlainForm

OFF = {"autocomplete": "off"}
# In the table such a statement is about something else: which part it is lies sealed with the words.
PART = "part"


class LanguageForm(PlainForm):
    """Their language, and that it is them."""

    language = forms.ChoiceField(label="Their language", choices=LANGUAGES, widget=forms.RadioSelect)
    is_them = forms.BooleanField(
        label="I know that it is them: I see them, or they said the code word, by a way that they agreed to."
    )
    can_talk = forms.BooleanField(label="They said that they can talk freely now.")


class PaperForm(LanguageForm):
    """The list on paper."""

    with_names = forms.BooleanField(
        label="Print names of agencies and workers.",
        required=False,
        help_text="Left out unless they want it: a paper can be found.",
    )


class CopyForm(LanguageForm):
    """A copy of what they ask for. Nothing is ticked beforehand."""

    codes = forms.MultipleChoiceField(label="What they want", widget=forms.CheckboxSelectMultiple)
    why = {
        "codes": "Ask where the paper will be. What somebody else could find there is better left here, to be read here."
    }

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["codes"]
        field.choices = choices


class StatementForm(PlainForm):
    """Their own words."""

    about = forms.ChoiceField(
        label="What is wrong",
        choices=[
            (Statement.About.FILE.value, Statement.About.FILE.label),
            (PART, "One part of the file"),
            (Statement.About.NOTE.value, Statement.About.NOTE.label),
            (Statement.About.OTHER.value, Statement.About.OTHER.label),
        ],
        widget=forms.RadioSelect,
    )
    part = forms.ChoiceField(label="Which part", required=False)
    note = forms.ChoiceField(label="Which note", required=False)
    language = forms.ChoiceField(label="Written in", choices=[*LANGUAGES, ("other", "Another language")])
    text = forms.CharField(
        label="In their own words",
        max_length=20_000,
        widget=forms.Textarea(attrs={**OFF, "rows": 6}),
        help_text="Write what they say. Read it back to them before you save.",
    )

    why = {
        "about": "Their words stand beside what they are about. When that leaves the agency, they go along; what names no "
        "part goes along with every one."
    }

    def __init__(
        self, *args: Any, notes: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("note", notes), ("part", parts)):
            field: Any = self.fields[name]
            field.choices = [("", "Choose"), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("about") == Statement.About.NOTE and not data.get("note"):
            self.add_error("note", "Choose the note.")
        if data.get("about") == PART and not data.get("part"):
            self.add_error("part", "Choose the part.")
        return data

    def part_named(self) -> str:
        return str(self.cleaned_data["part"]) if self.cleaned_data["about"] == PART else ""

    def note_named(self) -> uuid.UUID | None:
        is_note = self.cleaned_data["about"] == Statement.About.NOTE
        return uuid.UUID(self.cleaned_data["note"]) if is_note else None
