"""Funds, requests and stays, as far as they are open to who asks."""
