"""Lists that cost the same for five thousand rows: the board, what was sent, what came in, what the agency answers for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from tests.plugins.staff import SiteClient
from tests.waymark.referrals.pairs import a_pair, a_referral

from waymark.referrals.models import Way

MANY = 5_000
LISTS = (
    "/referrals/",
    "/referrals/?q=invented&state=open&way=opaque&whose=mine&page=3",
    "/referrals/board/",
    "/referrals/board/?q=invented&answer=waits&page=7",
    "/referrals/inbox/",
    "/referrals/inbox/?q=invented&state=waits&way=opaque&page=5",
    "/referrals/desks/",
    "/referrals/desks/add/?q=invented",
)


def test_lists_ask_little_of_five_thousand_rows(committed_db: str, owner: Callable[..., Any]) -> None:
    pair = a_pair()
    opaque, question = a_referral(pair), a_referral(pair, Way.QUESTION)
    clients = {user: _client(user) for user in (pair.worker, pair.receiver)}
    few = {(user, url): _queries(client, url) for user, client in clients.items() for url in LISTS}
    for table, row in (("referrals_referral", opaque.pk), ("referrals_referral", question.pk)):
        _many(owner, table, f"id = '{row}'", ("id", "packet"))
    _many(owner, "referrals_receivedreferral", f"referral = '{opaque.pk}'", ("id", "referral", "packet"))
    many = {(user, url): _queries(client, url) for user, client in clients.items() for url in LISTS}
    assert max(many.values()) <= 12, many
    assert {each: many[each] - few[each] for each in few if many[each] - few[each] > 2} == {}
    page = clients[pair.worker].get("/referrals/")
    assert page.context["listing"].count == MANY + 1


def _client(user: Any) -> SiteClient:
    client = SiteClient("staff")
    client.user = user
    client.force_login(user)
    return client


def _queries(client: SiteClient, url: str) -> int:
    asked = []

    def count(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(asked)


def _many(owner: Callable[..., Any], table: str, where: str, fresh: tuple[str, ...]) -> None:
    """Copies of a row, with ids of their own."""
    columns = [name for (name,) in owner(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", (table,)
    )]  # fmt: skip
    values = ", ".join("gen_random_uuid()" if name in fresh else f"t.{name}" for name in columns)
    # Each for itself: what still has triggers to fire is not altered.
    owner(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    copies = f"{table} t, generate_series(1, {MANY})"
    owner(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {copies} WHERE {where}")
    owner(f"ALTER TABLE {table} ENABLE TRIGGER USER")
