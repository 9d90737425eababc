"""What people type about working groups and about who speaks for their agency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from waymark.accounts.models import Membership
from waymark.coalition.models import GroupMember, WorkingGroup
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import PhoneField

BROWN_ACT = (
    "Counsel says that this group's meetings are public meetings: the agenda is posted 72 hours before, anybody may come, "
    "and what is decided is decided there (California Government Code 54950 and following). Waymark does not decide this: "
    "ask counsel."
)
OUT = "out"


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a question its answers, which depend on who asks."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def people(memberships: Iterable[Membership], *, with_agency: bool = True) -> list[tuple[str, str]]:
    """Members as answers: the name, and for whom they act."""
    return [
        (str(each.pk), f"{each.user.display_name}, {each.agency.short_name}" if with_agency else each.user.display_name)
        for each in memberships
    ]


class GroupForm(PlainForm):
    name = forms.CharField(label="Name", max_length=120)
    purpose = forms.CharField(
        label="What it is for",
        max_length=1000,
        help_text="One or two sentences that somebody new understands.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    joining = forms.ChoiceField(label="Who comes in", choices=WorkingGroup.Joining.choices, widget=forms.RadioSelect)
    is_brown_act = forms.BooleanField(
        label="Counsel says that the Brown Act applies to this group", required=False, help_text=BROWN_ACT
    )


class AddMemberForm(PlainForm):
    member = forms.ChoiceField(label="Who")
    why = {
        "member": "You see people who speak for an agency or work in a group already, and, as an officer, your own "
        "colleagues. Everybody else asks to join on the group's page: who works where is an agency's own to say."
    }

    def __init__(self, *args: Any, known: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "member", [("", "Choose a person"), *people(known)])


class PlaceForm(PlainForm):
    """What somebody does in a group, or that they are out."""

    place = forms.ChoiceField(label="In this group", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = [
            (GroupMember.Duty.CHAIR.value, "Chair. Whoever chairs now becomes a plain member."),
            (GroupMember.Duty.SECRETARY.value, "Secretary. Whoever is secretary now becomes a plain member."),
            (GroupMember.Duty.MEMBER.value, "Member"),
            (OUT, "No longer in the group. It stays known from when to when they were."),
        ]
        offer(self, "place", duties)


class AnswerForm(PlainForm):
    """Yes or no to somebody who asks."""

    answer = forms.ChoiceField(label="Your answer", widget=forms.RadioSelect)

    def __init__(self, *args: Any, yes: str, no: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "answer", [("yes", yes), ("no", no)])


class VoicesForm(PlainForm):
    representative = forms.ChoiceField(label="Representative")
    deputy = forms.ChoiceField(label="Deputy", required=False)
    why = {
        "representative": "One person speaks and votes for the agency in the coalition's decisions. All see the name.",
        "deputy": "Votes when the representative cannot, so that your agency does not lose its voice.",
    }

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = people(colleagues, with_agency=False)
        offer(self, "representative", [("", "Choose a person"), *known])
        offer(self, "deputy", [("", "Nobody"), *known])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("deputy") and data.get("deputy") == data.get("representative"):
            self.add_error("deputy", "The deputy is another person than the representative.")
        return data


class SpeakerForm(PlainForm):
    speaker = forms.CharField(label="Name or office", max_length=160, help_text="As the press should ask for it.")
    phone = PhoneField(label="Phone", required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    why = {
        "speaker": "Nobody else speaks to the press for your agency, and nobody else of the coalition is asked for you. An "
        "office is enough; a name is a choice."
    }
