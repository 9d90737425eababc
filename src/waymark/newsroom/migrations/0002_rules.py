"""Row security until the moment, two people, corrections that keep the old words, and the one publication epoch."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
# A change of any of these makes pages anew; the function is the directory's, for there is one epoch.
TOUCHING = {
    "newsroom_agencyoffpage": "INSERT OR UPDATE OR DELETE",
    "newsroom_figurecorrection": "INSERT OR UPDATE OR DELETE",
    "newsroom_heldbackpart": "INSERT OR UPDATE OR DELETE",
    "newsroom_partnercheck": "INSERT OR UPDATE OR DELETE",
    "newsroom_pressitem": "INSERT OR UPDATE OR DELETE",
    "newsroom_publishedfigure": "INSERT OR UPDATE OR DELETE",
    "newsroom_wording": "INSERT OR UPDATE OR DELETE",
    "accounts_agency": "INSERT OR DELETE OR UPDATE OF name, kind, state, phone, email",
}


def touching() -> str:
    return "\n".join(
        f"CREATE TRIGGER z_newsroom_touched AFTER {events} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION directory_touched('{table}');"
        for table, events in TOUCHING.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_press"),
        ("directory", "0002_walls_and_history"),
        ("access", "0001_context"),
    ]

    operations = [
        migrations.RunSQL([(SQL / "press.sql").read_text()], migrations.RunSQL.noop),
        migrations.RunSQL([touching()], migrations.RunSQL.noop),
    ]
