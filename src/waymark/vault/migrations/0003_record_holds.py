"""Legal holds on records, with their wall and their rules."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "holds.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('vault', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordHold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(choices=[('process', 'A subpoena, a warrant or an order came'), ('claim', 'A claim or a complaint was made'), ('audit', 'An audit or a grant asks for it'), ('counsel', 'Counsel said so')], max_length=10)),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record_key', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='vault.recordkey')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='vault_recordhold_of_agency'), models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('agency', 'record_key', 'why'), name='one_hold_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='a_hold_is_lifted_by_somebody'), models.CheckConstraint(condition=models.Q(('why__in', ['process', 'claim', 'audit', 'counsel'])), name='a_hold_has_a_known_reason')],
            },
        ),
        RowSecurity("vault_recordhold"),
        CompositeForeignKey("vault_recordhold", "record_key_id", "vault_recordkey"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
