"""Answers of the API: JSON with an ETag that is the publication epoch, and errors in one form."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.http import HttpRequest, HttpResponse

from waymark.directory.api.parameters import BadParameter

VERSION = "1"
JSON = "application/json"


def text_answer(text: str, etag: str = "", status: int = 200) -> HttpResponse:
    answer = HttpResponse(text, content_type=JSON, status=status)
    if etag:
        answer.headers["ETag"] = etag
    return answer


def json_answer(value: Any, etag: str = "", status: int = 200) -> HttpResponse:
    return text_answer(json.dumps(value, ensure_ascii=False), etag, status)


def error(status: int, sentence: str, parameter: str = "") -> HttpResponse:
    """Every error has the same form: one sentence, and the parameter that it is about."""
    return json_answer({"detail": sentence, **({"parameter": parameter} if parameter else {})}, status=status)


def bad(problem: BadParameter) -> HttpResponse:
    return error(problem.status, problem.sentence, problem.name)


def wrong_method(allowed: tuple[str, ...]) -> HttpResponse:
    answer = error(405, f"This address answers {', '.join(allowed)} only.")
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def etag_of(request: HttpRequest, epoch: int | None) -> str:
    """The same address gives the same bytes while the epoch stands."""
    if epoch is None:
        return ""
    return f'"{VERSION}-{epoch}-{zlib.crc32(request.get_full_path().encode()):08x}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    asked = request.headers.get("If-None-Match", "")
    if (
        etag
        and request.method in {"GET", "HEAD"}
        and etag in {part.strip().removeprefix("W/") for part in asked.split(",")}
    ):
        answer = HttpResponse(status=304)
        answer.headers["ETag"] = etag
        return answer
    return None
