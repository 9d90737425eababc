"""`acting_for`: one transaction for one agency, nested only for the same, and gone with its end."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from tests.plugins.walled import ACTOR, Walled

from waymark.access.context import Context, ContextRefused, acting_for, current_context


def seen() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM walled_case ORDER BY code")
        return [code for (code,) in cursor.fetchall()]


def agency_now() -> uuid.UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.current_agency()")
        found: uuid.UUID | None = cursor.fetchone()[0]
        return found


def write(walled: Walled, code: str, case: uuid.UUID | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO walled_case VALUES (%s, %s, %s)", [case or uuid.uuid4(), walled.ours, code])


def test_it_begins_and_ends(walled: Walled) -> None:
    assert (seen(), current_context()) == ([], None)
    with acting_for(walled.ours, ACTOR):
        assert seen() == ["ours"]
        assert current_context() == Context(walled.ours, ACTOR)
    assert (seen(), current_context(), agency_now()) == ([], None, None)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit])
def test_an_error_leaves_no_row_and_no_context(walled: Walled, error: type[BaseException]) -> None:
    def fail() -> None:
        with acting_for(walled.ours, ACTOR):
            write(walled, "half")
            raise error

    with pytest.raises(error):
        fail()
    assert (seen(), current_context(), agency_now()) == ([], None, None)
    walled.is_untouched()


def test_a_database_error_leaves_no_context(walled: Walled) -> None:
    with pytest.raises(IntegrityError), acting_for(walled.ours, ACTOR):
        write(walled, "ours")
    assert (current_context(), agency_now()) == (None, None)
    walled.is_untouched()


def test_nested_for_the_same_it_is_a_part_of_the_transaction(walled: Walled) -> None:
    def fail() -> None:
        with acting_for(walled.ours, ACTOR):
            with acting_for(walled.ours, ACTOR):
                write(walled, "inner")
            assert seen() == ["inner", "ours"], "the inner end does not end the outer"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    walled.is_untouched()


def test_nested_for_another_agency_or_user_it_is_refused(walled: Walled) -> None:
    with acting_for(walled.ours, ACTOR):
        for agency, user in ((walled.theirs, ACTOR), (walled.ours, uuid.uuid4())):
            with pytest.raises(ContextRefused), acting_for(agency, user):
                pytest.fail("acted for somebody else")
        assert seen() == ["ours"], "and the first one goes on"


def test_inside_a_plain_transaction_nothing_is_left_after_it(walled: Walled) -> None:
    """SET LOCAL outlives a savepoint: what follows in the outer transaction must be nobody again."""
    with transaction.atomic():
        with acting_for(walled.ours, ACTOR):
            assert seen() == ["ours"]
        assert (seen(), agency_now()) == ([], None)
        with acting_for(walled.theirs, ACTOR):
            assert seen() == ["theirs"]
        with pytest.raises(IntegrityError), acting_for(walled.ours, ACTOR):
            write(walled, "ours")
        assert (seen(), agency_now()) == ([], None)


def test_a_context_is_not_shared_with_another_thread(walled: Walled) -> None:
    heard: list[object] = []

    def work() -> None:
        heard.append(current_context())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM walled_case")
            heard.append(cursor.fetchone()[0])
        connection.close()

    with acting_for(walled.ours, ACTOR):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert heard == [None, 0]


def test_deferred_triggers_still_know_who_acts_when_the_transaction_commits(walled: Walled) -> None:
    """Whatever the database checks at COMMIT is checked for the agency that acted."""
    walled.owner(
        "CREATE TABLE walled_log (agency uuid); GRANT ALL ON walled_log TO waymark_app;"
        " CREATE FUNCTION walled_note_who() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO walled_log VALUES (access.current_agency()); RETURN NULL; END $$;"
        " CREATE CONSTRAINT TRIGGER z_who AFTER INSERT ON walled_case DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION walled_note_who();"
    )
    try:
        with acting_for(walled.ours, ACTOR):
            write(walled, "deferred")
        assert walled.owner("SELECT agency FROM walled_log") == [(walled.ours,)]
    finally:
        walled.owner("DROP TRIGGER z_who ON walled_case; DROP FUNCTION walled_note_who(); DROP TABLE walled_log")
        walled.owner("DELETE FROM walled_case WHERE code = 'deferred'")
