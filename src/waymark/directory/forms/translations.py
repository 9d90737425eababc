"""A text of a listing in another language, tied to the very text that it translates."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.directory.formats.translations import source_hash
from waymark.directory.forms.reaching import LANGUAGES
from waymark.directory.models import Translation
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

FIELDS: dict[str, list[tuple[str, str]]] = {
    "service": [
        ("name", "Name"),
        ("description", "What help it gives"),
        ("eligibility_description", "Who can use it"),
        ("application_process", "How to start"),
        ("fees_description", "What it costs"),
        ("interpretation_services", "Interpreters"),
        ("alert", "Lasting alert"),
    ],
    "organization": [("name", "Name"), ("description", "What it does")],
    "location": [("name", "Name"), ("description", "What to look for"), ("transportation", "How to get there")],
}


class TranslationForm(PlainForm):
    field_name = forms.ChoiceField(label="Which text", choices=[])
    language = forms.ChoiceField(
        label="Language",
        choices=[(code, name) for code, name in LANGUAGES.items() if code not in {"en", "ase"}],
    )
    text = forms.CharField(label="The text", widget=forms.Textarea, max_length=5000)
    checked_by_speaker_on = DayField(
        label="Checked by a speaker on",
        required=False,
        help_text="Leave it empty until a speaker of the language has read it. The page says so.",
    )

    why = {
        "text": "Names of organizations, addresses and numbers are never translated. A machine's text says that it is one."
    }

    def __init__(self, *args: Any, entity: str, source: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity, self.source = entity, source
        names = self.fields["field_name"]
        if isinstance(names, forms.ChoiceField):
            names.choices = [(name, label) for name, label in FIELDS[entity] if getattr(source, name)]

    def filled(self, translation: Translation) -> Translation:
        """The row to store."""
        data = self.cleaned_data
        translation.entity = self.entity
        translation.entity_id = self.source.pk
        translation.field_name = data["field_name"]
        translation.language = data["language"]
        translation.text = data["text"]
        translation.checked_by_speaker_on = data["checked_by_speaker_on"]
        translation.source_hash = source_hash(getattr(self.source, data["field_name"]))
        return translation
