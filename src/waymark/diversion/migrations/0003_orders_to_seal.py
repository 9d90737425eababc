"""What an agency has done for an order to seal, behind its own wall."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import RowSecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_answering_courts'),
        ('diversion', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SealTask',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('packet', models.UUIDField(help_text='This agency’s copy of the order.')),
                ('order', models.UUIDField(help_text='The sender’s id of the same packet; the answers’ ids follow from it.')),
                ('reference', models.CharField(help_text='The sender’s, random; the answer goes back under it.', max_length=12)),
                ('ordered_on', models.DateField(blank=True, null=True)),
                ('seal_by', models.DateField(blank=True, help_text='What the clock of the law says from the order.', null=True)),
                ('rows', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, help_text='Own rows that were put away for it.', size=None)),
                ('sealed_on', models.DateField(blank=True, null=True)),
                ('destroyed_on', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('destroyed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sealed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='diversion_sealtask_of_agency'), models.UniqueConstraint(fields=('agency', 'packet'), name='one_seal_task_a_packet'), models.CheckConstraint(condition=models.Q(models.Q(('sealed_by__isnull', True), ('sealed_on__isnull', True)), models.Q(('sealed_by__isnull', False), ('sealed_on__isnull', False)), _connector='OR'), name='sealing_is_somebody_s'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_by__isnull', True), ('destroyed_on__isnull', True)), models.Q(('destroyed_by__isnull', False), ('destroyed_on__gte', models.F('sealed_on')), ('sealed_on__isnull', False)), _connector='OR'), name='destroyed_after_sealing')],
            },
        ),
        RowSecurity("diversion_sealtask"),
    ]
