"""The walls around relief cases, keys over agency and case, and the rules of their steps."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "relief.sql"
OWNED = ("reliefstep", "holder")


class Migration(migrations.Migration):
    dependencies = [("relief", "0001_relief"), ("people", "0002_walls")]

    operations = [
        *(RowSecurity(f"relief_{table}") for table in ("reliefcase", *OWNED)),
        CompositeForeignKey("relief_reliefcase", "person_id", "people_person"),
        *(CompositeForeignKey(f"relief_{table}", "relief_id", "relief_reliefcase") for table in OWNED),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
