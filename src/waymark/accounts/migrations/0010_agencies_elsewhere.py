"""An agency that runs its own installation: known here by name and public keys, and by nothing else."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "elsewhere.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_substance_use_programs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agency',
            name='state',
            field=models.CharField(choices=[('active', 'Active'), ('closed', 'Closed'), ('elsewhere', 'In its own installation')], default='active', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('is_host', True), ('state', 'elsewhere'), _negated=True), name='the_agency_that_runs_it_is_here'),
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
