"""Cases come in from a sheet with a mistake in it, a quarter is counted and certified, a correction stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import PASSPHRASE, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house

HEAD = "prs_FirstName,prs_Birthdate,cas_Status\n"


def test_from_a_sheet_with_a_mistake_to_a_corrected_report(house: House, tmp_path: Path) -> None:
    ina = let_in(
        founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES)),
        display_name="Ina Invented",
    )
    sheet = tmp_path / "cases.csv"
    page = house.page_for(ina.user)
    house.go(page, "/reports/sheets/")
    page.get_by_role("link", name="Bring cases in").first.click()
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring cases in from a sheet")

    sheet.write_text(HEAD + "Rosa,5/4/1990,Active\nLeo,2001-02-03,Active\n")
    page.get_by_label("File").set_input_files(sheet)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#errors")).to_contain_text("Nothing was brought in")
    expect(page.locator("#errors")).to_contain_text("Row 2, prs_Birthdate: is no day.")
    expect(page.locator("#errors")).to_contain_text("1 thing to fix")
    sheet.write_text(HEAD + "Rosa,1990-05-04,Active\nLeo,2001-02-03,Active\n")
    page.get_by_label("File").set_input_files(sheet)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".rows")).to_contain_text("Row 2: Rosa")
    page.get_by_role("button", name="Bring them in").click()
    expect(page.get_by_text("All 2 rows are cases.")).to_be_visible()
    page.get_by_role("link", name="See them").click()
    expect(page.locator(".rows")).to_contain_text("Rosa")

    house.go(page, "/reports/")
    page.get_by_role("link", name="Count a quarter").first.click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Count it").click()
    expect(page.get_by_role("heading", name="Certify these numbers")).to_be_visible()
    looked_at(page, "report-counted")
    page.get_by_role("button", name="Certify").click()
    expect(page.get_by_role("status")).to_contain_text("From now on it stays as it is")
    page.get_by_role("link", name="Add a correction").click()
    page.get_by_role("button", name="Certify the correction").click()
    expect(page.locator("#errors")).to_be_visible()
    page.get_by_label("What was wrong").fill("Two rows came late.")
    page.get_by_role("button", name="Certify the correction").click()
    expect(page.get_by_role("heading", level=2, name="Correction of")).to_be_visible()
    expect(page.get_by_text("Two rows came late.").first).to_be_visible()

    house.go(page, "/reports/sheets/take-out/")
    page.get_by_role("button", name="Make the file").click()
    expect(page.locator("#errors")).to_contain_text("tick the box")
    page.get_by_label("The whole agency's").check()
    page.get_by_label("CSV table").check()
    page.get_by_label("I know what this file is").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Make the file").click()
    assert "Rosa" in taken.value.path().read_text(encoding="utf-8-sig")
