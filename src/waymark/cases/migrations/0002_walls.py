"""The walls around cases, keys over agency and case, and the rules of cases."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "cases.sql"
OWNED = ("casemove", "noticetold", "note")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases"), ("people", "0002_walls")]

    operations = [
        *(RowSecurity(f"cases_{table}") for table in ("case", *OWNED, "addendum")),
        CompositeForeignKey("cases_case", "person_id", "people_person"),
        *(CompositeForeignKey(f"cases_{table}", "case_id", "cases_case") for table in OWNED),
        CompositeForeignKey("cases_addendum", "note_id", "cases_note"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
