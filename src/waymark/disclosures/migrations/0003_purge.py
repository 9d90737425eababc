"""Expired packets go at night, also those that nobody looks at."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "purge.sql"


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0002_slot")]

    operations = [migrations.RunSQL([SQL.read_text()], "DROP FUNCTION disclosures.purge()")]
