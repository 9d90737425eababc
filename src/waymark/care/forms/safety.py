"""A safety plan is talked through, section by section; every one may stay empty. And what goes on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.care.formats.safety_plans import LANGUAGES, sections
from waymark.care.forms.plan import text_field
from waymark.care.selectors.safety import OpenedSafetyPlan
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

REVIEW = dt.timedelta(days=30)
FINDERS = (
    ("home", "Somebody at home, in a bag, a pocket or the trash"),
    ("phone", "Somebody who looks through their phone, if they take a picture of it"),
    ("car", "Somebody who searches the car or the room"),
    ("children", "The children, who may tell without meaning to"),
)


class ReviewForm(PlainForm):
    """When the plan is looked at again."""

    review_on = DayField(label="Look at it again on", help_text="Within a year. Sooner when something changes.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("review_on", timezone.localdate() + REVIEW)

    def clean_review_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["review_on"]
        today = timezone.localdate()
        if not today < day <= today + dt.timedelta(days=366):
            raise forms.ValidationError("Choose a day after today, within a year.")
        return day


class SafetyPlanForm(ReviewForm):
    """One question at a time, in the order of the talk, in English with the Spanish words beside it."""

    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for code, section in sections().sections.items():
            hint = f"{section.ask['en']} | {section.ask['es']}"
            found[code] = text_field(section.heading["en"], help_text=hint, required=False)
        return found

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:  # type: ignore[override]
        return (("Section by section", tuple(sections().sections)), ("Afterwards", ("review_on",)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(code) for code in sections().sections):
            raise forms.ValidationError("Write at least one section. The others may stay empty.")
        return data

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in sections().sections}


class PrintForm(PlainForm):
    """What goes on the paper, in which language, and whether somebody thought of who could find it."""

    language = forms.ChoiceField(
        label="Language of the headings", choices=LANGUAGES, widget=forms.RadioSelect, initial="en"
    )
    chosen = forms.MultipleChoiceField(label="Sections on the paper", widget=forms.CheckboxSelectMultiple)
    thought_of = forms.BooleanField(label="We talked about who could find it, and they want it on paper.")

    why = {"chosen": "Less is safer. What they know by heart needs no paper."}

    def __init__(self, *args: Any, plan: OpenedSafetyPlan, telling: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.telling = telling
        self.headings = {one.section.code: one.section.heading["en"] for one in plan.written}
        choices = [
            (code, f"{heading} (holds {' and '.join(telling[code])})" if code in telling else heading)
            for code, heading in self.headings.items()
        ]
        offer(self, "chosen", choices)
        self.initial.setdefault("chosen", [code for code in self.headings if code not in telling])

    def clean_chosen(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["chosen"]
        for code in chosen:
            if code in self.telling:
                said = " and ".join(self.telling[code])
                raise forms.ValidationError(
                    f"“{self.headings[code]}” holds {said}, which would tell a finder too much. "
                    "Leave it out, or write a new version in words that only they understand."
                )
        return chosen
