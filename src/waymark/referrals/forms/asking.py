"""Asking: closed questions, and the work phone of who asks. Providers whose words were not compared cannot be chosen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from waymark.disclosures.formats.kinds import CAPACITY_QUESTION, NEEDS, OPAQUE_REFERRAL, SIZES
from waymark.disclosures.formats.questions import Kind
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import PhoneField
from waymark.referrals.models import Desk
from waymark.referrals.policies import LETTER_DAYS, MOST_ASKED, OPAQUE_HOURS, PACKAGE_DAYS, QUESTION_HOURS
from waymark.referrals.selectors.desks import Provider

# What is missing, said of each field by itself: the summary at the top lists them all.
MISSING = {
    "days": "Choose how long.",
    "hours": "Choose how long they have to answer.",
    "household": "Choose how many people.",
    "languages": "Choose at least one language.",
    "need": "Choose what it is for.",
    "needs": "Choose at least one thing that is needed.",
    "phone": "Enter your work phone, like 916-555-0142.",
    "provider": "Choose one provider.",
    "providers": "Choose at least one provider.",
    "urgency": "Choose how soon.",
    "when": "Choose when.",
}


def in_hours(number: int) -> str:
    return "1 hour" if number == 1 else f"{number} hours"


def answers_of(kind: Kind, code: str) -> tuple[tuple[str, str], ...]:
    """The closed list of a question, as the database and the other agency know it."""
    return next(question.answers for question in kind.questions if question.code == code)


class AskingForm(PlainForm):
    """Every page on which something is asked has an id, so that a form sent twice asks once."""

    page = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, providers: Sequence[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("page", uuid.uuid4())
        for name, text in MISSING.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = text
        self.desks: dict[str, Desk] = {str(each.desk.pk): each.desk for each in providers if each.is_compared}
        name = "providers" if "providers" in self.fields else "provider"
        self.not_compared = [each for each in providers if not each.is_compared]
        choices = [(str(each.desk.pk), each.label) for each in providers if each.is_compared]
        offer(self, name, choices)

    @property
    def desk(self) -> Desk:
        return self.desks[self.cleaned_data["provider"]]


class QuestionForm(AskingForm):
    """Is there room? For how many, in which languages, what for and when."""

    need = forms.ChoiceField(label="What for", choices=[("", "Choose"), *NEEDS])
    household = forms.ChoiceField(label="How many people", choices=[("", "Choose"), *SIZES])
    languages = forms.MultipleChoiceField(
        label="Languages", choices=answers_of(CAPACITY_QUESTION, "languages"), widget=forms.CheckboxSelectMultiple
    )
    when = forms.ChoiceField(label="When", choices=answers_of(CAPACITY_QUESTION, "when"), widget=forms.RadioSelect)
    providers = forms.MultipleChoiceField(
        label="Whom to ask",
        widget=forms.CheckboxSelectMultiple,
        help_text=f"One to {MOST_ASKED}. Each learns only that your agency asks, and what stands above.",
    )
    hours = forms.TypedChoiceField(
        label="Answer within",
        choices=[(number, in_hours(number)) for number in QUESTION_HOURS],
        initial=4,
        coerce=int,
        help_text="What nobody answers by then lapses.",
    )

    sections = (("What you look for", ("need", "household", "languages", "when")), ("Whom", ("providers", "hours")))
    why = {
        "household": "A place for one is not a place for four. No ages, no names, no family ties.",
        "languages": "A provider may have nobody who speaks it. If the language alone would tell who it is, choose "
        "“Another one; we bring an interpreter”.",
    }

    def clean_providers(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["providers"]
        if len(chosen) > MOST_ASKED:
            raise forms.ValidationError(
                f"Choose at most {MOST_ASKED}. The more are asked, the more know that somebody moves."
            )
        return chosen

    def values(self) -> dict[str, str]:
        """What is sealed."""
        data = self.cleaned_data
        order = [code for code, _ in answers_of(CAPACITY_QUESTION, "languages")]
        return {
            "need": data["need"],
            "household": data["household"],
            "languages": ",".join(code for code in order if code in data["languages"]),
            "when": data["when"],
        }


class OneProviderForm(AskingForm):
    """What goes to one provider, with the worker's phone."""

    provider = forms.ChoiceField(label="To whom", widget=forms.RadioSelect)
    phone = PhoneField(
        label="Your work phone", help_text="Where they reach you, like 916-555-0142. Never the person’s own number."
    )


class OpaqueForm(OneProviderForm):
    """Can you take somebody? For how many, what for, how soon, and whom to call."""

    needs = forms.MultipleChoiceField(label="What for", choices=NEEDS, widget=forms.CheckboxSelectMultiple)
    household = forms.ChoiceField(label="How many people", choices=[("", "Choose"), *SIZES])
    urgency = forms.ChoiceField(label="How soon", choices=answers_of(OPAQUE_REFERRAL, "urgency"), widget=forms.RadioSelect)
    hours = forms.TypedChoiceField(
        label="Answer within",
        choices=[(number, in_hours(number)) for number in OPAQUE_HOURS],
        initial=8,
        coerce=int,
        help_text="After that it lapses, and what you sent is deleted at both agencies.",
    )

    sections = (
        ("What is needed", ("needs", "household", "urgency")),
        ("To whom, and who answers their call", ("provider", "phone", "hours")),
    )
    why = {
        "needs": "Choose only what this provider is asked for. There is no line to write on, on purpose: a note would "
        "sooner or later say who it is. Say the rest on the phone.",
    }

    def values(self, asker: str) -> dict[str, str]:
        """What is sealed. The name is the worker's own, as colleagues know it."""
        data = self.cleaned_data
        return {
            "ask_for": asker,
            "household": data["household"],
            "needs": ",".join(code for code, _ in NEEDS if code in data["needs"]),
            "phone": data["phone"],
            "urgency": data["urgency"],
        }


class LetterForm(OneProviderForm):
    """A letter that the person carries."""

    days = forms.TypedChoiceField(
        label="Good for",
        choices=[(number, "1 day" if number == 1 else f"{number} days") for number in LETTER_DAYS],
        initial=7,
        coerce=int,
    )

    sections = (("The letter", ("provider", "phone", "days")),)
    why = {"phone": "It is printed on the letter, so that they can ask you. It stands there alone: no name, no agency."}


class PackageForm(AskingForm):
    """To whom, among those who have a package of this person."""

    provider = forms.ChoiceField(label="To whom", widget=forms.RadioSelect)
    days = forms.TypedChoiceField(
        label="Answer within",
        choices=[(number, "1 day" if number == 1 else f"{number} days") for number in PACKAGE_DAYS],
        initial=3,
        coerce=int,
        help_text="After that it lapses. What they read under the release ends with the release.",
    )

    sections = (("To whom", ("provider", "days")),)
    why = {
        "provider": "Only an agency that has a package under a live release stands here. They know what it holds, no more."
    }
