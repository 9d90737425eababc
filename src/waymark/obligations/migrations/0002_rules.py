"""The walls around what courts, law and people ask, keys over agency and row, and the rules of each."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "obligations.sql"
OF_PERSON = ("legalprocess", "mandatedreport", "personreached", "statement")
OF_PROCESS = ("compelledrelease", "step", "telling")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_answering_courts"),
        ("cases", "0002_walls"),
        ("consent", "0002_rules"),
        ("obligations", "0001_obligations"),
        ("people", "0002_walls"),
    ]

    operations = [
        *(RowSecurity(f"obligations_{table}") for table in (*OF_PERSON, *OF_PROCESS, "counsel", "incident")),
        *(CompositeForeignKey(f"obligations_{table}", "person_id", "people_person") for table in OF_PERSON),
        *(CompositeForeignKey(f"obligations_{table}", "process_id", "obligations_legalprocess") for table in OF_PROCESS),
        CompositeForeignKey("obligations_step", "report_id", "obligations_mandatedreport"),
        CompositeForeignKey("obligations_step", "incident_id", "obligations_incident"),
        CompositeForeignKey("obligations_personreached", "incident_id", "obligations_incident"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
