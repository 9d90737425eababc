"""What came in for an agency is not handed on by it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "no_forwarding.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0008_relief_packets'),
    ]

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
