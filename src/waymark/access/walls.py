"""Reads the second wall back from the database, and says where it has a hole.

Migrations write row security table by table, years apart, by people in a hurry. One forgotten line (a view with its
owner's rights, a unique number without the agency, a plain foreign key) shows one agency what another keeps, and no page
looks wrong. So the wall is read back from the catalog itself, whatever wrote it: in CI, and by `./waymark check` every day,
because an administrator makes a real server's roles by hand.

A table is walled when it has row security. A table with an agency must be walled, unless its model says in
`Privacy.without_row_wall` why not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import apps

POLICY_WORDS = "(agency_id = ( SELECT access.current_agency() AS current_agency))"

# Every walled table with the column that holds its agency. Of tables with row security of another kind (the audit chains,
# public keys) only that it is forced is read here; their rules have tests of their own.
WALLED = """
walled AS (
    SELECT c.oid, c.oid::regclass::text AS name, a.attnum, a.attnotnull, a.atttypid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND a.attname = 'agency_id' AND NOT a.attisdropped AND NOT c.oid::regclass::text = ANY(%(open)s)
        AND (c.relrowsecurity OR EXISTS (SELECT FROM pg_policy q WHERE q.polrelid = c.oid))
)
"""


class Cursor(Protocol):
    def execute(self, query: str, params: Any = None, /) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Rule:
    """A query for what should not be, and the sentence that says so of each row."""

    sentence: str
    query: str


TABLES = (
    Rule(
        "{0} has an agency and no row security: add RowSecurity to its migration, or why not (Privacy.without_row_wall)",
        """SELECT DISTINCT c.oid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attname = 'agency_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_'
            AND NOT c.relrowsecurity AND NOT c.oid::regclass::text = ANY(%(open)s)""",
    ),
    Rule(
        "{0} has row security that is not enabled and forced: its owner, or everybody, sees all rows",
        """SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relrowsecurity <> c.relforcerowsecurity OR (c.oid IN (SELECT oid FROM walled) AND NOT c.relrowsecurity)""",
    ),
    Rule(
        "{0} needs exactly one policy, and has {1}",
        """SELECT w.name, count(p.oid) FROM walled w LEFT JOIN pg_policy p ON p.polrelid = w.oid
        GROUP BY w.oid, w.name HAVING count(p.oid) <> 1""",
    ),
    Rule(
        "{0} has a policy in other words than the house's: {1}",
        """SELECT w.name, coalesce(pg_get_expr(p.polqual, p.polrelid), 'no USING') || ' / '
            || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'no WITH CHECK')
        FROM walled w JOIN pg_policy p ON p.polrelid = w.oid
        WHERE NOT p.polpermissive OR p.polcmd <> '*' OR p.polroles <> '{0}'
            OR pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM %(words)s
            OR pg_get_expr(p.polwithcheck, p.polrelid) IS DISTINCT FROM %(words)s""",
    ),
    Rule(
        "{0}: the agency must be a uuid that is never null",
        """SELECT name FROM walled WHERE NOT coalesce(attnotnull, false) OR atttypid <> 'uuid'::regtype""",
    ),
    Rule(
        "{0}: the agency must be an agency that exists (a checked foreign key to accounts_agency)",
        """SELECT w.name FROM walled w WHERE NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conrelid = w.oid AND k.contype = 'f' AND k.convalidated AND k.conenforced
                AND k.conkey = ARRAY[w.attnum] AND k.confrelid = to_regclass('accounts_agency'))""",
    ),
    Rule(
        "{0}: no index begins with the agency, so a list reads everybody's rows",
        """SELECT w.name FROM walled w WHERE NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = w.oid AND i.indkey[0] = w.attnum AND i.indpred IS NULL)""",
    ),
    Rule(
        "{0}: the primary key must be a random uuid called id; a number tells how many rows all agencies have",
        """SELECT w.name FROM walled w WHERE NOT EXISTS (
            SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = w.oid AND i.indisprimary AND i.indnkeyatts = 1 AND a.attname = 'id'
                AND a.atttypid = 'uuid'::regtype)""",
    ),
    Rule(
        "{0}.{1} counts over all agencies: a sequence is under no row security",
        """SELECT w.name, a.attname::text FROM walled w JOIN pg_attribute a ON a.attrelid = w.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = w.oid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped
            AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%')""",
    ),
    Rule(
        "{0}: unique or exclusion key {1} lacks the agency: a duplicate tells what another agency keeps",
        """SELECT w.name, i.indexrelid::regclass::text FROM walled w JOIN pg_index i ON i.indrelid = w.oid
        WHERE (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary
            AND NOT w.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])""",
    ),
    Rule(
        "{0}: rule {1} runs with the owner's rights",
        """SELECT c.oid::regclass::text, r.rulename::text FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
            AND n.nspname <> 'information_schema'""",
    ),
)

KEYS = (
    Rule(
        "{0}: foreign key {1} to {2} must hold the agency on both ends, or it tells which hidden ids exist",
        """SELECT k.conrelid::regclass::text, k.conname::text, t.name
        FROM pg_constraint k JOIN walled t ON t.oid = k.confrelid
        LEFT JOIN walled s ON s.oid = k.conrelid
        WHERE k.contype = 'f' AND NOT EXISTS (
            SELECT FROM unnest(k.conkey, k.confkey) AS pair (here, there) WHERE here = s.attnum AND there = t.attnum)""",
    ),
    Rule(
        "{0}: foreign key {1} is not checked",
        """SELECT w.name, k.conname::text FROM walled w JOIN pg_constraint k ON k.conrelid = w.oid
        WHERE k.contype = 'f' AND NOT (k.convalidated AND k.conenforced)""",
    ),
    Rule(
        "{0}.{1} points to {2} without a constraint in the database: add CompositeForeignKey",
        # Which columns should have one is what the models say; see `relations`.
        """SELECT r.source, r.column_, r.target FROM unnest(%(sources)s::text[], %(columns)s::text[], %(targets)s::text[])
            AS r (source, column_, target)
        WHERE (r.source IN (SELECT name FROM walled) OR r.target IN (SELECT name FROM walled)) AND NOT EXISTS (
            SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
            WHERE k.contype = 'f' AND k.conrelid = to_regclass(r.source) AND k.confrelid = to_regclass(r.target)
                AND a.attname = r.column_)""",
    ),
)

READERS = (
    Rule(
        "view {0} looks with its owner's rights: add security_invoker = true",
        """SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'v' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
                SELECT FROM pg_options_to_table(c.reloptions)
                WHERE option_name = 'security_invoker' AND option_value::boolean)
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')""",
    ),
    Rule(
        "materialized view {0} keeps rows of every agency outside row security",
        """SELECT DISTINCT v.oid::regclass::text FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid JOIN walled w ON w.oid = d.refobjid
        WHERE v.relkind = 'm'""",
    ),
    Rule(
        "function {0} runs with its owner's rights and has no fixed search path that ends in pg_temp",
        """SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
            SELECT FROM unnest(p.proconfig) AS s
            WHERE s IN ('search_path=pg_catalog, pg_temp', 'search_path=public, pg_temp'))""",
    ),
    Rule(
        "function {0} runs with its owner's rights and everybody may call it: REVOKE EXECUTE ... FROM PUBLIC",
        """SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (
            p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS x WHERE x.grantee = 0))""",
    ),
    Rule(
        "function {0} says that it leaks nothing, so it may run before the policy",
        """SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.proleakproof AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'""",
    ),
)

ROLES = (
    Rule(
        "role {0} may sign in and go round row security, and is not the owner of the tables",
        """SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = %(app)s::text AND (
            r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)""",
    ),
    Rule(
        "role {0} is a member of {1}, and has its rights",
        """SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m
        WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = %(app)s::text)""",
    ),
    Rule(
        "role {0} owns {1}: an owner can take its wall away",
        """SELECT %(app)s::text, c.oid::regclass::text FROM pg_class c WHERE c.relkind NOT IN ('i', 'I', 't')
            AND c.relpersistence <> 't' AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = %(app)s::text)""",
    ),
    Rule(
        "{0} has {1} on {2}, which goes round row security",
        """SELECT coalesce(nullif(x.grantee, 0)::regrole::text, 'PUBLIC'), x.privilege_type, c.oid::regclass::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS x
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND x.grantee <> c.relowner AND (x.grantee = 0 OR x.is_grantable
                OR x.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'))
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')""",
    ),
    Rule(
        "role {0} may make objects in schema {1}, and so shadow ours",
        """SELECT %(app)s::text, n.nspname::text FROM pg_namespace n WHERE n.nspname !~ '^pg_'
            AND has_schema_privilege(%(app)s::text, n.oid, 'CREATE')""",
    ),
    Rule(
        "role {0} can read what its other sessions run: ALTER ROLE {0} SET track_activities = off",
        """SELECT %(app)s::text WHERE NOT EXISTS (
            SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
            WHERE r.rolname = %(app)s::text AND s.setdatabase = 0 AND 'track_activities=off' = ANY(s.setconfig))""",
    ),
    Rule(
        "role {0} can read or write the key that signs the context",
        """SELECT %(app)s::text
        WHERE has_table_privilege(%(app)s::text, 'access.context_key', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(%(app)s::text, 'access.context_key', 'SELECT, INSERT, UPDATE')""",
    ),
)


def holes(cursor: Cursor, *, app: str) -> Iterator[str]:
    """A sentence for each hole in the wall against the role `app`. Anybody who can sign in to the database may ask."""
    given = {"app": app, "words": POLICY_WORDS, "open": sorted(tables_without_wall()), **relations()}
    for rule in (*TABLES, *KEYS, *READERS, *ROLES):
        cursor.execute(f"WITH {WALLED} {rule.query}", given)
        for row in cursor.fetchall():
            yield rule.sentence.format(*row)


def tables_without_wall() -> Mapping[str, str]:
    """Tables that hold an agency and are meant to be seen across agencies, with the reason that their model gives."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        reason = getattr(getattr(model, "Privacy", None), "without_row_wall", None)
        if reason:
            found[model._meta.db_table] = str(reason)
    return found


def relations() -> dict[str, list[str]]:
    """Every foreign key that the models declare, whether or not Django makes the constraint."""
    sources: list[str] = []
    columns: list[str] = []
    targets: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and field.column is not None:
                sources.append(model._meta.db_table)
                columns.append(field.column)
                targets.append(target._meta.db_table)
    return {"sources": sources, "columns": columns, "targets": targets}
