"""The days of help change by steps that keep them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("assistance", "0002_walls")]

    operations = [
        migrations.AddField(
            "staystep", "helped_from", models.DateField(help_text="Set by the database.", null=True)
        ),
        migrations.AddField(
            "staystep",
            "helped_until",
            models.DateField(help_text="Given when it changes, else set by the database.", null=True),
        ),
        migrations.AlterField(
            "staystep",
            "move",
            models.CharField(
                choices=[
                    ("lease", "The lease is signed"),
                    ("move_in", "They moved in"),
                    ("help", "Until when we help was changed"),
                    ("exit", "The help ends"),
                ],
                max_length=7,
            ),
        ),
        migrations.RunSQL([(SQL / "help_steps.sql").read_text()], migrations.RunSQL.noop),
    ]
