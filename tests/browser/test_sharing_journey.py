"""The whole way of one person in two real browsers: intake, a need, who has room, a referral without a name, a release in
Spanish, a package that is read, stopped, and gone at the other agency, which opened a case from each with what it ticked.

Both vaults are unlocked by their people. After the first page nobody types an address: what has no link, key or button on
a screen fails here. The intake is filled with the keyboard alone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.directory import ServiceFactory
from tests.factories.disclosures import compare_words
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house
THERE = "Hope Homes (invented)"
ANSWERS = ("No compartir", "Hoy no", "Sí, compartir solo esto")
NAME = "Marisol Invented"
OTHER_NEED = "A lawyer for her papers"


def unlocked(house: House, person: Person) -> Page:
    """Home, after the vault was unlocked from the menu. The only address that is typed."""
    page = house.page_for(person.user)
    house.go(page, "/")
    menu(page, "Mail and vault", "Vault")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("button", name="Lock")).to_be_visible()
    return page


def menu(page: Page, part: str, label: str) -> None:
    main = page.get_by_role("navigation", name="Main")
    main.locator("summary").filter(has_text=part).click()
    main.get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sharing_of(page: Page) -> Locator:
    return page.locator(".case-sharing")


def intake_by_keyboard(page: Page) -> None:
    """Nothing but Tab, arrows, space, letters and Enter; a mistake loses nothing."""
    page.wait_for_load_state()  # before that no script listens to keys
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New case")
    page.get_by_label("Yes, they can talk").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type("25")
    # Past the reason for asking.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Spanish")
    page.locator("#id_channel").select_option("call")
    page.get_by_label("Number, address or name").fill("916-555-0142")
    page.keyboard.press("Enter")
    # The days were left out: nothing is lost, and the trouble is a link away.
    expect(page.locator("#errors")).to_contain_text("Say on which days it is safe")
    expect(page.get_by_label("What should we call them?")).to_have_value(NAME)
    expect(page.get_by_label("Language they want to speak")).to_have_value("Spanish")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        page.get_by_label(day, exact=True).check()
    page.get_by_label("Where confidentiality ends").check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case ")
    expect(page.locator(".facts-list")).to_contain_text(NAME)


def a_need(page: Page, text: str = "A room before Friday") -> None:
    page.get_by_role("link", name="Add a need").click()
    page.get_by_label("About").select_option("safety")
    page.get_by_label("What they need").fill(text)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".plan")).to_contain_text(text)


def ask_who_has_room(page: Page) -> None:
    """From the need itself; the least revealing way is marked, and knows what it is about."""
    page.locator(".need").filter(has_text="A room before Friday").get_by_role(
        "link", name=re.compile("Ask another agency")
    ).click()
    expect(page.locator(".is-first")).to_contain_text("Question about room")
    page.locator(".is-first").get_by_role("link", name="Question about room").click()
    expect(page.get_by_label("What for")).to_have_value("safe-tonight")
    page.get_by_role("button", name="Ask them").click()
    expect(page.locator("#errors")).to_contain_text("Choose at least one provider")
    page.get_by_label("How many people").select_option("3")
    page.get_by_label("Spanish").check()
    page.get_by_label("Tonight").check()
    page.get_by_label(f"Rooms for a night (invented), {THERE}").check()
    page.get_by_role("button", name="Ask them").click()
    expect(page.locator(".rows")).to_contain_text("An answer is due by")


def answer_about_room(page: Page) -> None:
    """Two presses: read, yes."""
    menu(page, "People", "Requests to us")
    page.get_by_role("link", name=re.compile("Rooms for a night")).click()
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".facts-list")).to_contain_text("3 people")
    expect(page.locator("#main")).not_to_contain_text("Marisol")
    page.get_by_role("button", name="Yes, there is room").click()
    expect(page.get_by_role("status")).to_contain_text("Answered")


def refer_without_a_name(page: Page) -> None:
    """On from the answer."""
    page.reload()
    expect(page.locator(".rows")).to_contain_text("Yes, there is room")
    page.get_by_role("link", name=re.compile("Rooms for a night")).click()
    page.get_by_role("link", name="Go on: refer without a name").click()
    expect(page.locator(".is-first")).to_contain_text("Referral without a name")
    page.locator(".is-first").get_by_role("link", name="Referral without a name").click()
    page.get_by_label("A safe place tonight").check()
    page.get_by_label("How many people").select_option("3")
    page.get_by_label("Today").check()
    page.get_by_label(f"Rooms for a night (invented), {THERE}").check()
    page.get_by_label("Your work phone").fill("916-555-0142")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#main")).to_contain_text("An answer is due by")
    expect(page.locator("#main")).to_contain_text(NAME)


def accept(page: Page) -> None:
    menu(page, "People", "Requests to us")
    page.get_by_role("link", name="Waits for us").click()
    expect(page.locator(".rows li.row")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Rooms for a night")).click()
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".facts-list")).to_contain_text("916-555-0142")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    expect(page.locator("#main")).not_to_contain_text("Marisol")


def open_case_from_it(page: Page, tick: str, field: str, text: str) -> None:
    """What came fills the intake with the one thing that is ticked. Nothing was ticked before, and nothing else comes."""
    expect(page.get_by_role("button", name="Open a case from it")).to_be_visible()
    expect(page.locator("[name=take]:checked")).to_have_count(0)
    page.get_by_label(tick, exact=True).check()
    page.get_by_role("button", name="Open a case from it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New case, from Harbor House (invented)")
    for label in (
        "What should we call them?",
        "Language they want to speak",
        "What they ask for",
        "Number, address or name",
    ):
        expect(page.get_by_label(label)).to_have_value(text if label == field else "")
    expect(page.locator("#main input:checked")).to_have_count(0)
    page.get_by_label("Yes, they can talk").check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case ")
    expect(page.locator(".facts-list")).to_contain_text(text)


def a_case_from_the_referral(page: Page) -> None:
    """And back to the referral, by the line that says by what the case came."""
    open_case_from_it(page, "What for", "What they ask for", "A safe place tonight")
    expect(page.locator(".facts-list")).to_contain_text("No name given")
    page.get_by_role("link", name=re.compile("A referral of Harbor House")).click()
    expect(page.locator("#main")).to_contain_text("came by this")


def a_case_from_the_package(page: Page) -> None:
    """Their name was ticked. Their language and their need were read, and are not copied."""
    open_case_from_it(page, "Name to use", "What should we call them?", NAME)
    expect(page.locator("#main")).not_to_contain_text("A room before Friday")
    expect(page.locator("#main")).not_to_contain_text("Spanish")


def the_case_says_that_it_was_taken_back(page: Page) -> None:
    """What the agency wrote itself stays; the packet, one press away, is gone."""
    page.reload()
    expect(page.locator(".facts-list")).to_contain_text("They took it back")
    expect(page.locator(".facts-list")).to_contain_text(NAME)
    page.get_by_role("link", name=re.compile("A package of Harbor House")).click()
    expect(page.locator("#main")).to_contain_text("took this packet back")
    expect(page.locator("#main")).not_to_contain_text("Marisol")
    expect(page.get_by_role("button", name=re.compile("case from it"))).to_have_count(0)


def ask_in_spanish(page: Page) -> None:
    """From the accepted referral, which knows with whom. A mistake loses nothing."""
    page.reload()
    expect(page.locator(".facts")).to_contain_text("Accepted")
    page.get_by_role("button", name="Share more, with their consent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you ask")
    expect(page.locator("#errors")).to_have_count(0)
    page.get_by_label("Yes, they can talk freely").check()
    page.get_by_label("Español").check()
    page.get_by_label("An interpreters' phone service").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_contain_text("Write the interpreter’s number")
    page.get_by_label("Interpreter’s number").fill("4711")
    page.get_by_label("The interpreter is no child").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be shared")
    expect(page.get_by_label("With which agency").locator("option:checked")).to_have_text(THERE)
    page.get_by_label("What for").select_option("housing")
    page.get_by_label("Name to use").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.get_by_label("Name to use")).to_be_checked()
    page.get_by_label("Languages").check()
    page.get_by_label("Needs", exact=True).check()
    page.get_by_label("Ask there without their name").check()
    page.get_by_role("button", name="Go on").click()
    only_this_need(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"¿Quiere que compartamos esto con {THERE}?")
    boxes = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in ANSWERS]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box is not None}
    assert len(sizes) == 1, f"to refuse is as big as to agree: {sizes}"
    looked_at(page, "sharing-their-own-screen")
    page.get_by_role("button", name=ANSWERS[2]).click()


def only_this_need(page: Page) -> None:
    """One of two, with the keyboard; nothing is ticked before, and nothing said is nothing shared."""
    expect(page.get_by_role("heading", level=1)).to_have_text("All of it, or only these")
    expect(page.locator("#main input:checked")).to_have_count(0)
    page.get_by_label(re.compile("A room before Friday")).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_contain_text("say whether all of it is shared")
    expect(page.get_by_label(re.compile("A room before Friday"))).to_be_checked()
    expect(page.get_by_label(re.compile(OTHER_NEED))).not_to_be_checked()
    page.get_by_label(re.compile("Only these")).focus()
    page.keyboard.press("Space")
    looked_at(page, "sharing-only-these", only_here=True)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".facts-list")).to_contain_text("solo 1")
    expect(page.locator(".facts-list")).to_contain_text("A room before Friday")
    expect(page.locator("#main")).not_to_contain_text(OTHER_NEED)


def sign_on_paper(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Print, read, sign")
    page.get_by_role("link", name="Show the paper to print").click()
    expect(page.get_by_text("Yo lo decido. Nadie me presiona.")).to_be_visible()
    expect(page.locator(".paper")).to_contain_text("solo 1, con fecha de")
    assert not {"Marisol", "A room before Friday"} & set(re.findall("Marisol|A room before Friday", page.content()))
    looked_at(page, "sharing-paper")
    page.get_by_role("link", name="Go back to sign").click()
    page.get_by_label("Signed on paper, which we keep").check()
    page.get_by_label("Where the paper is").fill("Cabinet 2, folder 9")
    page.get_by_label("I was there when they signed").check()
    page.get_by_role("button", name="It is signed: begin to share").click()
    expect(page.get_by_role("status")).to_contain_text(f"You can send to {THERE} now")


def send(page: Page) -> None:
    page.get_by_role("link", name="Look at it and send").click()
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.locator("#main")).to_contain_text("A room before Friday")
    expect(page.locator("#main")).not_to_contain_text(OTHER_NEED)
    looked_at(page, "sharing-preview")
    page.get_by_role("button", name=f"Send to {THERE} now").click()
    expect(page.get_by_role("status")).to_contain_text(f"in the inbox of {THERE}")


def read_it_there(page: Page) -> None:
    """From the referral that they accepted, where it says that more comes by mail."""
    page.get_by_role("link", name="mail", exact=True).click()
    page.get_by_role("link", name=re.compile("Harbor House")).first.click()
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("#main")).to_contain_text(NAME)
    expect(page.locator("#main")).to_contain_text("A room before Friday")
    expect(page.locator("#main")).not_to_contain_text(OTHER_NEED)


def stop_from_the_case(page: Page) -> None:
    """The case says what was sent and that it was read; stopping says first that nobody forgets."""
    menu(page, "People", "Cases")
    page.get_by_role("link", name=re.compile(NAME)).click()
    shared = sharing_of(page)
    expect(shared).to_contain_text("last looked at on")
    expect(shared).to_contain_text("Needs (only 1, named one by one)")
    expect(shared).to_contain_text("Referral without a name".lower())
    looked_at(page, "case-sharing")
    shared.locator("summary").click()
    expect(shared).to_contain_text("No podemos hacer que lo olviden.")
    shared.get_by_role("button", name=re.compile("Dejar de compartir ahora")).click()
    expect(page.get_by_role("status")).to_contain_text("was told, without your story")
    expect(page.locator(".facts")).to_contain_text("Stopped")


def end_the_referral(hers: Page, theirs: Page) -> None:
    """The referral goes on without the release: they are connected, and who asked closes it."""
    menu(theirs, "People", "Requests to us")
    theirs.get_by_role("link", name=re.compile("Rooms for a night")).first.click()
    theirs.get_by_role("button", name="They are connected").click()
    expect(theirs.get_by_role("status")).to_contain_text("Connected")
    menu(hers, "People", "Cases")
    hers.get_by_role("link", name=re.compile(NAME)).click()
    expect(sharing_of(hers)).to_contain_text("Stopped")
    line = sharing_of(hers).locator("li").filter(has_text="referral without a name")
    expect(line).to_contain_text("Connected")
    line.get_by_role("link").click()
    hers.get_by_role("link", name="Close it").click()
    hers.get_by_role("button", name="Close it").click()
    expect(hers.locator(".facts")).to_contain_text("Closed")


def test_from_intake_to_a_package_that_is_gone_again(house: House) -> None:
    harbor = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    homes = founder_of(AgencyFactory(name=THERE, kind=AgencyKind.HOUSING))
    ada, hal = let_in(harbor, display_name="Ada Invented"), let_in(homes, display_name="Hal Invented")
    compare_words(ada, hal)
    ServiceFactory(name="Rooms for a night (invented)")

    theirs = unlocked(house, hal)
    menu(theirs, "People", "Requests to us")
    expect(theirs.get_by_text("Nobody asks anything of your agency now.")).to_be_visible()
    theirs.get_by_role("link", name="for which listed services your agency answers").click()
    theirs.get_by_role("link", name="Add a service").first.click()
    theirs.get_by_role("button", name=re.compile("We answer for it.*Rooms for a night")).click()
    expect(theirs.locator(".rows")).to_contain_text("Rooms for a night")

    hers = unlocked(house, ada)
    menu(hers, "People", "Cases")
    expect(hers.get_by_text("You have no open case.")).to_be_visible()
    intake_by_keyboard(hers)
    expect(sharing_of(hers)).to_contain_text("They share nothing.")
    a_need(hers)
    a_need(hers, OTHER_NEED)
    ask_who_has_room(hers)
    answer_about_room(theirs)
    refer_without_a_name(hers)
    accept(theirs)
    a_case_from_the_referral(theirs)
    ask_in_spanish(hers)
    sign_on_paper(hers)
    send(hers)
    read_it_there(theirs)
    a_case_from_the_package(theirs)
    stop_from_the_case(hers)
    the_case_says_that_it_was_taken_back(theirs)
    end_the_referral(hers, theirs)
