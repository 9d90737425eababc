"""The temporary tables of an import: rows wait here until the whole set has been read and checked.

One temporary table mirrors each table of the standard. All work is set-based SQL inside the caller's transaction; the
tables vanish with it. Column and table names come from our own tables of the standard, never from the input.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from waymark.directory.formats.hsds_objects import Kind
from waymark.directory.formats.hsds_records import Fold, Messages, Record
from waymark.directory.formats.hsds_tables import LINKS, TABLES, TEXT_KINDS, Table

_SQL_TYPES = {
    Kind.UUID: "uuid",
    Kind.NUMBER: "double precision",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    Kind.TIME: "time",
    Kind.FLAG: "boolean",
}
_SHOWN_CHANGES = 20
_NAMES = ", ".join(f"'{name}'" for name in TABLES)
# What would tell where a confidential place is (the database refuses it too).
SECRET_COLUMNS = ("latitude", "longitude", "transportation", "external_identifier", "external_identifier_type", "url")
# Rows that mean nothing alone: a phone of nobody helps nobody.
BELONGS_TO_SOMETHING = frozenset(
    {
        "accessibility",
        "contact",
        "funding",
        "language",
        "phone",
        "required_document",
        "schedule",
        "service_area",
        "url",
    }
)


@cache
def model_of(table: Table) -> type[models.Model]:
    """The model that stores a table of the standard."""
    return apps.get_model("directory", table.model)


def _columns(table: Table) -> list[str]:
    return [field.name for field in table.fields]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class Stage:
    """The temporary tables of one import."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self._database = database

    def _run(self, statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with self._database.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def create(self) -> None:
        for table in TABLES.values():
            columns = [f'"{field.name}" {_SQL_TYPES.get(field.kind, "text")}' for field in table.fields]
            # Two imports may share an outer transaction.
            self._run(f"DROP TABLE IF EXISTS stage_{table.name}, merged_{table.name}")
            self._run(
                f"CREATE TEMP TABLE stage_{table.name} (file_ text, row_ bigint, depth_ int, order_ bigint"
                f" GENERATED ALWAYS AS IDENTITY, {', '.join(columns)}) ON COMMIT DROP"
            )
        self._run("DROP TABLE IF EXISTS stage_fold")
        self._run(
            "CREATE TEMP TABLE stage_fold (table_ text, id uuid, field_ text, text_ text, file_ text, row_ bigint,"
            " order_ bigint GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP"
        )

    def copy(self, table: Table, records: Iterable[Record]) -> None:
        names = _columns(table)
        quoted = _quoted(names)
        with (
            self._database.cursor() as cursor,
            cursor.copy(f"COPY stage_{table.name} (file_, row_, depth_, {quoted}) FROM STDIN") as copy,
        ):
            for record in records:
                copy.write_row((record.file, record.row, record.depth, *(record.values.get(name) for name in names)))

    def copy_folds(self, folds: Iterable[Fold]) -> None:
        with (
            self._database.cursor() as cursor,
            cursor.copy("COPY stage_fold (table_, id, field_, text_, file_, row_) FROM STDIN") as copy,
        ):
            for fold in folds:
                copy.write_row((fold.table, fold.id, fold.field, fold.text, fold.file, fold.row))

    def has_rows(self, table: Table) -> bool:
        return bool(self._run(f"SELECT 1 FROM stage_{table.name} LIMIT 1"))

    def merge(self, messages: Messages) -> None:
        """Make one row of each id, fold old texts in, and index what is left.

        Two rows of their own with one id and different content are an error: nobody can say which one is right. A nested
        form of a row (JSON repeats an organization inside each of its services) only fills what the outer form left empty.
        """
        for table in TABLES.values():
            if not self.has_rows(table):
                continue
            # Rows of a service carry their own date: of two, the later one is meant.
            order = "depth_, last_modified DESC NULLS LAST, order_" if table.name == "service" else "depth_, order_"
            self._report_duplicates(table, messages)
            if self._run(f"SELECT 1 FROM stage_{table.name} GROUP BY id HAVING count(*) > 1 LIMIT 1"):
                first = ", ".join(
                    f'(array_agg("{name}" ORDER BY {order}) FILTER (WHERE "{name}" IS NOT NULL))[1] AS "{name}"'
                    for name in _columns(table)
                    if name != "id"
                )
                self._run(
                    f"CREATE TEMP TABLE merged_{table.name} ON COMMIT DROP AS SELECT id,"
                    " (array_agg(file_ ORDER BY depth_, order_))[1] AS file_, (array_agg(row_ ORDER BY depth_, order_))[1]"
                    f" AS row_, min(order_) AS order_, {first} FROM stage_{table.name} GROUP BY id"
                )
                self._run(f"TRUNCATE stage_{table.name}")
                names = _quoted(["file_", "row_", *_columns(table)])
                self._run(
                    f"INSERT INTO stage_{table.name} ({names}) SELECT {names} FROM merged_{table.name} ORDER BY order_"
                )
            self._run(f"CREATE UNIQUE INDEX ON stage_{table.name} (id)")
        self._fold(messages)
        for table in TABLES.values():
            self._run(f"ANALYZE stage_{table.name}")

    def _report_duplicates(self, table: Table, messages: Messages) -> None:
        differing = ", ".join(
            f"CASE WHEN count(DISTINCT \"{name}\") > 1 THEN '{name}' END" for name in _columns(table) if name != "id"
        )
        doubles = self._run(
            f"SELECT (array_agg(file_ ORDER BY order_ DESC))[1], (array_agg(row_ ORDER BY order_ DESC))[1],"
            f" (array_agg(file_ || ', row ' || row_ ORDER BY order_))[1], array_remove(ARRAY[{differing}], NULL)"
            f" FROM stage_{table.name} WHERE depth_ = 0 GROUP BY id HAVING count(*) > 1 ORDER BY 1, 2"
        )
        for file, row, first, fields in doubles:
            if "last_modified" in fields:
                messages.add(
                    "warning", f"the same id stands in {first} with another date: the later one was taken", file, row, "id"
                )
            elif fields:
                messages.add("error", f"the same id stands in {first} with another value", file, row, fields[0])
            else:
                messages.add("warning", f"the same row stands in {first}: taken once", file, row, "id")

    def _fold(self, messages: Messages) -> None:
        for name, field in self._run("SELECT DISTINCT table_, field_ FROM stage_fold"):
            lost = self._run(
                f"SELECT f.file_, f.row_ FROM stage_fold f WHERE f.table_ = %s AND f.field_ = %s"
                f" AND NOT EXISTS (SELECT 1 FROM stage_{name} s WHERE s.id = f.id) ORDER BY f.order_",
                [name, field],
            )
            for file, row in lost:
                messages.add(
                    "warning", f"belongs to {TABLES[name].title} that is not in the set: left out", file, row, field
                )
            self._run(
                f'UPDATE stage_{name} s SET "{field}" = concat_ws(\'; \', s."{field}", f.text_) FROM (SELECT id,'
                " string_agg(text_, '; ' ORDER BY order_) AS text_ FROM stage_fold WHERE table_ = %s AND field_ = %s"
                " GROUP BY id) f WHERE f.id = s.id",
                [name, field],
            )

    def drop_confidential(self, table: Table, messages: Messages) -> int:
        """Keep the whereabouts of a confidential place out of the directory, whatever the file says.

        The messages name the row and never the value. Returns how many rows were left out.
        """
        hidden_places = (
            "SELECT id FROM directory_location WHERE is_confidential UNION SELECT id FROM stage_location WHERE confidential"
        )
        if table.name == "location":
            # A file never makes a confidential place public, not even by saying nothing.
            self._run(f"UPDATE stage_location SET confidential = true WHERE id IN ({hidden_places})")
            kept_out = ", ".join(f'"{name}" = NULL' for name in SECRET_COLUMNS)
            rows = self._run(
                f"UPDATE stage_location SET {kept_out} WHERE id IN ({hidden_places})"
                f" AND num_nonnulls({_quoted(SECRET_COLUMNS)}) > 0 RETURNING file_, row_"
            )
            for file, row in rows:
                messages.add("warning", "a confidential place: its whereabouts were left out", file, row)
            return 0
        conditions = {
            "address": f"location_id IN ({hidden_places})",
            "accessibility": f"location_id IN ({hidden_places})",
            "attribute": f"link_entity = 'location' AND link_id IN ({hidden_places})",
            "metadata": f"resource_type = 'location' AND resource_id IN ({hidden_places})",
        }
        if table.name not in conditions:
            return 0
        return self._delete(table, conditions[table.name], "belongs to a confidential place: left out", messages)

    def _delete(self, table: Table, condition: str, why: str, messages: Messages, field: str = "") -> int:
        rows = self._run(f"DELETE FROM stage_{table.name} s WHERE {condition} RETURNING file_, row_")
        for file, row in sorted(rows):
            messages.add("warning", why, file, row, field)
        return len(rows)

    def _absent(self, column: str, target: Table) -> str:
        """Condition: the row that `column` names is neither in the set nor in the directory."""
        stored = model_of(target)._meta.db_table
        return (
            f'NOT EXISTS (SELECT 1 FROM stage_{target.name} t WHERE t.id = s."{column}")'
            f' AND NOT EXISTS (SELECT 1 FROM {stored} t WHERE t.id = s."{column}")'
        )

    def resolve_references(self, table: Table, messages: Messages) -> int:
        """Drop what refers to nothing: the reference, or the row where it cannot stand without. Returns rows dropped."""
        left_out = 0
        for field in table.references:
            target = TABLES[field.refers_to or ""]
            words = f"refers to {target.title} that is not there"
            missing = f'"{field.name}" IS NOT NULL AND {self._absent(field.name, target)}'
            if field.is_required:
                condition = f'"{field.name}" IS NULL OR ({missing})'
                left_out += self._delete(table, condition, f"{words}: the row was left out", messages, field.name)
            else:
                rows = self._run(
                    f'UPDATE stage_{table.name} s SET "{field.name}" = NULL WHERE {missing} RETURNING file_, row_'
                )
                for file, row in sorted(rows):
                    messages.add("warning", f"{words}: the reference was left out", file, row, field.name)
        if table.name in BELONGS_TO_SOMETHING:
            nothing = f"num_nonnulls({_quoted(field.name for field in table.parents)}) = 0"
            left_out += self._delete(table, nothing, "belongs to nothing: the row was left out", messages)
        if table.name in LINKS:
            left_out += self._resolve_link(table, messages)
        return left_out

    def _resolve_link(self, table: Table, messages: Messages) -> int:
        id_column, table_column = LINKS[table.name]
        kinds = [name for (name,) in self._run(f"SELECT DISTINCT {table_column} FROM stage_{table.name}")]
        left_out = 0
        for kind in kinds:
            target = TABLES.get(kind)
            known = self._absent(id_column, target) if target else "true"
            condition = f"{table_column} = '{kind}' AND {known}" if target else f"{table_column} NOT IN ({_NAMES})"
            left_out += self._delete(table, condition, "belongs to a row that is not there: left out", messages, id_column)
        return left_out

    def _columns_held(self, table: Table) -> list[str]:
        """Columns that hold something in this set; others are not touched in rows that exist already."""
        names = [name for name in _columns(table) if name != "id"]
        counts = ", ".join(f'count("{name}") > 0' for name in names)
        held = self._run(f"SELECT {counts} FROM stage_{table.name}")[0]
        return [name for name, is_held in zip(names, held, strict=True) if is_held]

    def _value(self, table: Table, name: str) -> str:
        field = table.by_name[name]
        if field.kind is Kind.FLAG:
            return f'COALESCE(s."{name}", false)'
        if field.name == "police_contact":
            return f"COALESCE(s.\"{name}\", 'unknown')"
        return f"COALESCE(s.\"{name}\", '')" if field.kind in TEXT_KINDS else f's."{name}"'

    def _stored(self, table: Table, name: str) -> str:
        return table.by_name[name].column

    def _differs(self, table: Table) -> str:
        pairs = [
            f'd."{self._stored(table, name)}" IS DISTINCT FROM {self._value(table, name)}'
            for name in self._columns_held(table)
        ]
        # History only grows: a row of it that is known is never written again.
        return f"({' OR '.join(pairs)})" if pairs and table.name != "metadata" else "false"

    def compare(self, table: Table) -> tuple[int, int, int]:
        """Rows that are new, changed, unchanged against the directory."""
        stored = model_of(table)._meta.db_table
        new, changed, total = self._run(
            "SELECT count(*) FILTER (WHERE d.id IS NULL),"
            f" count(*) FILTER (WHERE d.id IS NOT NULL AND {self._differs(table)}), count(*)"
            f" FROM stage_{table.name} s LEFT JOIN {stored} d USING (id)"
        )[0]
        return new, changed, total - new - changed

    def describe_changes(self, table: Table) -> list[str]:
        """The first changed rows as lines `service “Name”: email: “old” → “new”`."""
        held = self._columns_held(table)
        if not held or table.name == "metadata":
            return []
        label = 's."name"' if "name" in table.by_name else "NULL"
        differences = ", ".join(
            f"CASE WHEN d.\"{self._stored(table, name)}\" IS DISTINCT FROM {self._value(table, name)} THEN '{name}: “' ||"
            f" left(COALESCE(d.\"{self._stored(table, name)}\"::text, ''), 60) || '” → “' ||"
            f" left(COALESCE({self._value(table, name)}::text, ''), 60) || '”' END"
            for name in held
        )
        rows = self._run(
            f"SELECT COALESCE({label}, s.id::text), array_to_string(array_remove(ARRAY[{differences}], NULL), '; ')"
            f" FROM stage_{table.name} s JOIN {model_of(table)._meta.db_table} d USING (id) WHERE {self._differs(table)}"
            f" ORDER BY s.order_ LIMIT {_SHOWN_CHANGES}"
        )
        return [f"{table.name} “{label}”: {words}" for label, words in rows]

    def upsert(self, table: Table) -> None:
        model = model_of(table)
        names = _columns(table)
        columns = [self._stored(table, name) for name in names]
        values = [self._value(table, name) if name != "id" else "s.id" for name in names]
        parameters: list[Any] = []
        moments = []
        for field in model._meta.concrete_fields:
            column = str(field.column)
            if column in columns:
                continue
            columns.append(column)
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                values.append("statement_timestamp()")
                moments.append(column)
            else:
                values.append("%s")
                parameters.append(field.get_default())
        changes = [
            f'"{self._stored(table, name)}" = EXCLUDED."{self._stored(table, name)}"' for name in self._columns_held(table)
        ]
        changes += [f'"{name}" = EXCLUDED."{name}"' for name in moments]
        differs = " OR ".join(
            f'd."{self._stored(table, name)}" IS DISTINCT FROM EXCLUDED."{self._stored(table, name)}"'
            for name in self._columns_held(table)
        )
        conflict = (
            f"DO UPDATE SET {', '.join(changes)} WHERE {differs}" if differs and table.name != "metadata" else "DO NOTHING"
        )
        self._run(
            f"INSERT INTO {model._meta.db_table} AS d ({_quoted(columns)}) SELECT {', '.join(values)}"
            f" FROM stage_{table.name} s ORDER BY s.order_ ON CONFLICT (id) {conflict}",
            parameters,
        )
