"""Results frozen with their words, figures from the screens by two people, and the council before both."""

from pathlib import Path

from django.db import migrations

from waymark.council.models.gate import ReviewGate

SQL = Path(__file__).parent / "sql" / "results.sql"


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0004_results"), ("newsroom", "0003_council_gate"), ("council", "0002_rules")]

    operations = [
        migrations.RunSQL([SQL.read_text()], migrations.RunSQL.noop),
        ReviewGate(
            "newsroom_figureproposal",
            "r.state = 'public'",
            "published_result",
            content=(
                "key",
                "value",
                "bound",
                "display",
                "side",
                "wording",
                "source",
                "population",
                "period",
                "caveat",
                "as_of",
                "series",
                "counts_people",
            ),
        ),
    ]
