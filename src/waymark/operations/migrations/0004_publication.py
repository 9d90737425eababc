"""The row wall around who stands in a shift, 30 days before results are public, and quarters that are given once."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import RowSecurity

SQL = Path(__file__).parent / "sql" / "publication.sql"


class Migration(migrations.Migration):
    dependencies = [("operations", "0003_roster_and_quarters"), ("newsroom", "0005_result_rules")]

    operations = [
        RowSecurity("operations_shiftadvocate"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
