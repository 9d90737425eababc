"""Two things at once, and the end in the middle: sending against stopping, and SIGKILL at any moment.

Whatever was first, in the end nothing is out under a stopped release, every package has its one line, and no line is
without its package.
"""

from __future__ import annotations

import base64
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from tests.factories.care import a_need
from tests.factories.consent import a_draft, name_record, sent_package, signed, signed_release
from tests.plugins.histories import CLOCK, movable_clock
from tests.plugins.server import environment_of
from tests.waymark.consent.conftest import Two, two_agencies
from tests.waymark.consent.test_named_rules import Named
from tests.waymark.disclosures.killing import Client, killed_somewhere
from tests.waymark.disclosures.test_at_once import Act, one_after_the_other

from waymark.audit.selectors import problems_of
from waymark.consent.actions.packages import LOOK_AGAIN
from waymark.consent.actions.releases import revoke_release
from waymark.consent.models import Release
from waymark.people.policies import Refused

Owner = Callable[..., list[tuple[Any, ...]]]

# Whatever is found here is a release, a line and a packet that tell different stories.
CONTRADICTIONS = """
SELECT 'a packet without exactly one package, line and ledger entry', o.id::text FROM disclosures_outboxpacket o
WHERE o.kind = 'package' AND (
    1 <> (SELECT count(*) FROM consent_package k JOIN consent_disclosure d ON d.id = k.disclosure_id
        JOIN consent_release r ON r.id = d.release_id
        WHERE k.packet_id = o.id AND k.agency_id = o.agency_id AND d.person_id = r.person_id
            AND r.permit_id = o.permit_id AND d.recipient_id = o.recipient_id)
    OR 1 <> (SELECT count(*) FROM disclosures_ledgerline l WHERE l.packet = o.id AND l.what = 'disclosed')
    OR 1 <> (SELECT count(*) FROM audit_event e WHERE e.object_id = o.id::text AND e.verb = 'packet.delivered'
        AND e.result = 'done')
    OR o.state = 'waiting')
UNION ALL
SELECT 'a line without its package', d.id::text FROM consent_disclosure d
WHERE d.method = 'package' AND NOT EXISTS (SELECT FROM consent_package k WHERE k.disclosure_id = d.id)
UNION ALL
SELECT 'something is out under a release that was stopped', r.id::text FROM consent_release r
JOIN disclosures_permit p ON p.id = r.permit_id
WHERE (r.state = 'revoked') <> (p.revoked_at IS NOT NULL) OR (r.state = 'revoked' AND EXISTS (
    SELECT FROM disclosures_outboxpacket o WHERE o.permit_id = p.id AND o.state IN ('waiting', 'delivered', 'read')))
UNION ALL
SELECT 'a copy that can be opened, of a packet that was taken back', i.id::text FROM disclosures_inboxpacket i
JOIN disclosures_outboxpacket o ON o.id = i.packet WHERE i.sealed IS NOT NULL AND o.state NOT IN ('delivered', 'read')
UNION ALL
SELECT 'a stop that was not told once', r.id::text FROM consent_release r WHERE r.state = 'revoked' AND 1 <> (
    SELECT count(*) FROM audit_event e WHERE e.object_id = r.id::text AND e.verb = 'release.revoked' AND e.result = 'done')
"""


@pytest.fixture
def committed_pair(committed_db: str) -> Two:
    return two_agencies()


def in_thread(act: Callable[[], Any], said: list[str]) -> threading.Thread:
    def run() -> None:
        try:
            act()
            said.append("done")
        except Refused as refused:
            said.append(str(refused))
        finally:
            connections.close_all()

    return threading.Thread(target=run)


def test_stopping_and_sending_at_once(committed_pair: Two, owner: Owner) -> None:
    """Whoever wins, nothing is out afterwards; a package that lost was refused or came back."""
    two, chance = committed_pair, random.Random(7)
    ends: set[str] = set()
    for _ in range(6):
        with two.here.person.acting():
            release = signed_release(two.here.person, two.person, two.there.agency)
        sends: list[str] = []
        stops: list[str] = []

        def send(release: Release = release) -> None:
            time.sleep(chance.uniform(0, 0.02))
            with two.here.person.acting():
                sent_package(two.here.person, release)

        def stop(release: Release = release) -> None:
            time.sleep(chance.uniform(0, 0.02))
            with two.here.person.acting():
                revoke_release(release=release, by=two.by)

        threads = [in_thread(send, sends), in_thread(stop, stops)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert stops == ["done"]
        assert len(sends) == 1
        ends.add("sent first" if sends == ["done"] else sends[0])
        assert owner(CONTRADICTIONS) == []
    assert ends <= {"sent first", "They stopped sharing. Nothing was sent."}


def test_what_ends_between_the_page_and_the_line_is_said_above_the_form(committed_pair: Two, owner: Owner) -> None:
    """By the program's clock it goes on; the database knows better, the page says so, and what was ticked stays ticked."""
    two = committed_pair
    movable_clock(owner)
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
    here = f"/sharing/{release.pk}/"

    def tells(reason: str) -> None:
        answer = two.here.client.send(f"{here}tell/", {"codes": ["person.name"]}, page=here)
        text = " ".join(answer.content.decode().split())
        assert (answer.status_code, f"{reason} Nothing was sent." in text, LOOK_AGAIN in text) == (422, True, True)
        assert re.search(r'value="person.name"[^>]* checked', text)
        assert owner("SELECT count(*) FROM consent_disclosure") == [(0,)]

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [CLOCK, release.ends_at.isoformat()])
        tells("The last day of this release is over.")
        cursor.execute("SELECT set_config(%s, '', false)", [CLOCK])
    with two.here.person.acting():
        revoke_release(release=release, by=two.by)
    tells("They stopped sharing.")


def test_naming_a_record_waits_for_who_signs_and_comes_too_late(committed_db: str, owner: Owner) -> None:
    world = Named()
    with world.acting():
        need = a_need(world.case, world.by)
        draft = a_draft(world.person, world.there, scopes=["care.needs"], by_record=["care.needs"])

    def name() -> str:
        try:
            with transaction.atomic():
                name_record(draft, "care.needs", need)
        except DatabaseError as refused:
            return str(refused).splitlines()[0]
        return "named"

    found = one_after_the_other(owner, Act(world.by, lambda: signed(draft).state), Act(world.by, name))
    assert found == ("signed", "Records are named before the signature.")
    assert owner("SELECT count(*) FROM consent_releaserecord") == [(0,)]


@pytest.fixture
def client(committed_pair: Two, committed_db: str, test_cluster: Any) -> Iterator[Client]:
    _, environment = environment_of(test_cluster.url(committed_db))
    started = Client(environment)
    yield started
    started.close()


def _kill(rounds: int, two: Two, client: Client, owner: Owner, seed: int) -> None:
    """Each round kills one sending or one stopping somewhere, looks, tries again, and looks again."""
    chance = random.Random(seed)
    user, agency = two.here.user, str(two.here.agency.pk)
    key = base64.b64encode(two.here.person.key.export()).decode()
    longest = 0.08
    for number in range(rounds):
        with two.here.person.acting():
            release = signed_release(two.here.person, two.person, two.there.agency)
            if number % 2:
                sent_package(two.here.person, release)
        asked = {
            "act": "stop" if number % 2 else "package",
            "about": str(release.pk),
            "agency": agency,
            "user": str(user.pk),
            "key": key,
            "page": str(uuid.uuid4()),
        }
        first = killed_somewhere(client, asked, most=45, longest=longest, chance=chance, owner=owner)
        assert owner(CONTRADICTIONS) == [], f"round {number}: {asked['act']}, {first}"
        client.begin(**asked, step=None)
        begun = time.monotonic()
        again = client.end()
        longest = 0.8 * longest + 0.2 * 1.3 * (time.monotonic() - begun)
        assert not again.startswith(("refused", "lost", "killed")), again
        assert owner(CONTRADICTIONS) == [], f"round {number}, again: {again}"
        out = owner("SELECT state FROM disclosures_outboxpacket WHERE permit_id = %s", (release.permit_id,))
        assert out == [("recalled" if number % 2 else "delivered",)]
    assert list(problems_of(two.here.agency.pk)) == [], "the audit chain is whole"


def test_eight_kills_lose_and_double_nothing(committed_pair: Two, client: Client, owner: Owner) -> None:
    _kill(8, committed_pair, client, owner, seed=11)


@pytest.mark.nightly
def test_two_hundred_kills_of_packages_and_stops(committed_pair: Two, client: Client, owner: Owner) -> None:
    _kill(200, committed_pair, client, owner, seed=12)
