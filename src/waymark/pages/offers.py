"""What a form offers on this page: answers that only the view knows, for a field that was declared without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field take these answers, pairs of value and label, and no other.

    Raises TypeError where the field has no answers to choose from.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"The field {name!r} of {type(form).__name__} has no choices.")
    field.choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str] | None = None) -> None:
    """Let the field take one of these rows, told by `label` (a row's `str` without it).

    Raises TypeError where the field does not choose a row.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"The field {name!r} of {type(form).__name__} does not choose a row.")
    field.queryset = rows
    if label is not None:
        # Django's own way to say how a row is told, which its types know as a method only.
        field.label_from_instance = label  # type: ignore[assignment]
