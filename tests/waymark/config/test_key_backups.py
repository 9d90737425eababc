"""Keys have a backup of their own: the main one opens nothing, a restore joins the newest, and old ones are gone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from tests.factories.vault import Person, founded_agency, let_in
from tests.plugins.database import OWNER, TestCluster

from waymark.config.launch import archive, key_backups
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place
from waymark.config.launch.progress import Trouble
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import new_record_key, open_record, restrict_record, shred_record
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.formats.key_backups import forget_old, name_at
from waymark.vault.models import RecordHold, RecordKey, WrappedKey
from waymark.vault.tasks import forget_key_backups

Owner = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def house(
    test_cluster: TestCluster, committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Place, Database]:
    """The test's own database, as the launcher sees one."""
    monkeypatch.delenv("WAYMARK_KEY_BACKUP_DAYS", raising=False)
    monkeypatch.delenv("WAYMARK_KEY_BACKUP_DIR", raising=False)
    database = Database(
        test_cluster.url(committed_db), test_cluster.url(committed_db, OWNER), test_cluster.cluster.programs, None
    )
    return Place(tmp_path, tmp_path / "data"), database


def main_dump(database: Database, target: Path) -> Path:
    """What `./waymark backup` dumps, by its own options."""
    archive.dump_database(database, target)
    return target


def secret_of(person: Person, kind: str = "case") -> tuple[uuid.UUID, bytes]:
    record = uuid.uuid4()
    with person.acting():
        secret = new_record_key(vault=person.vault(), kind=kind, record=record)
        return record, secret.seal("cases_case", "story", record, "an invented story")


def test_every_table_that_holds_a_key_is_left_out_of_the_main_backup() -> None:
    secret = {
        model._meta.db_table
        for model in apps.get_app_config("vault").get_models()
        if "secret" in getattr(model.Privacy, "fields", {}).values()  # type: ignore[attr-defined]
    }
    assert secret <= set(key_backups.KEY_TABLES)
    # What is known about a record's key, and what holds it, says nothing of the key: both stay in the main backup.
    beside = (RecordKey, RecordHold)
    assert set(key_backups.KEY_TABLES) == {
        model._meta.db_table for model in apps.get_app_config("vault").get_models() if model not in beside
    }


def test_the_main_backup_holds_no_key_in_any_form(house: tuple[Place, Database], owner: Owner, tmp_path: Path) -> None:
    founder = founded_agency()
    record, _ = secret_of(founder)
    (wrapped,) = owner("SELECT wrapped FROM vault_wrappedkey")[0]
    locked = "SELECT box FROM vault_epochseal UNION ALL SELECT by_passphrase FROM vault_userkey"
    boxes = [bytes(box) for (box,) in owner(locked)]
    dump = main_dump(house[1], tmp_path / "main.dump")
    reader = house[1].programs / "pg_restore"
    text = key_backups.run([reader, "--file=-", dump], "reading the dump", env={"PATH": "/usr/bin"})
    assert str(record) in text
    for secret in [bytes(wrapped), *boxes]:
        assert secret.hex() not in text
    for table in key_backups.KEY_TABLES:
        assert f"COPY public.{table}" not in text


def test_a_restore_joins_the_newest_keys(house: tuple[Place, Database], owner: Owner, tmp_path: Path) -> None:
    """An older main backup with the newest keys: what lived opens, what was destroyed in between does not."""
    place, database = house
    founder = founded_agency()
    colleague = let_in(founder)
    kept, kept_sealed = secret_of(founder)
    gone, _ = secret_of(founder)
    named, _ = secret_of(founder)
    dump = main_dump(database, tmp_path / "main.dump")
    key_backups.write_keys(place, database, archive._clean_environment())
    with founder.acting():
        shred_record(agency=founder.user.acting.agency_id, kind="case", record=gone, by=founder.user)  # type: ignore[union-attr]
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
        restrict_record(vault=founder.vault(), kind="case", record=named, to=[colleague.user.pk], by=founder.user)
    secret_of(founder)
    time.sleep(1.1)
    newest = key_backups.write_keys(place, database, archive._clean_environment())
    assert key_backups.chosen_keys(place, None, needed=True, without=False) == newest
    signing = owner("SELECT inner_pad, outer_pad FROM access.context_key")
    archive._restore_database(database, dump, newest)
    # What `migrate` does after every restore.
    owner("INSERT INTO access.context_key (inner_pad, outer_pad) VALUES (%s, %s)", signing[0])
    with founder.acting():
        vault = founder.vault()
        assert vault.number == 2
        secret = open_record(vault=vault, kind="case", record=kept)
        assert secret.read("cases_case", "story", kept, kept_sealed) == "an invented story"
        for record in (gone, named):
            with pytest.raises(CannotOpenError):
                open_record(vault=vault, kind="case", record=record)
        assert RecordKey.objects.get(record=named).is_restricted
        assert RecordKey.objects.count() == 3
        assert WrappedKey.objects.count() == 2
    with colleague.acting():
        assert open_record(vault=colleague.vault(), kind="case", record=named)
    assert key_backups.left_without(database) == 1


def test_without_a_backup_of_keys_a_restore_says_what_is_lost(house: tuple[Place, Database]) -> None:
    place, _ = house
    with pytest.raises(Trouble, match="nothing that is sealed opens any more"):
        key_backups.chosen_keys(place, None, needed=True, without=False)
    assert key_backups.chosen_keys(place, None, needed=True, without=True) is None
    assert key_backups.chosen_keys(place, None, needed=False, without=False) is None


def test_a_backup_of_keys_past_its_days_is_neither_used_nor_kept(house: tuple[Place, Database]) -> None:
    place, _ = house
    folder = key_backups.folder_of(place)
    folder.mkdir(parents=True)
    now = time.time()
    old, young = folder / name_at(now - 30 * 86_400), folder / name_at(now - 29 * 86_400)
    other = folder / "notes.txt"
    for path in (old, young, other):
        path.write_text("x")
    with pytest.raises(Trouble, match="older than 30 days"):
        key_backups.chosen_keys(place, str(old), needed=True, without=False)
    assert key_backups.chosen_keys(place, None, needed=True, without=False) == young
    assert forget_old(folder, 30, now) == [old]
    assert sorted(path.name for path in folder.iterdir()) == sorted([young.name, other.name])
    renamed = folder / "waymark-keys-newest.dump"
    renamed.write_text("x")
    with pytest.raises(Trouble, match="is no backup of keys"):
        key_backups.chosen_keys(place, str(renamed), needed=True, without=False)


def test_the_daily_job_deletes_by_the_names_alone(tmp_path: Path, settings: Any) -> None:
    settings.KEY_BACKUP_DIR = tmp_path
    (tmp_path / name_at(time.time() - 31 * 86_400)).write_text("x")
    forget_key_backups(0)
    assert list(tmp_path.iterdir()) == []
