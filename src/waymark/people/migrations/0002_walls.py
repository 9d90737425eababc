"""The walls around people, keys over agency and person, and the rules of people."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "people.sql"
OWNED = ("address", "denial", "lookupvalue", "namedreader", "relation", "safecontact")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_people"), ("access", "0001_context"), ("vault", "0002_walls")]

    operations = [
        RowSecurity("people_person"),
        *(RowSecurity(f"people_{table}") for table in OWNED),
        CompositeForeignKey("people_person", "merged_into_id", "people_person"),
        *(CompositeForeignKey(f"people_{table}", "person_id", "people_person") for table in OWNED),
        CompositeForeignKey("people_relation", "other_id", "people_person"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
