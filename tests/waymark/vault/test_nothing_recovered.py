"""The proof: with the database, the media, the settings and the log in hand, nothing that was sealed comes out.

Everything that the installation stores is searched for what was sealed, in every encoding that a program or a person might
have left it in; then every key that is stored anywhere is tried on everything that is closed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
import subprocess
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.vault import PASSPHRASE, Person, agency_of, compare, founded_agency, let_in
from tests.plugins.database import OWNER, TestCluster
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.sealing import passphrases, recovery
from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field
from waymark.sealing.memos import read_memo
from waymark.sealing.places import Place
from waymark.vault import policies
from waymark.vault.actions import new_record_key, restrict_record, seal_for
from waymark.vault.models import EpochSeal, RecordKey, VaultMemo, WrappedKey
from waymark.vault.selectors.records import wrap_place
from waymark.vault.selectors.session import closing_key

CANARY = "Kanarienvogel-Zaunkönig-Marguerite-4711"
Owner = Callable[..., list[tuple[Any, ...]]]


def forms_of(secret: bytes) -> Iterator[bytes]:
    """A secret in the encodings in which programs leave things lying about."""
    texts = {secret, secret.hex().encode(), secret.hex().upper().encode(), secret[::-1], quote(secret).encode()}
    texts |= {repr(secret)[2:-1].encode(), base64.b32encode(secret).rstrip(b"="), base64.b85encode(secret)}
    # Base64 has three faces, by where in a longer text the secret begins.
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            texts.add(encode(b"\0" * shift + secret)[4 if shift else 0 : -4])
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        pass
    else:
        texts |= {text.encode("utf-16-le"), text.encode("utf-16-be"), ascii(text)[1:-1].encode(), text.casefold().encode()}
    return (text for text in texts if len(text) >= 8)


def found_in(everything: bytes, secret: bytes) -> list[bytes]:
    return [form for form in forms_of(secret) if form in everything]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


Try = Callable[[bytes], object]


@dataclass
class Seized:
    """What a thief carries away; what the owners know; and each closed thing with the way to open it by a key."""

    everything: bytes = b""
    secrets: dict[str, bytes] = field(default_factory=dict)
    closed: dict[str, tuple[Try, bytes]] = field(default_factory=dict)

    def close(self, name: str, opening: Try, key: bytes) -> None:
        self.closed[name] = (opening, key)


@pytest.fixture
def seized(cheap: None, test_cluster: TestCluster, committed_db: str, owner: Owner, tmp_path: Path, capfd: Any) -> Seized:
    """An agency works: people sign in by the pages, seal a record, a file and a packet. Then everything is copied."""
    founder, partner = founded_agency(), founded_agency()
    colleague = let_in(founder)
    compare(founder, partner)
    loot = Seized()
    work(loot, founder, colleague, partner, tmp_path, owner)
    cookie, printed = walk_the_pages()
    loot.secrets |= {"cookie": base64.urlsafe_b64decode(cookie), "printed key of a page": printed.encode()}
    loot.everything = dump(test_cluster, committed_db, tmp_path)
    loot.everything += b"".join(path.read_bytes() for path in sorted(tmp_path.glob("*.sealed")))
    loot.everything += "".join(capfd.readouterr()).encode() + stored_settings()
    return loot


def work(loot: Seized, founder: Person, colleague: Person, partner: Person, media: Path, owner: Owner) -> None:
    """Seal one thing of each kind, and note how each is opened."""
    record, restricted, agency = uuid.uuid4(), uuid.uuid4(), agency_of(founder)
    with founder.acting():
        vault = founder.vault()
        secret = new_record_key(vault=vault, kind="person", record=record)
        sealed = secret.seal("people_person", "name", record, CANARY)
        (media / "file.sealed").write_bytes(secret.seal("people_file", "content", record, CANARY * 50))
        kept = new_record_key(vault=vault, kind="case", record=restricted)
        restrict_record(vault=vault, kind="case", record=restricted, to=[colleague.user.pk], by=founder.user)
        packet = seal_for(vault=vault, agency=agency_of(partner), plaintext=CANARY.encode(), context=("packet",))
        index = vault.index("name", CANARY)
        row = RecordKey.objects.get(record=record)
        wrapped = bytes(WrappedKey.objects.get(record_key=row).wrapped)
        seal = bytes(EpochSeal.objects.get(member=vault.member).box)
        memo = bytes(VaultMemo.objects.get(user=founder.user).sealed)
    with partner.acting():
        theirs = partner.vault().secret.seal.export()
    owner("CREATE TABLE other_apps_rows (value bytea)")
    for value in (sealed, packet, index):
        owner("INSERT INTO other_apps_rows VALUES (%s)", (value,))
    own = founder.key.export()
    loot.secrets |= {
        "canary": CANARY.encode(),
        "passphrase": PASSPHRASE.encode(),
        "printed key": recovery.read_printed_key(founder.printed),
        "printed key as typed": founder.printed.replace(" ", "").encode(),
        "founder's key": own,
        "seal key": vault.secret.seal.export(),
        "sign key": vault.secret.sign.export(),
        "wrap key": vault.secret.wrap,
        "index key": vault.secret.index,
        "record key": secret.key,
        "restricted record's key": kept.key,
    }
    bound = (str(agency), str(agency_of(partner)), "packet")
    place = Place("people_person", "name", str(record), str(agency))
    loot.close("a field", lambda key: open_field(key, sealed, place), secret.key)
    loot.close("a record key", lambda key: open_field(key, wrapped, wrap_place(row, None, 1)), vault.secret.wrap)
    loot.close("a packet", lambda key: BoxKey.load(key).open(packet[73:], purpose="packet", bound=bound), theirs)
    names = (str(agency), "1", str(founder.user.pk))
    loot.close("the agency's keys", lambda key: BoxKey.load(key).open(seal, purpose="agency epoch", bound=names), own)
    who = {"user": str(founder.user.pk), "agency": str(agency)}
    loot.close("a memo", lambda key: read_memo(BoxKey.load(key), memo, **who), own)


def walk_the_pages() -> tuple[str, str]:
    """Set up, print, found, lock and unlock as a browser does, so that sessions and logs hold what they hold."""
    client = SiteClient("staff")
    client.user = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory())
    client.force_login(client.user)
    client.send("/vault/set-up/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    page = client.get("/vault/printed-key/").content.decode()
    groups = re.findall(r"<li><span>(\w{4})</span></li>", page)
    asked = re.findall(r'name="group_(\d)"', page)
    client.send("/vault/printed-key/", {f"group_{place}": groups[int(place) - 1] for place in asked})
    client.send("/vault/found/", {"kit": "yes", "understood": "on"})
    client.send("/vault/unlock/", {"passphrase": PASSPHRASE + " slip"})
    return client.cookies["waymark_vault"].value, "".join(groups)


def dump(test_cluster: TestCluster, name: str, folder: Path) -> bytes:
    """The whole database as text: every row of every table, keys and sessions included."""
    target = folder / "everything.sql"
    subprocess.run(
        [test_cluster.cluster.programs / "pg_dump", f"--file={target}", f"--dbname={test_cluster.url(name, OWNER)}"],
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    return target.read_bytes()


def stored_settings() -> bytes:
    """Every setting, and everything in the environment."""
    names = [name for name in dir(django_settings) if name.isupper()]
    text = "\n".join(f"{name}={getattr(django_settings, name)!r}" for name in names)
    return (text + "\n".join(f"{name}={value}" for name, value in os.environ.items())).encode()


def test_no_secret_stands_anywhere_in_any_encoding(seized: Seized) -> None:
    inflated = b"".join(_inflated(seized.everything))
    for name, secret in seized.secrets.items():
        assert found_in(seized.everything + inflated, secret) == [], name


def _inflated(everything: bytes) -> Iterator[bytes]:
    """What is compressed inside: base64 runs and hex runs that unpack."""
    for run in re.findall(rb"[A-Za-z0-9+/_=-]{24,}", everything):
        for decode in (_from_base64, _from_hex):
            try:
                raw = decode(run)
            except ValueError:
                continue
            yield raw
            for inflate in (zlib.decompress, gzip.decompress):
                try:
                    yield inflate(raw)
                except (zlib.error, OSError, EOFError):
                    continue


def _from_base64(run: bytes) -> bytes:
    return base64.urlsafe_b64decode(run + b"=" * (-len(run) % 4))


def _from_hex(run: bytes) -> bytes:
    return bytes.fromhex(run.decode())


def test_the_search_would_find_what_was_left_lying_about(seized: Seized) -> None:
    """The search itself is tried: a canary in each form is found."""
    for form in forms_of(CANARY.encode()):
        assert found_in(b"x" * 5 + form + b"y", CANARY.encode())
    stored = base64.urlsafe_b64encode(zlib.compress(CANARY.encode()))
    assert CANARY.encode() in b"".join(_inflated(stored))


def keys_lying_about(everything: bytes) -> set[bytes]:
    """Everything of 32 bytes that stands somewhere and could be a key, and what is commonly made of a setting."""
    found = set()
    for run in re.findall(rb"[0-9a-f]{64,}", everything):
        for place in range(0, min(len(run) - 63, 400), 2):
            found.add(bytes.fromhex(run[place : place + 64].decode()))
    for run in re.findall(rb"[A-Za-z0-9_+/-]{43,}", everything):
        with suppress(ValueError):
            found.add(base64.urlsafe_b64decode(run[:43].replace(b"+", b"-").replace(b"/", b"_") + b"="))
    for text in (django_settings.SECRET_KEY.encode(), django_settings.CONTEXT_KEY):
        found |= {hashlib.sha256(text).digest(), text.ljust(32, b"\0")[:32], closing_key(text)}
    return {key for key in found if len(key) == 32}


def test_no_key_that_is_stored_opens_anything(seized: Seized) -> None:
    for name, (opening, key) in seized.closed.items():
        assert opening(key), f"the right key opens {name}: else this test would prove nothing"
    keys = keys_lying_about(seized.everything)
    assert len(keys) > 500
    for name, (opening, _) in seized.closed.items():
        for key in keys:
            with suppress(CannotOpenError, ValueError):
                pytest.fail(f"{name} opened with {key.hex()}: {opening(key)!r}")


def test_a_reset_by_an_administrator_gives_no_key(cheap: None, committed_db: str, owner: Owner) -> None:
    """Whoever owns the account, the database and the password still stands before the locked key."""
    founder = founded_agency()
    user = User.objects.get(pk=founder.user.pk)
    user.set_password("reset by an administrator")
    user.save()
    for guess in ("reset by an administrator", "", founder.user.email, str(founder.user.pk)):
        rows = owner("SELECT by_passphrase, user_id, generation FROM vault_userkey WHERE user_id = %s", (founder.user.pk,))
        wrapped, who, generation = rows[0]
        with pytest.raises(CannotOpenError):
            passphrases.unwrap(bytes(wrapped), guess, owner=f"{who}:{generation}")


def test_the_keys_of_one_agency_open_nothing_of_another(committed_db: str, owner: Owner) -> None:
    one, other = founded_agency(), founded_agency()
    record = uuid.uuid4()
    with other.acting():
        sealed = new_record_key(vault=other.vault(), kind="case", record=record).seal("t", "c", record, CANARY)
    (wrapped,) = owner("SELECT wrapped FROM vault_wrappedkey")[0]
    with one.acting():
        vault = one.vault()
        for value in (bytes(wrapped), sealed):
            for key in (vault.secret.wrap, vault.secret.index):
                with pytest.raises(CannotOpenError):
                    open_field(key, value, Place("t", "c", str(record), str(agency_of(other))))
        for (box,) in owner("SELECT box FROM vault_epochseal WHERE agency_id = %s", (agency_of(other),)):
            for holder in (one.key, vault.secret.seal):
                with pytest.raises(CannotOpenError):
                    holder.open(bytes(box), purpose="agency epoch", bound=(str(agency_of(other)), "1", str(other.user.pk)))
