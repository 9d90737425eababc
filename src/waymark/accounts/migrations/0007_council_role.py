"""The seventh role: who sits on the survivor council, in the non-profit that holds it."""

from pathlib import Path

from django.db import migrations, models

ROLES = Path(__file__).parent / "sql" / "roles.sql"
CHOICES = [
    ("administrator", "Administrator"),
    ("advocate", "Advocate"),
    ("coordinator", "Coordinator"),
    ("council", "Council"),
    ("member", "Member"),
    ("officer", "Officer"),
    ("steward", "Steward"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_factor_resets_again")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="membership_has_a_known_role"),
        migrations.AlterField("invitation", "role", models.CharField(choices=CHOICES, max_length=20)),
        migrations.AlterField("membership", "role", models.CharField(choices=CHOICES, max_length=20)),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(role__in=[role for role, _ in CHOICES]), name="membership_has_a_known_role"
            ),
        ),
        migrations.RunSQL([ROLES.read_text()], migrations.RunSQL.noop),
    ]
