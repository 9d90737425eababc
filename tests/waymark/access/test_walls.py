"""The reading of the wall: whole as it is built, and every hole that somebody could make is found and named."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from tests.plugins.database import TestCluster
from tests.plugins.walled import Walled

from waymark.access import walls
from waymark.access.rows import RowSecurity
from waymark.config.launch.database import APP, OWNER

NEW = (
    "CREATE TABLE walled_new (id uuid PRIMARY KEY, agency_id uuid NOT NULL REFERENCES accounts_agency (id),"
    " case_id uuid, code text, UNIQUE (agency_id, id));"
)
WALL = "; ".join(RowSecurity("walled_new").sql) + ";"
ANY = "GRANT SELECT ON walled_case TO "

HOLES: dict[str, tuple[str, str]] = {
    "no row security": (NEW, "walled_new has an agency and no row security"),
    "not forced": ("ALTER TABLE walled_case NO FORCE ROW LEVEL SECURITY", "walled_case has row security that is not"),
    "not enabled": ("ALTER TABLE walled_case DISABLE ROW LEVEL SECURITY", "walled_case has row security that is not"),
    "no policy": ("DROP POLICY own_agency ON walled_case", "walled_case needs exactly one policy, and has 0"),
    "a second policy": (
        "CREATE POLICY shared ON walled_case USING (true)",
        "walled_case needs exactly one policy, and has 2",
    ),
    "own or granted": (
        "ALTER POLICY own_agency ON walled_case USING (agency_id = (SELECT access.current_agency()) OR code = 'shared')",
        "walled_case has a policy in other words",
    ),
    "asked for every row": (
        "ALTER POLICY own_agency ON walled_case USING (agency_id = access.current_agency())",
        "walled_case has a policy in other words",
    ),
    "wide writing": ("ALTER POLICY own_agency ON walled_case WITH CHECK (true)", "walled_case has a policy in other words"),
    "for reading only": (
        "DROP POLICY own_agency ON walled_case; CREATE POLICY own_agency ON walled_case FOR SELECT"
        " USING (agency_id = (SELECT access.current_agency()))",
        "no WITH CHECK",
    ),
    "for one role only": (f"ALTER POLICY own_agency ON walled_case TO {APP}", "walled_case has a policy in other words"),
    "null agency": ("ALTER TABLE walled_case ALTER agency_id DROP NOT NULL", "walled_case: the agency must be a uuid"),
    "agency of nobody": (
        "ALTER TABLE walled_case DROP CONSTRAINT walled_case_agency_id_fkey",
        "walled_case: the agency must be an agency that exists",
    ),
    "no index": (
        NEW.replace(", UNIQUE (agency_id, id)", ", UNIQUE (id, agency_id)") + WALL,
        "walled_new: no index begins with the agency",
    ),
    "a number as key": (
        NEW.replace("id uuid PRIMARY KEY", "id int PRIMARY KEY") + WALL,
        "walled_new: the primary key must be a random uuid",
    ),
    "a counter": (
        "ALTER TABLE walled_case ADD number int GENERATED ALWAYS AS IDENTITY",
        "walled_case.number counts over all",
    ),
    "an old counter": ("ALTER TABLE walled_case ADD number serial", "walled_case.number counts over all"),
    "unique over agencies": ("CREATE UNIQUE INDEX told ON walled_case (code)", "key told lacks the agency"),
    "agency only included": (
        "CREATE UNIQUE INDEX told ON walled_case (code) INCLUDE (agency_id)",
        "key told lacks the agency",
    ),
    "exclusion over agencies": (
        "ALTER TABLE walled_case ADD CONSTRAINT told EXCLUDE USING gist (code WITH =)",
        "key told lacks the agency",
    ),
    "plain key": (
        NEW.replace("case_id uuid", "case_id uuid REFERENCES walled_case (id)") + WALL,
        "walled_new: foreign key walled_new_case_id_fkey to walled_case must hold the agency on both ends",
    ),
    "key from outside": (
        "CREATE TABLE open_list (id uuid PRIMARY KEY, case_id uuid REFERENCES walled_case (id))",
        "open_list: foreign key open_list_case_id_fkey to walled_case must hold",
    ),
    "key across": (
        "ALTER TABLE walled_note ADD COLUMN other uuid, ADD CONSTRAINT across FOREIGN KEY (other, case_id)"
        " REFERENCES walled_case (agency_id, id)",
        "walled_note: foreign key across to walled_case must hold the agency on both ends",
    ),
    "unchecked key": (
        "ALTER TABLE walled_note ADD CONSTRAINT later FOREIGN KEY (agency_id, case_id)"
        " REFERENCES walled_case (agency_id, id) NOT VALID",
        "walled_note: foreign key later is not checked",
    ),
    "rule": (
        "CREATE RULE also AS ON INSERT TO walled_case DO ALSO NOTIFY told",
        "walled_case: rule also runs with the owner's rights",
    ),
    "owner's view": ("CREATE VIEW peep AS SELECT code FROM walled_case", "view peep looks with its owner's rights"),
    "owner's view, said": (
        "CREATE VIEW peep WITH (security_invoker = false) AS SELECT code FROM walled_case",
        "view peep looks with its owner's rights",
    ),
    "materialized": ("CREATE MATERIALIZED VIEW kept AS SELECT code FROM walled_case", "materialized view kept keeps rows"),
    "wandering path": (
        "CREATE FUNCTION wander() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
        "REVOKE EXECUTE ON FUNCTION wander() FROM PUBLIC",
        "function wander() runs with its owner's rights and has no fixed search path",
    ),
    "path with public": (
        "CREATE FUNCTION wander() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1';",
        "function wander() runs with its owner's rights and has no fixed search path",
    ),
    "open to all": (
        "CREATE FUNCTION open_door() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
        " AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION open_door() TO PUBLIC",
        "function open_door() runs with its owner's rights and everybody may call it",
    ),
    "truncate": (f"GRANT TRUNCATE ON walled_case TO {APP}", f"{APP} has TRUNCATE on walled_case"),
    "references": (f"GRANT REFERENCES ON walled_case TO {APP}", f"{APP} has REFERENCES on walled_case"),
    "trigger": (f"GRANT TRIGGER ON walled_case TO {APP}", f"{APP} has TRIGGER on walled_case"),
    "for everybody": ("GRANT SELECT ON walled_case TO PUBLIC", "PUBLIC has SELECT on walled_case"),
    "to give away": (f"GRANT SELECT ON walled_case TO {APP} WITH GRANT OPTION", f"{APP} has SELECT on walled_case"),
    "making objects": (f"GRANT CREATE ON SCHEMA public TO {APP}", f"role {APP} may make objects in schema public"),
    "key in reach": (f"GRANT SELECT ON access.context_key TO {APP}", f"role {APP} can read or write the key"),
    "part of the key": (
        f"GRANT SELECT (inner_pad) ON access.context_key TO {APP}",
        f"role {APP} can read or write the key",
    ),
    "ownership": (
        f"GRANT CREATE ON SCHEMA public TO {APP}; ALTER TABLE walled_note OWNER TO {APP}",
        f"role {APP} owns walled_note",
    ),
}


@pytest.fixture
def inspect(walled: Walled, test_cluster: TestCluster) -> Callable[[str], list[str]]:
    """The holes after a change, which is undone."""

    def run(change: str) -> list[str]:
        with psycopg.connect(test_cluster.cluster.superuser_url(walled.name)) as connection:
            connection.execute(f"SET ROLE {OWNER}")
            if "OWNER TO" in change:
                connection.execute("RESET ROLE")
            for statement in filter(None, (part.strip() for part in change.split(";"))):
                connection.execute(statement.encode())
            connection.execute("RESET ROLE")
            found = list(walls.holes(connection.cursor(), app=APP))
            connection.rollback()
        return found

    return run


def test_the_wall_is_whole(inspect: Callable[[str], list[str]]) -> None:
    """Over every table of the application, and those of this module."""
    assert inspect("") == []


@pytest.mark.parametrize("name", HOLES)
def test_every_hole_is_found(inspect: Callable[[str], list[str]], name: str) -> None:
    change, sentence = HOLES[name]
    found = inspect(change)
    assert [hole for hole in found if sentence in hole], found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (f"ALTER ROLE {APP} BYPASSRLS", f"role {APP} may sign in and go round row security"),
        (f"GRANT {OWNER} TO {APP}", f"role {APP} is a member of {OWNER}"),
        (f"GRANT pg_read_all_data TO {APP}", f"role {APP} is a member of pg_read_all_data"),
    ],
)
def test_a_role_with_too_many_rights_is_found(
    walled: Walled, test_cluster: TestCluster, change: str, sentence: str
) -> None:
    with psycopg.connect(test_cluster.cluster.superuser_url(walled.name)) as connection:
        connection.execute(change.encode())
        found = list(walls.holes(connection.cursor(), app=APP))
        connection.rollback()
    assert [hole for hole in found if sentence in hole], found
