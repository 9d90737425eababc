"""From a name and a day of birth to 512 bits that show likeness and nothing else.

Each pair of letters sets a few bits of a filter, at places that only the holders of the project's secret can compute.
The year of birth goes into the key: people of different years share no places at all, so that counting how often a bit
is set over a whole list, the usual attack, has to be done for each year apart. The filter is folded in half by
exclusive-or and then some bits are flipped at random, for good.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import InvalidTable
from hiddenpop.linkage.people import Person, plain_letters
from hiddenpop.randomness import Random, generator

#: A project's secret is at least this long.
SECRET_BYTES = 32
ID_BYTES = 8
_WORD = 64


@dataclass(frozen=True)
class Recipe:
    """How filters are made; every list of a project uses the same one.

    Parameters
    ----------
    bits : int
        Length before folding, a power of two from 128 on.
    pair_bits : int
        Places that one pair of letters sets, at most 32.
    day_bits : int
        Places that the day, and the month, set; at most 32.
    flip : float
        Chance that a bit of the folded filter is flipped.
    """

    bits: int = 1024
    pair_bits: int = 10
    day_bits: int = 24
    flip: float = 0.05

    def __post_init__(self) -> None:
        if self.bits < 128 or self.bits & (self.bits - 1):
            raise ValueError(f"bits must be a power of two from 128 on; got {self.bits}")
        if not (1 <= self.pair_bits <= 32 and 1 <= self.day_bits <= 32):
            raise ValueError("a pair of letters, a day and a month set 1 to 32 bits each")
        if not 0.0 <= self.flip < 0.5:
            raise ValueError(f"the chance of a flip lies between 0 and one half; got {self.flip}")

    @property
    def words(self) -> int:
        """64-bit words of a folded filter."""
        return self.bits // (2 * _WORD)


@dataclass(frozen=True, eq=False)
class Encoded:
    """One list as the linker receives it.

    Parameters
    ----------
    name : str
        The list's name.
    recipe : Recipe
    filters : ndarray of uint64, shape (records, words)
        In random order.
    ids : ndarray of uint64, shape (records,)
        Random, but for the decoys, which only the holder of the decoy key recognizes.
    """

    name: str
    recipe: Recipe
    filters: NDArray[np.uint64]
    ids: NDArray[np.uint64] = field(repr=False)

    def to_text(self) -> str:
        """One line of JSON about the list, then a line of hexadecimal for each record."""
        head = json.dumps({"hiddenpop": "encoded list 1", "name": self.name, "recipe": asdict(self.recipe)})
        rows = np.column_stack([self.ids, self.filters]).astype(">u8")
        return "\n".join([head, *(row.tobytes().hex() for row in rows)]) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Encoded:
        """Read what :meth:`to_text` wrote.

        Raises
        ------
        InvalidTable
            Names the line.
        """
        lines = text.splitlines()
        try:
            head = json.loads(lines[0])
            name, recipe = str(head["name"]), Recipe(**head["recipe"])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise InvalidTable("line 1: this is not an encoded list") from error
        width = ID_BYTES * (1 + recipe.words)
        rows = []
        for number, line in enumerate(lines[1:], start=2):
            try:
                row = bytes.fromhex(line)
            except ValueError:
                row = b""
            if len(row) != width:
                raise InvalidTable(f"line {number}: {2 * width} hexadecimal digits are needed")
            rows.append(row)
        table = np.frombuffer(b"".join(rows), dtype=">u8").astype(np.uint64).reshape(len(rows), 1 + recipe.words)
        return cls(name, recipe, np.ascontiguousarray(table[:, 1:]), np.ascontiguousarray(table[:, 0]))


def _tokens(person: Person) -> list[tuple[str, bool]]:
    """Letter pairs (False) and parts of the date (True), told apart by a prefix."""
    found: list[tuple[str, bool]] = [(f"d{person.born.day}", True), (f"m{person.born.month}", True)]
    for prefix, name in (("f", person.first_name), ("l", person.last_name)):
        framed = f"_{plain_letters(name)}_"
        found += [(prefix + framed[i : i + 2], False) for i in range(len(framed) - 1)]
    return found


def clean_filters(people: Sequence[Person], secret: bytes, recipe: Recipe) -> NDArray[np.uint64]:
    """Folded filters before any bit is flipped, shape (people, words)."""
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"the secret has {len(secret)} bytes: {SECRET_BYTES} random bytes are needed")
    half = recipe.bits // 2
    numbers: dict[tuple[int, str, bool], int] = {}
    places: list[NDArray[np.int64]] = []
    used: list[int] = []
    lengths = []
    for person in people:
        tokens = _tokens(person)
        lengths.append(len(tokens))
        for token, is_date in tokens:
            key = (person.born.year, token, is_date)
            number = numbers.setdefault(key, len(places))
            if number == len(places):
                places.append(_places(secret, key, recipe))
            used.append(number)
    bits = np.zeros((len(people), recipe.bits), dtype=np.uint8)
    if people:
        owners = np.repeat(np.arange(len(people)), lengths)
        bits[owners[:, None], np.array(places)[used]] = 1
    return packed(bits[:, :half] ^ bits[:, half:])


def _places(secret: bytes, key: tuple[int, str, bool], recipe: Recipe) -> NDArray[np.int64]:
    """The bits that a token of a year sets, filled up to one length by repeating the first."""
    year, token, is_date = key
    digest = hmac.digest(secret, f"{year}|{token}".encode(), hashlib.sha512)
    found = np.frombuffer(digest, dtype=">u2").astype(np.int64) % recipe.bits
    size = recipe.day_bits if is_date else recipe.pair_bits
    return np.where(np.arange(len(found)) < size, found, found[0])


def packed(bits: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Rows of zeros and ones as 64-bit words."""
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64))


def encode(
    people: Sequence[Person], secret: bytes, *, name: str, recipe: Recipe | None = None, rng: Random = None,
    decoys: Sequence[tuple[Person, int]] = (),
) -> Encoded:  # fmt: skip
    """Encode a list where it lives.

    Parameters
    ----------
    people : sequence of Person
    secret : bytes
        The project's secret, 32 random bytes or more; the linker must not have it.
    name : str
        The list's name in the table.
    recipe : Recipe, optional
    rng : seed or generator
        For flips, order and ids; must be unpredictable in earnest (the command draws a fresh one).
    decoys : sequence of (Person, int)
        Invented people and their ids, from :class:`Decoys`.

    Returns
    -------
    Encoded
        Flipped, shuffled.

    Examples
    --------
    >>> from datetime import date
    >>> encode([Person("Ana", "Lee", date(1990, 2, 3))], bytes(32), name="A").filters.shape
    (1, 8)
    """
    recipe = recipe or Recipe()
    random = generator(rng)
    filters = clean_filters([*people, *(person for person, _ in decoys)], secret, recipe)
    flips = random.random((len(filters), recipe.bits // 2)) < recipe.flip
    filters ^= packed(flips.astype(np.uint8))
    ids = random.integers(0, 2**64, size=len(filters), dtype=np.uint64)
    ids[len(people) :] = [number for _, number in decoys]
    order = random.permutation(len(filters))
    return Encoded(name, recipe, filters[order], ids[order])
