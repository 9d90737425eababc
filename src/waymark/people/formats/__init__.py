"""Codes that are spoken, facts as they are sealed, names as they sound: pure, without a database."""
