"""Every day all chains are verified, their heads signed and laid beside the backups, so that a copy can leave the house.

A head that somebody else keeps is what makes a rewritten chain visible: without it the host could write a new one.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.audit.actions import verify_chain, wait_for_the_disk
from waymark.audit.formats import write_heads
from waymark.audit.selectors import chains, heads
from waymark.sealing.signatures import SigningKey


def heads_key() -> SigningKey:
    """This installation's signing key; made at first use, readable by its user alone."""
    path = Path(settings.DATA_DIR) / "secrets" / "audit-heads.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return SigningKey.load(path.read_bytes())
    key = SigningKey.generate()
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.export())
    return key


def export_heads(folder: Path, on: date) -> Path:
    """Write the signed heads of `on` into `folder`; the file appears when it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"audit-heads-{on.isoformat()}.json"
    draft = path.with_suffix(".part")
    found = heads()
    # What is signed must not be lost by a power cut a moment later.
    wait_for_the_disk()
    draft.write_text(write_heads(found, on=on, key=heads_key()))
    draft.replace(path)
    return path


@app.periodic(cron="37 3 * * *")
@app.task(name="audit.export_heads", queueing_lock="audit.export_heads")
def export_daily_heads(timestamp: int) -> None:
    """The daily verification and export, named by the region's day."""
    for chain in chains():
        verify_chain(chain)
    export_heads(Path(settings.DATA_DIR) / "audit-heads", timezone.localdate())
