"""A day and an hour together, typed any sane way: clocks of the law begin at an hour."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField


class MomentForm(PlainForm):
    """Day and hour of when something was learned or found; it is not in the future."""

    on = DayField(label="On which day")
    at = ClockField(label="At what time", help_text="About is enough. The law's clock begins here.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on") and data.get("at") is not None and self.moment() > timezone.now():
            self.add_error("at", "This hour has not come yet.")
        return data

    def moment(self) -> dt.datetime:
        """The moment on the region's clock; of an hour that comes twice in autumn the first, so no clock ends too late."""
        data = self.cleaned_data
        return timezone.make_aware(dt.datetime.combine(data["on"], data["at"]).replace(fold=0))


class ReasonForm(PlainForm):
    """A few words, which are sealed."""

    reason = forms.CharField(
        label="In a few words",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 3}),
        help_text="Sealed; only your agency reads it.",
    )

    def __init__(self, *args: Any, is_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_needed
