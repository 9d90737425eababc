"""What people type about meetings: when and where, agenda, papers, who was there, minutes in three parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models import Attendance, Meeting, Part, WorkingGroup
from waymark.pages.offers import offer, offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField

EVERYBODY = "The whole coalition"
PART_HINTS = {
    Part.PUBLIC: "May be handed to anybody: print it, put it up, send it.",
    Part.MEMBERS: "Read by people of the coalition’s agencies on this site.",
    Part.CLOSED: "Read by the members of this group, and by nobody else. It is on no printout.",
}


def aware(day: dt.date, clock: dt.time) -> dt.datetime:
    """A day and a time of the region."""
    return timezone.make_aware(dt.datetime.combine(day, clock))


def named(membership: Membership) -> str:
    """A person of another agency, told apart from a namesake."""
    return f"{membership.user.display_name}, {membership.agency.short_name}"


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the people who are known here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Membership.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A working group, or everybody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(WorkingGroup.objects.none(), required=False, empty_label=EVERYBODY, **kwargs)


class MeetingForm(PlainForm):
    group = GroupField(label="Who meets")
    title = forms.CharField(label="Title", max_length=160, help_text="Like “Monthly meeting” or “Housing: autumn plan”.")
    day = DayField(label="Day", help_text="Like May 3 2026 or 5/3/2026.")
    starts = ClockField(label="From", help_text="Like 9 am or 13:30.")
    ends = ClockField(label="Until")
    place = forms.CharField(label="Where", max_length=200, required=False, help_text="An address, or “video only”.")
    how_to_join = forms.CharField(
        label="How to join",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dial-in, video link, which door. Only those who are asked to come read it.",
    )
    is_private = forms.BooleanField(
        label="Hide it from people outside the group",
        required=False,
        help_text="Otherwise the coalition’s people see its title, day, place and open agenda.",
    )

    sections = (
        ("What", ("group", "title")),
        ("When and where", ("day", "starts", "ends", "place", "how_to_join", "is_private")),
    )
    why = {"title": "It stands in calendars and in notices’ pages. Never write a client’s name or an operation into it."}

    def __init__(self, *args: Any, groups: Any = None, may_call_everybody: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if groups is None:
            del self.fields["group"]
        else:
            offer_rows(self, "group", groups)
            if not may_call_everybody:
                field: Any = self.fields["group"]
                field.required, field.empty_label = True, "Choose a group"

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        day, starts, ends = data.get("day"), data.get("starts"), data.get("ends")
        if day and starts and ends:
            if ends <= starts:
                self.add_error("ends", "The meeting ends before it begins. Check both times.")
            elif day > timezone.localdate() + dt.timedelta(days=1100):
                self.add_error("day", "Choose a day within the next three years.")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "title": " ".join(data["title"].split()),
            "place": data["place"],
            "how_to_join": data["how_to_join"],
            "is_private": data["is_private"],
            "starts_at": aware(data["day"], data["starts"]),
            "ends_at": aware(data["day"], data["ends"]),
        }


def meeting_initial(meeting: Meeting) -> dict[str, Any]:
    """What the form shows of a meeting that is changed."""
    starts, ends = timezone.localtime(meeting.entry.starts_at), timezone.localtime(meeting.entry.ends_at)
    return {
        "title": meeting.entry.title,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": meeting.entry.place,
        "how_to_join": meeting.how_to_join,
        "is_private": meeting.entry.is_private,
    }


def part_choices(parts: Sequence[Part]) -> list[tuple[str, str]]:
    return [(part.value, f"{part.label}. {PART_HINTS[part]}") for part in parts]


class AgendaItemForm(PlainForm):
    title = forms.CharField(label="What it is about", max_length=160)
    brought_by = PersonField(label="Who brings it", required=False, empty_label="Nobody in particular")
    minutes = forms.IntegerField(
        label="Minutes planned", required=False, min_value=1, max_value=480, help_text="A number, like 15."
    )
    part = forms.ChoiceField(label="Who reads it", widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "brought_by", people)
        offer(self, "part", part_choices(parts))


class PaperForm(PlainForm):
    title = forms.CharField(label="Title of the paper", max_length=160)
    text = forms.CharField(label="Text", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 10}))
    path = forms.CharField(
        label="Or a page of this site",
        max_length=300,
        required=False,
        help_text="Copy the address from its first slash on, like /agreements/.",
    )

    why = {"path": "Files cannot be put up here: nobody could promise that they are safe to open."}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        path, text = data.get("path", "").strip(), data.get("text", "").strip()
        if bool(path) == bool(text) and not self.errors:
            self.add_error("text", "Give either a text or a page of this site.")
        elif path and (not path.startswith("/") or path[1:2] in {"/", "\\"} or any(sign <= " " for sign in path)):
            self.add_error("path", "Enter a page of this site from its first slash on, like /agreements/.")
        return {**data, "path": path, "text": text}


class AttendanceForm(PlainForm):
    """One question an agency; the answers are radio buttons, so that an arrow key answers and a tab goes on."""

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        self.agencies = agencies
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        choices = [*Attendance.How.choices, ("", "Not noted")]
        return {
            str(agency.pk): forms.ChoiceField(
                label=agency.name,
                choices=choices,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "usa-radio beside"}),
            )
            for agency in self.agencies
        }

    def there(self) -> dict[Any, str]:
        """How each agency took part, by its id."""
        return {agency.pk: self.cleaned_data[str(agency.pk)] for agency in self.agencies}


class MinutesForm(PlainForm):
    """A box for each part that the writer reads. What belongs to fewer readers is never typed into the same box."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        self.parts = parts
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            part.value: forms.CharField(
                label=f"{part.label} part",
                max_length=40_000,
                required=False,
                help_text=PART_HINTS[part],
                widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
            )
            for part in self.parts
        }

    def texts(self) -> dict[str, str]:
        return {part.value: self.cleaned_data[part.value] for part in self.parts}


class ApproveForm(PlainForm):
    later = forms.ModelChoiceField(
        Meeting.objects.none(), label="Approved in which meeting", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "later", meetings, label=_title_and_day)


def _title_and_day(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.entry.starts_at)
    return f"{meeting.entry.title}, {day:%A, %B} {day.day}, {day.year}"


class AddendumForm(PlainForm):
    part = forms.ChoiceField(label="Which part it corrects", widget=forms.RadioSelect)
    text = forms.CharField(label="What is corrected", max_length=4_000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "part", part_choices(parts))


class PressForm(PlainForm):
    """Asks to go on or to go back."""
