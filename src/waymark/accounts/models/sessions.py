"""Sessions of the staff site: whose they are, since when, on what kind of device. No address, no agent.

The table holds a hash of each session's key, so that a copy of the database opens no session. A row that is deleted is a
session that has ended, at the very next request; nothing can write it back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from waymark.access.proof import PENDING_FOR, pending_of, proof_of
from waymark.accounts.models.users import User

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
TOUCHED_EVERY = dt.timedelta(minutes=1)


def hashed(key: str) -> str:
    """What the table knows a session's key by; the key has 165 random bits, so a plain hash cannot be turned round."""
    return hashlib.sha256(f"waymark session|{key}".encode()).hexdigest()[:40]


class Session(AbstractBaseSession):
    """One browser that somebody signed in with, or is about to."""

    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=40, blank=True, help_text="A coarse word: Windows computer, iPhone.")

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="newest_sessions_of_a_user")]

    class Privacy:
        kind = "staff"
        fields = {
            "session_key": "secret",
            "session_data": "secret",
            "expire_date": "staff activity",
            "id": "reference",
            "user": "staff activity",
            "began_at": "staff activity",
            "seen_at": "staff activity",
            "device": "staff activity",
        }

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's store, over hashed keys, with an idle and an absolute limit that no later visit can move."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        found = Session.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=now, seen_at__gt=now - IDLE
        ).first()
        if found is None:
            self._session_key = None
            return None
        if now - found.seen_at > TOUCHED_EVERY:
            Session.objects.filter(pk=found.pk).update(seen_at=now)
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        proof = proof_of(data)
        began_at = dt.datetime.fromtimestamp(proof.began_at, dt.UTC) if proof else now
        # Whoever has not proved anything yet gets minutes, so that rows of passers-by do not pile up.
        ends_at = began_at + (ABSOLUTE if proof else PENDING_FOR)
        pending = pending_of(data)
        # A sign-in that waits for its second step is its person's too: it ends with all the others.
        user = data.get(SESSION_KEY) or (pending.user if pending else None)
        return Session(
            session_key=hashed(cast(str, self._get_or_create_session_key())),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=ends_at,
            id=uuid.UUID(proof.session) if proof else uuid.uuid4(),
            user_id=user,
            began_at=began_at,
            seen_at=now,
            device=proof.device if proof else "",
        )

    def cycle_key(self) -> None:
        """A new key for the same session: the row is renamed, so that a session that was ended is not made anew."""
        before, data = self.session_key, self._get_session()  # type: ignore[attr-defined]
        if before is None or proof_of(data) is None:
            super().cycle_key()
            return
        after = self._get_new_session_key()  # type: ignore[attr-defined]
        if not Session.objects.filter(session_key=hashed(before)).update(session_key=hashed(after)):
            raise UpdateError
        self._session_key = after
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        now = timezone.now()
        Session.objects.filter(models.Q(expire_date__lt=now) | models.Q(seen_at__lt=now - IDLE)).delete()
