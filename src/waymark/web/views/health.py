"""The health answer of a web server."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse

from waymark.access.guard import public


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, so that a proxy sends visitors only to a server that can help them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
