"""Reads of cases: the caseload, one case, what was written in it. All narrowed to who asks."""
