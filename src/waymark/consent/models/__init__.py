"""A survivor's leave to share, and the ledger of everything that left: who signed, for whom, what, until when."""

from waymark.consent.models.ledger import Basis, Disclosure, Method, Outside, Package
from waymark.consent.models.releases import Release, ReleaseRecord, Signer

__all__ = ["Basis", "Disclosure", "Method", "Outside", "Package", "Release", "ReleaseRecord", "Signer"]
