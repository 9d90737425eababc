"""Setting up an agency's own sign-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from waymark.accounts.formats.openid import is_allowed_address
from waymark.accounts.models import AgencySignIn
from waymark.pages.questions import PlainForm


class AgencySignInForm(PlainForm):
    issuer = forms.CharField(
        label="Issuer",
        max_length=300,
        help_text="The address of your agency's OpenID provider, as its discovery document says it. It begins with https://.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_id = forms.CharField(label="Client ID", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    client_secret = forms.CharField(
        label="Client secret",
        max_length=500,
        required=False,
        help_text="Never shown again. Leave it empty to keep the one that is stored.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    is_on = forms.BooleanField(label="Members of this agency may sign in this way", required=False)
    why = {
        "is_on": "Their second step stays: your provider answers for the password, not for the second factor. "
        "Nobody outside your agency can come in this way."
    }

    def __init__(self, *args: Any, found: AgencySignIn | None, **kwargs: Any) -> None:
        if found is not None:
            kwargs["initial"] = {"issuer": found.issuer, "client_id": found.client_id, "is_on": found.is_on}
        super().__init__(*args, **kwargs)

    def clean_issuer(self) -> str:
        issuer = str(self.cleaned_data["issuer"]).strip()
        if not is_allowed_address(issuer, loopback=settings.AGENCY_SIGN_IN_LOOPBACK):
            raise forms.ValidationError("Enter an address that begins with https://, like https://login.agency.example.")
        return issuer
