"""An amount typed as people write it, kept as whole cents."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.assistance.formats.amounts import dollars, read_cents
from waymark.assistance.models import MOST


class AmountField(forms.CharField):
    """`80`, `1,234.50`, `$75`. What was typed is shown again as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "usa-input short"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            cents = read_cents(text)
        except ValueError as error:
            raise forms.ValidationError("Enter an amount in dollars, like 80 or 1,234.50.") from error
        if cents == 0:
            raise forms.ValidationError("Enter more than nothing.")
        if cents > MOST:
            raise forms.ValidationError(f"Enter no more than {dollars(MOST)}.")
        return cents

    def prepare_value(self, value: Any) -> Any:
        return dollars(value).removeprefix("$") if isinstance(value, int) else value
