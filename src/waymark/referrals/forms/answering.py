"""Answering: two presses for room, a reason from a list where one is due, and the code of a letter."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.referrals.forms.asking import in_hours
from waymark.referrals.models import REASONS, Answer
from waymark.referrals.policies import ANSWER_HOURS


class AnswerForm(PlainForm):
    """Whether there is room; the answer is the button that was pressed."""

    hours = forms.TypedChoiceField(
        label="My answer holds for",
        choices=[(number, in_hours(number)) for number in ANSWER_HOURS],
        initial=4,
        coerce=int,
        help_text="Afterwards nobody counts on it.",
    )
    answer = forms.ChoiceField(choices=Answer.choices, widget=forms.HiddenInput)


class MoveForm(PlainForm):
    """One event, and why, from a closed list."""

    reason = forms.ChoiceField(
        label="Why", widget=forms.RadioSelect, error_messages={"required": "Choose the reason that fits best."}
    )

    why = {"reason": "The other agency reads it. There is no line to write on, on purpose."}

    def __init__(self, *args: Any, event: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = REASONS.get(event, ())
        if reasons:
            offer(self, "reason", [(each.value, each.label) for each in reasons])
        else:
            del self.fields["reason"]


class LetterCodeForm(PlainForm):
    """What stands under the square of a letter."""

    code = forms.CharField(
        label="Code on the letter",
        max_length=40,
        help_text="Twelve letters and digits, like BCDF-GHJK-2345. A scanner types it for you.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
