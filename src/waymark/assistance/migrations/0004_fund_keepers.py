"""Whoever keeps a fund is judged by the database, which keeps what a fund said before a change (docs/adr/0921)."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_agencies_off_the_list'),
        ('assistance', '0003_help_steps'),
        ('coalition', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FundChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(choices=[('name', 'Name'), ('source', 'Who gives it'), ('ends_on', 'Until'), ('cap_request', 'Two approve above, a request'), ('cap_household', 'Two approve above, a household'), ('categories', 'It is for')], max_length=13)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.fund')),
            ],
            options={
                'ordering': ['-at', 'field'],
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'fund', '-at'], name='changes_of_a_fund')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='assistance_fundchange_of_agency'), models.CheckConstraint(condition=models.Q(('field__in', ('name', 'source', 'ends_on', 'cap_request', 'cap_household', 'categories'))), name='a_fund_s_change_is_of_a_field')],
            },
        ),
        RowSecurity('assistance_fundchange'),
        CompositeForeignKey('assistance_fundchange', 'fund_id', 'assistance_fund'),
        migrations.RunSQL([(SQL / 'fund_keepers.sql').read_text()], migrations.RunSQL.noop),
    ]
