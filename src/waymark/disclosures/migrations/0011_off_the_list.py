"""Nothing waits for an agency that is taken off the list, and no packet of it is taken in."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "off_the_list.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_agencies_off_the_list'),
        ('disclosures', '0010_carried_files'),
    ]

    operations = [migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop)]
