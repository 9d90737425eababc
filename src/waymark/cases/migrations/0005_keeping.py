"""How long cases are kept, and destroying them by two people."""

import uuid
from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "keeping.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('cases', '0004_care_of_a_case'),
        ('people', '0002_walls'),
        ('vault', '0003_record_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DestructionRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(choices=[('kept', 'It was kept as long as it must be'), ('asked', 'The person asked for it'), ('mistake', 'It was opened by mistake')], max_length=10)),
                ('with_person', models.BooleanField(default=False, help_text='The file of the person too, when this is their last case.')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second person'), ('done', 'Destroyed'), ('refused', 'Not destroyed'), ('withdrawn', 'Taken back')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [
                    models.Index(fields=['agency', 'state', 'asked_at'], name='destructions_to_decide'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('agency', 'id'), name='cases_destructionrequest_of_agency'),
                    models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('agency', 'case'), name='one_waiting_destruction_a_case'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='a_destruction_is_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'refused']), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_decides_on_their_own_destruction'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'refused', 'withdrawn']), ('why__in', ['kept', 'asked', 'mistake'])), name='a_destruction_has_known_words'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('years', models.PositiveSmallIntegerField(help_text='Years after the case was closed.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)])),
                ('source', models.CharField(help_text='The law, contract or decision that says so.', max_length=300)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [
                    models.Index(fields=['agency', '-set_at'], name='newest_retention_rule'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('agency', 'id'), name='cases_retentionrule_of_agency'),
                    models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 100)), name='kept_for_some_years'),
                    models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='a_retention_rule_has_a_source'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_has_a_known_state',
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('inquiry', 'Inquiry'), ('intake', 'Intake'), ('active', 'Active'), ('on_hold', 'On hold'), ('closing', 'Closing'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('archived', 'Put away'), ('shredded', 'Destroyed')], default='inquiry', max_length=10),
        ),
        migrations.AlterField(
            model_name='casemove',
            name='move',
            field=models.CharField(choices=[('begin_intake', 'Begin intake'), ('activate', 'Begin the work'), ('hold', 'Put on hold'), ('resume', 'Go on'), ('begin_closing', 'Begin to close'), ('keep_open', 'Keep it open'), ('close', 'Close'), ('reopen', 'Reopen'), ('archive', 'Put away'), ('shred', 'Destroy')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['inquiry', 'intake', 'active', 'on_hold', 'closing', 'closed', 'reopened', 'archived', 'shredded'])), name='case_has_a_known_state'),
        ),
        RowSecurity("cases_destructionrequest"),
        RowSecurity("cases_retentionrule"),
        CompositeForeignKey("cases_destructionrequest", "case_id", "cases_case"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
