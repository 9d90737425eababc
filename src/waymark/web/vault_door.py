"""A page that needs the open vault simply asks for it; here the person is led to what is missing.

`opened_in` raises before the page has looked at anything, so the way to the vault is the same whatever the page would have
shown. What the page has written until then is undone.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from waymark.vault.policies import VaultClosed


class VaultDoor:
    """Turns a closed vault into the page that opens it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, VaultClosed):
            return None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        if exception.why != VaultClosed.LOCKED:
            return redirect("vault:home")
        wanted = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return redirect(f"{reverse('vault:unlock')}{'?' + wanted if wanted else ''}")
