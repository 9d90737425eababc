"""Whoever runs SQL as the application's role and is not the application is nobody, who reads and writes nothing."""

from __future__ import annotations

import datetime as dt
import uuid

import psycopg
import pytest
from tests.plugins.walled import ACTOR, Line, Walled

from waymark.access.context import SETTING, Context, token


def other_agency(walled: Walled, line: Line) -> str:
    """Our good token with their agency in it and our mac under it."""
    return line.signed(walled.ours).replace(str(walled.ours), str(walled.theirs))


def other_user(walled: Walled, line: Line) -> str:
    return line.signed(walled.ours).replace(str(ACTOR), str(uuid.uuid4()))


def forged_mac(walled: Walled, line: Line) -> str:
    good = line.signed(walled.ours)
    return good[:-64] + "0" * 64


def no_mac(walled: Walled, line: Line) -> str:
    return line.signed(walled.ours)[:-65]


def empty_mac(walled: Walled, line: Line) -> str:
    return line.signed(walled.ours)[:-64]


def upper_case_mac(walled: Walled, line: Line) -> str:
    good = line.signed(walled.ours)
    return good[:-64] + good[-64:].upper()


def one_byte_more(walled: Walled, line: Line) -> str:
    return line.signed(walled.ours) + " "


def one_part_more(walled: Walled, line: Line) -> str:
    return f"{walled.theirs}|" + line.signed(walled.ours)


def swapped_agency_and_user(walled: Walled, line: Line) -> str:
    """The parts of a signed text must not be read in another order."""
    first, second, *rest = line.signed(walled.ours, walled.theirs).split("|")
    return "|".join([second, first, *rest])


def moved_separator(walled: Walled, line: Line) -> str:
    agency, user, pid, begun, mac = line.signed(walled.ours).split("|")
    return "|".join([agency, user, pid + begun[0], begun[1:], mac])


def another_pid(walled: Walled, line: Line) -> str:
    pid, begun_at = line.sql("SELECT pg_backend_pid() + 1, transaction_timestamp()")[0]
    return token(Context(walled.ours, ACTOR), pid, begun_at)


def another_moment(walled: Walled, line: Line) -> str:
    pid, begun_at = line.sql("SELECT pg_backend_pid(), transaction_timestamp()")[0]
    return token(Context(walled.ours, ACTOR), pid, begun_at - dt.timedelta(microseconds=1))


def very_long(walled: Walled, line: Line) -> str:
    return "x" * 100_000


def only_separators(walled: Walled, line: Line) -> str:
    return "||||"


def sql_in_the_agency(walled: Walled, line: Line) -> str:
    return f"' OR true --|{ACTOR}|1|1|" + "0" * 64


FORGERIES = [
    other_agency,
    other_user,
    forged_mac,
    no_mac,
    empty_mac,
    upper_case_mac,
    one_byte_more,
    one_part_more,
    swapped_agency_and_user,
    moved_separator,
    another_pid,
    another_moment,
    very_long,
    only_separators,
    sql_in_the_agency,
]


def test_a_good_context_reads_and_writes_its_own_agency_alone(walled: Walled) -> None:
    line = walled.line()
    line.act(walled.ours)
    assert (line.agency, line.one("SELECT access.current_actor()")) == (walled.ours, ACTOR)
    assert line.sql("SELECT code FROM walled_case") == [("ours",)]
    line.sql("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, 'new')", [walled.ours])
    assert line.one("SELECT count(*) FROM walled_case") == 2
    refused = line.refused("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, 'new')", [walled.theirs])
    assert isinstance(refused, psycopg.errors.InsufficientPrivilege)
    refused = line.refused("UPDATE walled_case SET agency_id = %s", [walled.theirs])
    assert isinstance(refused, psycopg.errors.InsufficientPrivilege)
    assert line.connection.execute("UPDATE walled_case SET code = 'x' WHERE code = 'theirs'").rowcount == 0
    line.rollback()
    walled.is_untouched()


def test_every_forged_context_is_nobody(walled: Walled) -> None:
    line = walled.line()
    for forge in FORGERIES:
        line.begin()
        line.claim(forge(walled, line))
        try:
            walled.sees_and_writes_nothing(line)
        except AssertionError as error:
            raise AssertionError(f"{forge.__name__} was believed: {error}") from error
        # The very same transaction with the good token is somebody: it was the forgery that was refused.
        line.claim(line.signed(walled.ours))
        assert line.agency == walled.ours
        line.rollback()
    walled.is_untouched()


def test_without_a_context_there_is_nothing(walled: Walled) -> None:
    line = walled.line()
    line.begin()
    walled.sees_and_writes_nothing(line)
    line.claim("")
    walled.sees_and_writes_nothing(line)
    line.rollback()
    assert line.one("SELECT count(*) FROM walled_case") == 0, "outside a transaction too"
    walled.is_untouched()


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN"])
def test_a_context_is_replayed_in_vain_on_the_same_pooled_connection(walled: Walled, end: str) -> None:
    line = walled.line()
    used = line.act(walled.ours)
    line.sql(end)
    if not end.endswith("CHAIN"):
        line.begin()
    walled.sees_and_writes_nothing(line)  # nothing is left of it …
    line.claim(used)
    walled.sees_and_writes_nothing(line)  # … and saying it again does not help.
    line.rollback()
    walled.is_untouched()


def test_a_context_that_was_set_for_the_whole_session_ends_with_its_transaction(walled: Walled) -> None:
    """An attacker keeps the token beyond COMMIT; the next user of the pooled connection must be nobody all the same."""
    line = walled.line()
    used = line.act(walled.ours)
    line.sql(f"SELECT set_config('{SETTING}', %s, false)", [used])
    assert line.agency == walled.ours
    line.sql("COMMIT")
    assert line.one(f"SELECT current_setting('{SETTING}')") == used, "the setting stays; it is worth nothing"
    line.begin()
    walled.sees_and_writes_nothing(line)
    line.rollback()
    walled.is_untouched()


def test_a_context_of_another_connection_is_nobody_here(walled: Walled) -> None:
    """Both transactions are open, so only the backend tells them apart."""
    ours, attacker = walled.line(), walled.line()
    stolen = ours.act(walled.ours)
    attacker.begin()
    attacker.claim(stolen)
    walled.sees_and_writes_nothing(attacker)
    attacker.rollback()
    ours.rollback()


def test_begin_and_commit_in_one_message_do_not_carry_the_context_over(walled: Walled) -> None:
    """Statements sent together share their moment; the transaction after COMMIT is still another one."""
    line = walled.line()
    line.act(walled.ours)
    read = f"SELECT set_config('waymark.kept', current_setting('{SETTING}'), false)"
    claim = f"SELECT set_config('{SETTING}', current_setting('waymark.kept'), true)"
    line.connection.execute(f"{read}; COMMIT; BEGIN; {claim}".encode())
    walled.sees_and_writes_nothing(line)
    line.rollback()
    walled.is_untouched()


def test_a_savepoint_takes_its_context_with_it(walled: Walled) -> None:
    line = walled.line()
    line.begin()
    line.sql("SAVEPOINT inner_one")
    line.claim(line.signed(walled.ours))
    assert line.agency == walled.ours
    line.sql("ROLLBACK TO SAVEPOINT inner_one")
    walled.sees_and_writes_nothing(line)
    line.rollback()


def test_an_injected_statement_cannot_become_another_agency(walled: Walled) -> None:
    """The best that SQL inside a good transaction can do: it is that transaction's agency, or nobody."""
    line = walled.line()
    good = line.act(walled.ours)
    for claim in (str(walled.theirs), good.replace(str(walled.ours), str(walled.theirs)), f"{walled.theirs}||||"):
        found = line.sql(
            "SELECT code FROM walled_case WHERE code = '' OR set_config(%s, %s, true) IS NOT NULL", [SETTING, claim]
        )
        assert set(found) <= {("ours",)}
        walled.sees_and_writes_nothing(line)
        line.claim(good)
    # A statement that names another agency in the middle of its own work.
    found = line.sql(
        f"WITH a AS MATERIALIZED (SELECT set_config('{SETTING}', %s, true)) SELECT w.code FROM a, walled_case w",
        [good.replace(str(walled.ours), str(walled.theirs))],
    )
    assert set(found) <= {("ours",)}
    line.rollback()
    walled.is_untouched()


def test_a_prepared_statement_asks_again_who_acts(walled: Walled) -> None:
    """A plan made for one agency and kept by the connection shows the next one its own rows."""
    line = walled.line()
    line.act(walled.ours)
    line.sql("SET LOCAL plan_cache_mode = force_generic_plan")
    line.sql("PREPARE list AS SELECT code FROM walled_case")
    assert line.sql("EXECUTE list") == [("ours",)]
    line.sql("COMMIT")
    line.act(walled.theirs)
    assert line.sql("EXECUTE list") == [("theirs",)]
    line.sql("COMMIT")
    line.begin()
    assert line.sql("EXECUTE list") == []
    line.rollback()


def test_a_cursor_that_is_held_after_commit_keeps_its_own_rows_only(walled: Walled) -> None:
    """A held cursor was filled at COMMIT by the agency that opened it: it must not be there for the next one to fetch.

    The database cannot forbid it; the pool does (see test_pool), so here is only said what it would hold.
    """
    line = walled.line()
    line.act(walled.ours)
    line.sql("DECLARE kept CURSOR WITH HOLD FOR SELECT code FROM walled_case")
    line.sql("COMMIT")
    line.act(walled.theirs)
    assert ("theirs",) not in line.sql("FETCH ALL FROM kept")
    line.rollback()


def test_parallel_workers_see_the_same_rows(walled: Walled) -> None:
    """In a worker pg_backend_pid() is another: the context is read by the leader, once."""
    walled.owner(
        "INSERT INTO walled_case SELECT gen_random_uuid(), a.id, 'bulk ' || n"
        " FROM accounts_agency a, generate_series(1, 20000) n WHERE a.id IN (%s, %s)",
        (walled.ours, walled.theirs),
    )
    walled.owner("ANALYZE walled_case")
    line = walled.line()
    line.act(walled.ours)
    for setting in ("parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0"):
        line.sql(f"SET LOCAL {setting}")
    line.sql("SET LOCAL debug_parallel_query = on")
    line.sql("SET LOCAL enable_indexscan = off")
    line.sql("SET LOCAL enable_bitmapscan = off")
    line.sql("SET LOCAL enable_indexonlyscan = off")
    plan = "\n".join(row[0] for row in line.sql("EXPLAIN SELECT count(*) FROM walled_case"))
    assert "Gather" in plan
    assert line.one("SELECT count(*) FROM walled_case") == 20_001
    line.rollback()
    walled.owner("DELETE FROM walled_case WHERE code LIKE 'bulk %'")
    walled.is_untouched()
