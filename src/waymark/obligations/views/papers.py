"""A paper as the answer to a form: the ledger has its line by then, and the name of the file says nothing."""

from __future__ import annotations

from django.http import HttpResponse


def paper(content: bytes) -> HttpResponse:
    """The PDF, to be printed or saved by hand. The middleware forbids every cache to keep it."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="notes.pdf"'
    return answer
