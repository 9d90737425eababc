"""The pages of people: looking somebody up, the file of one person."""

from waymark.people.views.contacts import contact_end, contact_new, contact_show
from waymark.people.views.finding import find
from waymark.people.views.record import person_change, person_detail

__all__ = ["contact_end", "contact_new", "contact_show", "find", "person_change", "person_detail"]
