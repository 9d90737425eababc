"""What every public page promises: no cookie, nothing foreign, no place asked, no memory of fields, usable by everyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect
from tests.browser.conftest import DemoSite, history_of, open_find
from tests.plugins.database import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TEMPLATES = {
    "door": "{code}/",
    "danger": "{code}/now/",
    "message": "{code}/now/show/",
    "find": "{code}/find/",
    "everything": "{code}/find/all/",
    "lines": "{code}/lines/",
    "languages": "{code}/languages/",
    "keep": "{code}/keep/",
    "good_to_know": "{code}/read/",
    "help_page": "{code}/read/11/",
    "sector_card": "{code}/cards/1/",
    "paper": "{code}/paper/",
    "speak": "{code}/speak/",
    "service": "{service}",
    "card": "{service}card/",
    "report": "{service}wrong/",
    "absent": "{code}/nowhere/",
}


def address(page: Page, site: DemoSite, name: str, code: str = "en") -> str:
    pattern = TEMPLATES[name]
    if "{service}" not in pattern:
        return f"{site.url}/{pattern.format(code=code)}"
    page.goto(f"{site.url}/{code}/find/all/")
    href = page.locator(".rows a").first.get_attribute("href")
    return f"{site.url}{pattern.format(service=href)}"


def violations(page: Page) -> list[str]:
    """What axe finds; the page's own policy forbids foreign scripts, so it is put in by the browser's tools."""
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(AXE.read_text())
    # Only what is wrong comes back: the list of all that is right is ten times as long, and so is making it.
    found = page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'],"
        " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations"
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['any'][:1]}" for violation in found for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_axe_finds_nothing(open_phone: Callable[..., Page], demo_site: DemoSite, name: str, scheme: str) -> None:
    page = open_phone(color_scheme=scheme, bypass_csp=True)
    if name == "absent":
        page.route("**/nowhere/", lambda route: route.continue_())
    page.goto(address(page, demo_site, name))
    assert violations(page) == []


@pytest.mark.parametrize("code", ["es", "ar"])
def test_axe_finds_nothing_in_other_languages(open_phone: Callable[..., Page], demo_site: DemoSite, code: str) -> None:
    page = open_phone(bypass_csp=True)
    for name in ("door", "danger", "find", "everything", "lines", "service", "help_page", "sector_card", "paper", "speak"):
        page.goto(address(page, demo_site, name, code))
        assert violations(page) == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_device_s_own_views(
    open_phone: Callable[..., Page], demo_site: DemoSite, scheme: str
) -> None:
    page = open_phone(color_scheme=scheme, bypass_csp=True)
    open_find(page, demo_site)
    page.locator("#words").fill("shelter")
    page.locator("#filters summary").click()
    page.locator("#zip").fill("1234567")
    expect(page.locator("#rows li").first).to_be_visible()
    assert violations(page) == []
    page.locator("#rows a").first.click()
    assert violations(page) == []


def test_no_cookie_and_nothing_foreign_on_any_page(phone: Page, demo_site: DemoSite) -> None:
    asked: list[Request] = []
    cookies: list[str] = []
    phone.on("request", lambda request: asked.append(request))
    phone.on("response", lambda response: cookies.extend(v for k, v in response.headers.items() if k == "set-cookie"))
    for name in TEMPLATES:
        if name != "absent":
            phone.goto(address(phone, demo_site, name))
            phone.wait_for_load_state("networkidle")
    assert len(asked) > 30
    assert {urlsplit(request.url).netloc for request in asked} == {urlsplit(demo_site.url).netloc}
    assert cookies == []
    assert phone.context.cookies() == []
    assert {request.headers.get("referer") or None for request in asked} == {None}


def test_nothing_asks_for_a_place_offers_to_install_or_remembers_a_field(phone: Page, demo_site: DemoSite) -> None:
    for name in TEMPLATES:
        if name == "absent":
            continue
        answer = phone.goto(address(phone, demo_site, name))
        assert answer is not None
        headers = answer.headers
        assert "geolocation=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert phone.locator("link[rel=manifest]").count() == (1 if name == "keep" else 0)
        for field in phone.locator("input:not([type=hidden]):not([type=checkbox]):not([type=radio])").all():
            assert field.get_attribute("autocomplete") == "off"
            assert field.get_attribute("spellcheck") == "false"
    folder = ROOT / "frontend" / "scripts"
    ours = [folder / name for name in ("site.js", "find.js", "keep.js", "worker.js")]
    ours += [path for part in ("site", "search", "keep") for path in (folder / part).glob("*.js")]
    scripts = "".join(path.read_text() for path in ours)
    keepsakes = ("localStorage", "sessionStorage", "pushState")
    for forbidden in ("geolocation", "Notification", "pushManager", "sendBeacon", *keepsakes):
        assert forbidden not in scripts


def test_titles_addresses_and_icon_are_neutral(phone: Page, demo_site: DemoSite) -> None:
    telling = re.compile(r"traffick|trata|victim|abuse|violen|police|polic|sex", re.IGNORECASE)
    for name in TEMPLATES:
        phone.goto(address(phone, demo_site, name)) if name != "absent" else None
        assert not telling.search(phone.title()), name
        assert not telling.search(urlsplit(phone.url).path), name
    phone.goto(f"{demo_site.url}/en/find/")
    links = phone.eval_on_selector_all("a[href^='/']", "(links) => links.map((link) => link.getAttribute('href'))")
    assert not any(telling.search(link) for link in links)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "absent"])
def test_usable_at_320_pixels_and_400_percent(phone: Page, demo_site: DemoSite, name: str) -> None:
    """1280 pixels at 400 % are 320 by 256 pixels of style: nothing may run out at the side."""
    target = address(phone, demo_site, name)
    for width, height in ((320, 640), (320, 256)):
        phone.set_viewport_size({"width": width, "height": height})
        phone.goto(target)
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough(phone: Page, demo_site: DemoSite) -> None:
    for name in ("door", "danger", "find", "everything", "lines", "service", "report", "keep"):
        phone.goto(address(phone, demo_site, name))
        small = phone.evaluate(
            """() => [...document.querySelectorAll("a.button, button, .choice, .tiles a, .chip, .pick, .bar a, .tongues a")]
                .filter((each) => each.getClientRects().length)
                .map((each) => [each.textContent.trim(), Math.round(each.getBoundingClientRect().height)])
                .filter(([, height]) => height < 44)"""
        )
        assert small == [], name


def test_everything_by_keyboard_alone(phone: Page, demo_site: DemoSite) -> None:
    phone.goto(demo_site.url)

    def focused() -> str:
        return str(phone.evaluate("document.activeElement.textContent.trim()"))

    phone.keyboard.press("Tab")
    assert focused() == "Skip to the page"
    phone.keyboard.press("Enter")
    expect(phone.locator("#main")).to_be_focused()
    assert len(history_of(phone)) == 2
    phone.goto(demo_site.url)
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    assert focused() == "Leave now"
    for _ in range(4):
        if focused().startswith("I am looking for help."):
            break
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("#device[data-ready]", state="attached")
    for _ in range(8):
        if phone.evaluate("document.activeElement.id") == "words":
            break
        phone.keyboard.press("Tab")
    phone.keyboard.type("shelter tonight")
    phone.keyboard.press("Enter")
    expect(phone.locator("#asked")).to_be_focused()
    for _ in range(30):
        if "row" in str(phone.evaluate("document.activeElement.className")).split():
            break
        phone.keyboard.press("Tab")
    outline = phone.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    phone.keyboard.press("Enter")
    expect(phone.locator("#one h1")).to_be_focused()
    phone.keyboard.press("Tab")
    assert (phone.evaluate("document.activeElement.getAttribute('href')") or "").startswith("tel:")


def test_focus_is_never_hidden_by_the_bar(phone: Page, demo_site: DemoSite) -> None:
    phone.set_viewport_size({"width": 320, "height": 256})
    phone.goto(f"{demo_site.url}/en/now/")
    for _ in range(14):
        phone.keyboard.press("Tab")
        seen = phone.evaluate(
            """() => {
                const each = document.activeElement;
                if (each.closest(".bar") || each === document.body || each.className === "usa-skipnav") return true;
                const box = each.getBoundingClientRect();
                return box.bottom > document.querySelector(".bar").getBoundingClientRect().bottom && box.top < innerHeight;
            }"""
        )
        assert seen


def test_the_right_to_left_page_is_mirrored(phone: Page, demo_site: DemoSite) -> None:
    phone.goto(f"{demo_site.url}/ar/now/")
    assert phone.evaluate("document.documentElement.dir") == "rtl"
    leave, back = phone.locator("#leave").bounding_box(), phone.locator(".back").bounding_box()
    assert leave is not None
    assert back is not None
    assert leave["x"] < back["x"]
    assert phone.evaluate("getComputedStyle(document.querySelector('.say')).borderRightWidth") == "6px"
    phone.goto(f"{demo_site.url}/ar/now/show/")
    heading = phone.locator("h1")
    assert heading.get_attribute("lang") == "en"
    assert heading.get_attribute("dir") == "ltr"
    expect(phone.locator(".own")).to_be_visible()


@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_the_first_page_fits_a_small_phone(phone: Page, demo_site: DemoSite, code: str) -> None:
    """The way out, one sentence, two choices, three lines and the languages, and nothing else, above the fold."""
    phone.goto(f"{demo_site.url}/{code}/")
    for part in ("#leave", "h1", ".choice.urgent", ".choice:not(.urgent)", ".lines li:last-child .ways", ".tongues"):
        box = phone.locator(part).first.bounding_box()
        assert box is not None
    languages = phone.locator(".tongues [aria-current]").bounding_box()
    assert languages is not None
    assert languages["y"] + languages["height"] <= 640
    footer = phone.locator("footer").bounding_box()
    assert footer is not None
    assert footer["y"] >= 640


def test_the_card_says_nothing_but_the_number_on_paper(phone: Page, demo_site: DemoSite, tmp_path: Path) -> None:
    phone.goto(address(phone, demo_site, "card"))
    phone.emulate_media(media="print")
    seen = phone.locator("body").inner_text().split("\n")
    told = {line.strip() for line in seen if line.strip()}
    assert len(told) == 1
    assert re.fullmatch(r"[\d() +-]+", told.pop())
    phone.pdf(path=tmp_path / "card.pdf")
    assert (tmp_path / "card.pdf").stat().st_size > 1000


def test_on_paper_a_service_shows_no_way_out_and_no_name_of_the_site(phone: Page, demo_site: DemoSite) -> None:
    phone.goto(address(phone, demo_site, "service"))
    phone.emulate_media(media="print")
    expect(phone.locator("#leave")).to_be_hidden()
    expect(phone.locator("footer")).to_be_hidden()
    expect(phone.locator(".phones")).to_be_visible()
    assert "Community help" not in phone.locator("body").inner_text()
