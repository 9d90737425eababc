"""The sign-in forms. Each has one error, the same for every cause: a difference would tell who has an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from waymark.accounts import actions
from waymark.accounts.actions import factors
from waymark.accounts.actions.attempts import forget_tries, may_try
from waymark.accounts.actions.events import tell_failed_proof
from waymark.accounts.models import User
from waymark.pages.questions import PlainForm

REFUSED = "That address and password do not fit together. After several tries, wait 15 minutes and try again."
CODE_REFUSED = "That code does not fit. Each code works once. After several tries, wait 15 minutes and try again."
LONGEST_CREDENTIAL = 20_000


class SignInForm(PlainForm):
    email = forms.EmailField(
        label="Work e-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "email" in data and "password" in data:
            self.user = actions.check_sign_in(request=self.request, email=data["email"], password=data["password"])
            if self.user is None:
                raise forms.ValidationError(REFUSED)
        return data


class CredentialForm(PlainForm):
    """What the browser's own dialog has answered; the page's script puts it in."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_CREDENTIAL)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class CodeForm(PlainForm):
    """A code of the app, or a recovery code. Spaces and hyphens do not matter; the browser may offer the code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.factor = ""

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        account = str(self.user.pk)
        fits = may_try(request=self.request, kind="code", account=account)
        if fits and factors.check_app_code(user=self.user, code=code):
            self.factor = "app"
        elif fits and factors.check_recovery_code(user=self.user, code=code):
            self.factor = "recovery_code"
        if not self.factor:
            tell_failed_proof(user=self.user, verb="code.refused")
            raise forms.ValidationError(CODE_REFUSED)
        forget_tries(kind="code", account=account)
        return code


class AppSetUpForm(PlainForm):
    """The first code of an app that was just set up: it shows that both sides agree."""

    code = forms.CharField(
        label="The code that your app shows now",
        max_length=20,
        help_text="Six digits. They change every half minute.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(PlainForm):
    """A new passkey and how its owner calls it."""

    name = forms.CharField(
        label="What do you call this device?",
        max_length=40,
        required=False,
        help_text="So that you know it again in your list. For example: office laptop.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_CREDENTIAL, required=False)

    def clean_credential(self) -> str:
        found = str(self.cleaned_data["credential"])
        if not found:
            raise forms.ValidationError("Your browser has made no passkey. Try again, or choose the authenticator app.")
        return found
