"""Links move to a table of their own, events are never changed again, and row security shows a chain to its agency alone."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "links.sql"
# The digest has another form now; nothing before this wrote an event, and an event is never made anew.
NOTHING_IS_WRITTEN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM audit_event) THEN
        RAISE EXCEPTION 'The audit chain holds events of a version that was never released; start with a new database.';
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain"), ("access", "0001_context")]

    operations = [
        migrations.RunSQL(NOTHING_IS_WRITTEN, migrations.RunSQL.noop),
        migrations.RemoveConstraint("event", "one_event_a_sequence_number"),
        migrations.RemoveField("event", "sequence"),
        migrations.RemoveField("event", "previous"),
        migrations.RemoveField("event", "digest"),
        migrations.AlterField(
            "event",
            "actor",
            models.CharField(help_text="A user's id, or `system:`, `command:`, `visitor:` and a name.", max_length=64),
        ),
        migrations.AlterField(
            "event",
            "result",
            models.CharField(
                choices=[("done", "Done"), ("denied", "Refused"), ("failed", "Failed")], default="done", max_length=10
            ),
        ),
        migrations.AddField(
            "event",
            "times",
            models.IntegerField(default=1, help_text="How often it was tried in its hour, up to this event."),
        ),
        migrations.AddField("head", "previous", models.BinaryField(default=b""), preserve_default=False),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="audit.event",
                    ),
                ),
                ("chain", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("previous", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chain", "sequence"), name="one_event_a_sequence_number")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.UUIDField()),
                ("actor", models.CharField(max_length=64)),
                ("verb", models.CharField(max_length=80)),
                ("hour", models.DateTimeField()),
                ("times", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "actor", "verb", "hour"), name="one_count_an_hour")
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("events", models.BigIntegerField()),
                ("problems", models.IntegerField()),
                ("first_problem", models.CharField(blank=True, max_length=200)),
            ],
            options={"indexes": [models.Index(fields=["chain", "-id"], name="newest_verification")]},
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
