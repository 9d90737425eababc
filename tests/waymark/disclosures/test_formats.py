"""A packet as bytes: closed questions, sizes that tell little, and nothing read that the header does not name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.disclosures.formats.kinds import KINDS, PERSONAL
from waymark.disclosures.formats.packets import STEP, Header, PacketError, read_content, write_content

HEADER = Header(
    id=uuid.UUID(int=1),
    sender=uuid.UUID(int=2),
    recipient=uuid.UUID(int=3),
    permit=uuid.UUID(int=4),
    kind="personal",
    purpose="housing",
    fields=("language", "needs"),
    expires_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
)
CALL = {"ask_for": "Ola Invented", "by_day": "2026-12-01", "phone": "916-555-0142", "reason": "training"}


@given(
    values=st.dictionaries(
        st.sampled_from([question.code for question in PERSONAL.questions]), st.text(min_size=1, max_size=120), min_size=1
    )
)
def test_what_is_written_is_read_in_the_kind_s_order(values: dict[str, str]) -> None:
    plain = write_content("personal", values)
    assert len(plain) % STEP == 0
    header = dataclasses.replace(HEADER, fields=tuple(sorted(values)))
    read = read_content(header, plain)
    assert read == values
    order = [question.code for question in PERSONAL.questions]
    assert list(read) == [code for code in order if code in values]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("personal", {}),
        ("personal", {"needs": ""}),
        ("personal", {"needs": "x" * 2001}),
        ("personal", {"diagnosis": "x"}),
        ("call", {**CALL, "reason": "gossip"}),
        ("call", {**CALL, "needs": "A ride."}),
        ("letter", {"text": "x"}),
    ],
)
def test_what_a_kind_does_not_ask_is_not_written(kind: str, values: dict[str, str]) -> None:
    with pytest.raises(PacketError):
        write_content(kind, values)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\xff",
        b"[]",
        b'"text"',
        json.dumps({"needs": "x"}).encode(),
        json.dumps({"needs": "x", "language": "x", "contact": "x"}).encode(),
        json.dumps({"needs": "x", "language": 7}).encode(),
    ],
)
def test_content_that_is_not_what_the_header_says_is_not_read(plain: bytes) -> None:
    with pytest.raises(PacketError):
        read_content(HEADER, plain)


def test_a_field_named_twice_or_unknown_to_the_kind_is_not_read() -> None:
    twice = dataclasses.replace(HEADER, fields=("needs", "needs"))
    with pytest.raises(PacketError):
        read_content(twice, b'{"needs": "x"}')
    unknown = dataclasses.replace(HEADER, kind="call", fields=("needs",))
    with pytest.raises(PacketError):
        read_content(unknown, b'{"needs": "x"}')


@pytest.mark.parametrize(
    "changes",
    [
        {"id": uuid.UUID(int=9)},
        {"sender": uuid.UUID(int=9)},
        {"recipient": uuid.UUID(int=9)},
        {"permit": None},
        {"kind": "call"},
        {"purpose": "court"},
        {"fields": ("language",)},
        {"fields": ("needs", "language")},
        {"expires_at": HEADER.expires_at + dt.timedelta(microseconds=1)},
    ],
)
def test_whatever_changes_in_a_header_changes_what_is_signed(changes: dict[str, object]) -> None:
    assert dataclasses.replace(HEADER, **changes).parts() != HEADER.parts()  # type: ignore[arg-type]


def test_the_same_header_is_the_same_in_every_time_zone() -> None:
    here = HEADER.expires_at.astimezone(dt.timezone(dt.timedelta(hours=-8)))
    assert dataclasses.replace(HEADER, expires_at=here).parts() == HEADER.parts()


def test_codes_are_in_order_and_named_once() -> None:
    for kind in KINDS.values():
        codes = [question.code for question in kind.questions]
        assert codes == sorted(set(codes))


def test_an_answer_that_is_not_on_the_list_is_not_read() -> None:
    """A kind without a permit holds answers of its lists, also when the program that wrote it was altered."""
    good = {
        "ask_for": "Ola Invented",
        "household": "3",
        "needs": "doctor,lawyer",
        "phone": "916-555-0142",
        "urgency": "now",
    }
    header = dataclasses.replace(HEADER, kind="opaque_referral", permit=None, purpose="", fields=tuple(sorted(good)))
    assert read_content(header, write_content("opaque_referral", good)) == good
    for field, text in (
        ("household", "Rosa and two girls"),
        ("needs", "doctor,her name is Rosa"),
        ("needs", "doctor,doctor"),
        ("needs", ""),
        ("urgency", "now,today"),
        ("phone", "9" * 41),
    ):
        with pytest.raises(PacketError):
            write_content("opaque_referral", {**good, field: text})
        with pytest.raises(PacketError):
            read_content(header, json.dumps({**good, field: text}).encode())
