"""The forms of the council's pages. None asks for a legal name, an account, or what somebody has lived through."""
