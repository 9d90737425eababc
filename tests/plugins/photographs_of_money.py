"""What money and housing look like with an open vault: a fund, a request from asking to paid, a household's stay."""

from __future__ import annotations

from tests.factories.people import opened_case
from tests.factories.vault import let_in
from tests.plugins.photographs import Camera, Stage, unlocked

HERE = "/assistance/"


def money_and_housing(stage: Stage, camera: Camera) -> None:
    """Three people and one request; a lease."""
    worker = let_in(stage.shelter, display_name="Mo Invented")
    client, officer = unlocked(worker), unlocked(stage.shelter)
    payer = unlocked(let_in(stage.shelter, display_name="Pay Invented"))
    case = opened_case(worker, name="Rosa Invented")
    fund = {"name": "Open door", "source": "Invented", "starts_on": "1/1/2026", "categories": ["deposit"]}
    camera.post(officer, f"{HERE}funds/new/", {"name": "No dates"})
    here = officer.send(f"{HERE}funds/new/", fund)["Location"]
    camera.get(officer, here, "an empty fund")
    officer.send(f"{here}came-in/", {"amount": "9,000", "note": ""})
    new = f"{HERE}new/{case.pk}/"
    camera.post(client, new, {"amount": "much"})
    typed = {"category": "deposit", "amount": "800", "urgency": "days", "household_size": "1", "payee_kind": "landlord"}
    words = {"payee": "Mr. Landlord (invented)", "purpose": "A door that locks", "tried": ""}
    row = client.send(new, {**typed, **words, "fund": here.split("/")[-2]})["Location"]
    client.send(f"{row}submit/", {})
    camera.get(client, row, "a request of one's own that waits")
    camera.get(officer, row, "a request for who decides")
    officer.send(f"{row}decide/", {"answer": "approve", "amount": "800"})
    payer.send(f"{row}set-aside/", {})
    camera.get(payer, f"{row}pay/", "to whom it goes")
    payer.send(f"{row}pay/", {"amount": "750"})
    camera.get(client, f"{row}shown/", "a receipt or a word")
    camera.get(officer, here, "a fund that moved")
    camera.get(client, HERE, "requests")
    stay = client.send(f"{HERE}housing/new/{case.pk}/", {})["Location"]
    camera.get(client, stay, "looking for a place")
    lease = {"address": "5 Invented Row", "lease_from": "today", "rent": "900", "helped_from": "today"}
    camera.post(client, f"{stay}lease/", {**lease, "helped_until": "1/1/2040"})
    client.send(f"{stay}lease/", {**lease, "helped_until": "12/31/2026"})
    camera.get(client, stay, "a lease")
    camera.get(client, f"{HERE}housing/", "stays")
    camera.get(client, f"/cases/{case.pk}/", "a case with money and a stay")
