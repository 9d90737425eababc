"""The context of a transaction: what the database believes, and that nothing of it is left afterwards."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from waymark.access.context import SETTING, ContextRefused, acting_for, current_context

AGENCY, USER, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))


def believed() -> tuple[uuid.UUID | None, uuid.UUID | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.current_agency(), access.current_actor()")
        found: tuple[uuid.UUID | None, uuid.UUID | None] = cursor.fetchone()
        return found


def test_the_database_believes_the_signed_context_and_forgets_it(db: None) -> None:
    assert believed() == (None, None)
    with acting_for(AGENCY, USER):
        assert believed() == (AGENCY, USER)
        with acting_for(AGENCY, USER):
            assert believed() == (AGENCY, USER)
        assert believed() == (AGENCY, USER)
    assert believed() == (None, None)
    assert current_context() is None


def test_a_forged_context_is_none(db: None) -> None:
    with acting_for(AGENCY, USER), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [SETTING])
        token = cursor.fetchone()[0]
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, token.replace(str(AGENCY), str(OTHER))])
        assert believed() == (None, None)


def test_one_transaction_acts_for_one_agency(db: None) -> None:
    with acting_for(AGENCY, USER), pytest.raises(ContextRefused), acting_for(OTHER, USER):
        pytest.fail("it acted for a second agency")
