"""The signed context of a transaction. The key itself is put in after every migrate, by `waymark.accounts.apps`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "context.sql"


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
