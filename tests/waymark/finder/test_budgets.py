"""What a page weighs, in real bytes: an old phone on a bad line waits for every one of them."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import urllib.request
from pathlib import Path

import pytest
from tests.plugins.server import Server

from waymark.directory.actions.demo_region import load_demo_region
from waymark.directory.selectors.epoch import publication_epoch
from waymark.finder.selectors.snapshot import snapshot_content

FIRST_PAGE = 30 * 1024
SEARCH_SCRIPT = 40 * 1024
COPY_OF_A_THOUSAND = 200 * 1024
BUILT = Path(__file__).resolve().parents[3] / "src" / "waymark" / "static" / "built"


def weight(url: str) -> tuple[int, bytes]:
    """Bytes on the line, and the content."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        sent = answer.read()
        return len(sent), gzip.decompress(sent) if answer.headers.get("Content-Encoding") == "gzip" else sent


def test_the_first_pages_with_all_they_load(demo_server: Server) -> None:
    for path in ("/en/", "/es/", "/ar/", "/en/now/", "/en/lines/"):
        page, html = weight(demo_server.url + path)
        parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode()))
        assert len(parts) == 3
        assert page + sum(weight(demo_server.url + part)[0] for part in parts) <= FIRST_PAGE, path


def test_the_search_script() -> None:
    assert len(gzip.compress((BUILT / "find.js").read_bytes(), 9)) <= SEARCH_SCRIPT


@pytest.mark.django_db
def test_the_copy_for_a_thousand_services() -> None:
    """Needs in twelve languages weigh the same whatever the directory; services weigh in by the piece."""
    load_demo_region(today=dt.date.today())
    publication_epoch()
    content = snapshot_content(dt.datetime.now(dt.UTC), "es")
    count = len(content["services"])
    assert count > 100

    def zipped(value: object) -> int:
        return len(gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 9))

    fixed = zipped({**content, "services": []})
    assert fixed + zipped(content["services"]) / count * 1000 <= COPY_OF_A_THOUSAND
