"""The address of a web page, as somebody types it from a leaflet: with or without its beginning, and never a mere word.

The standard keeps any text there; a text that is no address became a link that leads nowhere.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator

NO_ADDRESS = "Write the address of the page, like https://www.example.org."


class WebPageField(forms.URLField):
    default_validators = [URLValidator(schemes=["http", "https"], message=NO_ADDRESS)]
    default_error_messages = {"invalid": NO_ADDRESS}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
