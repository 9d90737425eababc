"""The walls around who sits where, the rules of reviews and voices, and the types that wait for the council."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity
from waymark.council.formats.gated_types import TYPES

SQL = Path(__file__).parent / "sql" / "reviews.sql"


def load_types(apps, schema_editor):
    apps.get_model("council", "GatedType").objects.bulk_create(
        apps.get_model("council", "GatedType")(code=each.code, name=each.name, is_gated=each.is_gated, why=each.why)
        for each in TYPES
    )


class Migration(migrations.Migration):
    dependencies = [("council", "0001_council"), ("access", "0001_context"), ("coalition", "0001_initial")]

    operations = [
        RowSecurity("council_seatholder"),
        RowSecurity("council_paidtime"),
        CompositeForeignKey("council_paidtime", "holder_id", "council_seatholder"),
        migrations.RunPython(load_types, migrations.RunPython.noop),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
