"""The walls around diversion, keys over agency and row, and the rules of the program."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "diversion.sql"
KEYS = {
    "alumnus": {"enrollment_id": "enrollment"},
    "attendance": {"enrollment_id": "enrollment", "session_id": "groupsession"},
    "compliancereport": {"enrollment_id": "enrollment"},
    "docketentry": {"matter_id": "matter"},
    "eligibilityrule": {"program_id": "program"},
    "enrollment": {"phase_id": "phase", "program_id": "program", "referral_id": "referral"},
    "enrollmentmove": {"enrollment_id": "enrollment"},
    "enrollmentpermit": {"enrollment_id": "enrollment", "permit_id": "disclosures_permit"},
    "exit": {"enrollment_id": "enrollment", "hearing_id": "hearing"},
    "groupsession": {"program_id": "program"},
    "hearing": {"enrollment_id": "enrollment"},
    "matter": {},
    "matterpacket": {"matter_id": "matter"},
    "partydecision": {"matter_id": "matter", "referral_id": "referral"},
    "peermonth": {"enrollment_id": "enrollment"},
    "phase": {"program_id": "program"},
    "program": {},
    "progress": {"enrollment_id": "enrollment", "requirement_id": "requirement"},
    "referral": {"program_id": "program"},
    "reportcontest": {"report_id": "compliancereport"},
    "reportpacket": {"packet_id": "disclosures_outboxpacket", "report_id": "compliancereport"},
    "requirement": {"phase_id": "phase"},
    "response": {"enrollment_id": "enrollment"},
}


def table_of(name: str) -> str:
    return name if name.startswith("disclosures_") else f"diversion_{name}"


class Migration(migrations.Migration):
    dependencies = [
        ("diversion", "0001_tables"),
        ("access", "0001_context"),
        ("disclosures", "0004_kinds_of_diversion"),
        ("law", "0002_charges_in_force"),
    ]

    operations = [
        *(RowSecurity(table_of(name)) for name in KEYS),
        *(
            CompositeForeignKey(table_of(name), column, table_of(target))
            for name, keys in KEYS.items()
            for column, target in keys.items()
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
