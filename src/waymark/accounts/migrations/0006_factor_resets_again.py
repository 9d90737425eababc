"""A code that was not used in time keeps nobody out for good: a granted request and a newly asked one may stand together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people")]

    operations = [
        migrations.RemoveConstraint(model_name="factorreset", name="one_open_factor_reset_a_member"),
        migrations.AlterField(
            model_name="factorreset",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Waits for a second person"),
                    ("granted", "Granted, not used yet"),
                    ("refused", "Refused"),
                    ("used", "Used"),
                    ("lapsed", "Not used; another took its place"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="factorreset",
            constraint=models.UniqueConstraint(
                fields=["membership", "state"],
                condition=models.Q(("state__in", ["asked", "granted"])),
                name="one_open_factor_reset_a_member",
            ),
        ),
    ]
