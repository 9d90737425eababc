"""What is missing or too long, said so that it is understood away from its field too: in the summary, by a screen reader.

Django says "This field is required." of each field, whichever it is. Messages that a form words itself are left alone.
"""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator

_UNWORDED = {forms.Field.default_error_messages["required"]}
_TOO_LONG = {MaxLengthValidator.message}


def speak_plainly(field: forms.Field, label: str) -> None:
    """Give a field of a form that was sent its own words for being empty or too long."""
    if field.error_messages.get("required") in _UNWORDED:
        field.error_messages["required"] = _missing(field, label)
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator) and validator.message in _TOO_LONG:
            field.validators = [
                _too_long(each.limit_value, label) if each is validator else each for each in field.validators
            ]


def _missing(field: forms.Field, label: str) -> str:
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        return f"Tick “{label}” to go on."
    if isinstance(field, forms.FileField):
        return f"Choose a file for “{label}”."
    if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"Choose an answer to “{label}”."
    return f"Fill in “{label}”."


def _too_long(limit: int, label: str) -> MaxLengthValidator:
    here = label.replace("%", "%%")
    return MaxLengthValidator(limit, f"“{here}” has %(show_value)d characters, and %(limit_value)d fit. Shorten it.")
