"""The walls around referrals, keys over agency and case, and the functions that alone move a referral."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "referrals.sql"
TABLES = ("referral", "receivedreferral", "referralmove", "referralcount")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_referrals"), ("cases", "0002_walls"), ("disclosures", "0007_short_lived_kinds")]

    operations = [
        *(RowSecurity(f"referrals_{table}") for table in TABLES),
        CompositeForeignKey("referrals_referral", "case_id", "cases_case"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
