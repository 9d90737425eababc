"""The walls around the four tables, and the slot in them."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "slot.sql"
TABLES = ("disclosures_permit", "disclosures_outboxpacket", "disclosures_inboxpacket", "disclosures_ledgerline")


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_packets"), ("access", "0001_context"), ("vault", "0002_walls")]

    operations = [
        *(RowSecurity(table) for table in TABLES),
        CompositeForeignKey("disclosures_outboxpacket", "permit_id", "disclosures_permit"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
