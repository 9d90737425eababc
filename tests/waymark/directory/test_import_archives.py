"""An archive is read where it lies: its entries are never written, so a path or a link in one leads nowhere."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

from waymark.directory.formats.hsds_sources import open_source


def test_a_path_in_an_archive_is_a_name_and_no_place(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    with zipfile.ZipFile(inner / "set.zip", "w") as made:
        made.writestr("../../services.csv", "id,name\n1,Invented\n")
    with open_source(str(inner / "set.zip")) as files:
        for found in files:
            with found.open() as stream:
                assert stream.read() == b"id,name\n1,Invented\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "set.zip"]


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("id,name\n1,Hidden\n")
    link = zipfile.ZipInfo("services.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as made:
        made.writestr(link, str(secret))
    with open_source(str(tmp_path / "set.zip")) as files:
        (found,) = files
        with found.open() as stream:
            assert stream.read() == str(secret).encode(), "the text of the link and nothing behind it"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "set.zip"]
