"""What somebody asks a public body for, behind the row wall."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_answering_courts'),
        ('cases', '0007_sheets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalRelief',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('due_on', models.DateField(blank=True, help_text="The last day of the clock that runs, or one's own day.", null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'case'], name='legal_relief_of_a_case')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='cases_legalrelief_of_agency')],
            },
        ),
        RowSecurity("cases_legalrelief"),
        CompositeForeignKey("cases_legalrelief", "case_id", "cases_case"),
    ]
