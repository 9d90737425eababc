"""Fills the catalogue from the dated file, and gives other areas the rule that a charge is named only while in force.

`law_charge_in_force` says whether a charge was in force on at least one of the days on which something happened. A change of
the law is a new dated file and a new migration, so that it is reviewed like code.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from waymark.law.formats.dated_files import charge_file

IN_FORCE = """
CREATE FUNCTION law_charge_in_force(named bigint, first date, last date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM law_charge c
        WHERE c.id = named AND daterange(c.in_force_from, c.in_force_until, '[]') && daterange(first, last, '[]')
    )
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
        migrations.RunSQL(IN_FORCE, "DROP FUNCTION law_charge_in_force(bigint, date, date)"),
    ]
