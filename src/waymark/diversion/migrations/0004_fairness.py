"""The fairness survey as counts, its wall, and that what was counted stays counted."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from pathlib import Path
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "fairness.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_answering_courts'),
        ('diversion', '0003_orders_to_seal'),
    ]

    operations = [
        migrations.CreateModel(
            name='FairnessRound',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('instrument', models.CharField(help_text='Which instrument, and its version.', max_length=40)),
                ('quarter', models.DateField(help_text='Its first day.')),
                ('handed_out', models.PositiveSmallIntegerField(default=0, help_text='Sheets, and turns at a device.')),
                ('answered', models.PositiveSmallIntegerField(default=0)),
                ('spent', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, help_text='Turns that were counted, hashed and sorted: a form sent twice counts once.', size=None)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('program', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diversion.program')),
            ],
            options={
                'ordering': ['quarter'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FairnessCount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=24)),
                ('answer', models.PositiveSmallIntegerField(help_text='The place on the scale; 0 is no answer.')),
                ('number', models.PositiveSmallIntegerField(default=0)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('round', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='diversion.fairnessround')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='fairnessround',
            constraint=models.UniqueConstraint(fields=('agency', 'id'), name='diversion_fairnessround_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='fairnessround',
            constraint=models.UniqueConstraint(fields=('agency', 'program', 'quarter'), name='one_survey_a_quarter'),
        ),
        migrations.AddConstraint(
            model_name='fairnessround',
            constraint=models.CheckConstraint(condition=models.Q(('answered__lte', models.F('handed_out'))), name='nobody_answers_unasked'),
        ),
        migrations.AddConstraint(
            model_name='fairnessround',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='a_quarter_begins_with_its_first_day'),
        ),
        migrations.AddConstraint(
            model_name='fairnesscount',
            constraint=models.UniqueConstraint(fields=('agency', 'id'), name='diversion_fairnesscount_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='fairnesscount',
            constraint=models.UniqueConstraint(fields=('agency', 'round', 'question', 'answer'), name='one_count_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='fairnesscount',
            constraint=models.CheckConstraint(condition=models.Q(('answer__lte', 9)), name='answer_is_on_the_scale'),
        ),
        RowSecurity("diversion_fairnessround"),
        RowSecurity("diversion_fairnesscount"),
        CompositeForeignKey("diversion_fairnessround", "program_id", "diversion_program"),
        CompositeForeignKey("diversion_fairnesscount", "round_id", "diversion_fairnessround"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
