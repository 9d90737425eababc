"""Papers that leave, and the words in which a person reads what was kept of them."""
