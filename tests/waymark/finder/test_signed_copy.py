"""The copy for the phone: signed, small, and without what a confidential place must not show."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.test import Client
from tests.factories.directory import (
    AddressFactory,
    ConfidentialLocationFactory,
    LocationFactory,
    PhoneFactory,
    ServiceAtLocationFactory,
    ServiceFactory,
)

from waymark.directory.selectors.epoch import publication_epoch
from waymark.finder.formats.signature import public_key, signed, signing_key
from waymark.finder.selectors.snapshot import KEY_FILE, snapshot, snapshot_content

NOW = datetime(2026, 11, 23, 18, 20, tzinfo=UTC)


def check(body: bytes, key: str) -> Any:
    """What the phone does: the first line against the rest."""
    line, content = body.split(b"\n", 1)
    raw = b64decode(line)
    loaded = serialization.load_der_public_key(b64decode(key))
    assert isinstance(loaded, ec.EllipticCurvePublicKey)
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    loaded.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    return json.loads(content)


def test_the_signature_holds_and_a_changed_byte_breaks_it(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    body = signed(b'{"number": "555-0100"}', path)
    assert check(body, public_key(path)) == {"number": "555-0100"}
    with pytest.raises(InvalidSignature):
        check(body.replace(b"0100", b"0199"), public_key(path))


def test_the_key_is_made_once_readable_by_its_owner_alone_also_when_many_start(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "key.pem"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: public_key(path), range(16)))
    signing_key.cache_clear()
    assert keys == {public_key(path)}
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["key.pem"]


@pytest.mark.django_db
def test_the_copy_s_address_serves_it_signed_and_compressed() -> None:
    ServiceFactory(name="Soup kitchen")
    answer = Client().get("/en/copy/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-store"
    content = check(gzip.decompress(answer.content), public_key(KEY_FILE))
    assert [service["n"]["en"] for service in content["services"]] == ["Soup kitchen"]
    plain = Client().get("/en/copy/")
    assert "Content-Encoding" not in plain.headers


@pytest.mark.django_db
def test_a_confidential_place_has_no_address_coordinate_or_postcode_in_the_copy() -> None:
    hidden = ServiceFactory(name="Safe house")
    ServiceAtLocationFactory(service=hidden, location=ConfidentialLocationFactory(name="Telling name, 77 Hidden Way"))
    PhoneFactory(service=hidden, number="(555) 555-0177")
    shown = ServiceFactory(name="Soup kitchen")
    place = LocationFactory(name="Hall", latitude=40.5, longitude=-126.2)
    AddressFactory(location=place, address_1="1 Open Street", postal_code="98701")
    ServiceAtLocationFactory(service=shown, location=place)
    publication_epoch()
    services = {service["n"]["en"]: service for service in snapshot_content(NOW, "en")["services"]}
    assert services["Safe house"]["m"] == [["", "", None, None, "", [], 1]]
    assert services["Safe house"]["p"][0][0] == "(555) 555-0177"
    assert "Hidden" not in json.dumps(services["Safe house"])
    assert services["Soup kitchen"]["m"][0][2:4] == [40.5, -126.2]


@pytest.mark.django_db
def test_what_is_gone_is_not_in_the_copy_and_its_hour_is_told() -> None:
    ServiceFactory(name="Open", status="active")
    ServiceFactory(name="Paused", status="temporarily closed")
    ServiceFactory(name="Gone", status="defunct")
    content = check(snapshot(NOW, "en").body, public_key(KEY_FILE))
    assert {service["n"]["en"]: service.get("q", 0) for service in content["services"]} == {"Open": 0, "Paused": 1}
    assert content["made"] == "2026-11-23T18:00:00Z"
