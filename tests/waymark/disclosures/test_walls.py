"""Around the slot: no table is written past it, not even with rights given by mistake or names planted in front of ours."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.disclosures import acting, frozen, permit_of
from tests.waymark.disclosures.conftest import Owner, Slot, Two

from waymark.disclosures.actions import crossing
from waymark.disclosures.formats.kinds import KINDS
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket, Permit

TABLES = ("disclosures_permit", "disclosures_outboxpacket", "disclosures_inboxpacket", "disclosures_ledgerline")
COPY = (
    "INSERT INTO disclosures_inboxpacket (id, agency_id, sender_id, packet, kind, purpose, fields, expires_at,"
    " delivered_at, sealed) VALUES (gen_random_uuid(), %s, %s, gen_random_uuid(), 'call', '', '{reason}',"
    " now() + '1 day', now(), 'forged')"
)
LINE = (
    "INSERT INTO disclosures_ledgerline (id, agency_id, packet, what, recipient_id, kind, purpose, fields, digest,"
    " was_read, at, by) VALUES (gen_random_uuid(), %s, gen_random_uuid(), 'disclosed', %s, 'call', '', '{reason}', 'x',"
    " false, now(), gen_random_uuid())"
)


def run(statement: str, *parameters: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


@pytest.fixture
def delivered(committed_two: Two) -> tuple[Two, OutboxPacket]:
    two = committed_two
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office, permit_of(two.advocate, two.office))
        crossing.deliver(packet.pk)
    return two, packet


def test_the_application_has_no_right_to_change_or_delete(two: Two) -> None:
    with acting(two.advocate):
        crossing.deliver(frozen(two.advocate, two.office, permit_of(two.advocate, two.office)).pk)
    for who in (two.advocate, two.prosecutor):
        with acting(who):
            for table in TABLES:
                for act in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
                    with pytest.raises(DatabaseError, match="permission denied"):
                        run(act)
            for table in TABLES[1:]:
                with pytest.raises(DatabaseError, match="permission denied"):
                    run(f"UPDATE {table} SET purpose = 'court'")


def test_the_application_writes_neither_a_copy_nor_a_line(two: Two) -> None:
    with acting(two.advocate):
        for statement in (COPY, LINE):
            for agency, other in ((two.office, two.shelter), (two.shelter, two.office)):
                with pytest.raises(DatabaseError, match="permission denied"):
                    run(statement, agency.pk, other.pk)


def test_with_rights_given_by_mistake_policy_and_trigger_still_refuse(
    delivered: tuple[Two, OutboxPacket], owner: Owner
) -> None:
    two, packet = delivered
    for table in TABLES:
        owner(f"GRANT ALL ON {table} TO waymark_app")
    with acting(two.advocate):
        # Into somebody else's inbox: the trigger speaks first, and without it the policy does.
        with pytest.raises(DatabaseError, match="Only the mail slot"):
            run(COPY, two.office.pk, two.shelter.pk)
        owner("ALTER TABLE disclosures_inboxpacket DISABLE TRIGGER b_refuse")
        with pytest.raises(DatabaseError, match="row-level security"):
            run(COPY, two.office.pk, two.shelter.pk)
        owner("ALTER TABLE disclosures_inboxpacket ENABLE TRIGGER b_refuse")
        with pytest.raises(DatabaseError, match=r"row-level security|Only the mail slot"):
            run(LINE, two.office.pk, two.shelter.pk)
        with pytest.raises(DatabaseError, match="append-only"):
            run("UPDATE disclosures_ledgerline SET fields = '{}'")
        with pytest.raises(DatabaseError, match="append-only"):
            run("DELETE FROM disclosures_ledgerline")
        for table in TABLES:
            with pytest.raises(DatabaseError, match=r"append-only|pending trigger|denied for table"):
                run(f"TRUNCATE {table} CASCADE")
        with pytest.raises(DatabaseError, match=r"frozen packet does not change|Only the mail slot"):
            run("UPDATE disclosures_outboxpacket SET fields = '{contact}'")
        with pytest.raises(DatabaseError, match="Only the mail slot"):
            run("UPDATE disclosures_outboxpacket SET state = 'recalled'")
        assert run("UPDATE disclosures_inboxpacket SET sealed = NULL") == 0, (
            "the recipient's table shows the sender nothing"
        )
    with acting(two.prosecutor):
        for change in ("sealed = 'other'", "kind = 'call'", "sender_id = agency_id", "read_at = now()"):
            with pytest.raises(DatabaseError, match=r"does not change|Only the mail slot"):
                run(f"UPDATE disclosures_inboxpacket SET {change}")
        with pytest.raises(DatabaseError, match="Only the mail slot"):
            run("DELETE FROM disclosures_inboxpacket")
        assert bytes(InboxPacket.objects.get().sealed) == bytes(packet.sealed)


def test_not_even_the_owner_changes_what_was_handed_over(delivered: tuple[Two, OutboxPacket], owner: Owner) -> None:
    two, packet = delivered
    with acting(two.prosecutor):
        crossing.acknowledge(two.shelter.pk, packet.pk)
    with acting(two.advocate):
        crossing.recall(packet.pk)
    for change in ("fields = '{contact}'", "sealed = 'other'", "read_at = NULL", "taken_back_at = NULL"):
        with pytest.raises(Exception, match="does not change"):
            owner(f"UPDATE disclosures_inboxpacket SET {change}")


STEPS = {
    ("waiting", "delivered"),
    ("waiting", "stopped"),
    ("delivered", "read"),
    ("delivered", "recalled"),
    ("read", "recalled"),
}


def test_not_even_the_owner_takes_a_packet_through_a_state_that_is_no_step(committed_two: Two, owner: Owner) -> None:
    two = committed_two
    packets = {}
    for state in OutboxPacket.State.values:
        with acting(two.advocate):
            packets[state] = frozen(two.advocate, two.office).pk
            if state in {"delivered", "read", "recalled"}:
                crossing.deliver(packets[state])
            if state in {"stopped", "recalled"}:
                crossing.recall(packets[state])
        if state == "read":
            with acting(two.prosecutor):
                crossing.acknowledge(two.shelter.pk, packets[state])
    for before, packet in packets.items():
        for after in OutboxPacket.State.values:
            if (before, after) not in STEPS:
                with pytest.raises(Exception, match="does not change"):
                    owner("UPDATE disclosures_outboxpacket SET state = %s WHERE id = %s", (after, packet))


def test_names_planted_in_a_temporary_schema_mislead_no_function(
    committed_two: Two, slot_of: Callable[[uuid.UUID], Slot]
) -> None:
    """A session may make temporary tables and functions; a careless definer function would read those instead of ours."""
    two = committed_two
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        packet = frozen(two.advocate, two.office, permit)
        run("UPDATE disclosures_permit SET revoked_at = now()")
        for table in (*TABLES, "accounts_agency"):
            run(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
        run("UPDATE pg_temp.disclosures_permit SET revoked_at = NULL")
        run(
            "CREATE FUNCTION pg_temp.permit_trouble(anyelement, uuid, text, text[], timestamptz) RETURNS text"
            " LANGUAGE sql AS 'SELECT NULL::text'"
        )
        run("CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")
        run("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'")
        run("SET LOCAL search_path = pg_temp, disclosures, access, public")
        with pytest.raises(Exception, match="permit was revoked"):
            crossing.deliver(packet.pk)
        run("SET LOCAL search_path = public")
        for table in (*TABLES, "accounts_agency"):
            run(f"DROP TABLE pg_temp.{table}")
        run("DROP FUNCTION pg_temp.clock_timestamp(), pg_temp.sha256(bytea)")
        run("DROP FUNCTION pg_temp.permit_trouble(anyelement, uuid, text, text[], timestamptz)")
        crossing.recall(packet.pk)
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies) == ("stopped", [], 0)


def test_a_permit_cannot_be_revoked_while_something_is_out_under_it(delivered: tuple[Two, OutboxPacket]) -> None:
    two, packet = delivered
    with pytest.raises(DatabaseError, match="still out"), acting(two.advocate):
        run("UPDATE disclosures_permit SET revoked_at = now()")
    with acting(two.advocate):
        assert Permit.objects.get().revoked_at is None
        run("UPDATE disclosures_permit SET revoked_at = now()")
        crossing.recall(packet.pk)


def test_the_application_plants_nothing_in_the_schemas_of_the_functions(two: Two) -> None:
    for schema in ("disclosures", "access", "public"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(f"CREATE FUNCTION {schema}.recall(text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'")


def test_when_the_line_cannot_be_written_nothing_leaves(
    committed_two: Two, owner: Owner, slot_of: Callable[[uuid.UUID], Slot]
) -> None:
    two = committed_two
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
    owner("ALTER TABLE disclosures_ledgerline ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    with acting(two.advocate), pytest.raises(DatabaseError, match="full_disk"):
        crossing.deliver(packet.pk)
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies) == ("waiting", [], 0)


def test_the_line_stands_before_the_copy(committed_two: Two, owner: Owner) -> None:
    """A trigger on the recipient's table looks for the line at the moment at which the copy arrives."""
    two = committed_two
    owner(
        "CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NOT EXISTS (SELECT FROM public.disclosures_ledgerline l WHERE l.packet = NEW.packet AND"
        " l.digest = sha256(NEW.sealed)) THEN RAISE EXCEPTION 'no line yet'; END IF; RETURN NEW; END $$"
    )
    owner("CREATE TRIGGER witness BEFORE INSERT ON disclosures_inboxpacket FOR EACH ROW EXECUTE FUNCTION witness()")
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        assert crossing.deliver(packet.pk) == "delivered"
        assert LedgerLine.objects.count() == 1


def test_the_database_and_the_list_of_kinds_agree(two: Two) -> None:
    with connection.cursor() as cursor:
        for kind in KINDS.values():
            cursor.execute("SELECT disclosures.closed_fields(%s)", [kind.code])
            fields = cursor.fetchone()[0]
            assert (fields is None) == kind.needs_permit
            assert fields is None or fields == sorted(question.code for question in kind.questions)
        cursor.execute("SELECT disclosures.closed_fields('unheard of')")
        assert cursor.fetchone()[0] is None, "an unknown kind needs a permit"


def test_a_kind_without_a_permit_has_no_line_to_write_on() -> None:
    for kind in KINDS.values():
        if not kind.needs_permit:
            assert all(question.answers or question.limit <= 120 for question in kind.questions)
