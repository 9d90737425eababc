"""Who may ask, approve and pay; which steps there are from here; how many months of help there may be."""
