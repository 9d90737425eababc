"""An advocate at a browser in which the vault is open, and a colleague of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.factories.accounts import AgencyFactory
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind


@dataclass
class Desk:
    """A person with a vault, at a browser in which it is unlocked; `founder` let them in."""

    person: Person
    founder: Person
    client: SiteClient

    @property
    def user(self) -> Any:
        return self.person.user

    @property
    def agency(self) -> Any:
        return self.person.user.acting.agency  # type: ignore[union-attr]

    def get(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.status_code
        return " ".join(answer.content.decode().split())


def open_desk(person: Person, founder: Person) -> Desk:
    client = SiteClient("staff")
    client.user = person.user
    client.force_login(person.user)
    done = client.send("/vault/unlock/", {"passphrase": PASSPHRASE})
    assert done.status_code == 302, done.content
    return Desk(person, founder, client)


def desk_in(
    name: str = "Harbor House (invented)",
    who: str = "Ada Invented",
    kind: str = AgencyKind.VICTIM_SERVICES,
    role: str = Role.ADVOCATE,
) -> Desk:
    """An advocate of a fresh agency that serves survivors, unless it is said otherwise."""
    founder = founder_of(AgencyFactory(name=name, kind=kind), display_name="Ola Invented")
    return open_desk(let_in(founder, role, display_name=who), founder)


def desk_of_colleague(desk: Desk, who: str = "Bo Invented") -> Desk:
    """Another advocate of the same agency."""
    return open_desk(let_in(desk.founder, display_name=who), desk.founder)
