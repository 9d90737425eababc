"""Files of cases, with their wall and their rules."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "files.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('cases', '0005_keeping'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('facts', models.BinaryField(help_text='What it is called, its type and pages; sealed.')),
                ('content', models.BinaryField(help_text='Sealed; empty when it was removed.')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'case', '-added_at'], name='files_of_a_case')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='cases_casefile_of_agency'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True), models.Q(('content', b''), _negated=True)), models.Q(('content', b''), ('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='a_removed_file_has_no_content')],
            },
        ),
        RowSecurity("cases_casefile"),
        CompositeForeignKey("cases_casefile", "case_id", "cases_case"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
