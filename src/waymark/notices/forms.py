"""The one question about letters."""

from __future__ import annotations

from django import forms

from waymark.notices.models import LetterChoice
from waymark.pages.questions import PlainForm


class LettersForm(PlainForm):
    when = forms.ChoiceField(
        label="When may a letter tell you that something waits?",
        choices=LetterChoice.When.choices,
        widget=forms.RadioSelect,
        help_text="It says “Something waits for you on the staff site”, and nothing more: no subject, no name, no link.",
    )
    why = {"when": "Your inbox may lie open where others read. On this site the number beside your name always tells."}
