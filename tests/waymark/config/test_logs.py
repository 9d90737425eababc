"""What a visit leaves in the log: nothing that tells who came, from where, or what they asked."""

from __future__ import annotations

import http.client
import json
import logging
from typing import Any

import structlog

from waymark.config import logs

SECRETS = ("203.0.113.9", "zzquery", "ZzAgent", "zzpath", "zzreferrer", "zzbody")
HEADERS = {
    "Host": "localhost",
    "User-Agent": "ZzAgent/1.0",
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Referer": "http://zzreferrer.example/",
}


def visit(port: int, path: str, *, method: str = "GET", host: str = "localhost", body: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body=body, headers=HEADERS | {"Host": host})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_visits_to_public_pages_leave_no_line(web_server) -> None:
    assert visit(web_server.port, "/healthz?q=zzquery") == 200
    for host in ("localhost", "news.localhost", "zzpath.example"):
        visit(web_server.port, "/?q=zzquery", host=host)
        visit(web_server.port, "/zzpath/zzpath?q=zzquery", host=host)
        visit(web_server.port, "/healthz", method="POST", host=host, body="word=zzbody")
        visit(web_server.port, "/search/", method="POST", host=host, body="word=zzbody")
    assert web_server.log.read_text() == ""


def test_a_failed_public_page_names_route_and_error_only(web_server, test_cluster, committed_db) -> None:
    test_cluster.drop(committed_db)
    assert visit(web_server.port, "/healthz?q=zzquery") == 500
    text = web_server.log.read_text()
    assert not [secret for secret in SECRETS if secret in text]
    lines = [json.loads(line) for line in text.splitlines()]
    request = next(line for line in lines if line["event"] == "request")
    assert committed_db not in json.dumps(request), "the message of the exception was logged"
    assert (request["route"], request["status"], request["site"], request["level"]) == ("healthz", 500, "finder", "error")
    assert "OperationalError" in request["error"] or "Timeout" in request["error"]
    assert any("waymark/" in place for place in request["trail"])


class Lines(logging.Handler):
    """Keeps what the configured formatter writes; an error while writing is the test's error."""

    def __init__(self) -> None:
        super().__init__()
        made = logs.configuration()["formatters"]["lines"]
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"])
        )
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


def written(name: str, *arguments: Any, **more: Any) -> dict[str, Any]:
    """The one line that a logging call writes."""
    logger, handler = logging.Logger(name), Lines()
    logger.addHandler(handler)
    logger.warning(*arguments, **more)
    (line,) = handler.lines
    return line


def test_a_library_s_text_is_withheld_and_its_place_is_kept() -> None:
    line = written(
        "django.request", "Not Found: %s", "/zzpath?q=zzquery", extra={"request": "zzquery", "ip": "203.0.113.9"}
    )
    assert line["event"] == "library"
    assert line["where"].startswith("django.request:")
    assert set(line) == {"event", "where", "level", "logger", "timestamp"}


def test_a_library_that_speaks_of_the_machine_keeps_its_words() -> None:
    """Why the database cannot be reached is nothing that a visitor typed, and an administrator must know it."""
    line = written("psycopg.pool", "error connecting in %r: %s", "pool-1", "connection refused")
    assert line["event"] == "error connecting in 'pool-1': connection refused"


def test_an_exception_keeps_its_kind_and_loses_its_message() -> None:
    try:
        try:
            int("zzquery")
        except ValueError as error:
            raise KeyError("zzpath") from error
    except KeyError:
        line = written("waymark.directory", "import failed", exc_info=True, extra={"anything": "zzbody"})
    assert line["error"] == "KeyError < ValueError"
    assert not [secret for secret in SECRETS if secret in json.dumps(line)]


def test_our_own_words_and_measures_stay() -> None:
    event = {"event": "imported", "rows": 3, "seconds": 0.2, "query": "zzquery", "path": "/zzpath"}
    assert logs.allow_list(None, "info", event) == {"event": "imported", "rows": 3, "seconds": 0.2}
