"""The export as an archive: 24 files, no folder, and a page that says what is in it and what is not."""

from __future__ import annotations

import io
import zipfile

from waymark.reports.formats.hmis.tables import COLUMNS, CSV_VERSION, Tables, as_csv

README = "README.txt"
# What we do not keep, and so do not send: the file stands there with its head alone.
EMPTY: dict[str, str] = {
    "Affiliation": "which residential project another project belongs to",
    "Assessment": "assessments of coordinated entry",
    "AssessmentQuestions": "assessments of coordinated entry",
    "AssessmentResults": "assessments of coordinated entry",
    "CEParticipation": "part in coordinated entry",
    "CurrentLivingSituation": "where somebody lives from contact to contact",
    "Disabilities": "disabilities by kind",
    "EmploymentEducation": "employment and schooling",
    "Event": "events of coordinated entry",
    "Funder": "grants and their days",
    "IncomeBenefits": "income, benefits and insurance",
    "Inventory": "beds and units",
    "YouthEducationStatus": "schooling of youth",
}


def readme(tables: Tables, *, agency: str) -> str:
    """What whoever opens the archive must know."""
    counts = "".join(f"  {name}.csv  {len(tables[name])}\r\n" for name in COLUMNS if tables[name])
    empty = "".join(f"  {name}.csv  {what}\r\n" for name, what in EMPTY.items() if not tables[name])
    return (
        f"HMIS CSV {CSV_VERSION}, made by Waymark for {agency}.\r\n\r\n"
        "For this agency's own comparable database, and for nothing else. A victim-service provider must not enter\r\n"
        "people into an HMIS or another shared database, not even encoded, encrypted or hashed\r\n"
        "(34 USC 12291(b)(2); 42 USC 11363; 24 CFR 576.400(f)). To be verified with counsel.\r\n\r\n"
        "PersonalID is a random id. Where a name would stand there is the hash of a person's random code, and\r\n"
        "NameDataQuality is 2 (code name). There is no Social Security number. HashStatus is 4.\r\n\r\n"
        f"Rows:\r\n{counts}\r\n"
        f"Files with a head alone, because the agency's records here do not hold it:\r\n{empty}\r\n"
        "99 means that it was not collected. Each enrollment is a household of its own; families are not joined here.\r\n"
    )


def as_archive(tables: Tables, *, agency: str) -> bytes:
    """The archive. Its times are those of the format, not of the machine, so that equal content is equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in COLUMNS:
            archive.writestr(_entry(f"{name}.csv"), as_csv(name, tables[name]))
        archive.writestr(_entry(README), readme(tables, agency=agency))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
