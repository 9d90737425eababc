"""The lists of meetings, decisions and action items cost the same for five thousand rows as for none."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.meetings import a_draft, a_meeting, an_item, signed_in, table

MANY = 5_000
MOST_QUERIES = 12
COPIES = (
    """INSERT INTO coalition_calendarentry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*
    FROM coalition_calendarentry e, generate_series(1, %s) WHERE e.kind = 'meeting'""",
    """INSERT INTO coalition_meeting
    SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'entry_id', e.id))).*
    FROM coalition_meeting m, coalition_calendarentry e WHERE e.kind = 'meeting' AND e.id <> m.entry_id""",
    """INSERT INTO coalition_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid()))).*
    FROM coalition_decision d, generate_series(1, %s)""",
    """INSERT INTO coalition_calendarentry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*
    FROM coalition_calendarentry e, generate_series(1, %s) WHERE e.kind = 'deadline'""",
    """INSERT INTO coalition_actionitem
    SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'entry_id', e.id))).*
    FROM coalition_actionitem i, coalition_calendarentry e WHERE e.kind = 'deadline' AND e.id <> i.entry_id""",
)
LISTS = {
    "/meetings/": "Invented meeting",
    "/meetings/?when=coming&q=meeting": "Invented meeting",
    "/decisions/": "Invented question",
    "/decisions/?whose=waiting": "",
    "/action-items/": "Ask for a room",
    "/action-items/?state=open&owner=me": "Ask for a room",
    "/action-items/mine/": "Ask for a room",
}


def test_lists_cost_the_same_for_five_thousand_rows(db: None) -> None:
    at = table()
    a_meeting(at.ana, at.group)
    a_draft(at.ana, at.group)
    an_item(at.ana, at.ana, at.group)
    with connection.cursor() as cursor:
        for copy in COPIES:
            cursor.execute(copy, [MANY] if "%s" in copy else None)
    client = signed_in(at.ana)
    client.get("/")
    for url, words in LISTS.items():
        with CaptureQueriesContext(connection) as asked:
            body = client.get(url).content.decode()
        assert words in body
        assert words == "" or f">{MANY + 1}<" in body, url
        # A request on a real server is one transaction; the test's own is one already.
        work = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
        assert len(work) <= MOST_QUERIES, (url, work)
