"""Keys of agencies that run their own installation come by a card."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "elsewhere.sql"


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_record_holds"), ("accounts", "0010_agencies_elsewhere")]

    operations = [
        migrations.RunSQL(
            [SQL.read_text()],
            "DROP FUNCTION vault_take_keys(uuid, integer, integer[], bytea[], bytea[], bytea[], bytea[]);"
            " DROP FUNCTION vault_newest_compared(uuid)",
        )
    ]
