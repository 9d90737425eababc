"""Writes of diversion. What concerns somebody is sealed; what crosses goes through the mail slot."""
