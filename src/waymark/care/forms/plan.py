"""Needs, goals and steps, in the person's own words and as short as they like."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone

from waymark.care.policies import DOMAINS
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.people.forms.contacts import OFF

WORDS = 2000
WHO = (("person", "They do it"), ("worker", "I do it, or a colleague"), ("together", "We do it together"))


def text_field(label: str, *, rows: int = 3, help_text: str = "", required: bool = True) -> forms.CharField:
    """A field for a few sentences, which no browser remembers."""
    return forms.CharField(
        label=label,
        max_length=WORDS,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={**OFF, "rows": rows}),
    )


class DuePlan(PlainForm):
    """What has a day: today or later, or none."""

    due_on = DayField(label="By when", required=False, help_text="A day like May 3, or empty.")

    def clean_due_on(self) -> dt.date | None:
        due: dt.date | None = self.cleaned_data["due_on"]
        if due is not None and due < timezone.localdate():
            raise forms.ValidationError("This day is over. Choose today or a later day.")
        return due


class NeedForm(DuePlan):
    """What somebody needs, and whose need it is."""

    whose = forms.ChoiceField(label="Who needs it", widget=forms.RadioSelect)
    domain = forms.ChoiceField(label="About", choices=[("", "Choose"), *DOMAINS])
    text = text_field("What they need", required=False, help_text="In their words. The story can wait.")

    field_order = ("whose", "domain", "text", "due_on")
    why = {
        "whose": "A child's need is kept in the child's own file, which is theirs alone from the eighteenth birthday on."
    }

    def __init__(self, *args: Any, people: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = [(str(pk), name) for pk, name in people]
        offer(self, "whose", self.people)
        self.initial.setdefault("whose", self.people[0][0])
        if len(self.people) == 1:
            self.fields["whose"].widget = forms.HiddenInput()

    def whose_pk(self) -> uuid.UUID:
        return uuid.UUID(self.cleaned_data["whose"])


class GoalForm(DuePlan):
    """Where they want to be. With children, a parent's goal and a child's can be paired."""

    text = text_field("Where they want to be", help_text="In their words, as something that one can see when it is there.")
    pair = forms.ChoiceField(label="Paired with", required=False)

    field_order = ("text", "due_on", "pair")
    why = {"pair": "What helps a parent and what helps the child hold each other up. Neither is then met alone unseen."}

    def __init__(self, *args: Any, pairs: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "No other goal"), *((str(pk), says) for pk, says in pairs)]
        offer(self, "pair", choices)
        if not pairs:
            del self.fields["pair"]

    def pair_pk(self) -> uuid.UUID | None:
        said = self.cleaned_data.get("pair")
        return uuid.UUID(said) if said else None


class StepForm(DuePlan):
    """One thing to do."""

    text = text_field("What is to be done", rows=2)
    who = forms.ChoiceField(label="Who does it", choices=WHO, widget=forms.RadioSelect, initial="person")

    field_order = ("text", "who", "due_on")


class DropForm(PlainForm):
    """Why something is dropped."""

    why_dropped = text_field("Why", help_text="They changed their mind, it came to nothing, somebody else does it.")
    why = {"why_dropped": "Who comes after you must understand it. It is sealed: only your agency reads it."}
