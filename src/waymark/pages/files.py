"""Small files that a page takes whole and gives whole: signed files between two installations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

ENDING = ".waymark"


class WholeFileField(forms.FileField):
    """A file as its bytes. What is larger than `largest` is refused unread."""

    def __init__(self, *, largest: int, **kwargs: Any) -> None:
        self.largest = largest
        # An empty file is no file of ours: it is refused in the words of its reader.
        super().__init__(**{"max_length": 200, "allow_empty_file": True, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if sent is None:
            return b""
        if sent.size > self.largest:
            raise forms.ValidationError(f"This file is larger than {self.largest // 1024} KB, and so none of ours.")
        return sent.read()


def file_answer(content: bytes, name: str) -> HttpResponse:
    """The file as something to save. Its name tells nothing of what is in it."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}{ENDING}"'
    return answer
