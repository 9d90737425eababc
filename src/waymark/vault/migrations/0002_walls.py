"""Row security and composite keys of the vault's tables; tombstones that stay."""

from pathlib import Path

from django.db import migrations

from waymark.access.rows import CompositeForeignKey, RowSecurity

SQL = Path(__file__).parent / "sql" / "walls.sql"
OWNED = ("agencyepoch", "memberkey", "kit", "epochseal", "vaultmemo", "pin", "recordkey", "wrappedkey")


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("access", "0001_context")]

    operations = [
        *(RowSecurity(table=f"vault_{name}") for name in OWNED),
        CompositeForeignKey(table="vault_epochseal", column="member_id", target="vault_memberkey"),
        CompositeForeignKey(table="vault_wrappedkey", column="member_id", target="vault_memberkey"),
        CompositeForeignKey(table="vault_wrappedkey", column="record_key_id", target="vault_recordkey"),
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
    ]
