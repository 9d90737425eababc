"""By what a case came, behind the row wall; written with the case by who opens it, and never changed."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from waymark.access.rows import CompositeForeignKey, RowSecurity

RULES = """
CREATE FUNCTION cases_origin_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.cases_case c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id
            AND c.state = 'inquiry' AND c.made_by_id = access.current_actor()
    ) THEN
        PERFORM public.cases_refuse('By what a case came is said by who opens it.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON cases_caseorigin FOR EACH ROW EXECUTE FUNCTION cases_origin_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON cases_caseorigin FOR EACH ROW EXECUTE FUNCTION cases_is_final();
"""

class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_agencies_elsewhere'),
        ('cases', '0008_legal_relief'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseOrigin',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('found_by', models.BinaryField(help_text='Keyed hash of the packet or referral that came in.')),
                ('sealed', models.BinaryField(help_text='By which way, from whom and on which day; sealed.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'found_by'], name='cases_by_what_came_in')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='cases_caseorigin_of_agency'), models.UniqueConstraint(fields=('agency', 'case'), name='one_origin_a_case')],
            },
        ),
        RowSecurity("cases_caseorigin"),
        CompositeForeignKey("cases_caseorigin", "case_id", "cases_case"),
        migrations.RunSQL([RULES], migrations.RunSQL.noop),
    ]
