"""The walls around reports and sheets, keys over agency and case, and the rules of the database."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "reports.sql"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_reports"), ("cases", "0002_walls")]

    operations = [
        *(RowSecurity(f"reports_{table}") for table in ("casefacts", "casesheet", "sheetrow", "report")),
        CompositeForeignKey("reports_casefacts", "case_id", "cases_case"),
        CompositeForeignKey("reports_sheetrow", "sheet_id", "reports_casesheet", on_delete="CASCADE"),
        CompositeForeignKey("reports_report", "corrects_id", "reports_report"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
