"""How a listing is reached: phones, addresses, languages. What is dialed or walked to waits for a second person."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.directory.models import Address, Language, Phone
from waymark.pages.questions import RecordForm
from waymark.pages.typed_values import PhoneField

LANGUAGES: dict[str, str] = {
    "ar": "Arabic",
    "zh": "Chinese",
    "prs": "Dari",
    "en": "English",
    "fa": "Farsi",
    "fr": "French",
    "hi": "Hindi",
    "hmn": "Hmong",
    "ase": "American Sign Language",
    "ja": "Japanese",
    "ko": "Korean",
    "mix": "Mixtec",
    "ps": "Pashto",
    "pt": "Portuguese",
    "pa": "Punjabi",
    "ru": "Russian",
    "so": "Somali",
    "es": "Spanish",
    "sw": "Swahili",
    "tl": "Tagalog",
    "th": "Thai",
    "ti": "Tigrinya",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
}
PHONE_KINDS = [
    ("voice", "Voice"),
    ("text", "Text"),
    ("sms", "Voice and text"),
    ("tty", "TTY"),
    ("video", "Video phone"),
    ("fax", "Fax"),
    ("cell", "Mobile"),
]


class PhoneForm(RecordForm):
    number = PhoneField(label="Number", help_text="As it is dialed, like 916-555-0142.")
    extension = forms.IntegerField(label="Extension", required=False, min_value=0, max_value=99_999_999)
    type = forms.ChoiceField(label="Kind", choices=PHONE_KINDS)

    class Meta:
        model = Phone
        fields = ["number", "extension", "type", "description"]
        labels = {"description": "When to use it"}
        help_texts = {"description": "Like “After hours” or “Spanish line”."}
        widgets = {"description": forms.TextInput}

    why = {
        "number": "A new or changed number waits until a colleague has checked it: a wrong one can put a person in danger."
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["type"]
        if isinstance(kind, forms.ChoiceField) and self.instance.type not in {"", *dict(PHONE_KINDS)}:
            # An imported kind that is not ours stays choosable, so that opening the form changes nothing.
            kind.choices = [(self.instance.type, self.instance.type), *PHONE_KINDS]

    def clean_extension(self) -> float | None:
        extension: int | None = self.cleaned_data["extension"]
        return None if extension is None else float(extension)


class AddressForm(RecordForm):
    class Meta:
        model = Address
        fields = [
            "attention",
            "address_1",
            "address_2",
            "city",
            "region",
            "state_province",
            "postal_code",
            "country",
            "address_type",
        ]
        labels = {
            "attention": "Attention",
            "address_1": "Street and number",
            "address_2": "Floor, suite or room",
            "city": "City",
            "region": "Region",
            "state_province": "State",
            "postal_code": "ZIP",
            "country": "Country",
            "address_type": "Kind",
        }
        help_texts = {
            "attention": "A person or an office that mail goes to.",
            "state_province": "Two letters, like CA.",
            "postal_code": "5 digits, like 95814.",
            "country": "Two letters, like US.",
        }
        widgets = {
            "attention": forms.TextInput,
            "address_1": forms.TextInput,
            "address_2": forms.TextInput,
            "city": forms.TextInput,
            "region": forms.TextInput,
            "state_province": forms.TextInput(attrs={"class": "usa-input short"}),
            "postal_code": forms.TextInput(attrs={"class": "usa-input short", "inputmode": "numeric"}),
            "country": forms.TextInput(attrs={"class": "usa-input short"}),
        }

    why = {
        "address_1": "A new or changed address waits until a colleague has checked it. Never write a secret address here."
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial.setdefault("country", "US")
            self.initial["country"] = self.initial["country"] or "US"

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"].strip()
        if self.data.get(self.add_prefix("country"), "").strip().upper() == "US":
            digits = code.replace("-", "")
            if not digits.isdigit() or len(digits) not in {5, 9}:
                raise forms.ValidationError("Enter the ZIP as 5 digits, like 95814.")
        return code

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError("Enter the country as two letters, like US.")
        return country


class LanguageForm(RecordForm):
    code = forms.ChoiceField(label="Language", choices=[])

    class Meta:
        model = Language
        fields = ["code", "note"]
        labels = {"note": "Note"}
        help_texts = {"note": "Like “Mondays only” or “through an interpreter”."}
        widgets = {"note": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose the language"), *sorted(LANGUAGES.items(), key=lambda item: item[1])]
        if self.instance.code not in {"", *LANGUAGES}:
            choices.append((self.instance.code, self.instance.name or self.instance.code))
        code = self.fields["code"]
        if isinstance(code, forms.ChoiceField):
            code.choices = choices

    def save(self, commit: bool = True) -> Any:
        self.instance.name = LANGUAGES.get(self.instance.code, self.instance.name)
        return super().save(commit)
