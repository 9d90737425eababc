"""A release can name single records of a scope, and the ledger says which of them left."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "named_records.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_agencies_elsewhere'),
        ('care', '0002_walls'),
        ('cases', '0008_legal_relief'),
        ('consent', '0004_both_sign'),
        ('disclosures', '0010_carried_files'),
        ('people', '0002_walls'),
        ('referrals', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReleaseRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=40)),
                ('record', models.UUIDField(help_text='A row of the table that the scope speaks of, about the same person.')),
                ('on', models.DateField(help_text='The day by which the person knows it.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='disclosure',
            name='records',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='Which records left, where the release names them one by one: scope and id.', size=None),
        ),
        migrations.AddField(
            model_name='release',
            name='by_record',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, help_text='Codes of the groups of which only the named records go (ReleaseRecord); none named is nothing.', size=None),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('records__len', 0), ('release__isnull', False), _connector='OR'), name='records_are_named_under_a_release'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('by_record__contained_by', models.F('scopes')), ('by_record__contained_by', ['person.contact', 'person.address', 'case.asked_for', 'care.needs', 'care.goals', 'care.services', 'referral.request', 'relief.legal'])), name='records_are_named_of_named_scopes'),
        ),
        migrations.AddField(
            model_name='releaserecord',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency'),
        ),
        migrations.AddField(
            model_name='releaserecord',
            name='release',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='records', to='consent.release'),
        ),
        migrations.AddConstraint(
            model_name='releaserecord',
            constraint=models.UniqueConstraint(fields=('agency', 'id'), name='consent_releaserecord_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='releaserecord',
            constraint=models.UniqueConstraint(fields=('agency', 'release', 'scope', 'record'), name='a_record_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='releaserecord',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['person.contact', 'person.address', 'case.asked_for', 'care.needs', 'care.goals', 'care.services', 'referral.request', 'relief.legal'])), name='only_records_of_known_scopes_are_named'),
        ),
        RowSecurity("consent_releaserecord"),
        CompositeForeignKey("consent_releaserecord", "release_id", "consent_release", "CASCADE"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
