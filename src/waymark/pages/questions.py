"""Forms that a tired person can fill: one column, one question at a time, why we ask, and nothing typed is ever lost.

A form names its sections and says per field why it is asked. The error summary links to each field, so that a keyboard or a
screen reader reaches the trouble in one step.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField

from waymark.pages.plain_errors import speak_plainly
from waymark.pages.records import ATTEST, MOST_LOOKED_AT, REFUSED, holds_records, refuses_records

# A field that names no length of its own: as much as an import takes, and far less than a form's body may hold.
LONGEST_TEXT = 100_000


@dataclass(frozen=True)
class Question:
    """A field with the reason for asking."""

    field: BoundField
    why: str

    @property
    def is_group(self) -> bool:
        """Several inputs under one question, for which a `fieldset` is the right element."""
        return bool(self.field.field.widget.use_fieldset)

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.field.widget, forms.CheckboxInput)


@dataclass(frozen=True)
class Section:
    title: str
    questions: list[Question]
    is_spare: bool = False

    @property
    def is_open(self) -> bool:
        """A spare part is folded away until it is used or wrong."""
        return not self.is_spare or any(question.field.errors or question.field.value() for question in self.questions)


@dataclass(frozen=True)
class Trouble:
    """One line of the error summary."""

    text: str
    anchor: str


class Questions(forms.BaseForm):
    """What every staff form adds to Django's: sections, reasons, an error summary with links."""

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    why: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields.update(self.more_fields())
        if refuses_records() and any(isinstance(field, forms.FileField) for field in self.fields.values()):
            self.fields["is_attested"] = forms.BooleanField(
                label=ATTEST, error_messages={"required": "Look through the file first, then tick this."}
            )
        for field in self.fields.values():
            # An id is no text: it has one length, and its value has none.
            is_id = isinstance(field, forms.UUIDField)
            if isinstance(field, forms.CharField) and not is_id and field.max_length is None:
                field.max_length = LONGEST_TEXT
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))
            kind = "usa-input"
            widget = field.widget
            if isinstance(widget, forms.Textarea):
                kind = "usa-textarea"
                widget.attrs.setdefault("rows", 4)
            elif isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
                kind = "usa-select"
            elif isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                kind = "usa-checkbox"
            elif isinstance(widget, forms.RadioSelect):
                kind = "usa-radio"
            widget.attrs.setdefault("class", kind)
        # The browser's own bubbles vanish and cannot be read twice; our errors stay beside the field.
        self.use_required_attribute = False

    def full_clean(self) -> None:
        """What the fields say, and then what no field may hold (waymark.pages.records)."""
        if self.is_bound:
            for name, field in self.fields.items():
                speak_plainly(field, str(self[name].label))
        super().full_clean()
        if self.is_bound and refuses_records():
            for name, value in list(getattr(self, "cleaned_data", {}).items()):
                is_secret = isinstance(self.fields[name].widget, forms.PasswordInput) if name in self.fields else False
                if not is_secret and any(map(holds_records, _texts_of(value))):
                    self.add_error(name if name in self.fields else None, REFUSED)

    def renew(self, **hidden: Any) -> None:
        """On a form that was sent, what its hidden fields say of the page: as the page stands now, not as it stood.

        Where somebody is told to look again because a thing has changed, pressing again is about what they see then.
        """
        if self.is_bound:
            data: Any = copy(self.data)
            for name, value in hidden.items():
                data[self.add_prefix(name)] = value
            self.data = data

    def more_fields(self) -> dict[str, forms.Field]:
        """Fields that depend on the record, such as one row for each closed day."""
        return {}

    def grouped(self) -> Iterator[Section]:
        """Sections in their order; fields that no section names come last, so none is forgotten."""
        named: set[str] = set()
        for title, names in self.sections:
            present = [name for name in names if name in self.fields]
            named.update(present)
            if present:
                yield Section(title, [self.question(name) for name in present])
        rest = [name for name in self.fields if name not in named and not self[name].is_hidden]
        if rest:
            yield Section("", [self.question(name) for name in rest])

    def question(self, name: str) -> Question:
        return Question(self[name], self.why.get(name, ""))

    def troubles(self) -> list[Trouble]:
        """Each error once, with the id of the input it belongs to."""
        found = [Trouble(str(text), "") for text in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            anchor = bound.id_for_label or f"{bound.auto_id}_0"
            found += [Trouble(str(text), anchor) for text in bound.errors]
        return found


def _texts_of(value: object) -> Iterator[str]:
    """Whatever a value can be read as: words, or the text of a file, which is left as it was."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, UploadedFile):
        yield value.name or ""
        value.seek(0)
        yield value.read(MOST_LOOKED_AT).decode("utf-8", "replace")
        value.seek(0)


class PlainForm(Questions, forms.Form):
    """A form of its own."""


class RecordForm(Questions, forms.ModelForm):  # type: ignore[type-arg]
    """A form on one record."""
