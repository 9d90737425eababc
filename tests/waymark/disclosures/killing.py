"""A client that can be killed while it acts: a real process with a real connection, on a committed database.

Starting Python and Django takes seconds, so one process starts once and forks a child for each act; it has no connection of
its own. A child says which backend serves it, acts, says what came of it, and ends. Run as a program it is that process;
imported it is the test's handle on it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

AFTER_COMMIT = 0


@dataclass
class Child:
    """One running act: its process and the PostgreSQL backend that serves it."""

    pid: int
    backend: int


class Client:
    """The process that acts, seen from the test."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=environment,
        )

    def begin(self, **act: Any) -> Child:
        """Start an act; returns as soon as its connection stands."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(act) + "\n")
        begun = self._line()
        return Child(begun["pid"], begun["backend"])

    def end(self) -> str:
        """What came of the act: a verdict, `refused: …`, `lost: …` for a broken connection, `killed` for a killed child."""
        said = self._line()
        while "ended" not in said:
            verdict, said = said["verdict"], self._line()
        return str(verdict) if said["ended"] == 0 else "killed"

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the client's process is gone"
        found: dict[str, Any] = json.loads(line)
        return found


def _say(**words: Any) -> None:
    os.write(1, (json.dumps(words) + "\n").encode())


def _dies_at(step: int | None) -> Callable[..., Any]:
    """A wrapper of Django's cursors that kills this very process when it is about to send its `step`th statement."""
    sent = 0

    def wrapper(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    return wrapper


def _act(wanted: dict[str, Any]) -> str:
    import uuid

    from django.db import DatabaseError, connection, transaction

    from waymark.access.context import acting_for
    from waymark.accounts.models import Membership, User
    from waymark.cases.actions.keeping import destroy_case
    from waymark.disclosures import actions
    from waymark.disclosures.models import Permit
    from waymark.disclosures.policies import Refused
    from waymark.people.policies import Refused as CaseRefused

    user = User.objects.get(pk=wanted["user"])
    user.act_as(Membership.objects.get(user=user))
    agency, about = uuid.UUID(wanted["agency"]), uuid.UUID(wanted["about"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        _say(pid=os.getpid(), backend=cursor.fetchone()[0])
    try:
        with connection.execute_wrapper(_dies_at(wanted.get("step"))), acting_for(agency, user.pk):
            if wanted.get("step") == AFTER_COMMIT:
                transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            if wanted["act"] == "deliver":
                return actions.deliver_packet(packet=about, by=user)
            if wanted["act"] == "package":
                return _package(wanted, user)
            if wanted["act"] == "take_in":
                return _taken_in(wanted, user)
            if wanted["act"] in {"refer", "take_back", "take_up"}:
                return _referral(wanted, user)
            if wanted["act"] == "stop":
                from waymark.consent.actions.releases import revoke_release
                from waymark.consent.models import Release

                return str(revoke_release(release=Release.objects.get(pk=about), by=user))
            if wanted["act"] == "destroy":
                return destroy_case(request=about, by=user).state
            if wanted["act"] == "recall":
                return actions.recall_packet(packet=about, by=user)
            return str(actions.close_permit(permit=Permit.objects.get(pk=about), by=user))
    except Refused as refused:
        return f"refused: {refused.code}"
    except CaseRefused as refused:
        return f"refused: {refused}"
    except DatabaseError as lost:
        return f"lost: {type(lost).__name__}"


def _taken_in(wanted: dict[str, Any], user: Any) -> str:
    """Take in a file that another installation has made."""
    import base64

    from waymark.disclosures.actions import take_in_file
    from waymark.sealing.boxes import BoxKey
    from waymark.vault.selectors.keyring import open_vault

    vault = open_vault(own=BoxKey.load(base64.b64decode(wanted["key"])), by=user)
    return take_in_file(vault=vault, content=base64.b64decode(wanted["content"]), by=user).verdict


def _package(wanted: dict[str, Any], user: Any) -> str:
    """Send a package under a release, as the page does: preview, seal, line, crossing."""
    import base64
    import uuid

    from waymark.consent.actions.packages import collected_under, seal_of, send_package
    from waymark.consent.models import Release
    from waymark.sealing.boxes import BoxKey
    from waymark.vault.selectors.keyring import open_vault

    vault = open_vault(own=BoxKey.load(base64.b64decode(wanted["key"])), by=user)
    release = Release.objects.select_related("person").get(pk=wanted["about"])
    seen = seal_of(collected_under(release, vault=vault, by=user).values, vault=vault)
    page = uuid.UUID(wanted["page"])
    return send_package(vault=vault, release=release, page=page, codes=release.scopes, seen=seen, by=user).state


def _referral(wanted: dict[str, Any], user: Any) -> str:
    """Ask another agency without a name, take it back, or accept what came in."""
    import base64
    import uuid

    from waymark.cases.models import Case
    from waymark.referrals.actions.asking import refer_without_a_name
    from waymark.referrals.actions.moving import move_received, move_sent
    from waymark.referrals.models import Desk, ReceivedReferral, Referral
    from waymark.sealing.boxes import BoxKey
    from waymark.vault.selectors.keyring import open_vault

    if wanted["act"] == "take_back":
        return move_sent(referral=Referral.objects.get(pk=wanted["about"]), event="withdraw", reason="not_safe", by=user)
    if wanted["act"] == "take_up":
        return move_received(received=ReceivedReferral.objects.get(pk=wanted["about"]), event="accept", by=user)
    asked = refer_without_a_name(
        vault=open_vault(own=BoxKey.load(base64.b64decode(wanted["key"])), by=user),
        case=Case.objects.get(pk=wanted["about"]),
        page=uuid.UUID(wanted["page"]),
        desk=Desk.objects.select_related("agency").get(pk=wanted["desk"]),
        values={"ask_for": "Ada", "household": "3", "needs": "lawyer", "phone": "916-555-0142", "urgency": "today"},
        hours=8,
        by=user,
    )
    return asked.state


def killed_somewhere(client: Client, asked: dict[str, Any], *, most: int, longest: float, chance: Any, owner: Any) -> str:
    """One act that dies at a random moment: its process, between two statements, or right after the commit.

    Returns what it said, if it did. When this returns, its backend is gone, and what it left is what there is.
    """
    way = chance.choice(("process", "statement", "commit"))
    step = {"statement": chance.randint(1, most), "commit": AFTER_COMMIT}.get(way)
    child = client.begin(**asked, step=step)
    if step is None:
        time.sleep(chance.uniform(0, longest))
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    said = client.end()
    until = time.monotonic() + 20
    while owner("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (child.backend,)):
        assert time.monotonic() < until
        time.sleep(0.002)
    return f"{way}: {said}"


def _serve() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.urls import get_resolver

    from waymark.access.sites import URLCONFS, Site
    from waymark.cases.actions import keeping  # noqa: F401  (loaded once, for all children)
    from waymark.consent.actions import packages, releases  # noqa: F401
    from waymark.disclosures import actions, models  # noqa: F401
    from waymark.referrals.actions import asking, moving  # noqa: F401

    # Notices carry a path: whoever makes one for the first time imports every page.
    get_resolver(URLCONFS[Site.STAFF])._populate()

    settings = connections.databases["default"]
    settings["OPTIONS"] = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _say(verdict=_act(json.loads(line)))
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        _say(ended=status)


if __name__ == "__main__":
    _serve()
