"""The language in which a notice was told is sealed: a rare one says who somebody is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_walls")]

    operations = [
        migrations.RemoveField("noticetold", "language"),
        migrations.AddField(
            "noticetold",
            "language",
            models.BinaryField(help_text="Sealed: a rare language says who somebody is.", default=bytes),
            preserve_default=False,
        ),
    ]
