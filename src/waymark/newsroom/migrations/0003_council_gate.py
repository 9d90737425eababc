"""The survivor council stands before the words of a release: the database refuses them without it."""

from django.db import migrations

from waymark.council.models.gate import ReviewGate


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_rules"), ("council", "0002_rules")]

    operations = [
        ReviewGate(
            "newsroom_wording",
            "r.state = 'released'",
            "press_item",
            content=("title", "summary", "body"),
            # A correction is a wording of its own; for somebody's safety it passes with a reason for the council.
            corrects_sql="r.corrects_id IS NOT NULL AND r.is_safety",
            is_shown_sql="r.state = 'released' AND EXISTS (SELECT FROM public.newsroom_pressitem i WHERE i.id = r.item_id "
            "AND i.state = 'released' AND public.newsroom_is_public(i.state, i.public_at, i.withdrawn_at))",
        ),
    ]
