"""Choosing a password: long, not known from a breach, and otherwise as one likes. Pasting and password managers work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from waymark.accounts.actions.attempts import forget_tries, may_try
from waymark.accounts.models import User
from waymark.pages.questions import PlainForm

HINT = "At least 12 characters. A few words that do not belong together are good: easy to keep in mind, hard to guess."


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label="New password",
        strip=False,
        max_length=1024,
        help_text=HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ForgottenForm(PlainForm):
    email = forms.EmailField(
        label="Work e-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class NewPasswordForm(PlainForm):
    """A new password after a link from the mail."""

    password = new_password_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """A new password for one who is signed in; who has one, gives it first."""

    current = forms.CharField(
        label="Your password now",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.request = request
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        account = self.user.email
        allowed = may_try(request=self.request, kind="account", account=account)
        if not self.user.check_password(str(self.cleaned_data["current"])) or not allowed:
            raise forms.ValidationError("This is not your password. After several tries, wait 15 minutes.")
        forget_tries(kind="account", account=account)
        return ""
