"""The walls around care, keys over agency and person, and the rules of care."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "care.sql"
TABLES = ("need", "goal", "step", "safetyplan", "assessment", "service")


class Migration(migrations.Migration):
    dependencies = [("care", "0001_care"), ("people", "0002_walls")]

    operations = [
        *(RowSecurity(f"care_{table}") for table in TABLES),
        *(CompositeForeignKey(f"care_{table}", "person_id", "people_person") for table in TABLES),
        CompositeForeignKey("care_goal", "need_id", "care_need"),
        CompositeForeignKey("care_goal", "pair_id", "care_goal"),
        CompositeForeignKey("care_goal", "instead_of_id", "care_goal"),
        CompositeForeignKey("care_step", "goal_id", "care_goal"),
        CompositeForeignKey("care_step", "instead_of_id", "care_step"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
