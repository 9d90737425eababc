"""Fills the catalogue from the dated file, and gives other areas the rule that a charge is named only while in force.

The trigger function takes three names of columns: the charge, the first day and the last day of what happened. A change of
the law is a new dated file and a new migration, so that it is reviewed like code.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from waymark.law.formats.dated_files import charge_file

REFUSE = """
CREATE FUNCTION law_refuse_charge_out_of_force() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    happened jsonb := to_jsonb(NEW);
    named bigint := (happened ->> TG_ARGV[0])::bigint;
    first date := (happened ->> TG_ARGV[1])::date;
    last date := coalesce((happened ->> TG_ARGV[2])::date, first);
BEGIN
    IF named IS NOT NULL AND NOT EXISTS (
        SELECT FROM law_charge c WHERE c.id = named
        AND daterange(c.in_force_from, c.in_force_until, '[]') @> daterange(first, last, '[]')
    ) THEN
        RAISE EXCEPTION 'charge % was not in force from % to %', named, first, last
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_in_force';
    END IF;
    RETURN NEW;
END
$$;
"""


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    charge = apps.get_model("law", "Charge")
    file = charge_file()
    charge.objects.bulk_create(charge(**vars(line), as_of=file.reading.as_of) for line in file.charges)


def empty(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("law", "Charge").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]

    operations = [
        migrations.RunPython(fill, empty),
        migrations.RunSQL(REFUSE, "DROP FUNCTION law_refuse_charge_out_of_force()"),
    ]
