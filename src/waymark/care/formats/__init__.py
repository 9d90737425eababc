"""Definitions that change by version: the services' taxonomy, instruments with scoring, the safety plan's sections."""
