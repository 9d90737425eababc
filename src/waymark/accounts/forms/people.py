"""The forms about agencies and their people. Each names its fields one by one, so that nothing else can be slipped in."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone

from waymark.accounts.actions.invitations import mail_is_set_up
from waymark.accounts.models import Agency, AgencyKind, Duty, Invitation, Membership
from waymark.accounts.policies.roles import role_fits, roles_to_give
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField


def role_choices(agency: Agency) -> list[tuple[str, str]]:
    """Each role with its sentence, on the screen where it is chosen."""
    return [(value, f"{value.capitalize()}. {sentence}") for value, sentence in roles_to_give(agency)]


def delivery_choices() -> list[tuple[str, str]]:
    """How the code reaches the person; a letter only where this installation can send one."""
    by_mail = [(Invitation.Delivery.MAIL.value, Invitation.Delivery.MAIL.label)] if mail_is_set_up() else []
    return [*by_mail, (Invitation.Delivery.HAND.value, Invitation.Delivery.HAND.label)]


def _offer(form: forms.BaseForm, name: str, choices: list[tuple[str, str]]) -> None:
    """Give a question its answers, which depend on the agency or the day."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class AgencyForm(PlainForm):
    name = forms.CharField(label="Name", max_length=200, help_text="As the agency calls itself.")
    short_name = forms.CharField(label="Short name", max_length=40, help_text="Stands in lists and beside your name.")
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose the kind"), *((kind.value, kind.label) for kind in AgencyKind)]
    )
    why = {
        "kind": "It decides on which side of the justice wall the agency stands and what its people may be. "
        "It stays as it is once somebody belongs to the agency."
    }


class ContactForm(PlainForm):
    """No street address on purpose: for a shelter it would be a danger, and nobody here needs it."""

    short_name = forms.CharField(label="Short name", max_length=40)
    phone = forms.CharField(label="Office phone", max_length=40, required=False)
    email = forms.EmailField(label="Office e-mail", max_length=254, required=False)
    website = forms.URLField(label="Web page", max_length=200, required=False, assume_scheme="https")
    is_part_two = forms.BooleanField(
        label="We treat substance use, and the federal rule on such records (42 CFR Part 2) binds us", required=False
    )
    why = {
        "phone": "Staff of the other agencies see it. Give no number and no address that must stay secret.",
        "is_part_two": "Then every package of yours carries the notice that this rule asks for. If you are not sure, ask "
        "counsel; a notice too many harms nobody.",
    }


class DeliveryForm(PlainForm):
    delivery = forms.ChoiceField(label="How the code reaches the person", widget=forms.RadioSelect)
    why = {
        "delivery": "A letter proves that the address is theirs. A code that you hand over proves only what you saw: make "
        "sure who stands before you."
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "delivery", delivery_choices())
        self.initial.setdefault("delivery", delivery_choices()[0][0])


class FirstOfficerForm(DeliveryForm):
    email = forms.EmailField(label="Work e-mail", max_length=254, help_text="The person signs in with it.")
    sections = (("Who", ("email",)), ("How", ("delivery",)))


class InviteForm(DeliveryForm):
    email = forms.EmailField(label="Work e-mail", max_length=254, help_text="The person signs in with it.")
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    last_day = DayField(label="Last day", required=False, help_text="For interns and shifts that end. Empty: no end.")
    sections = (("Who", ("email", "role", "last_day")), ("How", ("delivery",)))
    why = {**DeliveryForm.why, "last_day": "After it the person is out by themselves; nobody has to remember it."}

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "role", role_choices(agency))

    def clean_last_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError("This day has passed. Leave it empty, or give a day to come.")
        return day


class RoleForm(PlainForm):
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "role", role_choices(agency))


class DutiesForm(PlainForm):
    """What the agency records of a member. Law binds the person, not the agency, so it is asked for each one."""

    reports_child_abuse = forms.ChoiceField(label="Must report child abuse", required=False, help_text="Penal Code 11166")
    reports_elder_abuse = forms.ChoiceField(
        label="Must report abuse of elders and dependent adults", required=False, help_text="W&I Code 15630"
    )
    reports_injuries = forms.ChoiceField(
        label="Must report injuries from assault", required=False, help_text="Penal Code 11160"
    )
    reporting_basis = forms.CharField(
        label="License or function", max_length=120, required=False, help_text="Like “licensed clinical social worker”."
    )
    reporting_since_on = DayField(label="Has to report since", required=False)
    answers_law_on = DayField(label="Answers courts for the agency since", required=False)
    privilege_trafficking_on = DayField(
        label="Human-trafficking caseworker since", required=False, help_text="Evidence Code 1038.2: 40 hours, or degree."
    )
    privilege_violence_on = DayField(
        label="Domestic-violence counselor since", required=False, help_text="Evidence Code 1037.1"
    )
    privilege_assault_on = DayField(
        label="Sexual-assault counselor since", required=False, help_text="Evidence Code 1035.2"
    )
    training_expires_on = DayField(label="Training is good until", required=False)
    ends_on = DayField(label="Last day here", required=False)
    sections = (
        (
            "Duties to report",
            ("reports_child_abuse", "reports_elder_abuse", "reports_injuries", "reporting_basis", "reporting_since_on"),
        ),
        ("Courts", ("answers_law_on",)),
        ("Privilege", ("privilege_trafficking_on", "privilege_violence_on", "privilege_assault_on")),
        ("Dates", ("training_expires_on", "ends_on")),
    )
    why = {
        "reports_child_abuse": "A person is told before they speak whether the listener must report. "
        "An unlicensed advocate does not have to by that work alone (Attorney General Opinion 19-301).",
        "answers_law_on": "They are told when a subpoena, an order or a warrant comes, and approve what is "
        "given under an order, "
        "but never what they asked for themselves.",
        "privilege_trafficking_on": "What is said to a qualified caseworker in confidence is the survivor's to open.",
    }

    # Days of what only somebody who works with survivors can be.
    WITH_SURVIVORS: ClassVar = (
        "answers_law_on",
        "privilege_trafficking_on",
        "privilege_violence_on",
        "privilege_assault_on",
    )
    PAST: ClassVar = (*WITH_SURVIVORS, "reporting_since_on")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {name: getattr(membership, name) for name in self.base_fields} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.membership = membership
        for name in ("reports_child_abuse", "reports_elder_abuse", "reports_injuries"):
            _offer(self, name, Duty.choices)
        if not role_fits("advocate", kind=membership.agency.kind, is_host=membership.agency.is_host):
            for name in self.WITH_SURVIVORS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        today = timezone.localdate()
        for name in self.PAST:
            if data.get(name) and data[name] > today:
                self.add_error(name, "This day has not come yet. Record it when the person is qualified.")
        duties = [data.get(f"reports_{each}") for each in ("child_abuse", "elder_abuse", "injuries")]
        if Duty.YES in duties and not data.get("reporting_basis"):
            self.add_error("reporting_basis", "Say which license or function makes the person a mandated reporter.")
        if Duty.YES in duties and not data.get("reporting_since_on"):
            self.add_error("reporting_since_on", "Say since when. Without a day the duty counts as not proved.")
        last = data.get("ends_on")
        if last is not None and last < self.membership.starts_on:
            self.add_error("ends_on", "The last day comes before the first day.")
        if last is not None and last < today and last != self.membership.ends_on:
            self.add_error("ends_on", "This day has passed. To end it now, use “End this membership”.")
        return data


class CodeForm(PlainForm):
    code = forms.CharField(
        label="Code",
        max_length=80,
        help_text="Six groups of four letters, from your letter or paper.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-from-address": ""}),
    )
    email = forms.EmailField(
        label="Your work e-mail",
        max_length=254,
        help_text="The address for which the invitation was made.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class AnswerForm(PlainForm):
    """A new account for the invited person."""

    display_name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="Colleagues see it beside what you do.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        help_text="At least 12 characters. Four words in a row are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NameForm(PlainForm):
    display_name = forms.CharField(label="Your name", max_length=120, help_text="Colleagues see it beside what you do.")


class AskAdministratorForm(PlainForm):
    member = forms.ChoiceField(label="Who")
    reason = forms.CharField(label="Why", max_length=200, help_text="The administrator who decides reads this.")

    def __init__(self, *args: Any, candidates: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "member", [(str(each.pk), each.user.display_name) for each in candidates])


class SureForm(PlainForm):
    """A grave act asks for one more tick, after its consequence has been read."""

    sure = forms.BooleanField(
        label="I have read what follows from this.", error_messages={"required": "Tick the box, or go back."}
    )


class ConfirmForm(PlainForm):
    """Asks to go on or to go back."""
