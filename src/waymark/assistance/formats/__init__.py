"""Amounts as people write them, and what funders call what money was spent on."""
