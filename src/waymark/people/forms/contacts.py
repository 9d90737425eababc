"""How a person agreed to be reached. No answer means no: days that nobody agreed to are not offered as the usual."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import ClockField, PhoneField
from waymark.people.policies import CHANNELS, DAYS

OFF = {"autocomplete": "off"}
PHONES = frozenset({"call", "text"})


class ContactFields(PlainForm):
    """The questions about one way to reach somebody, for a form of its own and for the intake."""

    channel = forms.ChoiceField(label="How", choices=[("", "Choose"), *CHANNELS], required=False)
    value = forms.CharField(
        label="Number, address or name",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="For a phone the number, like 916-555-0142.",
    )
    days = forms.MultipleChoiceField(
        label="Days that are safe", choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts = ClockField(label="Safe from", required=False, help_text="Empty for any time.")
    ends = ClockField(label="Safe until", required=False)
    may_leave_message = forms.BooleanField(
        label="A message may be left. Without this, hang up when anybody else answers.", required=False
    )

    why_of_contact = {
        "days": "The number is shown only on these days and hours, to every worker.",
        "value": "A call at the wrong hour, or a message that somebody else hears, can put them in danger.",
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_contact(data, is_needed=False)
        return data

    def check_contact(self, data: dict[str, Any], *, is_needed: bool) -> None:
        """Either nothing of a contact, or all that the software needs in order to obey."""
        channel, value = data.get("channel"), data.get("value")
        if not (channel or value or is_needed):
            return
        if not channel and "channel" not in self.errors:
            self.add_error("channel", "Say how they agreed to be reached.")
        if not value and "value" not in self.errors:
            self.add_error("value", "Write the number, address or name, or leave the whole part empty.")
        if channel in PHONES and value:
            try:
                PhoneField().clean(value)
            except forms.ValidationError as error:
                self.add_error("value", error)
        if channel == "email" and value:
            try:
                forms.EmailField().clean(value)
            except forms.ValidationError:
                self.add_error("value", "Write the e-mail address like name@example.org.")
        if not data.get("days") and "days" not in self.errors:
            self.add_error("days", "Say on which days it is safe. Ask them; do not guess.")
        if bool(data.get("starts")) != bool(data.get("ends")):
            self.add_error("ends" if data.get("starts") else "starts", "Say both hours, or neither.")

    def contact(self) -> dict[str, Any] | None:
        """What is sealed of the contact, or None when there is none."""
        data = self.cleaned_data
        if not data.get("channel"):
            return None
        return {
            "channel": data["channel"],
            "value": data["value"],
            "days": data["days"],
            "starts": data["starts"].isoformat("minutes") if data.get("starts") else "",
            "ends": data["ends"].isoformat("minutes") if data.get("ends") else "",
            "may_leave_message": data["may_leave_message"],
        }


class ContactForm(ContactFields):
    """Another way to reach somebody whom we know."""

    why = ContactFields.why_of_contact

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or {}
        self.check_contact(data, is_needed=True)
        return data
