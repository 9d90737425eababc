"""An event in words: one sentence a verb, which a test holds complete against every verb that the code uses.

The sentence goes on after the name of who did it: "Ana Invented" + "suspended a membership".
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "activity.read": "read what a member did",
    "administrator.approved": "agreed, as the second person, to a new administrator",
    "administrator.refused": "refused a new administrator",
    "administrator.request_withdrawn": "took back a request for a new administrator",
    "administrator.requested": "asked for a new administrator",
    "agency.added": "added an agency",
    "agency.closed": "closed an agency",
    "agency.contact_changed": "changed how the agency is reached",
    "agency.reopened": "reopened an agency",
    "agency_identity.pinned": "tied a member to their sign-in at the agency's provider",
    "agency_key.accepted": "accepted the agency's key after comparing words",
    "agency_key.doubted": "found that the agency's key is not the one compared before",
    "agency_key.renewed": "renewed the agency's key",
    "agency_sign_in.changed": "changed how the agency's members sign in",
    "audit.exported": "took a copy of the audit log",
    "chain.read": "read the platform's audit log",
    "change.applied": "checked a colleague's change and put it live",
    "change.proposed": "proposed a change that a second person checks",
    "change.refused": "refused a colleague's change",
    "change.withdrawn": "took back a change of their own",
    "code.refused": "gave a wrong code",
    "directory.imported": "imported services into the directory",
    "factor.added": "added a second factor",
    "factor.removed": "removed a second factor",
    "factor_reset.asked": "asked to let a colleague set up their second factor anew",
    "factor_reset.granted": "let a colleague set up their second factor anew, as the second person",
    "factor_reset.refused": "refused to let a colleague set up their second factor anew",
    "factor_reset.used": "set up a new second factor after losing the old one",
    "help_line.changed": "changed a help line that is not shown",
    "help_line.proposed": "proposed a help line",
    "help_line.proposed_again": "proposed a help line again",
    "help_line.put_up": "put up a help line as the second person",
    "help_line.taken_down": "took down a help line",
    "help_line.verified": "checked a help line with its operator",
    "hours.changed": "changed the hours of a service",
    "installation.set_up": "set up this installation",
    "invitation.accepted": "accepted an invitation",
    "invitation.declined": "declined an invitation",
    "invitation.made": "invited somebody",
    "invitation.renewed": "made a new code for an invitation",
    "invitation.withdrawn": "took back an invitation",
    "kit.made": "printed the agency's recovery kit",
    "kit.used": "opened the vault with the agency's recovery kit",
    "listing.saved": "saved a listing",
    "listing.verified": "checked a listing against its source",
    "listing_part.removed": "removed a part of a listing",
    "listing_part.saved": "saved a part of a listing",
    "member.made": "made a member's account",
    "member.renamed_self": "changed their own name",
    "member_key.asked": "asked for the agency's key",
    "member_key.confirmed": "gave a colleague the agency's key after comparing words",
    "membership.duties_changed": "changed a member's duties",
    "membership.ended": "ended a membership",
    "membership.left": "left the agency",
    "membership.resumed": "let a suspended member back in",
    "membership.role_changed": "changed a member's role",
    "membership.suspended": "suspended a membership",
    "notice.ended": "ended a notice",
    "notice.saved": "saved a notice",
    "packet.delivered": "delivered a packet to another agency",
    "packet.frozen": "wrote a packet to another agency",
    "packet.opened": "opened a packet from another agency",
    "packet.read": "read a packet again",
    "packet.recalled": "recalled a packet that another agency had",
    "packet.stopped": "stopped a packet before it was read",
    "page.refused": "was refused a page that their role does not include",
    "passkey.refused": "tried a passkey that is somebody else's or was copied",
    "passphrase.changed": "changed their vault passphrase",
    "password.changed": "changed their password",
    "password.reset": "set a new password by a link",
    "password.set": "set a member's password",
    "permit.closed": "closed a permit to send to another agency",
    "permit.opened": "opened a permit to send to another agency",
    "pin.compared": "compared another agency's six words",
    "pin.withdrawn": "withdrew trust from another agency's key",
    "place.made_confidential": "made a place confidential",
    "place.made_open": "ended a place's confidentiality",
    "printed_key.made": "printed a recovery key",
    "printed_key.proved": "proved that they keep their printed recovery key",
    "printed_key.used": "opened the vault with their printed recovery key",
    "record.shredded": "destroyed a record for good",
    "record_key.released": "opened a restricted record to the agency again",
    "record_key.restricted": "restricted a record to named colleagues",
    "record_keys.rewrapped": "moved records to the agency's new key",
    "recovery_code.used": "signed in with a recovery code",
    "recovery_codes.made": "made new recovery codes",
    "region.set_up": "set up the region",
    "reports.resolved": "answered visitors' reports about a service",
    "session.begun": "signed in",
    "session.ended": "signed out or ended a session",
    "session.proved": "proved again who they are",
    "sessions.ended": "ended their other sessions",
    "sign_in.failed": "failed to sign in",
    "translation.saved": "saved a translation",
    "vault.founded": "founded the agency's vault",
    "vault.locked": "locked the vault",
    "vault.unlocked": "unlocked the vault",
    "vault_key.made": "made their vault key",
    "vault_key.replaced": "replaced a vault key that was lost",
}

_NOBODY = {
    "command": "The server's administrator",
    "invited": "Somebody invited",
    "system": "The system",
    "visitor": "Somebody not signed in",
}


def in_words(verb: str) -> str:
    """What was done; a verb of a later version reads as itself."""
    return SENTENCES.get(verb) or verb.replace(".", " ").replace("_", " ")


def name_of(actor: str, names: dict[str, str]) -> str:
    """Who did it: a member's name, or what stands for nobody. A number tells strangers apart, never who they are."""
    kind, colon, rest = actor.partition(":")
    if not colon:
        return names.get(actor, "A member whose account is gone")
    if actor == "visitor:*":
        return "Several people not signed in"
    return f"{_NOBODY.get(kind, 'Somebody')} ({rest[:12] if kind == 'visitor' else rest})"
