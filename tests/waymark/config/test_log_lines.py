"""A line of the log is one line, for machines, in universal time, and goes to one place."""

from __future__ import annotations

import datetime as dt
import io
import logging

import structlog

from waymark.config import logs


def lines_of(message: str) -> list[str]:
    """What a logging call writes, as text."""
    made = logs.configuration()["formatters"]["lines"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"])
    )
    logger = logging.Logger("waymark.test")
    logger.addHandler(handler)
    logger.warning(message)
    return stream.getvalue().splitlines()


def test_a_line_break_in_a_word_makes_no_second_line() -> None:
    lines = lines_of('kept\n{"event": "sign_in.succeeded", "user_id": 1}\r\n\x1b[2Jand more\u2028and more')
    assert len(lines) == 1
    assert "\x1b" not in lines[0]


def test_a_line_tells_its_time_in_utc() -> None:
    import json

    (line,) = lines_of("kept")
    told = dt.datetime.fromisoformat(json.loads(line)["timestamp"])
    assert told.utcoffset() == dt.timedelta(0)
    assert abs(dt.datetime.now(dt.UTC) - told) < dt.timedelta(minutes=1)


def test_lines_go_to_standard_error_and_nowhere_else() -> None:
    handlers = logs.configuration()["handlers"]
    assert [handler["class"] for handler in handlers.values()] == ["logging.StreamHandler"]
    assert all(handler.get("stream", "ext://sys.stderr") == "ext://sys.stderr" for handler in handlers.values())
