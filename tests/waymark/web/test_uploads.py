"""The one file that the staff site takes is read in memory, within its limit, and is kept nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.plugins.staff import SiteClient

from waymark.web.forms import ZIP_FILE_LIMIT

SETTINGS = "/region/settings/"


def _send(client: SiteClient, name: str, content: bytes) -> Any:
    upload = SimpleUploadedFile(name, content, content_type="text/plain")
    return client.send(SETTINGS, {"name": "Example County", "zip_file": upload})


def test_an_upload_that_is_too_large_is_told_beside_its_field(coordinator: SiteClient) -> None:
    answer = _send(coordinator, "zips.txt", b"95814,38.58,-121.49\n" * (ZIP_FILE_LIMIT // 20 + 1))
    assert answer.status_code == 422
    assert "This file is over 2 MB" in answer.content.decode()


@pytest.mark.parametrize("name", ["zips.txt", "../../zips.txt", "zips.py", "zips.php.txt", "zips\r\nX-Header: 1.txt"])
@pytest.mark.parametrize("size", [20, 3_000_000])
def test_an_upload_is_read_and_kept_nowhere(
    coordinator: SiteClient, settings: Any, tmp_path: Path, name: str, size: int
) -> None:
    """Also the large one, which waits in a file of the temporary folder while it is looked at."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answer = _send(coordinator, name, (b"95814,38.58,-121.49\n" * (size // 20))[:size])
    assert answer.status_code in {302, 422}
    answer.close()
    assert "X-Header" not in answer
    assert list(tmp_path.iterdir()) == []
