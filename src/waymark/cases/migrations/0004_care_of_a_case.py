"""What belongs to a person's care was begun in a case that is there, of the same agency."""

from django.db import migrations

from waymark.access.rows import CompositeForeignKey

TABLES = ("need", "goal", "step", "safetyplan", "assessment", "service")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_seal_language"), ("care", "0002_walls")]

    operations = [CompositeForeignKey(f"care_{table}", "case_id", "cases_case") for table in TABLES]
