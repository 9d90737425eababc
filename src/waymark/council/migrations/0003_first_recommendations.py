"""The council's first data: what the survivor council of another region suggested in public, in our own words."""

import uuid

from django.db import migrations
from django.utils import timezone

NAMESPACE = uuid.UUID("6f1d7f4e-6a0c-4d6c-9f3f-0f4f3f4f5a01")
SAID_BY = "Survivor advisory council of Community Against Sexual Harm (CASH), Sacramento County"
# The page bears no year; it speaks of the tenth World Day, which was kept in 2023.
SAID_IN = "2023"
SOURCE = (
    "CASH, “Reach every victim of trafficking, leave no one behind”, for the tenth World Day Against Trafficking in Persons. "
    "In our words."
)
FIRST = (
    "Understand that people who are being trafficked meet offices, clinics, schools and services all the while. Reaching every "
    "one of them is everybody’s work, and needs everybody.",
    "Pay for flexible funds, a guaranteed income from the state, and rapid rehousing, so that survivors who raise children, or "
    "are coming together with them again, stand on firm ground.",
    "Work against sex trafficking, and serve survivors, the way public health does: put enough money into the known causes that "
    "can be prevented, with answers that communities lead, and fund prevention.",
    "Let survivors have a real part in planning projects, in outreach, and in the services that are made for them.",
)


def load(apps, schema_editor):
    recommendation = apps.get_model("council", "Recommendation")
    now = timezone.now()
    for number, text in enumerate(FIRST, 1):
        recommendation.objects.create(
            id=uuid.uuid5(NAMESPACE, f"first/{number}"),
            text=text,
            said_by=SAID_BY,
            said_in=SAID_IN,
            source=SOURCE,
            shown_at=now,
        )


class Migration(migrations.Migration):
    dependencies = [("council", "0002_rules")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
