"""What staff type for a release, its checks, its moment, its correction and its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.newsroom.models import PressItem
from waymark.pages.questions import PlainForm, Section
from waymark.pages.typed_values import ClockField, DayField, PhoneField

HELD_BACK = 3
HELD_BACK_PARTS = (
    ("label", "What is held back", 120),
    ("responsible_agency", "Who publishes it", 160),
    ("window", "When", 80),
)
WORDS = ("title", "summary", "body")


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WordsForm(PlainForm):
    """The three texts that readers see and the council reads."""

    title = forms.CharField(label="Heading", max_length=160)
    summary = forms.CharField(label="Summary", max_length=400, widget=long_text(3), help_text="Two or three sentences.")
    body = forms.CharField(
        label="Text",
        max_length=12_000,
        widget=long_text(14),
        help_text="Plain paragraphs with an empty line between them. No names of people who were harmed or arrested.",
    )

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS}


class ItemForm(WordsForm):
    speaker_name = forms.CharField(label="Who speaks to the media", max_length=120)
    speaker_role = forms.CharField(label="Their role", max_length=160)
    speaker_phone = PhoneField(label="Their work phone", required=False)
    speaker_email = forms.EmailField(label="Their work e-mail", required=False)

    sections = (
        ("What it says", WORDS),
        ("Who speaks", ("speaker_name", "speaker_role", "speaker_phone", "speaker_email")),
        ("Who is named", ("partners",)),
    )
    why = {
        "speaker_name": "Reporters call one person. Nobody else in the coalition has to answer them.",
        "partners": "Each of them is asked to agree before it is released. They are listed in the order of the alphabet.",
    }

    def __init__(self, *args: Any, partners: QuerySet[Agency], item: PressItem | None = None, **kwargs: Any) -> None:
        self.partners = partners
        # What a draft says already stands before what a new one would begin with.
        initial = {**(kwargs.pop("initial", None) or {}), **(_initial(item) if item is not None else {})}
        super().__init__(*args, initial=initial, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {
            "partners": forms.ModelMultipleChoiceField(
                label="Partners",
                queryset=self.partners,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Agencies that the release names.",
            )
        }
        for number in range(1, HELD_BACK + 1):
            for name, label, length in HELD_BACK_PARTS:
                found[f"{name}_{number}"] = forms.CharField(label=label, max_length=length, required=False)
        return found

    def grouped(self) -> Any:
        """Parts that others publish later are folded away; most releases have none."""
        named = {f"{name}_{number}" for name, *_ in HELD_BACK_PARTS for number in range(1, HELD_BACK + 1)}
        for section in super().grouped():
            if not any(question.field.name in named for question in section.questions):
                yield section
        for number in range(1, HELD_BACK + 1):
            questions = [self.question(f"{name}_{number}") for name, *_ in HELD_BACK_PARTS]
            yield Section(f"Held-back part {number}", questions, is_spare=True)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        for number in range(1, HELD_BACK + 1):
            filled = [bool(data.get(f"{name}_{number}")) for name, *_ in HELD_BACK_PARTS]
            if any(filled) and not all(filled):
                missing = next(name for (name, *_), is_there in zip(HELD_BACK_PARTS, filled, strict=True) if not is_there)
                self.add_error(f"{missing}_{number}", "A held-back part needs its label, who publishes it and when.")
        return data

    def partner_ids(self) -> list[Any]:
        return [agency.pk for agency in self.cleaned_data["partners"]]

    def held_back(self) -> list[dict[str, str]]:
        rows = [
            {name: self.cleaned_data[f"{name}_{number}"] for name, *_ in HELD_BACK_PARTS}
            for number in range(1, HELD_BACK + 1)
        ]
        return [row for row in rows if row["label"]]

    def values(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name] for name in (*WORDS, *(n for n in self.cleaned_data if n.startswith("speaker_")))
        }


def _initial(item: PressItem) -> dict[str, Any]:
    names = (*WORDS, "speaker_name", "speaker_role", "speaker_phone", "speaker_email")
    initial: dict[str, Any] = {name: getattr(item, name) for name in names}
    initial["partners"] = [check.agency_id for check in item.checks.all()]
    for number, part in enumerate(item.held_back.all()[:HELD_BACK], 1):
        for name, *_ in HELD_BACK_PARTS:
            initial[f"{name}_{number}"] = getattr(part, name)
    return initial


class AnswerForm(PlainForm):
    """What a partner says to the words."""

    answer = forms.ChoiceField(
        label="Does your agency agree to these words?",
        choices=[("agrees", "Yes, we agree"), ("asks", "Please change something first")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What should change",
        max_length=400,
        required=False,
        widget=long_text(3),
        help_text="Needed when you ask for a change.",
    )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("answer") == "asks" and not data.get("note"):
            self.add_error("note", "Say what should change, so that it can.")
        return data


class ReleaseForm(PlainForm):
    """Now, or at a moment in the region's own time. Before that moment nobody outside reads it anywhere."""

    when = forms.ChoiceField(
        label="When",
        choices=[("now", "Now"), ("later", "Later, at the moment below")],
        widget=forms.RadioSelect,
        initial="now",
    )
    day = DayField(label="Day", required=False, help_text="Like May 3 2027 or 5/3/2027.")
    time = ClockField(label="Time", required=False, help_text="Like 9:00 am, in the region’s time.")

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("when") != "later":
            return data
        for name, words in (("day", "Enter the day."), ("time", "Enter the time.")):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        if not self.errors and self._moment(data) <= timezone.now():
            self.add_error("day", "This moment has passed. Choose a later one, or release it now.")
        return data

    @staticmethod
    def _moment(data: dict[str, Any]) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))

    def public_at(self) -> dt.datetime | None:
        return self._moment(self.cleaned_data) if self.cleaned_data["when"] == "later" else None


class ReasonForm(PlainForm):
    """Why a release is taken down; the reason stands in its place."""

    reason = forms.CharField(
        label="Why",
        max_length=400,
        widget=long_text(3),
        help_text="Published where the release was. Do not repeat what was wrong.",
    )


class CorrectionForm(WordsForm):
    """The whole text as it should be. What it was before stays readable."""

    reason = forms.CharField(label="Why", max_length=400, widget=long_text(3), help_text="Published with the correction.")
    is_safety = forms.BooleanField(
        label="Somebody’s safety asks for this now",
        required=False,
        help_text="Then it is put in place at once, by you alone, and the council is told why. Otherwise the council reads "
        "it and a second person puts it in place.",
    )
    sections = (("What it should say", WORDS), ("Why", ("reason", "is_safety")))


class SureForm(PlainForm):
    """Asks to go on or to go back."""


class PresenceForm(PlainForm):
    is_named = forms.ChoiceField(
        label="Should your agency be named on the public page?",
        choices=[("yes", "Yes, name it"), ("no", "No, leave it out")],
        widget=forms.RadioSelect,
    )
