"""What people type about action items."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.coalition.forms.meetings import GroupField, PersonField
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

STEPS = [(str(number), f"{number} percent") for number in (0, 25, 50, 75, 90)]


class WhoseForm(PlainForm):
    """The first step for an item that comes from no meeting: which group it belongs to."""

    group = GroupField(label="For whom")

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "group", groups)


class ActionItemForm(PlainForm):
    title = forms.CharField(
        label="What is to be done", max_length=160, help_text="Begin with a verb, like “Ask the county for a room”."
    )
    owner = PersonField(label="Who does it", empty_label=None)
    due_on = DayField(label="Until", help_text="Like May 3 2026 or 5/3/2026.")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "owner", people)


class ProgressForm(PlainForm):
    progress = forms.ChoiceField(label="How far it is", choices=STEPS, widget=forms.RadioSelect)
    note = forms.CharField(label="In a word", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DropForm(PlainForm):
    reason = forms.CharField(
        label="Why",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Everybody who reads the item reads it.",
    )
