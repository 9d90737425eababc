"""An agency that runs its own installation can be taken off the list, and put on it again."""

from django.db import migrations, models

RULES = """
CREATE OR REPLACE FUNCTION accounts_agency_elsewhere() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.state IN ('elsewhere', 'away')) <> (OLD.state IN ('elsewhere', 'away')) THEN
        RAISE EXCEPTION 'An agency is here or elsewhere from its first day.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_agencies_elsewhere'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agency',
            name='state',
            field=models.CharField(choices=[('active', 'Active'), ('closed', 'Closed'), ('elsewhere', 'In its own installation'), ('away', 'Taken off the list')], default='active', max_length=10),
        ),
        migrations.RunSQL([RULES], migrations.RunSQL.noop),
    ]
