"""How our web server reads requests and answers them: one reading of where a message ends, no version."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving


@pytest.fixture(scope="module")
def server(test_cluster: TestCluster, django_db_setup: None) -> Iterator[Server]:
    name = test_cluster.clone("http_server")
    with serving(test_cluster, name) as running:
        yield running
    test_cluster.drop(name)


def send(server: Server, *lines: str, body: bytes = b"") -> bytes:
    """Everything that comes back until the server hangs up or says nothing more."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        wire.settimeout(2)
        got = b""
        try:
            while part := wire.recv(65536):
                got += part
        except (TimeoutError, ConnectionResetError):
            pass
        return got


def answers(got: bytes) -> list[int]:
    """The status of each answer."""
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


def test_no_answer_tells_a_version(server: Server) -> None:
    got = send(server, "GET /healthz HTTP/1.1", "Host: localhost", "Connection: close")
    head = got.split(b"\r\n\r\n")[0].lower()
    assert answers(got) == [200]
    assert b"x-powered-by" not in head
    for word in (b"granian/", b"python", b"django"):
        assert word not in head


SMUGGLED = b"0\r\n\r\nGET /healthz?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "two lengths": ("Content-Length: 5", f"Content-Length: {len(SMUGGLED)}"),
    "length and chunks": (f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: chunked"),
    "a signed length": (f"Content-Length: +{len(SMUGGLED)}",),
    "chunks under another name": ("Transfer-Encoding: xchunked",),
    "a space before the colon": ("Transfer-Encoding : chunked",),
}


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_no_second_request_hides_in_a_first_one(server: Server, headers: tuple[str, ...]) -> None:
    got = send(server, "POST /healthz HTTP/1.1", "Host: localhost", *headers, body=SMUGGLED)
    # Chunks win over a length, as the protocol says, and then the connection is closed; everything else is refused.
    assert len(answers(got)) == 1, got[:300]
    assert b"smuggled" not in got


def test_header_lines_end_at_their_line_end(server: Server) -> None:
    got = send(server, "GET /healthz HTTP/1.1", "Host: localhost", "X-One: a\x00b", "Connection: close")
    assert answers(got) in ([400], [])
    got = send(server, "GET /en/\rSet-Cookie:x HTTP/1.1", "Host: localhost", "Connection: close")
    assert answers(got) in ([400], [])


def test_the_length_that_is_told_is_the_length_that_is_sent(server: Server) -> None:
    for address in ("/healthz", "/hsds/", "/no/such/page"):
        got = send(server, f"GET {address} HTTP/1.1", "Host: localhost", "Connection: close")
        head, body = got.split(b"\r\n\r\n", 1)
        told: Any = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
        assert [int(length) for length in told] == [len(body)]
