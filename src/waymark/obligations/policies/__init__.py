"""Who may do what about a court's paper, a report, an incident, a statement; and which steps there are from here."""
