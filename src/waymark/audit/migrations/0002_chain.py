"""The triggers that link, guard and refuse. They see raw SQL too."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "chain.sql"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
