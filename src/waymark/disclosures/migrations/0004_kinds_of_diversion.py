"""Kinds of packets for a diversion program, and the closed fields of those that need no permit."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "diversion_kinds.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('disclosures', '0003_purge'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outboxpacket',
            name='outbox_packet_has_a_kind',
        ),
        migrations.AlterField(
            model_name='inboxpacket',
            name='kind',
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ledgerline',
            name='kind',
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court')], max_length=20),
        ),
        migrations.AlterField(
            model_name='outboxpacket',
            name='kind',
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='outboxpacket',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'personal', 'court_referral', 'party_decision', 'court_outcome', 'report_contest', 'compliance_report'])), name='outbox_packet_has_a_kind'),
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
