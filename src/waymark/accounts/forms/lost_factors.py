"""When a second factor is lost: what the officer says, and what the person types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from waymark.accounts.actions.attempts import forget_tries, may_try
from waymark.accounts.actions.events import tell_failed_proof
from waymark.accounts.actions.factor_resets import is_handover_code
from waymark.accounts.models import FactorReset, Membership, User
from waymark.accounts.selectors.factors import granted_reset_of
from waymark.pages.offers import offer_rows
from waymark.pages.questions import PlainForm


class HandoverForm(PlainForm):
    code = forms.CharField(
        label="The code that you were given",
        max_length=40,
        help_text="Twelve letters and digits.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.reset: FactorReset | None = None

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        found = granted_reset_of(self.user)
        allowed = may_try(request=self.request, kind="code", account=str(self.user.pk))
        if found is None or not allowed or not is_handover_code(reset=found, code=code):
            tell_failed_proof(user=self.user, verb="code.refused")
            raise forms.ValidationError("That code does not fit, or its day is over. Ask your officer.")
        forget_tries(kind="code", account=str(self.user.pk))
        self.reset = found
        return ""


class AskResetForm(PlainForm):
    member = forms.ModelChoiceField(
        Membership.objects.none(), label="Who has lost their second factor?", empty_label="Choose"
    )
    how_proved = forms.CharField(
        label="How did you make sure that it is really them?",
        max_length=200,
        help_text="For example: met in the office; called back at the number that we have.",
    )
    why = {
        "how_proved": "Somebody who pretends to be a colleague asks for exactly this. "
        "A second person reads it before anything changes."
    }

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "member", members, label=lambda membership: membership.user.display_name)
