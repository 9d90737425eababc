"""An agency's keys: what everybody may read of them, what they are sealed to, and who was compared with whom.

Only public halves, sealed boxes and signatures are stored. A row that a thief writes here is worth nothing: members follow
signatures from the epoch they remember, and partners from the epoch whose words they compared.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.sealing.epochs import Statement


class AgencyKey(models.Model):
    """The public statement of one epoch of one agency. Every agency reads it; it is never changed or deleted.

    Those of an agency that runs its own installation come by its card (migrations/sql/elsewhere.sql).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    seal_public = models.BinaryField(max_length=32)
    sign_public = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    endorsement = models.BinaryField(
        max_length=64,
        default=bytes,
        help_text="The word of the epoch before to partners; empty when they must compare again.",
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="one_agency_key_an_epoch")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "Every agency reads the public keys; a rule of their own lets their agency alone add some."

    def __str__(self) -> str:
        return f"{self.agency_id} {self.number}"

    def statement(self) -> Statement:
        """The statement as this row tells it; whether it is true is for signatures to say."""
        return Statement(
            str(self.agency_id), self.number, bytes(self.seal_public), bytes(self.sign_public), bytes(self.previous)
        )


class AgencyEpoch(AgencyOwned):
    """The inner side of an epoch: the word to members, and the earlier epochs' keys, sealed under this one."""

    class Reason(models.TextChoices):
        FOUNDED = "founded", "The vault was founded"
        LEFT = "left", "Somebody left or was suspended"
        KIT = "kit", "The printed kit was withdrawn"
        CHOSEN = "chosen", "A member asked for new keys"

    number = models.PositiveIntegerField()
    endorsement = models.BinaryField(max_length=64, default=bytes)
    earlier = models.BinaryField(default=bytes)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rewrapped_at = models.DateTimeField(null=True, help_text="When no record key was left under an older epoch.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "number"], name="one_epoch_a_number"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "earlier": "secret", "made_by": "staff activity", "reason": "staff activity"}

    def __str__(self) -> str:
        return f"{self.agency_id} {self.number}"


class MemberKey(AgencyOwned):
    """A member's public key in one agency: *waiting* until a colleague has compared words, then *confirmed*.

    `confirmation` is the newest epoch's signature over member and key. A key that somebody put here by hand has none, and
    no new epoch is sealed to it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    public = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmation = models.BinaryField(max_length=64, default=bytes)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "user"], name="one_member_key_an_agency"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmed_key_says_by_whom",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "user": "reference", "confirmed_by": "staff activity", "asked_at": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class Kit(AgencyOwned):
    """An agency's printed kit, if it chose one: a key pair whose private half only the paper opens."""

    public = models.BinaryField(max_length=32)
    by_printed = models.BinaryField()
    confirmation = models.BinaryField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency"], name="one_kit_an_agency"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "by_printed": "secret", "made_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class EpochSeal(AgencyOwned):
    """An epoch's secret, sealed to one member, or to the printed kit where `member` is empty."""

    number = models.PositiveIntegerField()
    member = models.ForeignKey(MemberKey, models.PROTECT, null=True, db_constraint=False, related_name="+")
    box = models.BinaryField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "number", "member"], name="one_seal_a_reader", nulls_distinct=False),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "box": "secret"}

    def __str__(self) -> str:
        return str(self.id)


class VaultMemo(AgencyOwned):
    """What one member has seen of the agency's keys, sealed for that member alone (`waymark.sealing.memos`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "user"], name="one_memo_a_member"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "user": "reference", "sealed": "secret"}

    def __str__(self) -> str:
        return str(self.id)


class Pin(AgencyOwned):
    """Another agency's keys as words were compared for them. Signed by our newest epoch, so that nobody moves a pin."""

    partner = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32, help_text="Of the partner's statement whose words were compared.")
    compared_at = models.DateTimeField()
    compared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signature = models.BinaryField(max_length=64)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "partner"], name="one_pin_a_partner"),
            models.CheckConstraint(condition=~Q(partner=models.F("agency")), name="nobody_pins_their_own_agency"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "compared_by": "staff activity", "compared_at": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)
