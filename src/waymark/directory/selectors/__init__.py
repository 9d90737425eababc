"""Reads of the directory. Whatever is meant for the public comes through the serializer door."""

from waymark.directory.selectors.documents import (
    full_documents,
    in_batches,
    list_documents,
    public_rows,
    rows_of,
)

__all__ = ["full_documents", "in_batches", "list_documents", "public_rows", "rows_of"]
