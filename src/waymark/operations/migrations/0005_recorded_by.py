"""Who recorded an operation: one of the few who know it before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_substance_use_programs'),
        ('operations', '0004_publication'),
    ]

    operations = [
        migrations.AddField(
            model_name='operation',
            name='recorded_by',
            field=models.ForeignKey(blank=True, help_text='One of the few who know it before.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership'),
        ),
    ]
