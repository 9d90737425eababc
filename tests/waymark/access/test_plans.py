"""The wall asks once a statement, and a list behind it is read from its index. Its cost: benchmarks/row_security.py."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugins.walled import Line, Walled

ROWS = 3000


def plan_of(line: Line, statement: str, *, run: bool = False) -> dict[str, Any]:
    found: Any = line.one(f"EXPLAIN (FORMAT JSON{', ANALYZE' if run else ''}) {statement}")
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


@pytest.fixture
def full(walled: Walled) -> Any:
    walled.owner(
        "INSERT INTO walled_case SELECT gen_random_uuid(), a.id, 'bulk ' || n"
        " FROM accounts_agency a, generate_series(1, %s) n WHERE a.id IN (%s, %s)",
        (ROWS, walled.ours, walled.theirs),
    )
    walled.owner("ANALYZE walled_case")
    yield walled
    walled.owner("DELETE FROM walled_case WHERE code LIKE 'bulk %'")


@pytest.mark.parametrize("narrowed", ["", "WHERE agency_id = '{agency}'"])
def test_a_list_asks_once_and_reads_its_index(full: Walled, narrowed: str) -> None:
    """Whether or not the selector narrows too, as it should."""
    line = full.line()
    line.act(full.ours)
    statement = f"SELECT id, code FROM walled_case {narrowed.format(agency=full.ours)} ORDER BY code LIMIT 50"
    plan = plan_of(line, statement, run=True)
    asked = [node for node in nodes(plan) if node.get("Parent Relationship") == "InitPlan"]
    assert [node["Actual Loops"] for node in asked] == [1], "who acts is asked once, not once a row"
    reading = [node for node in nodes(plan) if node.get("Relation Name") == "walled_case"]
    assert [node["Node Type"] for node in reading] in (["Index Scan"], ["Index Only Scan"])
    assert reading[0]["Actual Rows"] == 50, "and not one more than the page shows"
    assert "agency_id" in reading[0]["Index Cond"]
    line.rollback()


def test_writing_many_rows_asks_once(full: Walled) -> None:
    line = full.line()
    line.act(full.ours)
    plan = plan_of(line, "UPDATE walled_case SET code = code || ' again' WHERE code LIKE 'bulk 1%'", run=True)
    asked = [node["Actual Loops"] for node in nodes(plan) if node.get("Parent Relationship") == "InitPlan"]
    assert asked
    assert set(asked) == {1}
    line.rollback()


def test_every_walled_table_is_read_so(walled: Walled) -> None:
    tables = walled.owner(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE p.polname = 'own_agency'"
        " AND p.polcmd = '*'"
    )
    assert len(tables) > 5
    line = walled.line()
    line.act(walled.ours)
    for (table,) in tables:
        plan = plan_of(line, f"SELECT * FROM {table}")
        text = json.dumps(plan)
        assert text.count('"InitPlan"') == 1, table
        assert "current_agency" not in json.dumps([node.get("Filter") for node in nodes(plan)]), f"{table} asks every row"
    line.rollback()
