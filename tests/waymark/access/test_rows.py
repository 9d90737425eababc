"""What SQL of the application's role can try against the second wall from inside a rightful transaction of one agency."""

from __future__ import annotations

import re
import uuid

import psycopg
import pytest
from tests.plugins.walled import Walled

DENIED = psycopg.errors.InsufficientPrivilege


def plain(error: psycopg.Error) -> str:
    """An error's words without the ids in them."""
    found = error.diag
    words = f"{found.sqlstate} {found.message_primary} {found.message_detail} {found.constraint_name} {found.table_name}"
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", words)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM access.context_key",
        "SELECT inner_pad FROM access.context_key",
        "SELECT count(*) FROM access.context_key",
        "COPY access.context_key TO STDOUT",
        "INSERT INTO access.context_key (inner_pad, outer_pad) VALUES (repeat('0', 64)::bytea, repeat('1', 64)::bytea)",
        "UPDATE access.context_key SET inner_pad = outer_pad",
        "DELETE FROM access.context_key",
        "TRUNCATE access.context_key",
        "CREATE VIEW pg_temp.peep AS SELECT 1; SELECT * FROM access.context_key",
        "ALTER FUNCTION access.current_agency() RENAME TO gone",
        "CREATE OR REPLACE FUNCTION access.current_agency() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "CREATE FUNCTION access.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE walled_case DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE walled_case NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own_agency ON walled_case",
        "CREATE POLICY mine ON walled_case USING (true)",
        "ALTER POLICY own_agency ON walled_case USING (true)",
        "TRUNCATE walled_case CASCADE",
        "CREATE TRIGGER mine BEFORE UPDATE ON walled_case EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON SELECT TO walled_case DO INSTEAD SELECT * FROM walled_note",
        "SET ROLE waymark_owner",
        "SET SESSION AUTHORIZATION waymark_owner",
        "SET session_replication_role = replica",
        "ALTER ROLE waymark_app BYPASSRLS",
        "GRANT waymark_owner TO waymark_app",
        "LOCK TABLE access.context_key",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY walled_case TO PROGRAM 'cat'",
        "COPY walled_case FROM STDIN",
        "SELECT lo_import('PG_VERSION')",
        "CREATE PUBLICATION mine FOR TABLE walled_case",
        "SELECT pg_get_wal_resource_managers(); CREATE EXTENSION pageinspect",
        "SELECT * FROM pg_statistic",
    ],
)
def test_the_applications_role_may_not(walled: Walled, statement: str) -> None:
    line = walled.line()
    line.act(walled.ours)
    error = line.refused(statement)
    assert isinstance(error, DENIED | psycopg.errors.FeatureNotSupported | psycopg.errors.UndefinedFile), error
    line.rollback()
    walled.is_untouched()


def test_the_source_of_the_functions_and_the_catalog_hold_no_key(walled: Walled) -> None:
    keys = [bytes(pad) for row in walled.owner("SELECT inner_pad, outer_pad FROM access.context_key") for pad in row]
    assert keys
    line = walled.line()
    source = line.one(
        "SELECT string_agg(pg_get_functiondef(p.oid), '') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'access'"
    )
    assert "context_key" in source
    for key in keys:
        assert key.hex() not in source
        assert key.hex()[:16] not in source
    stats = line.sql("SELECT * FROM pg_stats WHERE schemaname = 'access'")
    assert stats == []


def test_row_security_cannot_be_switched_off(walled: Walled) -> None:
    line = walled.line()
    line.act(walled.ours)
    line.sql("SET LOCAL row_security = off")
    for statement in ("SELECT * FROM walled_case", "UPDATE walled_case SET code = 'x'", "COPY walled_case TO STDOUT"):
        assert isinstance(line.refused(statement), DENIED)
    line.rollback()


def test_copy_shows_ones_own_rows_only(walled: Walled) -> None:
    line = walled.line()
    line.act(walled.ours)
    with line.connection.cursor().copy("COPY walled_case TO STDOUT") as copy:
        found = b"".join(bytes(block) for block in copy)
    assert b"ours" in found
    assert b"theirs" not in found
    line.rollback()


def test_returning_and_conflicts_tell_nothing_of_hidden_rows(walled: Walled) -> None:
    line = walled.line()
    line.act(walled.ours)
    assert line.sql("UPDATE walled_case SET code = code RETURNING code") == [("ours",)]
    assert line.sql("DELETE FROM walled_note RETURNING text") == [("note of ours",)]
    merge = (
        "MERGE INTO walled_case c USING (SELECT 'theirs' AS code) s ON c.code = s.code"
        " WHEN MATCHED THEN UPDATE SET code = 'seen' WHEN NOT MATCHED THEN DO NOTHING RETURNING c.code"
    )
    assert line.sql(merge) == []
    # The agency is in the key, so the other agency's code conflicts with nothing.
    for clause in ("DO NOTHING", "DO UPDATE SET code = excluded.code"):
        line.sql("SAVEPOINT s")
        insert = f"INSERT INTO walled_case VALUES (gen_random_uuid(), %s, 'theirs') ON CONFLICT (agency_id, code) {clause}"
        assert line.connection.execute(insert.encode(), [walled.ours]).rowcount == 1
        line.sql("ROLLBACK TO SAVEPOINT s")
    line.rollback()
    walled.is_untouched()


def test_a_unique_key_answers_alike_for_what_another_agency_has_and_what_nobody_has(walled: Walled) -> None:
    line = walled.line()
    line.act(walled.ours)
    for code in ("theirs", "nobody's"):
        line.sql("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, %s)", [walled.ours, code])
    # Under the other agency's name both fail at the policy, before any index is asked.
    said = {
        plain(line.refused("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, %s)", [walled.theirs, code]))
        for code in ("theirs", "nobody's")
    }
    assert len(said) == 1
    line.rollback()


def test_a_random_id_that_is_taken_by_a_hidden_row_is_the_one_thing_an_insert_can_find_out(walled: Walled) -> None:
    """The primary key is over all agencies. To ask it one must already hold a random 122-bit id, so it tells nothing new;
    the application never takes an id from a request for a new row."""
    line = walled.line()
    line.act(walled.ours)
    error = line.refused("INSERT INTO walled_case VALUES (%s, %s, 'x')", [walled.their_case, walled.ours])
    assert isinstance(error, psycopg.errors.UniqueViolation)
    assert str(walled.theirs) not in str(error)
    assert "theirs" not in str(error)
    line.rollback()


def test_a_foreign_key_fails_alike_for_a_hidden_and_an_absent_row(walled: Walled) -> None:
    line = walled.line()
    insert = "INSERT INTO walled_note VALUES (gen_random_uuid(), %s, %s, 'x')"
    said = set()
    for case in (walled.their_case, uuid.uuid4()):
        line.act(walled.ours)
        line.sql(insert, [walled.ours, case])
        error = line.refused("SET CONSTRAINTS ALL IMMEDIATE")
        assert isinstance(error, psycopg.errors.ForeignKeyViolation)
        said.add(plain(error))
        line.rollback()
    assert len(said) == 1
    line.act(walled.ours)
    line.sql(insert, [walled.ours, walled.our_case])
    line.sql("SET CONSTRAINTS ALL IMMEDIATE")
    line.rollback()
    walled.is_untouched()


def test_a_function_that_leaks_is_given_ones_own_rows_only(walled: Walled) -> None:
    """The policy is asked first, however cheap the function says it is."""
    line = walled.line()
    heard: list[str] = []
    line.connection.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
    line.act(walled.ours)
    line.sql(
        "CREATE FUNCTION pg_temp.shout(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
        " $$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$"
    )
    line.sql("CREATE OPERATOR pg_temp.<<< (FUNCTION = pg_temp.shout, RIGHTARG = text)")
    assert line.sql("SELECT code FROM walled_case WHERE pg_temp.shout(code)") == [("ours",)]
    assert line.sql("SELECT code FROM walled_case WHERE OPERATOR(pg_temp.<<<) code") == [("ours",)]
    assert line.sql("SELECT c.code FROM walled_case c JOIN walled_note n ON pg_temp.shout(n.text)") == [("ours",)]
    # An error in a hidden row would tell that it is there.
    assert line.one("SELECT count(*) FROM walled_case WHERE 1 / (CASE WHEN code = 'theirs' THEN 0 ELSE 1 END) = 1") == 1
    assert set(heard) == {"saw ours", "saw note of ours"}
    assert isinstance(
        line.refused("CREATE FUNCTION pg_temp.quiet(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS 'SELECT true'"), DENIED
    )
    line.rollback()


def test_a_temporary_schema_does_not_shadow_what_the_functions_use(walled: Walled) -> None:
    """The role's temporary schema is searched first; not by functions with a fixed path."""
    line = walled.line()
    line.act(walled.ours)
    line.sql("CREATE TEMP TABLE context_key (id int, inner_pad bytea, outer_pad bytea)")
    line.sql("INSERT INTO context_key VALUES (1, repeat('6', 64)::bytea, repeat('\\\\', 64)::bytea)")
    line.sql("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$")
    line.sql("CREATE FUNCTION pg_temp.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    line.sql("CREATE FUNCTION pg_temp.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$")
    line.sql("CREATE FUNCTION pg_temp.always(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
    line.sql("CREATE OPERATOR pg_temp.= (FUNCTION = pg_temp.always, LEFTARG = text, RIGHTARG = text)")
    line.sql("CREATE DOMAIN pg_temp.uuid AS text")
    line.sql("SET LOCAL search_path = pg_temp, access, pg_catalog, public")
    assert line.sql("SELECT code FROM public.walled_case") == [("ours",)]
    line.claim(f"{walled.theirs}|{walled.theirs}|1|1|")
    assert line.sql("SELECT code FROM public.walled_case") == []
    assert line.one("SELECT access.current_agency() IS NULL")
    line.rollback()


def test_other_sessions_show_no_statement_and_no_usable_token(walled: Walled) -> None:
    """All pages share one role, so an injected query may read what the others run: there must be nothing to read."""
    ours, attacker = walled.line(), walled.line()
    used = ours.act(walled.ours)
    ours.sql("INSERT INTO walled_case VALUES (gen_random_uuid(), %s, 'SECRET-WORD')", [walled.ours])
    attacker.act(walled.theirs)
    # pg_stat_activity is read once a transaction; begin another one after the insert.
    attacker.sql("COMMIT")
    seen = " ".join(str(row) for row in attacker.sql("SELECT * FROM pg_stat_activity"))
    assert "waymark_app" in seen
    assert "SECRET-WORD" not in seen
    assert used not in seen
    assert isinstance(attacker.connection.execute("SHOW track_activities").fetchone(), tuple)
    with pytest.raises(DENIED):
        attacker.sql("SET track_activities = on")
    ours.rollback()


def test_statistics_show_no_values_of_walled_tables(walled: Walled) -> None:
    walled.owner("ANALYZE walled_case")
    line = walled.line()
    line.act(walled.ours)
    assert line.sql("SELECT * FROM pg_stats WHERE tablename = 'walled_case'") == []
    line.rollback()


def test_a_view_of_the_owner_looks_with_the_rights_of_who_asks(walled: Walled) -> None:
    walled.owner("CREATE VIEW walled_view WITH (security_invoker = true) AS SELECT code FROM walled_case")
    try:
        line = walled.line()
        line.act(walled.ours)
        assert line.sql("SELECT code FROM walled_view") == [("ours",)]
        line.rollback()
        assert line.sql("SELECT code FROM walled_view") == []
    finally:
        walled.owner("DROP VIEW walled_view")
