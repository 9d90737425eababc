"""Who answers for a service, referrals as both sides keep them, their moves, and counts."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0007_council_role'),
        ('cases', '0004_care_of_a_case'),
        ('directory', '0003_forget_place_is_for_the_trigger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.agency')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'service'), name='one_desk_a_service_and_agency')],
            },
        ),
        migrations.CreateModel(
            name='ReceivedReferral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('question', 'Question about room'), ('opaque', 'Referral without a name'), ('carried', 'Letter that they carry'), ('consented', 'Package with their consent')], max_length=10)),
                ('service', models.UUIDField(help_text='Of the directory; the listing may be gone meanwhile.')),
                ('packet', models.UUIDField(blank=True, help_text="The sender's id of what crossed; a letter has none.", null=True)),
                ('state', models.CharField(choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], default='requested', max_length=13)),
                ('answer', models.CharField(blank=True, choices=[('yes', 'Yes, there is room'), ('no', 'No room'), ('waiting_list', 'There is a waiting list'), ('call_us', 'Call us')], db_default='', default='', max_length=12)),
                ('good_until', models.DateTimeField(blank=True, help_text='How long an answer about room holds.', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], db_default='', default='', max_length=13)),
                ('reason', models.CharField(blank=True, choices=[('no_room', 'No room'), ('not_our_service', 'Not what we offer'), ('not_eligible', 'Our rules do not let us'), ('language', 'We cannot serve the language'), ('unreachable', 'We could not reach the worker'), ('did_not_come', 'Nobody came'), ('changed_mind', 'They chose otherwise'), ('found_elsewhere', 'They found help elsewhere'), ('not_safe', 'It is not safe there'), ('needed_again', 'It is needed again'), ('closed_too_early', 'It was closed too early'), ('by_mistake', 'Made by mistake'), ('wrong_place', 'Sent to the wrong place')], db_default='', default='', max_length=20)),
                ('sent_at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('respond_by', models.DateTimeField()),
                ('moved_at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='Set by the database.', null=True)),
                ('nudged_at', models.DateTimeField(blank=True, help_text='When it was last reminded of.', null=True)),
                ('referral', models.UUIDField(help_text="The sender's id of it; with the sender it is known once.")),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', '-sent_at', 'id'], name='newest_received_referrals')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='referrals_receivedreferral_of_agency'), models.UniqueConstraint(fields=('agency', 'sender', 'referral'), name='one_copy_of_a_referral')],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('question', 'Question about room'), ('opaque', 'Referral without a name'), ('carried', 'Letter that they carry'), ('consented', 'Package with their consent')], max_length=10)),
                ('service', models.UUIDField(help_text='Of the directory; the listing may be gone meanwhile.')),
                ('packet', models.UUIDField(blank=True, help_text="The sender's id of what crossed; a letter has none.", null=True)),
                ('state', models.CharField(choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], default='requested', max_length=13)),
                ('answer', models.CharField(blank=True, choices=[('yes', 'Yes, there is room'), ('no', 'No room'), ('waiting_list', 'There is a waiting list'), ('call_us', 'Call us')], db_default='', default='', max_length=12)),
                ('good_until', models.DateTimeField(blank=True, help_text='How long an answer about room holds.', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], db_default='', default='', max_length=13)),
                ('reason', models.CharField(blank=True, choices=[('no_room', 'No room'), ('not_our_service', 'Not what we offer'), ('not_eligible', 'Our rules do not let us'), ('language', 'We cannot serve the language'), ('unreachable', 'We could not reach the worker'), ('did_not_come', 'Nobody came'), ('changed_mind', 'They chose otherwise'), ('found_elsewhere', 'They found help elsewhere'), ('not_safe', 'It is not safe there'), ('needed_again', 'It is needed again'), ('closed_too_early', 'It was closed too early'), ('by_mistake', 'Made by mistake'), ('wrong_place', 'Sent to the wrong place')], db_default='', default='', max_length=20)),
                ('sent_at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('respond_by', models.DateTimeField()),
                ('moved_at', models.DateTimeField(help_text='Set by the database.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='Set by the database.', null=True)),
                ('nudged_at', models.DateTimeField(blank=True, help_text='When it was last reminded of.', null=True)),
                ('release', models.UUIDField(blank=True, help_text='The release of a package with consent.', null=True)),
                ('digest', models.BinaryField(help_text='SHA-256 of the code of a letter.', null=True)),
                ('code', models.BinaryField(help_text="The code itself, sealed under the person's key.", null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', '-sent_at', 'id'], name='newest_sent_referrals'), models.Index(fields=['agency', 'case'], name='referrals_of_a_case'), models.Index(fields=['state', 'respond_by'], name='referrals_by_their_time'), models.Index(fields=['digest'], name='letters_by_their_code')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='referrals_referral_of_agency'), models.CheckConstraint(condition=models.Q(('recipient', models.F('agency')), _negated=True), name='referral_is_to_another_agency'), models.CheckConstraint(condition=models.Q(('way__in', ['question', 'opaque', 'carried', 'consented'])), name='referral_has_a_way'), models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'answered', 'accepted', 'declined', 'in_service', 'waiting', 'connected', 'not_connected', 'closed', 'withdrawn', 'lapsed', 'voided'])), name='referral_has_a_state'), models.CheckConstraint(condition=models.Q(models.Q(('code__isnull', False), ('digest__isnull', False), ('packet__isnull', True), ('way', 'carried')), models.Q(models.Q(('way', 'carried'), _negated=True), ('code__isnull', True), ('digest__isnull', True), ('packet__isnull', False)), _connector='OR'), name='a_letter_has_a_code_and_no_packet'), models.CheckConstraint(condition=models.Q(models.Q(('release__isnull', False), ('way', 'consented')), models.Q(models.Q(('way', 'consented'), _negated=True), ('release__isnull', True)), _connector='OR'), name='a_package_has_a_release'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), models.Q(('answer', ''), _negated=True), ('good_until__isnull', False)), models.Q(('state', 'answered'), _negated=True), _connector='OR'), name='what_is_answered_has_an_answer')],
            },
        ),
        migrations.CreateModel(
            name='ReferralCount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('direction', models.CharField(choices=[('sent', 'Sent'), ('received', 'Received')], max_length=8)),
                ('way', models.CharField(choices=[('question', 'Question about room'), ('opaque', 'Referral without a name'), ('carried', 'Letter that they carry'), ('consented', 'Package with their consent')], max_length=10)),
                ('service', models.UUIDField()),
                ('ended', models.CharField(choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], help_text='Its outcome, or the state in which it ended.', max_length=13)),
                ('number', models.PositiveIntegerField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='referrals_referralcount_of_agency'), models.UniqueConstraint(fields=('agency', 'month', 'direction', 'way', 'service', 'ended'), name='one_count_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='ReferralMove',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('referral', models.UUIDField(help_text="The sender's id, on both sides.")),
                ('event', models.CharField(choices=[('answer', 'Answer'), ('accept', 'Accept'), ('decline', 'Decline'), ('arrive', 'They arrived'), ('start', 'Begin the service'), ('wait', 'Put on the waiting list'), ('connect', 'They are connected'), ('not_connect', 'It did not come about'), ('withdraw', 'Withdraw it'), ('close', 'Close it'), ('reopen', 'Reopen it'), ('void', 'Void it'), ('run_out', 'Time ran out')], max_length=12)),
                ('side', models.CharField(choices=[('sender', 'Who asks'), ('recipient', 'Who is asked'), ('clock', 'The clock')], max_length=10)),
                ('from_state', models.CharField(choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], max_length=13)),
                ('to_state', models.CharField(choices=[('requested', 'Asked'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_service', 'In service'), ('waiting', 'On a waiting list'), ('connected', 'Connected'), ('not_connected', 'Not connected'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('voided', 'Voided')], max_length=13)),
                ('reason', models.CharField(blank=True, choices=[('no_room', 'No room'), ('not_our_service', 'Not what we offer'), ('not_eligible', 'Our rules do not let us'), ('language', 'We cannot serve the language'), ('unreachable', 'We could not reach the worker'), ('did_not_come', 'Nobody came'), ('changed_mind', 'They chose otherwise'), ('found_elsewhere', 'They found help elsewhere'), ('not_safe', 'It is not safe there'), ('needed_again', 'It is needed again'), ('closed_too_early', 'It was closed too early'), ('by_mistake', 'Made by mistake'), ('wrong_place', 'Sent to the wrong place')], db_default='', default='', max_length=20)),
                ('answer', models.CharField(blank=True, choices=[('yes', 'Yes, there is room'), ('no', 'No room'), ('waiting_list', 'There is a waiting list'), ('call_us', 'Call us')], db_default='', default='', max_length=12)),
                ('at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'referral', 'at'], name='moves_of_a_referral')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='referrals_referralmove_of_agency')],
            },
        ),
    ]
