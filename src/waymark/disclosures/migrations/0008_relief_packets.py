"""Kinds of packets about clearing a record."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "relief_packets.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_council_role'),
        ('disclosures', '0007_short_lived_kinds'),
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
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('capacity_question', 'Is there room?'), ('opaque_referral', 'Can you take somebody?'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court'), ('package', 'From a person’s file'), ('petition', 'A petition was served'), ('relief_order', 'Relief was ordered: seal, then destroy'), ('relief_done', 'An order was carried out')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ledgerline',
            name='kind',
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('capacity_question', 'Is there room?'), ('opaque_referral', 'Can you take somebody?'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court'), ('package', 'From a person’s file'), ('petition', 'A petition was served'), ('relief_order', 'Relief was ordered: seal, then destroy'), ('relief_done', 'An order was carried out')], max_length=20),
        ),
        migrations.AlterField(
            model_name='outboxpacket',
            name='kind',
            field=models.CharField(choices=[('call', 'Please call us'), ('personal', 'About a person'), ('capacity_question', 'Is there room?'), ('opaque_referral', 'Can you take somebody?'), ('court_referral', 'Referral to a diversion program'), ('party_decision', 'Decision about a referral'), ('court_outcome', 'Outcome of a court day'), ('report_contest', 'Counsel contests a number of a report'), ('compliance_report', 'Report to the court'), ('package', 'From a person’s file'), ('petition', 'A petition was served'), ('relief_order', 'Relief was ordered: seal, then destroy'), ('relief_done', 'An order was carried out')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='outboxpacket',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'personal', 'capacity_question', 'opaque_referral', 'court_referral', 'party_decision', 'court_outcome', 'report_contest', 'compliance_report', 'package', 'petition', 'relief_order', 'relief_done'])), name='outbox_packet_has_a_kind'),
        ),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
