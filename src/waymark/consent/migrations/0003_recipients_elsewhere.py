"""A release can be for an agency that runs its own installation, unless it is of the justice side."""

from django.db import migrations

# The rule in the function of migration 0002, and what it says from now on; the rest of the function stays word for word.
BEFORE = "SELECT FROM public.accounts_agency a WHERE a.id = NEW.recipient_id AND a.state = 'active'"
AFTER = (
    "SELECT FROM public.accounts_agency a WHERE a.id = NEW.recipient_id"
    " AND (a.state = 'active' OR (a.state = 'elsewhere' AND a.side <> 'justice'))"
)
SQL = f"""
DO $do$
DECLARE
    words constant text := pg_get_functiondef('public.consent_release_rules'::regproc);
BEGIN
    IF strpos(words, $old${BEFORE}$old$) = 0 THEN RAISE EXCEPTION 'The rule about recipients is not where it was.'; END IF;
    EXECUTE replace(words, $old${BEFORE}$old$, $new${AFTER}$new$);
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_rules"), ("accounts", "0010_agencies_elsewhere"), ("disclosures", "0010_carried_files")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
