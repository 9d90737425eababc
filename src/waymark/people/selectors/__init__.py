"""What other apps of the survivor side may ask about people: who is visible, and what their sealed columns say."""

from waymark.people.selectors.opened import OpenedPerson, names_of, opened_person, safe_ways, secret_of
from waymark.people.selectors.persons import person_for

__all__ = ["OpenedPerson", "names_of", "opened_person", "person_for", "safe_ways", "secret_of"]
