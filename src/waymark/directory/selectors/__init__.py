"""Reads of the directory, one module a subject. Whatever is meant for the public comes through the serializer door."""

from waymark.directory.selectors.epoch import publication_epoch
from waymark.directory.selectors.search import Found, SearchFilters, search_services

__all__ = ["Found", "SearchFilters", "publication_epoch", "search_services"]
