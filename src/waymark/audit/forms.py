"""The filters of the audit page. Junk in an address asks nothing, and is said beside the field; it never fails the page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from waymark.audit.formats.sentences import SENTENCES
from waymark.audit.models import Event
from waymark.audit.selectors.events import Narrowing, actors_of, kinds_of
from waymark.pages.offers import offer
from waymark.pages.typed_values import DayField


class NarrowingForm(forms.Form):
    """Who, what, about what, result, from day to day, and the id or number of one event."""

    who = forms.ChoiceField(label="Who", required=False)
    what = forms.ChoiceField(label="What", required=False)
    kind = forms.ChoiceField(label="About", required=False)
    result = forms.ChoiceField(label="Result", required=False, choices=[("", "Any"), *Event.Result.choices])
    first = DayField(label="From day", required=False)
    last = DayField(label="To day", required=False)
    q = forms.CharField(label="Number of an event, or id of what it is about", required=False, max_length=64)

    def __init__(self, data: Any, *, chain: uuid.UUID) -> None:
        super().__init__(data, label_suffix="", auto_id="audit-%s")
        offer(self, "who", [("", "Anybody"), *actors_of(chain)])
        offer(self, "kind", [("", "Anything"), *kinds_of(chain)])
        whats = sorted(SENTENCES.items(), key=lambda pair: pair[1])
        offer(self, "what", [("", "Anything"), *((verb, text.capitalize()) for verb, text in whats)])
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "usa-select" if is_choice else "usa-input"
            if is_choice:
                field.error_messages["invalid_choice"] = "Choose one from the list."
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", "This day comes before the first day.")
        return found

    @property
    def narrowing(self) -> Narrowing:
        """What was asked and understood."""
        asked = self.cleaned_data if self.is_bound else {}
        return Narrowing(
            actor=asked.get("who", ""),
            verb=asked.get("what", ""),
            kind=asked.get("kind", ""),
            result=asked.get("result", ""),
            about=asked.get("q", "").strip().lstrip("#"),
            first_day=asked.get("first"),
            last_day=asked.get("last"),
        )

    def asked(self) -> dict[str, str]:
        """The parts of the address that narrow, for the links of this list."""
        return {
            name: value
            for name in self.fields
            if not self.errors.get(name) and (value := (self.data.get(name) or "").strip())
        }
