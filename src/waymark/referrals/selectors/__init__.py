"""Reads of referrals: what was sent, what came in, who answers for what. All narrowed to who asks."""
