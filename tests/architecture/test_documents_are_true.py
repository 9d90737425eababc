"""What the documents name exists: tests of the threat model, files of the README, words of the glossary in order."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/threat-model.md").read_text()))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    assert len(named) > 20
    assert sorted(named - written) == []


def test_every_file_that_a_document_links_exists() -> None:
    missing = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").glob("*/README.md")]:
        text = document.read_text()
        links = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text)
        for link in links:
            if "://" not in link and not link.startswith("mailto:") and not (document.parent / link).exists():
                missing.append(f"{document.relative_to(ROOT)}: {link}")
    assert missing == []


def test_pictures_are_light() -> None:
    for picture in (ROOT / "docs/pictures").glob("*.png"):
        assert picture.stat().st_size < 150_000, picture.name


def test_the_glossary_is_in_order() -> None:
    words = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs/glossary.md").read_text(), re.M)[2:]
    assert words == sorted(words, key=str.lower)
