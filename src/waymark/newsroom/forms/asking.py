"""What a visitor may type on the newsroom: words to search for, or a request to the desk. Short, and asked for once."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

LONGEST = 600
ROLES = [
    ("school", "School or college"),
    ("health", "Health care"),
    ("hotel", "Hotel or travel"),
    ("business", "Business or labor"),
    ("faith", "Faith community"),
    ("housing", "Housing or shelter"),
    ("government", "City or county"),
    ("family", "Parent or family"),
    ("other", "Something else"),
]
HELPS = [
    ("drives", "Driving, carrying, setting up"),
    ("office", "Office work"),
    ("events", "Help at events"),
    ("skills", "A trade or profession"),
    ("languages", "A language"),
    ("donate", "Giving goods or money"),
    ("other", "Something else"),
]
TOPICS = [
    ("basics", "What trafficking is, and is not"),
    ("signs", "What to do when you are worried about someone"),
    ("work", "Trafficking at work"),
    ("youth", "Young people"),
    ("other", "Something else"),
]


class SearchForm(PlainForm):
    words = forms.CharField(
        label="Search the news",
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class RequestForm(PlainForm):
    """What all requests ask. The answer goes to one phone or address; nobody is looked up."""

    topics: ClassVar[list[tuple[str, str]]] = []
    topic_label: ClassVar[str] = ""

    name = forms.CharField(label="Your name", max_length=120)
    organization = forms.CharField(label="Organization", max_length=160, required=False)
    contact = forms.CharField(
        label="Phone or e-mail", max_length=160, help_text="One is enough. We answer there and use it for nothing else."
    )
    message = forms.CharField(
        label="Anything else",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Please do not write about your own situation or another person’s. For help, use the links at the top.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_contact(self) -> str:
        text = " ".join(str(self.cleaned_data["contact"]).split())
        digits = re.sub(r"\D", "", text)
        if re.fullmatch(r"[0-9+().\-/ #x]+", text) and 7 <= len(digits) <= 20:
            return text
        try:
            validate_email(text)
        except ValidationError as error:
            raise forms.ValidationError(
                "Enter a phone number, like 916-555-0142, or an e-mail address, like name@example.org."
            ) from error
        return text

    def more_fields(self) -> dict[str, forms.Field]:
        choices = [("", "Choose one"), *self.topics]
        return {"topic": forms.ChoiceField(label=self.topic_label, choices=choices)}

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class VolunteerForm(RequestForm):
    topics = HELPS
    topic_label = "How you would like to help"
    sections = (("", ("name", "contact", "topic", "organization", "message")),)


class SpeakerForm(RequestForm):
    topics = TOPICS
    topic_label = "What it should be about"
    wanted_on = DayField(label="Day of the event", required=False, help_text="Like May 3 2027 or 5/3/2027.")
    audience = forms.IntegerField(label="How many people", required=False, min_value=1, max_value=100_000)
    media_present = forms.BooleanField(label="Reporters or cameras will be there", required=False)
    sections = (("", ("name", "organization", "contact", "topic", "wanted_on", "audience", "media_present", "message")),)


class PreventionForm(RequestForm):
    topics = ROLES
    topic_label = "Where you work or what your part is"
    sections = (("", ("name", "organization", "contact", "topic", "message")),)
