"""The sign-in form. Its one error says the same for every cause, because a difference would tell who has an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from waymark.accounts import actions
from waymark.accounts.models import User
from waymark.pages.questions import PlainForm

REFUSED = "That address and password do not fit together. After several tries, wait 15 minutes and try again."


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
