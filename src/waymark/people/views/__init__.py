"""The pages of people: looking somebody up, the file of one person."""

from waymark.people.views.addresses import address_end, address_new, address_read
from waymark.people.views.around import person_merge, person_split, relation_end, relation_new
from waymark.people.views.contacts import contact_end, contact_new, contact_show
from waymark.people.views.finding import find
from waymark.people.views.record import person_change, person_detail

__all__ = [
    "address_end",
    "address_new",
    "address_read",
    "contact_end",
    "contact_new",
    "contact_show",
    "find",
    "person_change",
    "person_detail",
    "person_merge",
    "person_split",
    "relation_end",
    "relation_new",
]
