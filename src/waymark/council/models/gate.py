"""The review gate as migrations write it: a row of a gated table becomes public only after the council.

Nothing about survivors without survivors. A rule in a form is forgotten by the next form, so the rule stands on the table
itself, for the application's role and for the owner's hand alike. A gated app uses it in a migration, after its table:

    ReviewGate("newsroom_pressitem", "r.state IN ('scheduled', 'released')", "press_item", content=("title", "body"))

`is_public_sql` says of the row `r` whether readers may see it, now or later without another write: what is scheduled counts
as public, and the clock has no say. `content` are the columns that readers see; a review is about exactly these. What would
make a row public with another content is refused, and so is changing them while it is public. Taking a row back passes. A
correction for somebody's safety passes in the transaction in which `council.actions.correct_for_safety` told why, for a row
that is public already; `corrects_sql` says so of tables where a correction is a row of its own. `is_shown_sql` may look at
the clock: the council's public page names a thing only while readers can see it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from django.db import migrations

from waymark.council.formats.gated_types import GATED

SQL = Path(__file__).resolve().parents[1] / "migrations" / "sql" / "gate.sql"
NAME = re.compile(r"[a-z][a-z0-9_]*")
# What a row says must not change with the hour, or it would become public with nobody writing.
CLOCK = re.compile(
    r"\b(now\s*\(|current_|localtime|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random)", re.I
)


class ReviewGate(migrations.RunSQL):
    """Put the council's gate on `table`, whose rows have an `id`. One table for one type."""

    def __init__(
        self,
        table: str,
        is_public_sql: str,
        type_code: str,
        *,
        content: Sequence[str],
        corrects_sql: str = "false",
        is_shown_sql: str = "",
    ) -> None:
        if type_code not in GATED:
            raise ValueError(f"{type_code} is not a gated type.")
        for name in (table, *content):
            if not NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not the plain name of a table or column.")
        if not content:
            raise ValueError("Say which columns readers see.")
        for expression in (is_public_sql, corrects_sql):
            if CLOCK.search(expression):
                raise ValueError("Whether a row is public must not depend on the clock.")
        self.given = {
            "table": table,
            "is_public_sql": is_public_sql,
            "type_code": type_code,
            "content": tuple(content),
            "corrects_sql": corrects_sql,
            "is_shown_sql": is_shown_sql,
        }
        places = {
            "code": type_code,
            "table": table,
            "content": ", ".join(f"'{name}', r.{name}" for name in content),
            "is_public": is_public_sql,
            "corrects": corrects_sql,
            "is_shown": is_shown_sql or is_public_sql,
        }
        up = SQL.read_text()
        for place, value in places.items():
            up = up.replace(f"@{place}@", value)
        of_row = [f"council_{name}_{type_code}(public.{table})" for name in ("content", "is_public", "corrects")]
        of_id = [f"council_{name}_{type_code}(text)" for name in ("is_shown", "read")]
        functions = ", ".join([f"council_gate_{type_code}()", *of_row, *of_id])
        super().__init__([up], [f"DROP TRIGGER council_gate ON {table}", f"DROP FUNCTION {functions}"])

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return type(self).__name__, [], dict(self.given)
