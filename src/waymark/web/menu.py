"""The menu of the staff site: one table, in sections, shown to each role without what it may not open.

A new page gets one line here, in the section where a person would look for it, and is found by the search of pages and by
its keys as well. A section of which a role sees one page only is shown as that page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.urls import reverse

from waymark.access.installation import has_page
from waymark.access.permissions import Permission


class Section(StrEnum):
    """Where a page stands in the menu, in the menu's order."""

    HOME = "Home"
    COALITION = "Coalition"
    COUNCIL = "Survivor council"
    PEOPLE = "People"
    LAW = "Law and operations"
    MAIL = "Mail and vault"
    DIRECTORY = "Directory"
    NEWSROOM = "Newsroom"
    AGENCY = "Your agency"
    INSTALLATION = "Installation"


class Entry(NamedTuple):
    """A page of the menu: `keys` are its shortcut, "g" and a letter that no other page has."""

    section: Section
    label: str
    name: str
    permission: Permission
    keys: str = ""


class Doing(NamedTuple):
    """Something that is begun on a page of its own; the search finds it by its words."""

    label: str
    name: str
    permission: Permission


MENU: tuple[Entry, ...] = (
    Entry(Section.HOME, "Home", "staff_home", Permission.STAFF_HOME_VIEW, "g h"),
    Entry(Section.COALITION, "Calendar", "coalition:calendar", Permission.COALITION_WORK_VIEW, "g y"),
    Entry(Section.COALITION, "Meetings", "coalition:meeting_list", Permission.COALITION_WORK_VIEW, "g e"),
    Entry(Section.COALITION, "Decisions", "coalition:decision_list", Permission.COALITION_WORK_VIEW, "g d"),
    Entry(Section.COALITION, "Action items", "coalition:action_item_list", Permission.COALITION_WORK_VIEW, "g i"),
    Entry(Section.COALITION, "Working groups", "coalition:group_list", Permission.COALITION_WORK_VIEW, "g g"),
    Entry(Section.COALITION, "Agreements", "coalition:agreement_list", Permission.COALITION_WORK_VIEW, "g j"),
    Entry(Section.COALITION, "Agencies and contacts", "coalition:contact_list", Permission.COALITION_WORK_VIEW, "g a"),
    Entry(Section.COALITION, "Asset board", "coalition:offer_list", Permission.COALITION_WORK_VIEW, "g t"),
    Entry(Section.COUNCIL, "Survivor council", "council:home", Permission.COUNCIL_VIEW, "g u"),
    Entry(Section.COUNCIL, "Council reviews", "council:review_list", Permission.COUNCIL_VIEW),
    Entry(Section.COUNCIL, "Recommendations", "council:recommendation_list", Permission.COUNCIL_VIEW),
    Entry(Section.COUNCIL, "Your council time", "council:my_time", Permission.COUNCIL_TIME_ENTER),
    Entry(Section.PEOPLE, "Cases", "cases:list", Permission.CASES_CASE_VIEW, "g k"),
    Entry(Section.PEOPLE, "Sharing", "consent:list", Permission.CONSENT_RELEASE_WORK),
    Entry(Section.PEOPLE, "Look somebody up", "people:find", Permission.PEOPLE_PERSON_VIEW, "g f"),
    Entry(Section.PEOPLE, "Referrals", "referrals:list", Permission.REFERRALS_REFERRAL_SEND, "g x"),
    Entry(Section.PEOPLE, "Who has room", "referrals:board", Permission.REFERRALS_REFERRAL_SEND),
    Entry(Section.PEOPLE, "Requests to us", "referrals:inbox", Permission.REFERRALS_REFERRAL_ANSWER, "g q"),
    Entry(Section.PEOPLE, "Somebody wants a record", "obligations:door", Permission.OBLIGATIONS_PROCESS_VIEW),
    Entry(Section.PEOPLE, "Papers of courts", "obligations:process_list", Permission.OBLIGATIONS_PROCESS_VIEW),
    Entry(Section.PEOPLE, "Your reports", "obligations:report_list", Permission.OBLIGATIONS_REPORT_WORK),
    Entry(Section.LAW, "Diversion program", "diversion:enrollment_list", Permission.DIVERSION_PROGRAM_WORK),
    Entry(Section.LAW, "Diversion matters", "diversion:matter_list", Permission.DIVERSION_MATTER_WORK),
    Entry(Section.PEOPLE, "Money", "assistance:list", Permission.ASSISTANCE_MONEY_VIEW),
    Entry(Section.PEOPLE, "Rapid rehousing", "assistance:stay_list", Permission.ASSISTANCE_HOUSING_WORK),
    Entry(Section.PEOPLE, "Record relief", "relief:list", Permission.RELIEF_CASE_VIEW),
    Entry(Section.PEOPLE, "Reports to funders", "reports:list", Permission.REPORT_VIEW),
    Entry(Section.PEOPLE, "Cases in and out", "reports:sheets", Permission.SHEET_EXCHANGE),
    Entry(Section.LAW, "Operations", "operations:list", Permission.OPERATION_VIEW),
    Entry(Section.LAW, "Quarterly figures", "operations:quarter_list", Permission.OPERATION_VIEW),
    Entry(Section.LAW, "Charges", "law:charge_list", Permission.LAW_VIEW),
    Entry(Section.LAW, "Clocks and rules", "law:rule_list", Permission.LAW_VIEW),
    Entry(Section.MAIL, "Mail", "disclosures:inbox", Permission.PACKET_READ, "g m"),
    Entry(Section.MAIL, "Orders to seal", "diversion:order_list", Permission.PACKET_READ),
    Entry(Section.MAIL, "Vault", "vault:home", Permission.VAULT_OPEN, "g v"),
    Entry(Section.MAIL, "Keeping and destroying", "cases:keeping_list", Permission.VAULT_RECORD_SHRED),
    Entry(Section.DIRECTORY, "Services", "directory:service_list", Permission.DIRECTORY_LISTING_VIEW, "g s"),
    Entry(Section.DIRECTORY, "Organizations", "directory:organization_list", Permission.DIRECTORY_LISTING_VIEW, "g o"),
    Entry(Section.DIRECTORY, "Places", "directory:location_list", Permission.DIRECTORY_LISTING_VIEW, "g p"),
    Entry(Section.DIRECTORY, "Phones", "directory:phone_list", Permission.DIRECTORY_LISTING_VIEW),
    Entry(Section.DIRECTORY, "Hours", "directory:hours_list", Permission.DIRECTORY_LISTING_VIEW),
    Entry(Section.DIRECTORY, "Help lines", "directory:help_line_list", Permission.DIRECTORY_LISTING_VIEW, "g l"),
    Entry(Section.DIRECTORY, "Waiting changes", "directory:change_list", Permission.DIRECTORY_LISTING_VIEW, "g w"),
    Entry(Section.DIRECTORY, "To check again", "directory:stale_list", Permission.DIRECTORY_LISTING_VIEW, "g c"),
    Entry(Section.DIRECTORY, "Reports", "directory:report_list", Permission.DIRECTORY_LISTING_VIEW, "g r"),
    Entry(Section.DIRECTORY, "Words", "public_words", Permission.DIRECTORY_LISTING_VIEW),
    Entry(Section.NEWSROOM, "News", "newsroom:item_list", Permission.NEWSROOM_ITEM_VIEW, "g n"),
    Entry(Section.NEWSROOM, "Embargoes", "newsroom:embargo_list", Permission.NEWSROOM_ITEM_WRITE),
    Entry(Section.NEWSROOM, "Figures", "newsroom:figure_list", Permission.NEWSROOM_FIGURE_CORRECT),
    Entry(Section.NEWSROOM, "Proposed figures", "newsroom:proposal_list", Permission.NEWSROOM_FIGURE_CORRECT),
    Entry(Section.NEWSROOM, "Requests from outside", "newsroom:request_list", Permission.NEWSROOM_DESK_KEEP),
    Entry(Section.NEWSROOM, "Region notices", "coalition:notice_list", Permission.REGION_NOTICE_EDIT),
    Entry(Section.AGENCY, "Members", "member_list", Permission.ACCOUNTS_MEMBER_VIEW, "g b"),
    Entry(Section.AGENCY, "Invitations", "invitation_list", Permission.ACCOUNTS_INVITATION_VIEW),
    Entry(Section.AGENCY, "Lost second factors", "lost_factor_list", Permission.MEMBER_FACTOR_RESET),
    Entry(Section.AGENCY, "Your agency's own sign-in", "agency_sign_in_settings", Permission.AGENCY_SIGN_IN_SET_UP),
    Entry(Section.AGENCY, "Put away after an order", "diversion:put_away_list", Permission.VAULT_RECORD_SHRED),
    Entry(Section.AGENCY, "On the public page", "newsroom:presence", Permission.NEWSROOM_PRESENCE_DECIDE),
    Entry(Section.AGENCY, "What was done", "audit:agency_log", Permission.AUDIT_AGENCY_VIEW),
    Entry(Section.AGENCY, "Incidents", "obligations:incident_list", Permission.OBLIGATIONS_INCIDENT_KEEP),
    Entry(Section.INSTALLATION, "Region", "region_settings", Permission.REGION_SET_UP),
    Entry(Section.INSTALLATION, "Administrators", "administrator_list", Permission.ACCOUNTS_ADMINISTRATOR_VIEW),
    Entry(Section.INSTALLATION, "Platform log", "audit:platform_log", Permission.AUDIT_PLATFORM_VIEW),
)
DOINGS: tuple[Doing, ...] = (
    Doing("Ask which ways to clear a record there are", "relief:ask", Permission.RELIEF_CASE_VIEW),
    Doing("Add a fund for survivors", "assistance:fund_new", Permission.ASSISTANCE_FUND_KEEP),
    Doing("Funds for survivors", "assistance:fund_list", Permission.ASSISTANCE_MONEY_VIEW),
    Doing("Add an agency", "agency_add", Permission.ACCOUNTS_AGENCY_ADD),
    Doing("All agencies, also closed ones", "agency_list", Permission.ACCOUNTS_AGENCY_VIEW),
    Doing("Draft an agreement", "coalition:agreement_add", Permission.COALITION_AGREEMENT_WRITE),
    Doing("Bring cases in from a sheet", "reports:sheet_new", Permission.SHEET_EXCHANGE),
    Doing("Count a quarter for a funder", "reports:choose", Permission.REPORT_CERTIFY),
    Doing("Found a working group", "coalition:group_add", Permission.COALITION_GROUP_FOUND),
    Doing("Invite a member", "member_invite", Permission.ACCOUNTS_MEMBER_INVITE),
    Doing("New case", "cases:new", Permission.CASES_CASE_WORK),
    Doing("New calendar entry", "coalition:calendar_add", Permission.COALITION_WORK_VIEW),
    Doing("New region notice", "coalition:notice_add", Permission.REGION_NOTICE_EDIT),
    Doing("New help line", "directory:help_line_add", Permission.HELP_LINE_PUT_UP),
    Doing("My action items", "coalition:my_action_items", Permission.COALITION_WORK_VIEW),
    Doing("New action item", "coalition:action_item_new", Permission.COALITION_WORK_TAKE_PART),
    Doing("New decision", "coalition:decision_new", Permission.COALITION_WORK_TAKE_PART),
    Doing("Somebody came with a letter", "referrals:arrived", Permission.REFERRALS_REFERRAL_ANSWER),
    Doing("Services that we answer for", "referrals:desks", Permission.REFERRALS_REFERRAL_ANSWER),
    Doing("Print blank sheets", "cases:sheets_print", Permission.CASES_CASE_WORK),
    Doing("Read your notices", "notices:list", Permission.STAFF_HOME_VIEW),
    Doing("Write a release", "newsroom:item_add", Permission.NEWSROOM_ITEM_WRITE),
    Doing("Propose a figure", "newsroom:proposal_add", Permission.NEWSROOM_FIGURE_CORRECT),
    Doing("Record an operation", "operations:add", Permission.OPERATION_COUNT),
    Doing("Something got out", "obligations:incident_new", Permission.OBLIGATIONS_INCIDENT_KEEP),
    Doing("Say whom we call when a court's paper comes", "obligations:counsel", Permission.OBLIGATIONS_PROCESS_WORK),
    Doing("Write a packet", "disclosures:new", Permission.PACKET_SEND),
    Doing("Take in a file from another installation", "disclosures:file_take", Permission.PACKET_READ),
    Doing("Take in the card of another installation", "vault:card_take", Permission.ACCOUNTS_AGENCY_ADD),
)


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu; `is_here` for the page that is shown and for the list above it."""

    label: str
    url: str
    is_here: bool
    is_exact: bool


@dataclass(frozen=True)
class MenuPart:
    """A section with what one role sees in it."""

    label: str
    items: tuple[MenuItem, ...]

    @property
    def is_single(self) -> bool:
        return len(self.items) == 1

    @property
    def is_here(self) -> bool:
        return any(item.is_here for item in self.items)


def entries_for(held: Collection[Permission]) -> list[Entry]:
    """The pages of the menu that are there in this installation, for whoever holds `held`."""
    return [entry for entry in MENU if entry.permission in held and has_page(entry.name)]


def doings_for(held: Collection[Permission]) -> list[Doing]:
    """What can be begun in this installation by whoever holds `held`."""
    return [doing for doing in DOINGS if doing.permission in held and has_page(doing.name)]


def menu_for(held: Collection[Permission], path: str) -> list[MenuPart]:
    """The menu of whoever holds `held`, on the page at `path`."""
    pages = [(entry, reverse(entry.name)) for entry in entries_for(held)]
    # The longest address that the page's own begins with: a page below another's address has one place in the menu.
    above = [url for _, url in pages if path == url or (url != "/" and path.startswith(url))]
    here = max(above, key=len, default=None)
    parts = []
    for section in Section:
        inside = [(entry, url) for entry, url in pages if entry.section is section]
        if inside:
            items = tuple(MenuItem(entry.label, url, url == here, url == path) for entry, url in inside)
            parts.append(MenuPart(section.value if len(items) > 1 else items[0].label, items))
    return parts
