"""Words that are shown from one day to another, in every language that the region needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.directory.models import ServiceAlert
from waymark.pages.questions import RecordForm
from waymark.pages.typed_values import DayField


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day in the region's zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class AlertForm(RecordForm):
    text_en = forms.CharField(label="What people must know", max_length=300, help_text="Like “No new guests until Friday.”")
    text_es = forms.CharField(label="The same in Spanish", max_length=300, required=False)
    first_day = DayField(label="First day", help_text="Shown from the morning of this day.")
    last_day = DayField(label="Last day", help_text="Gone after this day, by itself.")

    class Meta:
        model = ServiceAlert
        fields: list[str] = []

    why = {"last_day": "An old alert makes people doubt the whole page. This one ends by itself."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alert = self.instance
        if alert.starts_at:
            self.initial.update(
                text_en=alert.text.get("en", ""),
                text_es=alert.text.get("es", ""),
                first_day=timezone.localtime(alert.starts_at).date(),
                last_day=(timezone.localtime(alert.ends_at) - dt.timedelta(seconds=1)).date(),
            )
        else:
            self.initial.setdefault("first_day", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            if last < first:
                self.add_error("last_day", "The last day comes before the first day. Check both.")
            elif last > first + dt.timedelta(days=366):
                self.add_error("last_day", "An alert ends within a year. For longer, change the description.")
        return data

    def save(self, commit: bool = True) -> Any:
        data = self.cleaned_data
        kept = {code: text for code, text in self.instance.text.items() if code not in {"en", "es"}}
        kept["en"] = data["text_en"]
        if data["text_es"]:
            kept["es"] = data["text_es"]
        self.instance.text = kept
        self.instance.starts_at = start_of(data["first_day"])
        self.instance.ends_at = start_of(data["last_day"] + dt.timedelta(days=1))
        return super().save(commit)
