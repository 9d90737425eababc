"""The form of an entry that is written on the calendar: one's own, a group's, or the whole coalition's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms

from waymark.accounts.models import User
from waymark.coalition.models import CalendarEntry, WorkingGroup
from waymark.coalition.models.calendar import instant
from waymark.coalition.policies import Refused
from waymark.coalition.policies.calendar import groups_to_write_in, may_write_for_all, must_not_be_operational
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField

Kind = CalendarEntry.Kind
BY_HAND = [(kind.value, kind.label) for kind in (Kind.EVENT, Kind.MEETING, Kind.TRAINING, Kind.DEADLINE, Kind.AWAY)]
MINE, ALL = "mine", "all"
HOUR = dt.timedelta(hours=1)
LONGEST_DAYS = 365
YEARS = (2000, 2100)


class EntryForm(PlainForm):
    title = forms.CharField(label="What", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label="Kind", choices=BY_HAND)
    whose = forms.ChoiceField(
        label="Whose",
        help_text="Of your own, people of your groups see “Busy” and nothing else; nobody else sees it at all.",
    )
    first_day = DayField(label="Day", help_text="Like May 3 or 5/3/2026.")
    all_day = forms.BooleanField(label="All day", required=False, help_text="Then no times are needed.")
    start = ClockField(label="From", required=False, help_text="Like 9, 9:30 am or 14:00.")
    end = ClockField(label="Until", required=False, help_text="Empty is one hour.")
    last_day = DayField(label="Last day", required=False, help_text="Only when it takes more than one day.")
    place = forms.CharField(
        label="Where", max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sections = (
        ("What it is", ("title", "kind", "whose")),
        ("When", ("first_day", "all_day", "start", "end", "last_day")),
        ("Where", ("place",)),
    )
    why = {
        "title": "Calendar programs keep it on servers of others. Write no name of a survivor.",
        "place": "Never write the place of a shelter.",
    }

    def __init__(self, *args: Any, by: User, zone: ZoneInfo, entry: CalendarEntry | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**(kwargs.get("initial") or {}), **(_values_of(entry) if entry else {})}
        super().__init__(*args, **kwargs)
        self.by, self.zone, self.entry = by, ZoneInfo(entry.time_zone) if entry else zone, entry
        self.groups: dict[str, WorkingGroup] = {}
        self.fields["start"].help_text += f" Times are those of {self.zone.key.replace('_', ' ')}."
        if entry is not None:
            del self.fields["whose"]
            return
        choices = [(MINE, "My own")]
        if may_write_for_all(by):
            choices.append((ALL, "The whole coalition"))
        self.groups = {str(group.pk): group for group in groups_to_write_in(by).order_by("name")}
        choices += [(key, group.name) for key, group in self.groups.items()]
        cast(forms.ChoiceField, self.fields["whose"]).choices = choices

    def clean_title(self) -> str:
        return self._not_operational("title")

    def clean_place(self) -> str:
        return self._not_operational("place")

    def _not_operational(self, name: str) -> str:
        text = " ".join(str(self.cleaned_data[name]).split())
        if name == "title" and not text:
            raise forms.ValidationError("Say what it is.")
        try:
            must_not_be_operational(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = data.get("first_day")
        if first is None or {"start", "end", "last_day"} & set(self.errors):
            return data
        last = data.get("last_day") or first
        if not YEARS[0] <= first.year <= YEARS[1]:
            self.add_error("first_day", f"Enter a day between {YEARS[0]} and {YEARS[1]}.")
        elif last < first:
            self.add_error("last_day", "The last day comes before the first day. Check both.")
        elif (last - first).days > LONGEST_DAYS:
            self.add_error("last_day", "An entry takes a year at most.")
        elif data.get("all_day"):
            data["starts_at"] = instant(first, None, self.zone.key)
            data["ends_at"] = instant(last + dt.timedelta(days=1), None, self.zone.key)
        else:
            self._clean_clocks(first, last)
        return data

    def _clean_clocks(self, first: dt.date, last: dt.date) -> None:
        data = self.cleaned_data
        start, end = data.get("start"), data.get("end")
        if start is None:
            self.add_error("start", "Say when it begins, or tick “All day”.")
            return
        starts_at = instant(first, start, self.zone.key)
        ends_at = instant(last, end, self.zone.key) if end is not None else starts_at + HOUR + (last - first)
        for name, day, clock in (("start", first, start), ("end", last, end)):
            if clock is not None and self._is_skipped(day, clock):
                self.add_error(name, "The clocks go forward at this hour, so this time does not come. Choose another.")
        if ends_at <= starts_at:
            self.add_error("end", "It ends before it begins. Check both times, and the last day if it goes past midnight.")
        data["starts_at"], data["ends_at"] = starts_at, ends_at

    def _is_skipped(self, day: dt.date, clock: dt.time) -> bool:
        shown = instant(day, clock, self.zone.key).astimezone(self.zone)
        return (shown.date(), shown.time()) != (day, clock)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("title", "kind", "place", "all_day", "starts_at", "ends_at")}
        if self.entry is None:
            whose = data["whose"]
            found |= {"time_zone": self.zone.key, "group": self.groups.get(whose)}
            found |= {"for_membership": self.by.acting if whose == MINE else None, "is_private": whose == MINE}
        return found


def _values_of(entry: CalendarEntry) -> dict[str, Any]:
    """An entry as it was typed."""
    same = {name: getattr(entry, name) for name in ("title", "kind", "place", "all_day")}
    last = entry.ends_on if entry.ends_on != entry.starts_on else None
    times = {"first_day": entry.starts_on, "last_day": last, "start": entry.starts_clock, "end": entry.ends_clock}
    return {**same, **times}


class CancelForm(PlainForm):
    """Asks to go on or to go back."""


class LinkForm(PlainForm):
    """Which link to make: for everything that one sees, or for one group."""

    group = forms.UUIDField(required=False)

    def __init__(self, *args: Any, groups: list[WorkingGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.pk: group for group in groups}

    def clean_group(self) -> WorkingGroup | None:
        key: uuid.UUID | None = self.cleaned_data["group"]
        if key is not None and key not in self.groups:
            raise forms.ValidationError("This group is not one of yours.")
        return self.groups[key] if key is not None else None
