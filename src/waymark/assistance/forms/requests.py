"""A request for money, what is decided of it, and what becomes of the money."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from waymark.assistance.formats.amounts import dollars
from waymark.assistance.forms.amounts import AmountField
from waymark.assistance.models import CATEGORIES, AssistanceRequest, Fund, Move
from waymark.assistance.policies.who import PAID_IT
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm

OFF = {"autocomplete": "off"}
# What is missing, said so that it is understood away from its field.
MISSING = {
    "fund": "Choose the fund.",
    "category": "Choose what the money is for.",
    "amount": "Say how much is needed.",
    "household_size": "Say for how many people it is.",
    "payee_kind": "Choose to whom the money goes.",
    "payee": "Say who is paid, and how.",
}


class RequestForm(PlainForm):
    """What is needed. It says what it must, and no more: whoever pays sees the upper half."""

    fund = forms.ChoiceField(label="From which fund")
    category = forms.ChoiceField(label="For what", choices=[("", "Choose"), *CATEGORIES])
    amount = AmountField(label="How much, in dollars")
    urgency = forms.ChoiceField(label="By when", choices=AssistanceRequest.Urgency.choices, widget=forms.RadioSelect)
    household_size = forms.IntegerField(label="For how many people", min_value=1, max_value=30)
    payee_kind = forms.ChoiceField(
        label="To whom it goes", choices=AssistanceRequest.PayeeKind.choices, widget=forms.RadioSelect
    )
    payee = forms.CharField(
        label="Their name, and how they are paid", max_length=300, widget=forms.Textarea(attrs={**OFF, "rows": 2})
    )
    purpose = forms.CharField(
        label="What it is for", max_length=2000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3})
    )
    tried = forms.CharField(
        label="What else was tried", max_length=1000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 2})
    )
    sections = (
        ("What whoever pays sees", ("fund", "category", "amount", "urgency", "household_size", "payee_kind")),
        ("What is sealed", ("payee", "purpose", "tried")),
    )
    why = {
        "amount": "It is theirs to decide what they need. Asking takes two minutes, and is decided within 48 hours.",
        "payee": "Whoever pays sees this on the day of paying, and nobody else who does not work on the case.",
        "tried": "Only if the fund wants to know. Nothing has to be tried first.",
    }

    def __init__(self, *args: Any, funds: Sequence[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.funds = {str(fund.pk): fund for fund in funds}
        for name, text in MISSING.items():
            self.fields[name].error_messages["required"] = text
        field: Any = self.fields["fund"]
        names = [(pk, f"{fund.name}, {dollars(fund.balance)} left") for pk, fund in self.funds.items()]
        field.choices = names if len(names) == 1 else [("", "Choose"), *names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        fund = self.funds.get(data.get("fund", ""))
        if fund is not None and data.get("category") and data["category"] not in fund.categories:
            names = dict(CATEGORIES)
            what = ", ".join(names[code].lower() for code in fund.categories)
            self.add_error("category", f"This fund is not for that. It is for: {what}.")
        return data

    def values(self) -> dict[str, Any]:
        """What stands in the open."""
        data = self.cleaned_data
        open_ = ("category", "amount", "urgency", "household_size", "payee_kind")
        return {"fund": uuid.UUID(data["fund"]), **{name: data[name] for name in open_}}

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("purpose", "tried")}


class DecisionForm(PlainForm):
    """Approve, send back or deny. A no says why, in words that can be read to the person."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[(Move.APPROVE.value, "Approve"), (Move.RETURN.value, "Send it back"), (Move.DENY.value, "Deny")],
        widget=forms.RadioSelect,
    )
    amount = AmountField(label="How much you approve, in dollars", required=False)
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
        help_text="Needed to send it back or to deny it. Sealed; it needs your vault.",
    )
    why = {"reason": "The person hears it: say it as you would say it to them."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = data.get("answer")
        if answer == Move.APPROVE and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "Say how much you approve.")
        if answer in {Move.RETURN, Move.DENY} and not data.get("reason"):
            self.add_error("reason", "Say why: the person has a right to know.")
        return data


class AmountForm(PlainForm):
    """One amount."""

    amount = AmountField(label="How much, in dollars")

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["amount"].label = label


class WordsForm(PlainForm):
    """A few words, which are sealed."""

    reason = forms.CharField(
        label="In a few words",
        max_length=2000,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
        help_text="Sealed; only your agency reads it.",
    )


SHOWN = (
    (Move.RECEIPT.value, "There is a receipt, and it lies with the case's files"),
    (Move.ATTEST.value, "I attest it: asking for a receipt would not be safe, or there is none"),
)


class ShownForm(PlainForm):
    """How it is shown that the money went where it should."""

    how = forms.ChoiceField(label="How it is shown", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="What you attest",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
        help_text="Needed without a receipt. Sealed; only your agency reads it.",
    )
    why = {"how": "A receipt with a shop's address can lie in the wrong hands. Nobody has to carry one."}

    def __init__(self, *args: Any, moves: Collection[str], **kwargs: Any) -> None:
        """`moves`: those of the two that are this person's to make."""
        super().__init__(*args, **kwargs)
        offer(self, "how", [(move, label) for move, label in SHOWN if move in moves])
        if Move.ATTEST not in moves:
            del self.fields["reason"]
            field = self.fields["how"]
            field.help_text = field.error_messages["invalid_choice"] = PAID_IT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.setdefault("reason", "")
        if data.get("how") == Move.ATTEST and not data.get("reason"):
            self.add_error("reason", "Say what you attest, like “I was there when she bought it”.")
        return data
