"""Finding help: by tile on a phone without script, by a misspelled Spanish line without a single request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DemoSite, open_find, texts_of

pytestmark = pytest.mark.browser


def test_shelter_tonight_by_tile_without_script(open_phone: Callable[..., Page], demo_site: DemoSite) -> None:
    page = open_phone(java_script_enabled=False)
    page.goto(demo_site.url)
    page.get_by_role("link", name="I am looking for help.").click()
    page.get_by_role("link", name="I need a safe place tonight").click()
    expect(page.get_by_role("status").last).to_contain_text("listings")
    page.get_by_role("checkbox", name="Open now").check()
    page.get_by_role("button", name="Show").click()
    rows = page.locator(".rows .state")
    assert all("Open" in row for row in texts_of(rows))
    page.get_by_role("link", name="Emergency shelter").click()
    call = page.get_by_role("link", name="Call (555)").first
    assert (call.get_attribute("href") or "").startswith("tel:555")
    expect(page.get_by_text("The address is not public.")).to_be_visible()
    page.get_by_role("link", name="Card with the number only").click()
    expect(page.locator(".card").first).to_be_visible()


def test_words_without_script_stand_in_no_address_title_or_log(
    open_phone: Callable[..., Page], demo_site: DemoSite
) -> None:
    page = open_phone(java_script_enabled=False)
    page.goto(f"{demo_site.url}/en/find/")
    page.get_by_label("Or type a few words").fill("zebra shelter tonite")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".rows li").first).to_be_visible()
    assert "zebra" not in page.url
    assert "zebra" not in page.title()
    assert "zebra" not in demo_site.server.log.read_text()
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/find/")


def test_a_misspelled_spanish_line_sends_nothing_after_the_page_has_loaded(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site, "es")
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url))
    phone.locator("#words").press_sequentially("refujio para mi i mis ijos", delay=15)
    expect(phone.locator("#rows")).to_contain_text("Albergue de emergencia")
    phone.get_by_label("Abierto ahora").check()
    phone.locator("#rows a").first.click()
    expect(phone.locator("#one h1")).to_be_visible()
    expect(phone.locator("#one a[href^='tel:']").first).to_be_visible()
    phone.get_by_role("link", name="Atrás").click()
    expect(phone.locator("#rows li").first).to_be_visible()
    assert sent == []


def test_the_device_and_the_server_say_the_same_of_a_service(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site)
    phone.locator("#words").fill("emergency shelter")
    row = phone.locator("#rows a", has_text="Emergency shelter").first
    address = row.get_attribute("href")
    row.click()
    on_device = phone.locator("#one .facts").inner_text()
    phone.goto(f"{demo_site.url}{address}")
    on_server = phone.locator(".facts").inner_text()
    assert set(on_device.split("\n")) ^ set(on_server.split("\n")) == set()


def test_near_me_by_zip_on_the_phone(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site)
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url))
    phone.locator("#words").fill("food")
    phone.get_by_text("Narrow the list").last.click()
    phone.get_by_label("Near this ZIP code").fill("9870")
    expect(phone.locator("#zip-error")).to_be_hidden()
    phone.get_by_label("Near this ZIP code").fill("98701")
    expect(phone.locator("#rows li").first).to_contain_text("mile")
    phone.get_by_label("Near this ZIP code").fill("98701-x")
    expect(phone.locator("#zip-error")).to_have_text("Enter the ZIP as 5 digits, like 95814.")
    assert phone.get_by_label("Near this ZIP code").input_value() == "98701-x"
    phone.get_by_label("Near this ZIP code").fill("10001")
    expect(phone.locator("#zip-error")).to_have_text("We do not know this ZIP code. Try one close by.")
    assert sent == []


def test_near_me_by_zip_without_script(open_phone: Callable[..., Page], demo_site: DemoSite) -> None:
    page = open_phone(java_script_enabled=False)
    page.goto(f"{demo_site.url}/en/find/all/")
    page.locator("summary").click()
    page.get_by_label("Near this ZIP code").fill("98701")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".rows li").first).to_contain_text("mile")
    assert "98701" not in page.url
    assert "98701" not in demo_site.server.log.read_text()


def test_filters_stand_together_and_an_empty_list_says_what_to_do(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site)
    phone.get_by_role("link", name="I am hungry").click()
    expect(phone.locator("#rows li").first).to_be_visible()
    everyone = phone.locator("#rows li").count()
    phone.get_by_label("Does not report to police").check()
    assert phone.locator("#rows li").count() <= everyone
    phone.locator("#filters summary").click()
    phone.locator("#language").select_option("hmn")
    phone.locator("#age").select_option("under_18")
    phone.get_by_label("Step-free").check()
    phone.get_by_label("Open now").check()
    expect(phone.locator("#nothing")).to_contain_text("Nothing matches")
    expect(phone.locator("#nothing").get_by_role("link", name="Call").first).to_be_visible()


def test_this_is_wrong_needs_one_tap_and_no_words(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site)
    phone.get_by_role("link", name="I am hungry").click()
    name = phone.locator("#rows strong").first.inner_text()
    address = phone.locator("#rows a").first.get_attribute("href")
    for _ in range(3):
        phone.goto(f"{demo_site.url}{address}wrong/")
        assert phone.locator("input[type=text], textarea").count() == 0
        phone.get_by_label("Nobody answers").check()
        phone.get_by_role("button", name="Send report").click()
        expect(phone.get_by_role("heading", name="Thank you.")).to_be_visible()
    phone.goto(f"{demo_site.url}{address}")
    expect(phone.get_by_role("heading", name=name)).to_be_visible()
    expect(phone.get_by_text("A visitor said: Nobody answers. We are checking.")).to_be_visible()


def test_what_the_page_says_of_typed_words_is_true_with_and_without_script(
    open_phone: Callable[..., Page], demo_site: DemoSite
) -> None:
    page = open_phone(java_script_enabled=False)
    page.goto(f"{demo_site.url}/en/find/")
    expect(page.locator("#words-hint")).to_have_text("Any spelling is fine. We do not keep your words.")
    page = open_phone()
    open_find(page, demo_site)
    expect(page.locator("#words-hint")).to_have_text("Any spelling is fine. What you type stays on this phone.")


def test_a_button_that_needs_script_is_not_there_without_it(open_phone: Callable[..., Page], demo_site: DemoSite) -> None:
    for has_script in (True, False):
        page = open_phone(java_script_enabled=has_script)
        page.goto(f"{demo_site.url}/en/find/all/")
        address = page.locator(".rows a").first.get_attribute("href")
        page.goto(f"{demo_site.url}{address}card/")
        expect(page.get_by_role("button", name="Print")).to_have_count(1 if has_script else 0)
