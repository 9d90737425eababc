"""Writes of reports and exchange: facts, sheets that come in, files that leave, reports that are certified."""
