"""Reads of releases, the ledger, and the content that a release lets go."""
