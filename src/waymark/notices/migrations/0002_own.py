"""Row security of notices: told by anybody's act, read by one person alone."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "own.sql"


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("access", "0001_context")]

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
