"""Events are told through one function, linked with less work, and many of one transaction in one go."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "door.sql"


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_links"), ("access", "0001_context")]

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
