"""The newsroom's pages: for the public on its own site, for staff on theirs."""
