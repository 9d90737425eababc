"""What people type about agreements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from waymark.accounts.models import Agency
from waymark.coalition.forms.groups import offer
from waymark.coalition.models import Agreement, AgreementParty, Annex, Approval, WorkingGroup
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

# As many as one party may have of each; a longer list is a resolution, not a signature page.
ROWS = 6


class AgreementForm(PlainForm):
    title = forms.CharField(label="Title", max_length=160)
    purpose = forms.CharField(
        label="What it says",
        max_length=4000,
        help_text="In plain words: what each party does for the others, when, and who pays.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    group = forms.ChoiceField(label="Working group that looks after it", required=False)
    starts_on = DayField(label="First day", required=False)
    ends_on = DayField(label="Last day", required=False, help_text="Empty: until somebody ends it.")
    review_on = DayField(label="Look at it again on", required=False)
    remind_days = forms.IntegerField(
        label="Remind how many days before",
        min_value=0,
        max_value=365,
        widget=forms.NumberInput(attrs={"class": "usa-input short"}),
    )
    paper_kept = forms.CharField(
        label="Where the signed paper is kept", max_length=160, required=False, help_text="Like “county clerk, file 12”."
    )
    sections = (
        ("What it says", ("title", "purpose", "group")),
        ("When", ("starts_on", "ends_on", "review_on", "remind_days")),
        ("Paper", ("paper_kept",)),
    )
    why = {
        "review_on": "An agreement that nobody looks at again is kept by nobody. Whoever sees it through, and whoever "
        "speaks for a party, is reminded.",
        "purpose": "What stands here is what people sign. It cannot be changed once it is out for signature.",
    }

    def __init__(self, *args: Any, groups: Iterable[WorkingGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        offer(self, "group", [("", "None"), *((key, group.name) for key, group in self.groups.items())])

    @staticmethod
    def initial_of(agreement: Agreement) -> dict[str, Any]:
        names = ("title", "purpose", "starts_on", "ends_on", "review_on", "remind_days", "paper_kept")
        return {name: getattr(agreement, name) for name in names} | {"group": str(agreement.group_id or "")}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last, review = data.get("starts_on"), data.get("ends_on"), data.get("review_on")
        if last and first is None and "starts_on" not in self.errors:
            self.add_error("starts_on", "Give the first day too.")
        if first and last and last < first:
            self.add_error("ends_on", "The last day comes before the first day. Check both.")
        if first and review and review < first:
            self.add_error("review_on", "The review comes before the first day. Check both.")
        return data

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "group": self.groups.get(self.cleaned_data["group"])}


class PartiesForm(PlainForm):
    parties = forms.MultipleChoiceField(
        label="Parties", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least two agencies."}
    )

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        offer(self, "parties", [(key, f"{each.name} ({each.get_kind_display()})") for key, each in self.agencies.items()])

    def clean_parties(self) -> list[Agency]:
        chosen = self.cleaned_data["parties"]
        if len(chosen) < 2:
            raise forms.ValidationError("Choose at least two agencies.")
        return [self.agencies[key] for key in chosen]


class SignersForm(PlainForm):
    """Who signs for one party, and which bodies approve: the rows there are, and one more that is empty."""

    why = {
        "name_0": "The person need not have an account here: a sheriff or a mayor hardly will.",
    }

    def __init__(self, *args: Any, party: AgreementParty, **kwargs: Any) -> None:
        self.signatories, self.approvals = list(party.signatories.all()), list(party.approvals.all())
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for number in range(min(len(self.signatories) + 1, ROWS)):
            now = self.signatories[number] if number < len(self.signatories) else None
            which = f" {number + 1}" if number else ""
            found[f"name_{number}"] = forms.CharField(
                label=f"Who signs{which}", max_length=120, required=False, initial=now.name if now else ""
            )
            found[f"office_{number}"] = forms.CharField(
                label=f"Office{which}",
                max_length=120,
                required=False,
                initial=now.office if now else "",
                help_text="Like “Director” or “Chair of the Board of Supervisors”.",
            )
        for number in range(min(len(self.approvals) + 1, ROWS)):
            body = self.approvals[number] if number < len(self.approvals) else None
            which = f" {number + 1}" if number else ""
            found[f"body_{number}"] = forms.CharField(
                label=f"Body that approves{which}",
                max_length=120,
                required=False,
                initial=body.name if body else "",
                help_text="Only where one has to. Empty it to take it out.",
            )
            found[f"kind_{number}"] = forms.ChoiceField(
                label=f"Kind of body{which}", choices=Approval.Body.choices, initial=body.kind if body else "board"
            )
        return found

    def _rows(self, one: str, other: str) -> list[tuple[str, str]]:
        data = self.cleaned_data
        numbers = [name.removeprefix(f"{one}_") for name in self.fields if name.startswith(f"{one}_")]
        return [(data.get(f"{one}_{number}", ""), data.get(f"{other}_{number}", "")) for number in numbers]

    def clean(self) -> dict[str, Any]:
        for number, (name, office) in enumerate(self._rows("name", "office")):
            if bool(name) != bool(office):
                self.add_error(f"office_{number}" if name else f"name_{number}", "Give both the name and the office.")
        return self.cleaned_data

    def signed_by(self) -> list[tuple[str, str]]:
        return [(name, office) for name, office in self._rows("name", "office") if name]

    def approved_by(self) -> list[tuple[str, str]]:
        return [(kind, body) for body, kind in self._rows("body", "kind") if body]


class SignaturesForm(PlainForm):
    """What stands on the paper of one party."""

    def __init__(self, *args: Any, party: AgreementParty, **kwargs: Any) -> None:
        self.signatories, self.approvals = list(party.signatories.all()), list(party.approvals.all())
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for each in self.signatories:
            found[f"signed_{each.pk}"] = DayField(
                label=f"{each.name}, {each.office}: signed on",
                required=False,
                initial=each.signed_on,
                help_text="The day on the paper. Empty: not signed yet.",
            )
        for body in self.approvals:
            found[f"state_{body.pk}"] = forms.ChoiceField(
                label=f"{body.name}", choices=Approval.State.choices, initial=body.state, widget=forms.RadioSelect
            )
            found[f"day_{body.pk}"] = DayField(
                label=f"{body.name}: decided on",
                required=False,
                initial=body.decided_on,
                help_text="Empty: not decided yet.",
            )
        return found

    def clean(self) -> dict[str, Any]:
        data, today = self.cleaned_data, timezone.localdate()
        for name, value in list(data.items()):
            if isinstance(value, dt.date) and value > today:
                self.add_error(name, "This day has not come yet. Record it when it is done.")
        for body in self.approvals:
            is_open = data.get(f"state_{body.pk}") == Approval.State.WAITING
            day = data.get(f"day_{body.pk}")
            if f"day_{body.pk}" not in self.errors and is_open and day:
                self.add_error(f"state_{body.pk}", "You gave a day. Say what was decided, or empty the day.")
            elif f"day_{body.pk}" not in self.errors and not is_open and day is None:
                self.add_error(f"day_{body.pk}", "Give the day of the decision.")
        return data

    def signed(self) -> dict[uuid.UUID, dt.date | None]:
        return {each.pk: self.cleaned_data[f"signed_{each.pk}"] for each in self.signatories}

    def decided(self) -> dict[uuid.UUID, tuple[str, dt.date | None]]:
        data = self.cleaned_data
        return {each.pk: (data[f"state_{each.pk}"], data[f"day_{each.pk}"]) for each in self.approvals}


class AnnexForm(PlainForm):
    kind = forms.ChoiceField(label="What it is about", choices=Annex.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="Title", max_length=160)
    text = forms.CharField(label="Its words", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 12}))
    paper_kept = forms.CharField(label="Or where the paper is kept", max_length=160, required=False)
    is_out = forms.BooleanField(label="Take this annex out of the draft", required=False)
    why = {"text": "There is no place for files here yet. Write the words, or say where the paper is."}

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["is_out"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("is_out") and not data.get("text") and not data.get("paper_kept"):
            self.add_error("text", "Write the annex's words, or say below where the paper is kept.")
        return data


class RenewForm(PlainForm):
    review_on = DayField(label="Look at it again on")
