"""The row wall around what agencies for victims counted, and the rule that a charge is counted on its days alone."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import RowSecurity

SQL = Path(__file__).parent / "sql" / "counts.sql"


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial"), ("access", "0001_context"), ("law", "0002_charges_in_force")]

    operations = [
        RowSecurity("operations_servicecount"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
