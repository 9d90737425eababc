"""Every look at a packet is told to its sender."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "receipts.sql"


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0005_package_and_receipt")]

    operations = [
        RowSecurity("disclosures_receipt"),
        CompositeForeignKey("disclosures_receipt", "packet_id", "disclosures_outboxpacket"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
