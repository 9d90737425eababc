"""The form of a region notice: heat, storm, a closed road."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils import timezone

from waymark.coalition.models import RegionNotice
from waymark.pages.questions import PlainForm, RecordForm, Section
from waymark.pages.typed_values import DayField

ENGLISH = "en"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_STAY = 100, 400, dt.timedelta(days=92)


@dataclass(frozen=True)
class Tongue:
    """A language in which a notice is written."""

    code: str

    @property
    def name(self) -> str:
        return str(LANG_INFO.get(self.code, {}).get("name", self.code))

    @property
    def direction(self) -> str:
        return "rtl" if LANG_INFO.get(self.code, {}).get("bidi") else "ltr"


class NoticeForm(RecordForm):
    """English is always written; every other language of the region may be, and whoever reads it sees English else."""

    level = forms.ChoiceField(label="How urgent", choices=RegionNotice.Level.choices, widget=forms.RadioSelect)
    title_en = forms.CharField(label="Heading", max_length=LONGEST_TITLE, help_text="Like “Very hot until Friday”.")
    text_en = forms.CharField(label="What to do", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    first_day = DayField(label="First day", help_text="Shown from the morning of this day.")
    last_day = DayField(label="Last day", help_text="Gone after this day, by itself.")

    class Meta:
        model = RegionNotice
        fields = ["level"]

    why = {
        "level": "A warning stands above every note and has a heavier frame.",
        "last_day": "An old notice makes people doubt the whole page. This one ends by itself.",
    }

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        self.tongues = [Tongue(ENGLISH), *(Tongue(code) for code in languages if code != ENGLISH)]
        super().__init__(*args, **kwargs)
        notice = self.instance
        if notice.starts_at:
            for name in ("title", "text"):
                for tongue in self.tongues:
                    self.initial[f"{name}_{tongue.code}"] = getattr(notice, name).get(tongue.code, "")
            self.initial["first_day"] = timezone.localtime(notice.starts_at).date()
            self.initial["last_day"] = notice.last_day(timezone.get_current_timezone())
        else:
            self.initial.setdefault("first_day", timezone.localdate())

    def more_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for tongue in self.tongues[1:]:
            mark = {"lang": tongue.code, "dir": tongue.direction}
            fields[f"title_{tongue.code}"] = forms.CharField(
                label=f"Heading in {tongue.name}",
                max_length=LONGEST_TITLE,
                required=False,
                widget=forms.TextInput(attrs=mark),
            )
            fields[f"text_{tongue.code}"] = forms.CharField(
                label=f"What to do, in {tongue.name}",
                max_length=LONGEST_TEXT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, **mark}),
            )
        return fields

    def grouped(self) -> Iterator[Section]:
        yield Section("What it says", [self.question(name) for name in ("level", "title_en", "text_en")])
        for tongue in self.tongues[1:]:
            yield Section(f"In {tongue.name}", [self.question(f"{name}_{tongue.code}") for name in ("title", "text")])
        yield Section("When it is shown", [self.question(name) for name in ("first_day", "last_day")])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            if last < first:
                self.add_error("last_day", "The last day comes before the first day. Check both.")
            elif last < timezone.localdate():
                self.add_error("last_day", "This day is over. Nobody would see the notice.")
            elif last > first + LONGEST_STAY:
                self.add_error("last_day", "A notice ends within three months. Renew it if it still holds then.")
        for tongue in self.tongues[1:]:
            title, text = data.get(f"title_{tongue.code}"), data.get(f"text_{tongue.code}")
            if bool(title) != bool(text):
                missing = "text" if title else "title"
                self.add_error(
                    f"{missing}_{tongue.code}",
                    f"Write both in {tongue.name}, or neither: half a notice would be read in two languages.",
                )
        return data

    def filled(self) -> RegionNotice:
        """The notice to store; words in languages that the form does not show are kept."""
        notice: RegionNotice = self.instance
        data = self.cleaned_data
        shown = [tongue.code for tongue in self.tongues]
        for name in ("title", "text"):
            words = {code: text for code, text in getattr(notice, name).items() if code not in shown}
            words |= {code: data[f"{name}_{code}"] for code in shown if data[f"{name}_{code}"]}
            setattr(notice, name, words)
        notice.starts_at = timezone.make_aware(dt.datetime.combine(data["first_day"], dt.time.min))
        notice.ends_at = timezone.make_aware(dt.datetime.combine(data["last_day"] + dt.timedelta(days=1), dt.time.min))
        return notice


class EndForm(PlainForm):
    """Asks to go on or to go back."""
