import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0007_council_role'),
        ('cases', '0004_care_of_a_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseSheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Looked at'), ('done', 'Brought in'), ('dropped', 'Not brought in')], default='waiting', max_length=8)),
                ('rows', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('fingerprint', models.BinaryField(help_text='Keyed hash of the file, so that the same file is known again.', max_length=32)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', '-made_at'], name='newest_sheets')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='reports_casesheet_of_agency'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'dropped'])), name='sheet_has_a_known_state'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('rows'))), name='no_more_cases_than_rows'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='a_sheet_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('template', models.CharField(max_length=40)),
                ('version', models.CharField(max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('tables', models.JSONField(help_text='As they are published: a hidden count is null here, too.')),
                ('what_was_wrong', models.TextField(blank=True, max_length=2000)),
                ('certified_at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('certified_by', models.ForeignKey(help_text='Set by the database.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reports.report')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', '-starts_on', 'certified_at'], name='newest_reports')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='reports_report_of_agency'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('agency', 'template', 'version', 'starts_on'), name='one_report_a_period'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='report_has_a_period'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('what_was_wrong', '')), models.Q(('corrects__isnull', False), models.Q(('what_was_wrong', ''), _negated=True)), _connector='OR'), name='a_correction_says_what_was_wrong')],
            },
        ),
        migrations.CreateModel(
            name='SheetRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(help_text='The number that a spreadsheet shows beside it.')),
                ('sealed', models.BinaryField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('sheet', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='reports.casesheet')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='reports_sheetrow_of_agency'), models.UniqueConstraint(fields=('agency', 'sheet', 'number'), name='one_line_a_number')],
            },
        ),
        migrations.CreateModel(
            name='CaseFacts',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'case facts',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='reports_casefacts_of_agency'), models.UniqueConstraint(fields=('agency', 'case'), name='one_row_of_facts_a_case')],
            },
        ),
    ]
