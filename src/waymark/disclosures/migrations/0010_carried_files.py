"""Packets between two installations go as files."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from waymark.access.rows import RowSecurity

SQL = Path(__file__).parent / "sql" / "carrying.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_agencies_elsewhere'),
        ('disclosures', '0009_no_forwarding'),
        ('vault', '0004_keys_from_elsewhere'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarriedFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('packet', models.UUIDField(help_text="The sending agency's id of it.")),
                ('what', models.CharField(choices=[('packet', 'Packet came in'), ('recall', 'They took it back'), ('received', 'They have it'), ('read', 'They opened it'), ('erased', 'They erased it')], max_length=10)),
                ('said_at', models.DateTimeField(help_text="When it was so, by the other side's clock.")),
                ('at', models.DateTimeField(help_text='When the file was taken in.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'ordering': ['-at', 'id'],
                'abstract': False,
                'indexes': [models.Index(fields=['agency', '-at', 'id'], name='newest_carried')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='disclosures_carriedfile_of_agency'), models.UniqueConstraint(fields=('agency', 'other', 'packet', 'what'), name='one_file_of_a_kind'), models.CheckConstraint(condition=models.Q(('other', models.F('agency')), _negated=True), name='carried_from_another_agency')],
            },
        ),
        RowSecurity("disclosures_carriedfile"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
