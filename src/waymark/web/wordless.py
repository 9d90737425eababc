"""Refusals that Django sends without a word get our page: a wrong method, a body that is too large."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waymark.web.views.errors import error_page

WORDLESS = frozenset({400, 405, 413})


class WordlessRefusalMiddleware:
    """Fills an empty refusal with the page of its site; status and headers stay as they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in WORDLESS and not response.streaming and not response.content:
            page = error_page(request, response.status_code)
            response.content = page.content
            response["Content-Type"] = page["Content-Type"]
        return response
