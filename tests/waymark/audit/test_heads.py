"""The signed export of heads: what shows a chain that was rewritten as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.waymark.audit.writing import AGENCY, write

from waymark.audit.formats import HeadsError, read_heads, write_heads
from waymark.audit.selectors import heads, problems_of
from waymark.audit.tasks import heads_key
from waymark.sealing.signatures import SigningKey

Owner = Callable[..., list[tuple[Any, ...]]]


def test_a_signed_head_shows_a_chain_that_was_rewritten_as_a_whole(committed_db: str, owner: Owner) -> None:
    write(3)
    key = SigningKey.generate()
    exported = write_heads(heads(), on=date(2026, 1, 31), key=key)
    write(1)
    known = read_heads(exported, public_key=key.public)
    assert list(problems_of(AGENCY, known=known[AGENCY])) == []

    # A host who removes everything and writes a new, consistent chain.
    owner("DELETE FROM audit_link")
    owner("DELETE FROM audit_event")
    owner("DELETE FROM audit_head")
    write(2)

    assert list(problems_of(AGENCY)) == []
    assert [problem.what for problem in problems_of(AGENCY, known=known[AGENCY])] == [
        "truncated: an exported head tells of 3 events"
    ]
    write(1)
    assert [problem.what.split(":")[0] for problem in problems_of(AGENCY, known=known[AGENCY])] == ["rewritten"]


def test_an_export_that_was_touched_is_refused() -> None:
    exported = write_heads({AGENCY: (3, b"x" * 32)}, on=date(2026, 1, 31), key=SigningKey.generate())
    with pytest.raises(HeadsError, match="signature does not hold"):
        read_heads(exported.replace("2026-01-31", "2026-01-30"))
    with pytest.raises(HeadsError, match="another key"):
        read_heads(exported, public_key=SigningKey.generate().public)
    with pytest.raises(HeadsError, match="no export"):
        read_heads("[]")


def test_the_daily_export_is_signed_by_a_key_that_only_its_user_reads(
    committed_db: str, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    write(2)

    call_command("audit_heads", str(tmp_path / "out"))
    call_command("audit_heads", str(tmp_path / "out"))

    path = Path(capsys.readouterr().out.splitlines()[-1])
    assert read_heads(path.read_text(), public_key=heads_key().public)[AGENCY][0] == 2
    assert ((tmp_path / "data" / "secrets" / "audit-heads.key").stat().st_mode & 0o777) == 0o600
    call_command("audit_verify", "--heads", str(path))
    assert "Whole: 1 chains, 2 events" in capsys.readouterr().out
