"""Reads of diversion, each narrowed to the agency that asks."""
