"""The table of the OWASP ASVS 5.0 in docs/asvs.csv: how it is read, counted, and what it must hold.

A row says what proves it (tests, a document's section), why it does not apply, or `not yet`. Nothing else is an answer.
`python -m tests.architecture.asvs` writes the counts into docs/asvs.md.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs/asvs.csv"
PAGE = ROOT / "docs/asvs.md"
COLUMNS = ["id", "chapter", "level", "requirement", "answer", "proof", "note"]
ANSWERS = ("test", "document", "does not apply", "not yet")
WHOLE_CHAPTERS = frozenset({6, 7, 8, 11, 14, 16})
BEGIN, END = "<!-- counts: begin -->", "<!-- counts: end -->"
CHAPTERS = (
    "Encoding and sanitization", "Validation and business logic", "Web frontend", "API and web service", "Files",
    "Authentication", "Sessions", "Authorization", "Self-contained tokens", "OAuth and OIDC", "Cryptography",
    "Secure communication", "Configuration", "Data protection", "Secure coding and architecture", "Logging and errors",
    "WebRTC",
)  # fmt: skip
# The levels of the requirements of each section, in order: version 5.0.0 has 70 of level 1, 183 of 2, 92 of 3.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One requirement and our answer."""

    id: str
    chapter: int
    level: int
    requirement: str
    answer: str
    proof: tuple[str, ...]
    note: str

    @property
    def in_scope(self) -> bool:
        return self.level < 3 or self.chapter in WHOLE_CHAPTERS


def levels() -> dict[str, int]:
    """Every requirement of the standard and its level."""
    return {
        f"{section}.{number}": int(level)
        for section, found in LEVELS.items()
        for number, level in enumerate(found, start=1)
    }


def read() -> list[Row]:
    """The rows of docs/asvs.csv."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return [
            Row(
                each["id"], int(each["chapter"]), int(each["level"]), each["requirement"], each["answer"],
                tuple(each["proof"].split()), each["note"],
            )
            for each in reader
        ]  # fmt: skip


def counts(rows: list[Row]) -> str:
    """The table that docs/asvs.md shows."""
    lines = [f"| chapter | {' | '.join(ANSWERS)} | all |", "| --- | --- | --- | --- | --- | --- |"]
    scope = [row for row in rows if row.in_scope]

    def line(name: str, of: list[Row]) -> str:
        found = Counter(row.answer for row in of)
        return f"| {name} | {' | '.join(str(found[answer]) for answer in ANSWERS)} | {len(of)} |"

    for number, name in enumerate(CHAPTERS, start=1):
        lines.append(line(f"{number} {name}", [row for row in scope if row.chapter == number]))
    for level in (1, 2, 3):
        lines.append(line(f"level {level}", [row for row in scope if row.level == level]))
    lines.append(line("**in scope**", scope))
    lines.append(line("outside (level 3 of the other chapters)", [row for row in rows if not row.in_scope]))
    return "\n".join(lines)


def shown() -> str:
    """The counts that docs/asvs.md has now."""
    found = re.search(f"{BEGIN}\n(.*?)\n{END}", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, "docs/asvs.md has lost the place of its counts"
    return found[1]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{counts(read())}\n{END}{after}", encoding="utf-8")
