"""Once a day backups of keys whose days are over are deleted, so that the certificates of destruction stay true.

The job deletes files by the date in their names. It opens none, and holds no key.
"""

from __future__ import annotations

import time

from django.conf import settings
from procrastinate.contrib.django import app

from waymark.vault.formats.key_backups import forget_old


@app.periodic(cron="12 4 * * *")
@app.task(name="vault.forget_key_backups", queueing_lock="vault.forget_key_backups")
def forget_key_backups(timestamp: int) -> None:
    forget_old(settings.KEY_BACKUP_DIR, settings.KEY_BACKUP_DAYS, time.time())
