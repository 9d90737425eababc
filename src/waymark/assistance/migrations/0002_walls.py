"""The walls around money and stays, keys over agency and row, and the rules of each."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql"
TABLES = ("fund", "assistancerequest", "fundentry", "requestmove", "housingstay", "staystep")
KEYS = (
    ("assistancerequest", "case_id", "cases_case"),
    ("assistancerequest", "fund_id", "assistance_fund"),
    ("fundentry", "fund_id", "assistance_fund"),
    ("fundentry", "request_id", "assistance_assistancerequest"),
    ("fundentry", "reverses_id", "assistance_fundentry"),
    ("requestmove", "request_id", "assistance_assistancerequest"),
    ("housingstay", "case_id", "cases_case"),
    ("housingstay", "household_id", "people_person"),
    ("housingstay", "unit_id", "people_address"),
    ("staystep", "stay_id", "assistance_housingstay"),
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_assistance"), ("cases", "0008_legal_relief"), ("people", "0003_unit_addresses")]

    operations = [
        *(RowSecurity(f"assistance_{table}") for table in TABLES),
        *(CompositeForeignKey(f"assistance_{table}", column, target) for table, column, target in KEYS),
        *(
            migrations.RunSQL([(SQL / f"{name}.sql").read_text()], migrations.RunSQL.noop)
            for name in ("money", "requests", "housing")
        ),
    ]
