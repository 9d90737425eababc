"""What people type about decisions: the question, what they say to it, and how it ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.coalition.actions.decisions import LONGEST, SLOTS, USUAL_TIME
from waymark.coalition.formats.tally import SHARES, Share
from waymark.coalition.forms.meetings import GroupField, aware
from waymark.coalition.models import CHOICES_OF, Answer, Choice, Decision, Slot, Way
from waymark.pages.offers import offer, offer_rows
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField

WAY_HINTS = {
    Way.SENSE: "How does it look? Nothing is decided; you hear where people stand.",
    Way.CONSENT: "Agreed unless somebody objects, with a reason. An objection stops it until it is met.",
    Way.VOTE: "One vote for each agency, by its representative or deputy, with a quorum.",
    Way.TIME_POLL: "Find a time. It ends with a meeting.",
}
CHOICE_HINTS = {
    Choice.CONSENT: "I can live with it, and I support it.",
    Choice.ASIDE: "I would not do it, and I do not stand in the way.",
    Choice.OBJECTION: "It would do harm as it is. Say below what would have to change.",
}
AT = dt.time(17)


def way_choices(*, may_poll: bool) -> list[tuple[str, str]]:
    ways = [way for way in Way if may_poll or way != Way.TIME_POLL]
    return [(way.value, f"{way.label}. {WAY_HINTS[way]}") for way in ways]


class WayForm(PlainForm):
    """The first step: whom to ask, and in which way."""

    group = GroupField(label="Who is asked")
    way = forms.ChoiceField(label="In which way", widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: Any, may_poll: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "group", groups)
        offer(self, "way", way_choices(may_poll=may_poll))


class DraftForm(PlainForm):
    """The question itself; what else is asked follows from the way."""

    title = forms.CharField(label="Title", max_length=160)
    text = forms.CharField(
        label="What is asked",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="So complete that somebody can answer who was not in the room. No names of clients.",
    )

    def __init__(self, *args: Any, way: str, slots: int = SLOTS, **kwargs: Any) -> None:
        self.way, self.slot_rows = way, slots if way == Way.TIME_POLL else 0
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        if self.way == Way.VOTE:
            fields["quorum"] = forms.IntegerField(
                label="Quorum", min_value=1, max_value=500, help_text="So many agencies must vote, or nothing is decided."
            )
            fields["share"] = forms.ChoiceField(
                label="How many must be in favor",
                choices=[(name, label) for name, (label, _) in SHARES.items()],
                widget=forms.RadioSelect,
                help_text="Of the votes for and against; who abstains counts for the quorum only.",
            )
        for number in range(1, self.slot_rows + 1):
            is_needed = number <= 2
            fields[f"day_{number}"] = DayField(label=f"Time {number}: day", required=is_needed)
            fields[f"from_{number}"] = ClockField(label=f"Time {number}: from", required=is_needed)
            fields[f"until_{number}"] = ClockField(label=f"Time {number}: until", required=is_needed)
        return fields

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:  # type: ignore[override]
        times = tuple(
            (f"Time {number}", (f"day_{number}", f"from_{number}", f"until_{number}"))
            for number in range(1, self.slot_rows + 1)
        )
        return (("", ("title", "text")), *times)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for number in range(1, self.slot_rows + 1):
            day, starts, ends = (data.get(f"{name}_{number}") for name in ("day", "from", "until"))
            given = [each is not None for each in (day, starts, ends)]
            if (
                any(given)
                and not all(given)
                and not {f"day_{number}", f"from_{number}", f"until_{number}"} & set(self.errors)
            ):
                self.add_error(f"day_{number}", "Give the day and both times, or leave all three empty.")
            elif day is not None and starts is not None and ends is not None:
                if ends <= starts:
                    self.add_error(f"until_{number}", "It ends before it begins. Check both times.")
                elif day < timezone.localdate():
                    self.add_error(f"day_{number}", "This day is over. Choose today or a later day.")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        found: dict[str, Any] = {"title": " ".join(data["title"].split()), "text": data["text"]}
        if self.way == Way.VOTE:
            share: Share = SHARES[data["share"]][1]
            found |= {
                "quorum": data["quorum"],
                "share_of": share.of,
                "share_out_of": share.out_of,
                "share_is_exceeded": share.is_exceeded,
            }
        return found

    def slots(self) -> list[tuple[dt.datetime, dt.datetime]]:
        data = self.cleaned_data
        return [
            (aware(data[f"day_{number}"], data[f"from_{number}"]), aware(data[f"day_{number}"], data[f"until_{number}"]))
            for number in range(1, self.slot_rows + 1)
            if data.get(f"day_{number}") is not None
        ]


def draft_initial(decision: Decision) -> dict[str, Any]:
    """What the form shows of a draft that is changed."""
    found: dict[str, Any] = {"title": decision.title, "text": decision.text}
    if decision.way == Way.VOTE:
        now = Share(decision.share_of or 1, decision.share_out_of or 1, bool(decision.share_is_exceeded))
        found["quorum"] = decision.quorum
        found["share"] = next((name for name, (_, share) in SHARES.items() if share == now), "half")
    for number, slot in enumerate(decision.slots.all(), 1):
        starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        found |= {f"day_{number}": starts.date(), f"from_{number}": starts.time(), f"until_{number}": ends.time()}
    return found


class ClosingForm(PlainForm):
    """When it closes; a week from now unless somebody says otherwise."""

    closes_on = DayField(label="Closes on", help_text="A week is usual. Three months is the longest.")
    closes_clock = ClockField(label="At", help_text="Like 5 pm.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("closes_on", timezone.localdate() + USUAL_TIME)
        self.initial.setdefault("closes_clock", AT)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("closes_on") and data.get("closes_clock"):
            now, closes_at = timezone.now(), self.closes_at()
            if closes_at <= now:
                self.add_error("closes_on", "That moment is over. Choose a later one.")
            elif closes_at > now + LONGEST:
                self.add_error("closes_on", "Choose a day within the next three months.")
        return data

    def closes_at(self) -> dt.datetime:
        return aware(self.cleaned_data["closes_on"], self.cleaned_data["closes_clock"])


class RoundForm(ClosingForm):
    text = forms.CharField(label="The new text", max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}))

    field_order = ["text", "closes_on", "closes_clock"]


class StanceForm(PlainForm):
    """What somebody says. An objection needs a reason; everything else may have one."""

    def __init__(self, *args: Any, decision: Decision, slots: list[Slot], **kwargs: Any) -> None:
        self.decision, self.slots = decision, slots
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        choices = CHOICES_OF[self.decision.way]
        if self.decision.way == Way.TIME_POLL:
            for slot in self.slots:
                fields[str(slot.pk)] = forms.ChoiceField(
                    label=span(slot), choices=Answer.choices, widget=forms.RadioSelect(attrs={"class": "usa-radio beside"})
                )
        else:
            labels = [(each.value, _with_hint(each)) for each in choices]
            fields["choice"] = forms.ChoiceField(label="Your answer", choices=labels, widget=forms.RadioSelect)
        fields["reason"] = forms.CharField(
            label="Why",
            max_length=4_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="An objection needs a reason: what harm do you see, and what would have to change?"
            if self.decision.way == Way.CONSENT
            else "",
        )
        return fields

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("choice") == Choice.OBJECTION and not data.get("reason", "").strip():
            self.add_error("reason", "An objection needs a reason. Say what would have to change.")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.decision.way == Way.TIME_POLL:
            answers = {str(slot.pk): data[str(slot.pk)] for slot in self.slots}
            return {"choice": Choice.TIMES.value, "reason": data["reason"], "answers": answers}
        return {"choice": data["choice"], "reason": data["reason"]}


def _with_hint(choice: Choice) -> str:
    return f"{choice.label}. {CHOICE_HINTS[choice]}" if choice in CHOICE_HINTS else str(choice.label)


def span(slot: Slot) -> str:
    """A time of a poll in words."""
    starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    hours = [f"{each.hour % 12 or 12}:{each:%M} {'PM' if each.hour >= 12 else 'AM'}" for each in (starts, ends)]
    return f"{starts:%A, %B} {starts.day}, {starts.year}, {hours[0]} to {hours[1]}"


class ResolveForm(PlainForm):
    resolution = forms.CharField(
        label="How it was met", max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}), help_text="In a sentence."
    )


class OutcomeForm(PlainForm):
    """The statement that ends a decision; for a poll also the time."""

    statement = forms.CharField(
        label="The outcome in words",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What was decided or heard, and what happens next. Somebody who was not there must understand it.",
    )

    def __init__(self, *args: Any, slots: list[Slot], best: Slot | None = None, **kwargs: Any) -> None:
        self.slots = slots
        super().__init__(*args, **kwargs)
        if best is not None:
            self.initial.setdefault("slot", str(best.pk))

    def more_fields(self) -> dict[str, forms.Field]:
        if not self.slots:
            return {}
        choices = [*((str(slot.pk), span(slot)) for slot in self.slots), ("none", "None of them")]
        return {"slot": forms.ChoiceField(label="The time", choices=choices, widget=forms.RadioSelect)}

    def slot(self) -> Any:
        found = self.cleaned_data.get("slot", "none")
        return next((slot.pk for slot in self.slots if str(slot.pk) == found), None)
