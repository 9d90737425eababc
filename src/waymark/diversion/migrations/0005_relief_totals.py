"""What lawyers let out of record relief, a quarter at a time."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_substance_use_programs'),
        ('diversion', '0004_fairness'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReliefTotal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField()),
                ('quarter', models.PositiveSmallIntegerField()),
                ('filed', models.PositiveIntegerField(blank=True, help_text='Empty when it is held back.', null=True)),
                ('granted', models.PositiveIntegerField(blank=True, help_text='Empty when it is held back.', null=True)),
                ('given_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
            ],
            options={
                'ordering': ['-year', '-quarter', 'agency__name'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'quarter'), name='one_relief_total_a_quarter'), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='relief_total_of_a_quarter'), models.CheckConstraint(condition=models.Q(models.Q(('filed', None), ('filed__gte', 11), _connector='OR'), models.Q(('granted', None), ('granted__gte', 11), _connector='OR')), name='relief_total_is_never_small')],
            },
        ),
    ]
