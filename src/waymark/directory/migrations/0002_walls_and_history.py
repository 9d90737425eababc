"""Triggers: confidential places, history of every change, marks for the documents. They see raw SQL too."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

TABLES = {
    "accessibility": "accessibility",
    "address": "address",
    "attribute": "attribute",
    "contact": "contact",
    "costoption": "cost_option",
    "funding": "funding",
    "helpline": "help_line",
    "helplinechannel": "help_line_channel",
    "language": "language",
    "location": "location",
    "metadata": "metadata",
    "metatabledescription": "meta_table_description",
    "organization": "organization",
    "organizationidentifier": "organization_identifier",
    "phone": "phone",
    "program": "program",
    "requireddocument": "required_document",
    "schedule": "schedule",
    "service": "service",
    "service_needs": "service_need",
    "servicearea": "service_area",
    "serviceatlocation": "service_at_location",
    "servicecapacity": "service_capacity",
    "taxonomy": "taxonomy",
    "taxonomyterm": "taxonomy_term",
    "unit": "unit",
    "url": "url",
}
TOUCHING = {
    "coalition_postalarea": "postal_area",
    "coalition_region": "region",
    "coalition_regionnotice": "region_notice",
    "directory_listingreport": "listing_report",
    "directory_need": "need",
    "directory_servicealert": "service_alert",
    "directory_translation": "translation",
    "directory_verification": "verification",
}
ROWS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


def statements() -> str:
    made = [
        f"CREATE TRIGGER z_changed_{operation.lower()} AFTER {operation} ON directory_{table} {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION directory_changed('{kind}');"
        for table, kind in TABLES.items()
        for operation, rows in ROWS.items()
    ]
    made += [
        f"CREATE TRIGGER z_touched AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION directory_touched('{kind}');"
        for table, kind in TOUCHING.items()
    ]
    # The centre of near-me: a point on the unit sphere. No foreign function, so that a restore needs no search path.
    made.append(
        "ALTER TABLE directory_visitdocument ADD COLUMN point cube GENERATED ALWAYS AS ("
        "CASE WHEN latitude IS NOT NULL AND longitude IS NOT NULL THEN cube(ARRAY["
        "cos(radians(latitude)) * cos(radians(longitude)), cos(radians(latitude)) * sin(radians(longitude)), "
        "sin(radians(latitude))]) END) STORED;"
        "CREATE INDEX visit_document_point ON directory_visitdocument USING gist (point) WHERE point IS NOT NULL;"
    )
    # Marks come and go: without early vacuuming every reader would walk over the dead ones.
    made.append(
        "ALTER TABLE directory_stalemark SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);"
    )
    # Long JSON may lie outside of the row; what ranking reads may not.
    made.append("ALTER TABLE directory_servicedocument ALTER COLUMN vector SET STORAGE MAIN;")
    made.append("INSERT INTO directory_publication (id, epoch, changed_at) VALUES (1, 1, now());")
    return "\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("coalition", "0001_initial")]

    operations = [
        migrations.RunSQL([(SQL / "confidential.sql").read_text()], migrations.RunSQL.noop),
        migrations.RunSQL([(SQL / "changes.sql").read_text()], migrations.RunSQL.noop),
        migrations.RunSQL([statements()], migrations.RunSQL.noop),
    ]
