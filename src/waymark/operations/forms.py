"""The forms of operations. None has a field for a person, a place or a plan; a text is read before it is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models import Decision
from waymark.law.models import Charge
from waymark.law.selectors import charges_in_force
from waymark.operations.formats.count_table import COLUMNS, CountLine, read_counts
from waymark.operations.formats.safety import checklist
from waymark.operations.models import Operation, OperationAgency, SafetyCheck, ServiceCount, SurgeRequest
from waymark.operations.models.counts import Measure, Part
from waymark.operations.models.operations import Setting
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, DayField, PhoneField

NOBODY = "No names, phones, plates, addresses, links, ages of one person or case numbers."
LARGEST_FILE = 256 * 1024


class OperationForm(PlainForm):
    name = forms.CharField(label="Name", max_length=120, help_text="As it was announced.")
    edition = forms.CharField(label="Edition", max_length=60, required=False, help_text="As in “4th annual”.")
    year = forms.IntegerField(label="Year", min_value=1990, max_value=2100)
    starts_on = DayField(label="First day", required=False)
    ends_on = DayField(label="Last day", required=False)
    period_words = forms.CharField(
        label="Days as published", max_length=80, required=False, help_text="As in “September to mid-November”."
    )
    settings = forms.MultipleChoiceField(
        label="Kind of place", choices=Setting.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    source = forms.CharField(label="Where the numbers were published", max_length=200, required=False)
    who_asked = forms.CharField(
        label="Who asked for it",
        max_length=160,
        required=False,
        help_text="An agency or a group, not a person. Public.",
    )
    decision = forms.ChoiceField(label="Decision of the coalition", required=False)
    sections = (
        ("What", ("name", "edition", "source")),
        ("When", ("year", "starts_on", "ends_on", "period_words")),
        ("Where, in kind", ("settings",)),
        ("Why", ("who_asked", "decision")),
    )
    why = {
        "settings": "A kind of place, never which one.",
        "starts_on": "Both days, or none when only a season was published. Until the last day is over, only those who take "
        "part see the operation.",
        "decision": "Only decisions with an outcome that you may read are offered, and only their readers see them here.",
    }

    def __init__(self, *args: Any, decisions: Sequence[Decision], chosen: Decision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = {str(each.pk): each for each in decisions}
        choices = [("", "None"), *((key, each.title) for key, each in self.decisions.items())]
        if chosen is not None and str(chosen.pk) not in self.decisions:
            # Somebody else chose one that this person may not read: it stays, without its title.
            self.decisions[str(chosen.pk)] = chosen
            choices.append((str(chosen.pk), "As it was chosen before"))
        cast(forms.ChoiceField, self.fields["decision"]).choices = choices

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "decision": self.decisions.get(self.cleaned_data["decision"])}


class TakingPartForm(PlainForm):
    agency = forms.ChoiceField(label="Agency of the coalition", required=False)
    name = forms.CharField(label="Or the name of another agency", max_length=120, required=False)
    part = forms.ChoiceField(label="What it did", choices=OperationAgency.Part.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.filter(state=Agency.State.ACTIVE).order_by("name").values_list("pk", "name")
        choices = [("", "None of these"), *((str(pk), name) for pk, name in agencies)]
        cast(forms.ChoiceField, self.fields["agency"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("agency")) == bool(cleaned.get("name")) and not self.errors:
            self.add_error("agency", "Choose one of these, or write the name of another agency; not both.")
        return cleaned

    def the_agency(self) -> Agency | None:
        chosen = self.cleaned_data["agency"]
        return Agency.objects.get(pk=chosen) if chosen else None


class CountForm(PlainForm):
    """One number. Charges are offered as they were in force on the operation's days."""

    measure = forms.ChoiceField(label="What was counted", choices=[("", "Choose"), *Measure.choices])
    side = forms.ChoiceField(label="Of whom", choices=Part.choices, initial=Part.NOT_STATED)
    charge = forms.ChoiceField(label="Under which charge", required=False)
    value = forms.IntegerField(
        label="Number", min_value=0, max_value=999_999, required=False, help_text="Leave it empty when nobody counted it."
    )
    words = forms.CharField(label="Published words", max_length=160, required=False, help_text=NOBODY)
    why = {
        "value": "Empty is not zero: it says that no number is known.",
        "side": "Buyers, sellers and exploiters are never added to each other.",
    }

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = operation.starts_on or dt.date(operation.year, 1, 1)
        last = operation.ends_on or dt.date(operation.year, 12, 31)
        self.charges = {str(charge.pk): charge for day in (first, last) for charge in charges_in_force(on=day)}
        lines = sorted(self.charges.items(), key=lambda item: item[1].section)
        choices = [("", "None, or not told apart"), *((pk, f"{row.section} · {row.title}") for pk, row in lines)]
        cast(forms.ChoiceField, self.fields["charge"]).choices = choices

    def values(self) -> dict[str, Any]:
        charge: Charge | None = self.charges.get(self.cleaned_data["charge"])
        return {**self.cleaned_data, "charge": charge}


class CountFileForm(PlainForm):
    """A table of counts. It is read here, and nothing of it is kept when a line is wrong."""

    file = forms.FileField(label="File", max_length=120, help_text=f"CSV in UTF-8 with the columns {', '.join(COLUMNS)}.")
    why = {"file": f"Only counts come in. {NOBODY} A file with anything of the kind is refused as a whole, and not kept."}

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.lines: list[CountLine] = []

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 256 KB. Split it, or leave out what is no count.")
        self.lines, troubles = read_counts(sent.read(), measures=Measure.values, sides=Part.values, known=self.known)
        if troubles:
            shown = [str(trouble) for trouble in troubles[:20]]
            more = [f"And {len(troubles) - 20} more lines."] if len(troubles) > 20 else []
            raise forms.ValidationError([*shown, *more])
        return sent


class ServiceCountForm(PlainForm):
    why = {"met": "These numbers stay with your agency. Others read quarterly totals alone, with small numbers hidden."}

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            kind.value: forms.IntegerField(label=kind.label, min_value=0, max_value=999_999, required=False)
            for kind in ServiceCount.Kind
        }


class SafetyForm(PlainForm):
    def more_fields(self) -> dict[str, forms.Field]:
        return {
            key: forms.ChoiceField(
                label=item.says,
                help_text=item.source,
                choices=SafetyCheck.State.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            for key, item in checklist().items.items()
        }


class AfterActionForm(PlainForm):
    text = forms.CharField(label="What should be better next time", max_length=300, help_text=NOBODY)
    due_on = DayField(label="By when")


class ShiftForm(PlainForm):
    """Hours of the own agency. Only the hours and the duty phone leave it."""

    day = DayField(label="First day")
    begins = ClockField(label="From")
    last_day = DayField(label="Last day", required=False, help_text="Empty when it ends on the same day.")
    ends = ClockField(label="Until")
    duty_phone = PhoneField(label="Duty phone", help_text="Your agency’s own, never somebody’s.")
    sections = (("", ("day", "begins", "last_day", "ends", "duty_phone", "advocates")),)
    why = {
        "duty_phone": "Whoever takes part in the operation sees it, to call an advocate.",
        "advocates": "Only your agency reads these names. They are deleted 30 days after the shift.",
    }

    def __init__(self, *args: Any, advocates: Iterable[Membership], **kwargs: Any) -> None:
        self.advocates = [(str(each.pk), each.user.display_name) for each in advocates]
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        box = forms.CheckboxSelectMultiple
        return {"advocates": forms.MultipleChoiceField(label="Who stands by", choices=self.advocates, widget=box)}

    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        last = found["last_day"] or found["day"]
        return {
            "starts_at": timezone.make_aware(dt.datetime.combine(found["day"], found["begins"])),
            "ends_at": timezone.make_aware(dt.datetime.combine(last, found["ends"])),
            "duty_phone": found["duty_phone"],
            "advocates": [uuid.UUID(pk) for pk in found["advocates"]],
        }


class SurgeForm(PlainForm):
    """What a week may need. There is no field for a day, a place or a word of one's own."""

    week = DayField(label="Any day of the week", help_text="Only the week is kept, never the day.")
    people = forms.ChoiceField(label="How many people may need help", choices=SurgeRequest.People.choices)
    genders = forms.MultipleChoiceField(
        label="Who", choices=SurgeRequest.Gender.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    languages = forms.MultipleChoiceField(
        label="Languages", choices=SurgeRequest.Language.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    with_minors = forms.BooleanField(label="Some may be under 18", required=False)
    beds = forms.IntegerField(label="Beds to hold ready", min_value=0, max_value=200)
    why = {"week": "Your agency and the advocates who stand by read this, nobody else. It is deleted after the week."}


class SureForm(PlainForm):
    """Only a button."""
