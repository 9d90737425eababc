"""Two people at once: one epoch follows another, no record is made under keys that are over."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

from django.db import connections
from tests.factories.vault import Person, founded_agency, let_in

from waymark.vault.actions import new_record_key, open_record
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.models import AgencyKey, RecordKey
from waymark.vault.policies import Refused


def together(*works: Callable[[], None]) -> list[BaseException]:
    """Run at once, each on a connection of its own; what they raised comes back."""
    gate, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        except Refused as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def renew(person: Person) -> None:
    with person.acting():
        start_epoch(vault=person.vault(), by=person.user, reason="chosen")


def test_two_new_epochs_at_once_are_one_after_the_other_or_one_refused(committed_db: str) -> None:
    founder = founded_agency()
    colleague = let_in(founder)
    raised = together(lambda: renew(founder), lambda: renew(colleague))
    with founder.acting():
        numbers = sorted(AgencyKey.objects.values_list("number", flat=True))
        assert numbers == list(range(1, 4 - len(raised)))
        assert founder.vault().number == numbers[-1]
    with colleague.acting():
        assert colleague.vault().number == numbers[-1]


def test_records_made_while_keys_change_open_afterwards(committed_db: str) -> None:
    founder = founded_agency()
    colleague = let_in(founder)

    def records() -> None:
        for _ in range(15):
            with suppress(Refused), colleague.acting():
                new_record_key(vault=colleague.vault(), kind="case", record=uuid.uuid4())

    together(records, lambda: [renew(founder) for _ in range(4)] and None)
    with founder.acting():
        vault = founder.vault()
        made = list(RecordKey.objects.values_list("record", flat=True))
        assert made
        for record in made:
            assert open_record(vault=vault, kind="case", record=record)
