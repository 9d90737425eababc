"""Logs that an abusive partner, a subpoena or a curious colleague can read without learning who looked for help.

Everything is withheld unless it is on a list: a line may hold the words that our own code chose and a few harmless measures
(route name, status, milliseconds), never an address, a query, a path, an agent or the message of an exception, which often
repeats what a person typed. Visits to public pages leave no line at all unless the server failed or was very slow; then the
line names the route as it is written in the code (`services/<uuid:pk>/`), the kind of error and the places it went through.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse

Event = MutableMapping[str, Any]

ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "logger", "where"),
        *("site", "route", "method", "status", "milliseconds", "user_id", "error", "trail"),
        *("task", "job_id", "count", "rows", "seconds", "file_kind", "version", "problem"),
    }
)
SLOW_MILLISECONDS = 2_000
OURS = "waymark"
# Its lines say why the database cannot be reached, which no visitor has typed and an administrator must know.
ABOUT_THE_MACHINE = frozenset({"psycopg.pool"})


def allow_list(logger: object, name: str, event: Event) -> Event:
    """Drop every key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def withhold_foreign_text(logger: object, name: str, event: Event) -> Event:
    """Of a library's line keep where in its code it was written; its text may hold a path or an argument."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and not record.name.startswith(OURS):
        if record.name not in ABOUT_THE_MACHINE:
            event["event"] = "library"
        event["where"] = f"{record.name}:{record.funcName}:{record.lineno}"
    return event


def name_the_error(logger: object, name: str, event: Event) -> Event:
    """Turn an exception into its kinds and the places it went through, without its message."""
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[1] is not None:
        event.update(described(found[1]))
    return event


def described(error: BaseException) -> dict[str, Any]:
    """Kinds of an exception and its causes, our places that it went through, and where it arose."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)
    kept = [frame for frame in frames[:-1] if "/src/waymark/" in frame.filename][-8:] + frames[-1:]
    return {"error": " < ".join(kinds), "trail": [f"{_short(frame.filename)}:{frame.lineno}" for frame in kept]}


def _short(filename: str) -> str:
    """A place in the code without the folders of this machine."""
    return re.split(r"/(?:src|site-packages|lib/python3\.\d+)/", filename)[-1]


SHARED: list[Callable[[Any, str, Event], Any]] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration() -> dict[str, Any]:
    """Django's LOGGING: one JSON line a record on standard error, for our own lines and for the libraries'."""
    # When a line cannot be written, Python would print its arguments: what was withheld would come out at this back door.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    withhold_foreign_text,
                    name_the_error,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    allow_list,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            OURS: {"handlers": ["lines"], "level": "INFO", "propagate": False},
            # Django adds handlers of its own, which would write the path of every page that was not found.
            "django": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Our middleware says the same without the path.
            "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # It names suspicious hosts and paths.
            "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "procrastinate": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        },
    }


class LogMiddleware:
    """One line for a request of the staff site; for a public page only when the server failed or was slow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.stdlib.get_logger("waymark.requests")
        got_request_exception.connect(self._remember, weak=False)

    @staticmethod
    def _remember(sender: object, request: HttpRequest | None = None, **more: object) -> None:
        error = sys.exc_info()[1]
        if request is not None and error is not None:
            request.waymark_error = described(error)  # type: ignore[attr-defined]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        milliseconds = round((time.perf_counter() - begun) * 1000, 1)
        site = str(getattr(request, "site_name", "unknown"))
        failed = response.status_code >= 500
        if failed or site == "staff" or milliseconds > SLOW_MILLISECONDS:
            match = request.resolver_match
            words: dict[str, Any] = {
                "site": site,
                "route": match.route if match else None,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": milliseconds,
            }
            user = getattr(request, "user", None) if site == "staff" else None
            if user is not None and user.pk:
                words["user_id"] = str(user.pk)
            words |= getattr(request, "waymark_error", {})
            self.log.log(logging.ERROR if failed else logging.INFO, "request", **words)
        return response
