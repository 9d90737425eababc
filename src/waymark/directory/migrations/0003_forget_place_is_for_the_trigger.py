"""A function with its owner's rights is called by its trigger, and by nobody who signs in to the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_walls_and_history")]

    operations = [
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION directory_forget_place() FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION directory_forget_place() TO PUBLIC",
        )
    ]
