"""What is missing, too long or not on offer, said so that it is understood away from its field too: in the summary, by a
screen reader.

Django says "This field is required." of each field, whichever it is, and "Select a valid choice. 7b1c… is not one of the
available choices." to somebody whose list was an hour old. Messages that a form words itself are left alone.
"""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator

_UNWORDED = {forms.Field.default_error_messages["required"]}
_TOO_LONG = {MaxLengthValidator.message}
_OUT_OF_RANGE = {MinValueValidator.message, MaxValueValidator.message}
_UNNUMBERED = {forms.IntegerField.default_error_messages["invalid"]}
_NOT_ON_OFFER = {
    kind.default_error_messages["invalid_choice"]
    for kind in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.ModelMultipleChoiceField)
}


def speak_plainly(field: forms.Field, label: str) -> None:
    """Give a field of a form that was sent its own words for being empty, too long, out of range or not on offer."""
    if field.error_messages.get("required") in _UNWORDED:
        field.error_messages["required"] = _missing(field, label)
    if field.error_messages.get("invalid_choice") in _NOT_ON_OFFER:
        field.error_messages["invalid_choice"] = f"Choose one of the answers to “{label}” that are here now.".replace(
            "%", "%%"
        )
    if type(field) is forms.IntegerField:
        _speak_of_numbers(field, label)
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


def _speak_of_numbers(field: forms.IntegerField, label: str) -> None:
    """One sentence for letters, commas, and what is too much or too little: it says what fits."""
    words = f"“{label}” takes a whole number{_range(field)}, written in digits."
    if field.error_messages["invalid"] in _UNNUMBERED:
        field.error_messages["invalid"] = words
    # Forms made of one class share their validators, so these are new ones.
    field.validators = [
        type(each)(each.limit_value, words.replace("%", "%%"))
        if isinstance(each, MinValueValidator | MaxValueValidator) and each.message in _OUT_OF_RANGE
        else each
        for each in field.validators
    ]


def _range(field: forms.IntegerField) -> str:
    least, most = field.min_value, field.max_value
    if most is None:
        return "" if least is None else f" of {least} or more"
    return f" up to {most}" if least is None else f" from {least} to {most}"
