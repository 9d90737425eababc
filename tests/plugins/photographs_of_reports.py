"""What the pages of reports and exchange look like with an open vault."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.factories.care import a_service
from tests.factories.people import opened_case
from tests.factories.vault import let_in
from tests.plugins.photographs import Camera, Stage, unlocked

from waymark.reports.formats.counts.templates import current

HEAD = b"prs_FirstName,prs_Birthdate,cas_Status\n"


def reports_and_exchange(stage: Stage, camera: Camera) -> None:
    """A sheet with an error, mended; facts; a quarter counted, certified and corrected; a file."""
    member = let_in(stage.shelter, display_name="Ina Invented")
    client = unlocked(member)
    first, _ = current("voca").quarters(timezone.localdate())[0]
    case = opened_case(member, name="Rosa Invented", age_band="18-24")
    with member.acting():
        a_service(case, member.user, on=first)
    camera.get(client, f"/reports/cases/{case.pk}/", "facts for reports")
    for day in (b"5/4/1990", b"1990-05-04"):
        file = SimpleUploadedFile("cases.csv", HEAD + b"Rosa," + day + b",Active\n")
        answer = camera.post(client, "/reports/sheets/new/", {"file": file})
    camera.get(client, answer["Location"], "a sheet that waits")
    camera.get(client, f"{answer['Location']}drop/", "drop a sheet")
    client.send(answer["Location"], {})
    camera.get(client, answer["Location"], "a sheet that was brought in")
    camera.get(client, "/reports/sheets/", "cases in and out")
    camera.get(client, "/reports/sheets/take-out/", "take cases out")
    camera.get(client, "/reports/sheets/hmis/", "HMIS CSV")
    camera.get(client, "/reports/count/", "choose a quarter")
    count = f"/reports/count/voca/{first.isoformat()}/"
    page = camera.get(client, count, "count a quarter").content.decode()
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert mark is not None
    report = client.send(count, {"mark": mark[1]})["Location"]
    camera.get(client, count, "a certified quarter")
    camera.post(client, f"{report}correct/", {"mark": mark[1], "what_was_wrong": ""})
    again = re.search(r'name="mark" value="([0-9a-f]{64})"', client.get(f"{report}correct/").content.decode())
    assert again is not None
    client.send(f"{report}correct/", {"mark": again[1], "what_was_wrong": "Two rows came late."})
    camera.get(client, report, "a certified report")
    camera.get(client, "/reports/", "reports to funders")
