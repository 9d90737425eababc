"""The pages of money and housing."""
