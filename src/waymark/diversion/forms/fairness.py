"""The fairness survey as forms: how many sheets go out, and the statements themselves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms

from waymark.diversion.formats.fairness import Instrument
from waymark.pages.questions import PlainForm


class HandOutForm(PlainForm):
    sheets = forms.IntegerField(label="How many people are asked", min_value=1, max_value=500)
    why = {"sheets": "It says of how many the answers are. Who they are is not written down."}


def new_turn() -> str:
    """What makes one turn one answer, also when it is sent twice. Random; it is kept hashed."""
    return secrets.token_urlsafe(16)


class FairnessForm(PlainForm):
    """Each statement with its scale. There is no line to write on."""

    turn = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, instrument: Instrument) -> None:
        self.instrument = instrument
        super().__init__(data, initial={"turn": new_turn()})

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            key: forms.TypedChoiceField(
                label=words,
                choices=self.instrument.answers,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one. The last one says that you leave it out."},
            )
            for key, words in self.instrument.questions.items()
        }

    def answers(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in self.instrument.questions}
