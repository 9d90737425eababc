"""The yardstick: the same SQL in a bare Django view, without our guard, parameters, headers or memory.

Settings, addresses and views in one module; served by the same granian set-up. The statements come from the benchmark in a
file, so that both sides ask the database for the same thing.
"""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

STATEMENTS: dict[str, list[list[Any]]] = json.loads(Path(os.environ["BARE_STATEMENTS"]).read_text())

if not settings.configured:
    from waymark.config.settings import DATABASES

    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES=DATABASES,
        DEBUG=False,
        MIDDLEWARE=[],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for a benchmark",
        USE_TZ=True,
    )

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

_turns = {name: itertools.cycle(statements) for name, statements in STATEMENTS.items()}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Rows and, for a list, their total: one statement each."""
    rows_sql, rows_values, count_sql, count_values = next(_turns[name])
    with connection.cursor() as cursor:
        total = None
        if count_sql:
            cursor.execute(count_sql, count_values)
            total = cursor.fetchone()[0]
        cursor.execute(rows_sql, rows_values)
        contents = ",".join(row[0] for row in cursor.fetchall())
    return HttpResponse(
        f'{{"total_items": {json.dumps(total)}, "contents": [{contents}]}}', content_type="application/json"
    )


urlpatterns = [path("<str:name>", page)]
application = get_wsgi_application()
