"""docs/asvs.csv is whole, and nothing in it is claimed that does not exist."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from tests.architecture.asvs import ANSWERS, ROOT, counts, levels, read, shown

# What decides for a house like this one (reference on case management, 6.2); each has a test, or the area that brings it.
DECISIVE = (
    "2.3.4", "2.3.5", "2.4.1",
    "5.1.1", "5.2.1", "5.2.2", "5.2.3", "5.2.6", "5.3.1", "5.3.2", "5.4.1", "5.4.2", "5.4.3",
    "6.2.1", "6.2.5", "6.2.10", "6.2.12", "6.3.3", "6.4.3", "6.4.4",
    "7.3.1", "7.3.2", "7.4.5", "7.5.3",
    "8.1.2", "8.2.3", "8.3.2", "8.4.1",
    "11.1.2", "11.3.3", "11.3.4", "13.3.1", "13.3.2",
    "14.2.1", "14.2.6", "14.2.7", "14.2.8", "14.3.1", "14.3.2", "14.3.3", "15.3.3",
    "16.2.5", "16.3.2", "16.4.2", "16.4.3",
)  # fmt: skip


def _tests() -> dict[str, list[Path]]:
    """Every test function of the repository, and the files that have one of that name."""
    found = defaultdict(list)
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M):
            found[name].append(path)
    return found


def _anchors(document: Path) -> set[str]:
    """The sections of a document, named as a link to them is."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_requirement_has_one_row_with_its_level() -> None:
    rows = read()
    assert [row.id for row in rows] == list(levels())
    assert {row.id: row.level for row in rows} == levels()
    assert all(row.chapter == int(row.id.split(".")[0]) for row in rows)


def test_every_row_is_answered_in_one_of_four_ways() -> None:
    for row in read():
        assert row.requirement, row.id
        assert row.answer in ANSWERS, row.id
        # Only tests and documents are proof; whoever says that a requirement does not apply says why.
        assert bool(row.proof) == (row.answer in {"test", "document"}), row.id
        assert row.note or row.answer != "does not apply", row.id


def test_every_named_test_exists_and_its_name_is_its_own() -> None:
    written = _tests()
    named = {name for row in read() if row.answer == "test" for name in row.proof}
    assert len(named) > 50
    assert sorted(name for name in named if name not in written) == []
    # Of two tests of one name nobody could say which one proves it.
    assert {name: written[name] for name in named if len(written[name]) > 1} == {}


def test_every_named_section_of_a_document_exists() -> None:
    for row in read():
        if row.answer == "document":
            for place in row.proof:
                name, _, anchor = place.partition("#")
                assert anchor in _anchors(ROOT / name), f"{row.id}: {place}"


@pytest.mark.parametrize("wanted", DECISIVE)
def test_what_decides_has_a_proof_or_says_which_area_brings_it(wanted: str) -> None:
    (row,) = [row for row in read() if row.id == wanted]
    assert row.answer in {"test", "document"} or row.note, wanted


def test_the_counts_in_the_document_are_true() -> None:
    assert shown() == counts(read()), "write them again: python -m tests.architecture.asvs"
