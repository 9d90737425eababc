"""The council's pages on the staff site."""
