"""What an order finds before records of treatment for substance use are given (42 CFR 2.61 to 2.65)."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "part_two.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('obligations', '0002_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='compelledrelease',
            name='has_finding',
            field=models.BooleanField(db_default=False, default=False, help_text='In a program that treats substance use, which it says in the open; elsewhere no, or it would tell.'),
        ),
        migrations.AddField(
            model_name='compelledrelease',
            name='part_two',
            field=models.BinaryField(help_text='Sealed, for every request alike: whether 42 CFR Part 2 applies, and what the order found.', null=True),
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
