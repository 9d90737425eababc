"""What a staff member may do, in the words of the work.

One permission is one thing a person does; a role is a short list of them. Both are alphabetical, so that a reviewer sees
every change as one line.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    ACCOUNTS_ADMINISTRATOR_APPROVE = "accounts.administrator.approve"
    ACCOUNTS_ADMINISTRATOR_REQUEST = "accounts.administrator.request"
    ACCOUNTS_ADMINISTRATOR_VIEW = "accounts.administrator.view"
    ACCOUNTS_AGENCY_ADD = "accounts.agency.add"
    ACCOUNTS_AGENCY_EDIT = "accounts.agency.edit"
    ACCOUNTS_AGENCY_VIEW = "accounts.agency.view"
    ACCOUNTS_INVITATION_VIEW = "accounts.invitation.view"
    ACCOUNTS_MEMBER_INVITE = "accounts.member.invite"
    ACCOUNTS_MEMBER_MANAGE = "accounts.member.manage"
    ACCOUNTS_MEMBER_VIEW = "accounts.member.view"
    AGENCY_SIGN_IN_SET_UP = "accounts.agency_sign_in.set_up"
    ASSISTANCE_FUND_KEEP = "assistance.fund.keep"
    ASSISTANCE_HOUSING_WORK = "assistance.housing.work"
    ASSISTANCE_MONEY_VIEW = "assistance.money.view"
    ASSISTANCE_REQUEST_APPROVE = "assistance.request.approve"
    ASSISTANCE_REQUEST_ASK = "assistance.request.ask"
    ASSISTANCE_REQUEST_PAY = "assistance.request.pay"
    AUDIT_AGENCY_VIEW = "audit.agency.view"
    AUDIT_PLATFORM_VIEW = "audit.platform.view"
    CASES_CASE_VIEW = "cases.case.view"
    CASES_CASE_WORK = "cases.case.work"
    COALITION_AGREEMENT_WRITE = "coalition.agreement.write"
    COALITION_GROUP_FOUND = "coalition.group.found"
    COALITION_VOICE_NAME = "coalition.voice.name"
    COALITION_WORK_TAKE_PART = "coalition.work.take_part"
    COALITION_WORK_VIEW = "coalition.work.view"
    CONSENT_RELEASE_WORK = "consent.release.work"
    COUNCIL_OVERRIDE_ASK = "council.override.ask"
    COUNCIL_OVERRIDE_CONFIRM = "council.override.confirm"
    COUNCIL_RECOMMENDATION_ANSWER = "council.recommendation.answer"
    COUNCIL_RECOMMENDATION_WRITE = "council.recommendation.write"
    COUNCIL_REVIEW_ANSWER = "council.review.answer"
    COUNCIL_REVIEW_REQUEST = "council.review.request"
    COUNCIL_SEAT_KEEP = "council.seat.keep"
    COUNCIL_TIME_APPROVE = "council.time.approve"
    COUNCIL_TIME_ENTER = "council.time.enter"
    COUNCIL_VIEW = "council.council.view"
    DIRECTORY_CHANGE_APPROVE = "directory.change.approve"
    DIRECTORY_LISTING_EDIT = "directory.listing.edit"
    DIRECTORY_LISTING_VIEW = "directory.listing.view"
    DIVERSION_MATTER_WORK = "diversion.matter.work"
    DIVERSION_PROGRAM_WORK = "diversion.program.work"
    HELP_LINE_PUT_UP = "directory.help_line.put_up"
    HELP_LINE_TAKE_DOWN = "directory.help_line.take_down"
    LAW_VIEW = "law.law.view"
    MEMBER_FACTOR_RESET = "accounts.member.factor_reset"
    NEWSROOM_DESK_KEEP = "newsroom.desk.keep"
    NEWSROOM_FIGURE_CORRECT = "newsroom.figure.correct"
    NEWSROOM_ITEM_RELEASE = "newsroom.item.release"
    NEWSROOM_ITEM_VIEW = "newsroom.item.view"
    NEWSROOM_ITEM_WRITE = "newsroom.item.write"
    NEWSROOM_PRESENCE_DECIDE = "newsroom.presence.decide"
    OBLIGATIONS_INCIDENT_KEEP = "obligations.incident.keep"
    OBLIGATIONS_PROCESS_VIEW = "obligations.process.view"
    OBLIGATIONS_PROCESS_WORK = "obligations.process.work"
    OBLIGATIONS_RECORD_SHOW = "obligations.record.show"
    OBLIGATIONS_REPORT_WORK = "obligations.report.work"
    OPERATION_COUNT = "operations.count.enter"
    OPERATION_VIEW = "operations.operation.view"
    PACKET_READ = "disclosures.packet.read"
    PACKET_SEND = "disclosures.packet.send"
    PEOPLE_PERSON_VIEW = "people.person.view"
    PEOPLE_PERSON_WORK = "people.person.work"
    REFERRALS_REFERRAL_ANSWER = "referrals.referral.answer"
    REFERRALS_REFERRAL_SEND = "referrals.referral.send"
    REGION_NOTICE_EDIT = "coalition.notice.edit"
    REGION_SET_UP = "coalition.region.set_up"
    RELIEF_CASE_VIEW = "relief.case.view"
    RELIEF_CASE_WORK = "relief.case.work"
    REPORT_CERTIFY = "reports.report.certify"
    REPORT_VIEW = "reports.report.view"
    SHEET_EXCHANGE = "reports.sheet.exchange"
    STAFF_HOME_VIEW = "web.home.view"
    VAULT_KEEP = "vault.vault.keep"
    VAULT_OPEN = "vault.vault.open"
    VAULT_RECORD_SHRED = "vault.record.shred"


class Role(StrEnum):
    """What a member does for the agency they act for. Each role is one sentence."""

    ADMINISTRATOR = "administrator"
    ADVOCATE = "advocate"
    COORDINATOR = "coordinator"
    COUNCIL = "council"
    MEMBER = "member"
    OFFICER = "officer"
    STEWARD = "steward"


ROLE_SENTENCES: dict[Role, str] = {
    Role.ADMINISTRATOR: "Keeps the installation running and adds agencies, and opens no agency's records.",
    Role.ADVOCATE: "Works with survivors for one agency, and opens what that agency's vault holds.",
    Role.COORDINATOR: "Sets up the region, keeps the coalition office's members, and does everything a steward does.",
    Role.COUNCIL: "Sits on the survivor council: reads what is to go public, and says what the council says of it.",
    Role.MEMBER: "Takes part in the coalition for an agency, and reads what is sent to it.",
    Role.OFFICER: "Invites, suspends and ends the members of one agency, and reads who did what there.",
    Role.STEWARD: "Keeps the service listings and help lines right, and checks what another steward changed.",
}

# What each permission means, for the page that tells a member what their role may do.
PERMISSION_SENTENCES: dict[Permission, str] = {
    Permission.ACCOUNTS_ADMINISTRATOR_APPROVE: "Decide, as the second person, who becomes administrator.",
    Permission.ACCOUNTS_ADMINISTRATOR_REQUEST: "Ask that somebody become administrator.",
    Permission.ACCOUNTS_ADMINISTRATOR_VIEW: "See who administers this installation.",
    Permission.ACCOUNTS_AGENCY_ADD: "Add an agency, reopen one, and let the first officer in where nobody is.",
    Permission.ACCOUNTS_AGENCY_EDIT: "Say how your agency is reached, and close it.",
    Permission.ACCOUNTS_AGENCY_VIEW: "See which agencies belong to the coalition.",
    Permission.ACCOUNTS_INVITATION_VIEW: "See the invitations that you may make, and take them back.",
    Permission.ACCOUNTS_MEMBER_INVITE: "Invite people to your agency.",
    Permission.ACCOUNTS_MEMBER_MANAGE: "Change, suspend and end the members of your agency, never yourself.",
    Permission.ACCOUNTS_MEMBER_VIEW: "See who belongs to your agency.",
    Permission.AGENCY_SIGN_IN_SET_UP: "Set up how your agency's members sign in.",
    Permission.ASSISTANCE_FUND_KEEP: "Keep your agency's funds for survivors: add one, write down what came in.",
    Permission.ASSISTANCE_HOUSING_WORK: "Keep a household's stays in rapid rehousing.",
    Permission.ASSISTANCE_MONEY_VIEW: "See requests for money by code and amount, and your agency's funds.",
    Permission.ASSISTANCE_REQUEST_APPROVE: "Approve, return or deny what a colleague asks money for.",
    Permission.ASSISTANCE_REQUEST_ASK: "Ask for money for somebody whose case you see.",
    Permission.ASSISTANCE_REQUEST_PAY: "Set money aside and pay it, where two others asked and approved.",
    Permission.AUDIT_AGENCY_VIEW: "Read what was done in your agency, and by whom.",
    Permission.AUDIT_PLATFORM_VIEW: "Read what was done to the installation, and by whom.",
    Permission.CASES_CASE_VIEW: "See your agency's cases, as far as the vault is open to you.",
    Permission.CASES_CASE_WORK: "Open a case, write notes, and move it on.",
    Permission.COALITION_AGREEMENT_WRITE: "Write agreements between agencies, and see them through to signature.",
    Permission.COALITION_GROUP_FOUND: "Found working groups, and keep every one of them.",
    Permission.COALITION_VOICE_NAME: "Say who speaks and votes for your agency, and who answers the press.",
    Permission.COALITION_WORK_TAKE_PART: "Join working groups, and ask other agencies for what they offer.",
    Permission.COALITION_WORK_VIEW: "Read what the agencies share: groups, agreements, and who can offer what.",
    Permission.CONSENT_RELEASE_WORK: "Ask a survivor what may be shared, keep the signed release, send under it, stop it.",
    Permission.COUNCIL_OVERRIDE_ASK: "Ask, with a reason that is published, that something go public against the council.",
    Permission.COUNCIL_OVERRIDE_CONFIRM: "Confirm or refuse, for a second agency, to override the council.",
    Permission.COUNCIL_RECOMMENDATION_ANSWER: "Answer a recommendation of the council that is your agency's.",
    Permission.COUNCIL_RECOMMENDATION_WRITE: "Write down what the council recommends.",
    Permission.COUNCIL_REVIEW_ANSWER: "Endorse what is to go public, ask for changes, or object.",
    Permission.COUNCIL_REVIEW_REQUEST: "Ask the council to look at something before it goes public.",
    Permission.COUNCIL_SEAT_KEEP: "Keep the council's seats, where your agency holds the council.",
    Permission.COUNCIL_TIME_APPROVE: "Post the council's rate, and approve and pay its hours.",
    Permission.COUNCIL_TIME_ENTER: "Write down your own hours for the council, and choose how they are paid.",
    Permission.COUNCIL_VIEW: "See the council's seats, its reviews that you may see, and what it recommended.",
    Permission.DIRECTORY_CHANGE_APPROVE: "Check, as the second person, what another steward changed.",
    Permission.DIRECTORY_LISTING_EDIT: "Write and change the listings of services.",
    Permission.DIRECTORY_LISTING_VIEW: "See the listings as stewards see them.",
    Permission.DIVERSION_MATTER_WORK: "Keep your court's docket, or your office's own part of a diversion program.",
    Permission.DIVERSION_PROGRAM_WORK: "Keep your agency's diversion program: enrollments, attendance, reports.",
    Permission.HELP_LINE_PUT_UP: "Put up a help line that another person proposed.",
    Permission.HELP_LINE_TAKE_DOWN: "Take a wrong help line down at once.",
    Permission.LAW_VIEW: "See the charges, clocks and rules that the platform works with, and their sources.",
    Permission.MEMBER_FACTOR_RESET: "Let a colleague who lost their second factor set it up anew, with a second person.",
    Permission.NEWSROOM_DESK_KEEP: "Answer what people outside ask: to volunteer, for a speaker, for a contact.",
    Permission.NEWSROOM_FIGURE_CORRECT: "Correct a published figure, with a second person.",
    Permission.NEWSROOM_ITEM_RELEASE: "Release, as the second person, what somebody else has written.",
    Permission.NEWSROOM_ITEM_VIEW: "Read releases that are being checked and in which your agency is named.",
    Permission.NEWSROOM_ITEM_WRITE: "Write releases, correct them and take them down.",
    Permission.NEWSROOM_PRESENCE_DECIDE: "Say whether your agency stands on the public page of members.",
    Permission.OBLIGATIONS_INCIDENT_KEEP: "Write down that something got out, and see its clocks through.",
    Permission.OBLIGATIONS_PROCESS_VIEW: "See which papers of courts have come, and what to do first.",
    Permission.OBLIGATIONS_PROCESS_WORK: "Write down a court's paper, contest it, and ask for what a judge's order names.",
    Permission.OBLIGATIONS_RECORD_SHOW: "Show a person who has seen their record, and keep what they say against it.",
    Permission.OBLIGATIONS_REPORT_WORK: "Make a report that the law demands of you, where your agency has "
    "recorded its ground.",
    Permission.OPERATION_COUNT: "Record operations that your agency led, and enter its counts.",
    Permission.OPERATION_VIEW: "See operations that are over, as counts.",
    Permission.PACKET_READ: "Read what other agencies have sent to yours.",
    Permission.PACKET_SEND: "Send a packet to one named agency, under a permit.",
    Permission.PEOPLE_PERSON_VIEW: "Look up a person whom your agency serves.",
    Permission.PEOPLE_PERSON_WORK: "Write down how a person is reached, where they live and who is with them.",
    Permission.REFERRALS_REFERRAL_ANSWER: "Answer when another agency asks for room or sends somebody, and say for what.",
    Permission.REFERRALS_REFERRAL_SEND: "Ask other agencies for room, and send somebody to them.",
    Permission.REGION_NOTICE_EDIT: "Write the notices on every help page.",
    Permission.REGION_SET_UP: "Set up the region: its name, ZIPs and languages.",
    Permission.RELIEF_CASE_VIEW: "Ask which ways to clear a record may be worth a lawyer's look.",
    Permission.RELIEF_CASE_WORK: "Keep relief cases, where your agency is defense or legal aid, and draft for an attorney.",
    Permission.REPORT_CERTIFY: "Count what a funder asks for, and certify it for your agency.",
    Permission.REPORT_VIEW: "See your agency's certified reports.",
    Permission.SHEET_EXCHANGE: "Bring cases in from a sheet, and take your agency's cases out as a file.",
    Permission.STAFF_HOME_VIEW: "Open the staff site, and your own place in it.",
    Permission.VAULT_KEEP: "Set up your agency's vault and let members into it.",
    Permission.VAULT_OPEN: "Unlock your agency's vault with your own passphrase.",
    Permission.VAULT_RECORD_SHRED: "Destroy the key of a record for good.",
}

_EVERYONE = frozenset(
    {Permission.ACCOUNTS_AGENCY_VIEW, Permission.COALITION_WORK_VIEW, Permission.LAW_VIEW, Permission.STAFF_HOME_VIEW}
)
# The survivor side, held by the advocate alone: a role that no agency of the justice side can give.
_SURVIVOR_SIDE = frozenset(
    {
        Permission.ASSISTANCE_HOUSING_WORK,
        Permission.ASSISTANCE_MONEY_VIEW,
        Permission.ASSISTANCE_REQUEST_APPROVE,
        Permission.ASSISTANCE_REQUEST_ASK,
        Permission.ASSISTANCE_REQUEST_PAY,
        Permission.CASES_CASE_VIEW,
        Permission.CASES_CASE_WORK,
        Permission.CONSENT_RELEASE_WORK,
        Permission.OBLIGATIONS_PROCESS_VIEW,
        Permission.OBLIGATIONS_PROCESS_WORK,
        Permission.OBLIGATIONS_RECORD_SHOW,
        Permission.OBLIGATIONS_REPORT_WORK,
        Permission.PEOPLE_PERSON_VIEW,
        Permission.PEOPLE_PERSON_WORK,
        Permission.REFERRALS_REFERRAL_ANSWER,
        Permission.REFERRALS_REFERRAL_SEND,
        Permission.RELIEF_CASE_VIEW,
        Permission.RELIEF_CASE_WORK,
        Permission.REPORT_CERTIFY,
        Permission.REPORT_VIEW,
        Permission.SHEET_EXCHANGE,
    }
)
_PRESS = frozenset({Permission.NEWSROOM_ITEM_RELEASE, Permission.NEWSROOM_ITEM_VIEW, Permission.NEWSROOM_ITEM_WRITE})
# Whoever works for the coalition asks the council before something goes public, and sees what it said.
_WORKER = _EVERYONE | {
    Permission.COALITION_WORK_TAKE_PART,
    Permission.COUNCIL_REVIEW_REQUEST,
    Permission.COUNCIL_VIEW,
    Permission.NEWSROOM_ITEM_VIEW,
}
_MAIL = _WORKER | {
    Permission.DIVERSION_MATTER_WORK,
    Permission.OPERATION_COUNT,
    Permission.OPERATION_VIEW,
    Permission.PACKET_READ,
    Permission.PACKET_SEND,
}
_STEWARD = (
    _WORKER
    | _PRESS
    | {
        Permission.DIRECTORY_CHANGE_APPROVE,
        Permission.DIRECTORY_LISTING_EDIT,
        Permission.DIRECTORY_LISTING_VIEW,
        Permission.HELP_LINE_PUT_UP,
        Permission.HELP_LINE_TAKE_DOWN,
        Permission.NEWSROOM_DESK_KEEP,
        Permission.NEWSROOM_FIGURE_CORRECT,
    }
)

_OFFICER = _PRESS | frozenset(
    {
        Permission.ACCOUNTS_AGENCY_EDIT,
        Permission.ACCOUNTS_INVITATION_VIEW,
        Permission.ACCOUNTS_MEMBER_INVITE,
        Permission.ACCOUNTS_MEMBER_MANAGE,
        Permission.ACCOUNTS_MEMBER_VIEW,
        Permission.AGENCY_SIGN_IN_SET_UP,
        Permission.ASSISTANCE_FUND_KEEP,
        Permission.ASSISTANCE_MONEY_VIEW,
        Permission.ASSISTANCE_REQUEST_APPROVE,
        Permission.ASSISTANCE_REQUEST_PAY,
        Permission.AUDIT_AGENCY_VIEW,
        Permission.COALITION_AGREEMENT_WRITE,
        Permission.COALITION_VOICE_NAME,
        Permission.COUNCIL_RECOMMENDATION_ANSWER,
        Permission.COUNCIL_SEAT_KEEP,
        Permission.COUNCIL_TIME_APPROVE,
        Permission.MEMBER_FACTOR_RESET,
        Permission.NEWSROOM_PRESENCE_DECIDE,
        Permission.OBLIGATIONS_INCIDENT_KEEP,
        Permission.VAULT_KEEP,
        Permission.VAULT_OPEN,
        Permission.VAULT_RECORD_SHRED,
    }
)

# An officer's, like an advocate's, where people are served; officers of the justice side have no such page at all.
SERVING_ALONE = frozenset(
    {
        Permission.ASSISTANCE_FUND_KEEP,
        Permission.ASSISTANCE_HOUSING_WORK,
        Permission.ASSISTANCE_MONEY_VIEW,
        Permission.ASSISTANCE_REQUEST_APPROVE,
        Permission.ASSISTANCE_REQUEST_ASK,
        Permission.ASSISTANCE_REQUEST_PAY,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.ACCOUNTS_ADMINISTRATOR_APPROVE,
        Permission.ACCOUNTS_ADMINISTRATOR_REQUEST,
        Permission.ACCOUNTS_ADMINISTRATOR_VIEW,
        Permission.ACCOUNTS_AGENCY_ADD,
        Permission.ACCOUNTS_INVITATION_VIEW,
        Permission.AUDIT_PLATFORM_VIEW,
        Permission.OBLIGATIONS_INCIDENT_KEEP,
    },
    Role.ADVOCATE: _MAIL
    | _SURVIVOR_SIDE
    | {Permission.DIVERSION_PROGRAM_WORK, Permission.OBLIGATIONS_INCIDENT_KEEP, Permission.VAULT_OPEN},
    # The coordinator is an officer of the agency that runs the installation, and keeps the region besides.
    Role.COORDINATOR: _STEWARD
    | _OFFICER
    | {
        Permission.ACCOUNTS_ADMINISTRATOR_REQUEST,
        Permission.ACCOUNTS_ADMINISTRATOR_VIEW,
        Permission.COALITION_GROUP_FOUND,
        Permission.COUNCIL_OVERRIDE_ASK,
        Permission.OPERATION_VIEW,
        Permission.REGION_NOTICE_EDIT,
        Permission.REGION_SET_UP,
    },
    Role.COUNCIL: _EVERYONE
    | {
        Permission.COUNCIL_RECOMMENDATION_WRITE,
        Permission.COUNCIL_REVIEW_ANSWER,
        Permission.COUNCIL_TIME_ENTER,
        Permission.COUNCIL_VIEW,
        Permission.NEWSROOM_ITEM_VIEW,
        Permission.OPERATION_VIEW,
    },
    Role.MEMBER: _MAIL | {Permission.VAULT_OPEN},
    # An override takes two agencies: the coordinator asks, an officer of another agency confirms.
    Role.OFFICER: _MAIL | _OFFICER | {Permission.COUNCIL_OVERRIDE_CONFIRM},
    Role.STEWARD: _STEWARD,
}


def permissions_of(role: str, *, is_justice: bool = False) -> frozenset[Permission]:
    """Permissions of a role; an unknown role has none, and on the justice side none has what is about survivors' money."""
    try:
        held = ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()
    return held - SERVING_ALONE if is_justice else held
