"""Referrals apart from where they are stored: states in the words of the health field, codes that a person carries."""
