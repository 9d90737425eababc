"""The form of a region notice: heat, storm, a closed road."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.coalition.models import RegionNotice
from waymark.pages.questions import PlainForm, RecordForm
from waymark.pages.typed_values import DayField


class NoticeForm(RecordForm):
    level = forms.ChoiceField(label="How urgent", choices=RegionNotice.Level.choices, widget=forms.RadioSelect)
    title_en = forms.CharField(label="Heading", max_length=100, help_text="Like “Very hot until Friday”.")
    title_es = forms.CharField(label="Heading in Spanish", max_length=100, required=False)
    text_en = forms.CharField(label="What to do", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    text_es = forms.CharField(
        label="What to do, in Spanish", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    first_day = DayField(label="First day", help_text="Shown from the morning of this day.")
    last_day = DayField(label="Last day", help_text="Gone after this day, by itself.")

    class Meta:
        model = RegionNotice
        fields = ["level"]

    sections = (
        ("What it says", ("level", "title_en", "text_en", "title_es", "text_es")),
        ("When it is shown", ("first_day", "last_day")),
    )
    why = {
        "title_es": "Without it, people who read Spanish see the English words.",
        "last_day": "An old notice makes people doubt the whole page. This one ends by itself.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice = self.instance
        if notice.starts_at:
            for name in ("title", "text"):
                for code in ("en", "es"):
                    self.initial[f"{name}_{code}"] = getattr(notice, name).get(code, "")
            self.initial["first_day"] = timezone.localtime(notice.starts_at).date()
            self.initial["last_day"] = (timezone.localtime(notice.ends_at) - dt.timedelta(seconds=1)).date()
        else:
            self.initial.setdefault("first_day", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            if last < first:
                self.add_error("last_day", "The last day comes before the first day. Check both.")
            elif last > first + dt.timedelta(days=92):
                self.add_error("last_day", "A notice ends within three months. Renew it if it still holds then.")
        return data

    def filled(self) -> RegionNotice:
        """The notice to store; words in languages that the form does not show are kept."""
        notice: RegionNotice = self.instance
        data = self.cleaned_data
        for name in ("title", "text"):
            words = {code: text for code, text in getattr(notice, name).items() if code not in {"en", "es"}}
            words |= {code: data[f"{name}_{code}"] for code in ("en", "es") if data[f"{name}_{code}"]}
            setattr(notice, name, words)
        notice.starts_at = timezone.make_aware(dt.datetime.combine(data["first_day"], dt.time.min))
        notice.ends_at = timezone.make_aware(dt.datetime.combine(data["last_day"] + dt.timedelta(days=1), dt.time.min))
        return notice


class EndForm(PlainForm):
    """Asks to go on or to go back."""
