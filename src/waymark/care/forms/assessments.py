"""The questions of an instrument, each with a way to say nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from waymark.care.formats.instruments import CURRENT, LANGUAGES, UNSAID, Instrument, instrument
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

PREFER_NOT = {"en": "Prefers not to say, or does not apply", "es": "Prefiere no contestar, o no corresponde"}
PREFIX = "item_"
MOST_HELD, LONGEST_HELD = 120, 40


class ChooseForm(PlainForm):
    """Which instrument, and in which language it is read."""

    instrument = forms.ChoiceField(label="Instrument", widget=forms.RadioSelect)
    language = forms.ChoiceField(label="Read it in", choices=LANGUAGES, widget=forms.RadioSelect, initial="en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [instrument(key) for key in CURRENT]
        choices = [(one.key, f"{one.name}: {one.about}") for one in found]
        offer(self, "instrument", choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        key, language = data.get("instrument"), data.get("language")
        if key and language and language not in dict(instrument(key).speaks):
            self.add_error("language", f"{instrument(key).name} has free wording in English only. Read it in English.")
        return data


class AnswersForm(PlainForm):
    """Every item with its answers. A draft may leave items open; done answers say of each that it was left unsaid."""

    taken_on = DayField(label="Day of the talk")

    def __init__(self, *args: Any, asks: Instrument, language: str, **kwargs: Any) -> None:
        self.asks, self.language = asks, language if language in dict(asks.speaks) else "en"
        super().__init__(*args, **kwargs)
        self.initial.setdefault("taken_on", timezone.localdate())
        if self.is_bound and not self.is_done:
            for item in asks.items:
                self.fields[PREFIX + item.id].required = False

    def more_fields(self) -> dict[str, forms.Field]:
        is_spanish = self.language == "es"
        found: dict[str, forms.Field] = {}
        for number, item in enumerate(self.asks.items, 1):
            choices = [(str(one.value), (one.es if is_spanish else "") or one.text) for one in item.answers]
            found[PREFIX + item.id] = forms.ChoiceField(
                label=f"{number}. {item.es if is_spanish and item.es else item.text}",
                choices=[*choices, (UNSAID, PREFER_NOT[self.language])],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose an answer, or that they prefer not to say."},
            )
        return found

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:  # type: ignore[override]
        stem = (self.asks.stem_es if self.language == "es" else "") or self.asks.stem
        return ((stem, tuple(PREFIX + item.id for item in self.asks.items)), ("", ("taken_on",)))

    @property
    def is_done(self) -> bool:
        return "draft" not in self.data

    def clean_taken_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def answers(self) -> dict[str, str]:
        given = {item.id: self.cleaned_data.get(PREFIX + item.id, "") for item in self.asks.items}
        return {item: said for item, said in given.items() if said}


def initial_of(answers: dict[str, str]) -> dict[str, str]:
    """Answers of a draft as the form takes them."""
    return {PREFIX + item: said for item, said in answers.items()}


class HeldAnswersForm(PlainForm):
    """Answers that came while the vault was locked: what was asked cannot be read, and nothing that was said is lost."""

    def __init__(self, data: QueryDict) -> None:
        # What a form of ours sends, and no more of it than the longest instrument has.
        self.names = [name for name in data if name.startswith(PREFIX) or name in {"taken_on", "draft"}][:MOST_HELD]
        super().__init__(data)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            name: forms.CharField(required=False, max_length=LONGEST_HELD, widget=forms.HiddenInput) for name in self.names
        }
