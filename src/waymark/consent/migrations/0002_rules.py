"""The walls around releases and the ledger, keys over the agency, and the rules of the database."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "consent.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0001_consent"),
        ("access", "0001_context"),
        ("disclosures", "0006_receipts"),
        ("people", "0002_walls"),
    ]

    operations = [
        *(RowSecurity(f"consent_{table}") for table in ("disclosure", "package", "release", "signer")),
        CompositeForeignKey("consent_release", "person_id", "people_person"),
        CompositeForeignKey("consent_release", "permit_id", "disclosures_permit"),
        CompositeForeignKey("consent_release", "follows_id", "consent_release"),
        CompositeForeignKey("consent_signer", "release_id", "consent_release", "CASCADE"),
        CompositeForeignKey("consent_signer", "person_id", "people_person"),
        CompositeForeignKey("consent_disclosure", "person_id", "people_person"),
        CompositeForeignKey("consent_disclosure", "release_id", "consent_release"),
        CompositeForeignKey("consent_package", "release_id", "consent_release"),
        CompositeForeignKey("consent_package", "disclosure_id", "consent_disclosure"),
        CompositeForeignKey("consent_package", "packet_id", "disclosures_outboxpacket"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
