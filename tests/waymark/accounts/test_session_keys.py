"""A session that is proved once more gets a new key and stays one session."""

from __future__ import annotations

from collections.abc import Callable

from tests.plugins.staff import SiteClient

from waymark.access.proof import PROOF
from waymark.accounts.models import Session


def test_a_new_key_for_the_same_session_leaves_one_row(staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of()
    store = client.session
    before, public = store.session_key, store[PROOF]["session"]
    store.cycle_key()
    assert store.session_key != before
    assert store[PROOF]["session"] == public
    assert str(Session.objects.get(user=client.user).id) == public
    assert not type(store)(before).exists(before)
