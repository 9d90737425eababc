"""An agency elsewhere that comes back on the list is compared anew by every agency here."""

from django.db import migrations

RULES = """
CREATE FUNCTION vault_forget_comparisons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.vault_pin p WHERE p.partner_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER words_again AFTER UPDATE ON accounts_agency FOR EACH ROW
    WHEN (OLD.state = 'away' AND NEW.state = 'elsewhere') EXECUTE FUNCTION vault_forget_comparisons();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_agencies_off_the_list'),
        ('vault', '0004_keys_from_elsewhere'),
    ]

    operations = [migrations.RunSQL([RULES], migrations.RunSQL.noop)]
