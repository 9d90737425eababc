"""Blank sheets with numbers, and the sheet from which a case was typed in."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('cases', '0006_files'),
        ('people', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='opened_on',
            field=models.DateField(help_text='The day of the first talk; when it was typed in, `made_at` says.'),
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('intake', 'First talk'), ('release', 'Sharing'), ('plan', 'Plan')], max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=5)),
                ('printed_at', models.DateTimeField(auto_now_add=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('printed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('agency', 'id'), name='cases_sheet_of_agency'),
                    models.UniqueConstraint(fields=('agency', 'kind', 'number'), name='one_sheet_a_number'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['intake', 'release', 'plan'])), name='sheet_has_a_kind'),
                ],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='sheet',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.sheet'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('agency', 'sheet'), name='one_case_a_sheet'),
        ),
        RowSecurity("cases_sheet"),
        CompositeForeignKey("cases_case", "sheet_id", "cases_sheet"),
    ]
