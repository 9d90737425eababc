"""The second wall, as migrations write it: a table shows and takes rows of the acting agency only.

Django knows neither row security nor foreign keys over two columns. A migration of a client-bound table adds both by the
operations here, so that every wall has the same words and a test can read them back.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

POLICY = "own_agency"


class RowSecurity(migrations.RunSQL):
    """Enable and force row security on `table`, with the one policy of this house.

    Equality with the signed context decides reading and writing. Never widen it to share: `waymark.access.walls` finds it.
    """

    def __init__(self, table: str) -> None:
        rule = "agency_id = (SELECT access.current_agency())"
        super().__init__(
            [
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY {POLICY} ON {table} USING ({rule}) WITH CHECK ({rule})",
            ],
            [
                f"DROP POLICY {POLICY} ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ],
        )
        self.table = table

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return type(self).__name__, [], {"table": self.table}


class CompositeForeignKey(migrations.RunSQL):
    """A foreign key of `table.column` to the row of `target` that belongs to the same agency.

    The model declares its ForeignKey with `db_constraint=False`. A plain key would accept the id of a hidden row and refuse
    an unknown one, and so tell which ids exist; over both columns the two fail alike. `target` has UNIQUE (agency_id, id).
    """

    def __init__(self, table: str, column: str, target: str, on_delete: str = "NO ACTION") -> None:
        name = f"{table}_{column}_of_agency"
        super().__init__(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (agency_id, {column}) "
            f"REFERENCES {target} (agency_id, id) ON DELETE {on_delete} DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        self.table, self.column, self.target, self.on_delete = table, column, target, on_delete

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        arguments = {"table": self.table, "column": self.column, "target": self.target, "on_delete": self.on_delete}
        return type(self).__name__, [], dict(arguments)
