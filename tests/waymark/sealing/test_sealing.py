"""Sealing: known answers, laws, and what a thief or a curious administrator might try."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from waymark.sealing import boxes, fields, lookup, passphrases, places, recovery, signatures, words
from waymark.sealing.errors import CannotOpenError

PLACE = places.Place("people_person", "name", "row-1", "agency-1")
CHEAP = passphrases.Cost(19 * 1024, 2, 1)
names = st.text(min_size=1, max_size=12)


@given(value=st.binary(max_size=300))
def test_a_field_opens_with_its_key_at_its_place(value: bytes) -> None:
    key = fields.new_key()
    assert fields.open_field(key, fields.seal_field(key, value, PLACE), PLACE) == value


@pytest.mark.parametrize("moved", ["table", "column", "row", "agency"])
def test_a_field_moved_elsewhere_does_not_open(moved: str) -> None:
    key = fields.new_key()
    sealed = fields.seal_field(key, b"Ana", PLACE)
    parts = {"table": PLACE.table, "column": PLACE.column, "row": PLACE.row, "agency": PLACE.agency}
    with pytest.raises(CannotOpenError):
        fields.open_field(key, sealed, places.Place(**{**parts, moved: "another"}))


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_bit_of_a_field_can_be_changed(position: int, bit: int) -> None:
    key = bytes(range(32))
    sealed = bytearray(fields.seal_field(key, b"Ana", PLACE))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(CannotOpenError):
        fields.open_field(key, bytes(sealed), PLACE)


def test_a_field_is_plain_aes_256_gcm_in_the_documented_form() -> None:
    """Anybody can open our bytes with the standard cipher and the documented associated data."""
    key = bytes(range(32))
    sealed = fields.seal_field(key, b"Ana", PLACE)
    bound = b"\x01" + b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (b"waymark field 1", b"people_person", b"name", b"row-1", b"agency-1")
    )
    assert AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound) == b"Ana"


def test_two_seals_of_one_value_differ() -> None:
    key = fields.new_key()
    assert len({fields.seal_field(key, b"Ana", PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize("wrong", [b"", b"\x01", b"\x02" + bytes(60), bytes(29)])
def test_what_is_no_sealed_field_is_refused(wrong: bytes) -> None:
    with pytest.raises(CannotOpenError):
        fields.open_field(fields.new_key(), wrong, PLACE)


def test_a_short_key_and_a_nameless_place_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        fields.seal_field(b"short", b"Ana", PLACE)
    with pytest.raises(ValueError, match="table, column, row and agency"):
        places.Place("people_person", "name", "row-1", "")


@given(first=st.lists(names, min_size=1, max_size=5), second=st.lists(names, min_size=1, max_size=5))
def test_framing_never_confuses_two_places(first: list[str], second: list[str]) -> None:
    assert (places.framed(*first) == places.framed(*second)) == (first == second)


@given(secret=st.binary(max_size=200))
def test_a_box_opens_for_its_holder(secret: bytes) -> None:
    holder = boxes.BoxKey.generate()
    box = boxes.seal_to(holder.public, secret, purpose="record key", bound=("case-1",))
    assert holder.open(box, purpose="record key", bound=("case-1",)) == secret


def test_a_box_opens_for_nobody_else_and_for_nothing_else() -> None:
    holder, other = boxes.BoxKey.generate(), boxes.BoxKey.generate()
    box = boxes.seal_to(holder.public, b"key", purpose="record key", bound=("case-1",))
    for opener, purpose, bound in (
        (other, "record key", ("case-1",)),
        (holder, "agency key", ("case-1",)),
        (holder, "record key", ("case-2",)),
        (holder, "record key", ()),
    ):
        with pytest.raises(CannotOpenError):
            opener.open(box, purpose=purpose, bound=bound)
    with pytest.raises(CannotOpenError):
        holder.open(box[:-1], purpose="record key", bound=("case-1",))


def test_a_key_of_small_order_is_refused() -> None:
    with pytest.raises(ValueError, match=r".*"):
        boxes.seal_to(bytes(32), b"key", purpose="record key")
    with pytest.raises(ValueError, match="32 bytes"):
        boxes.seal_to(b"short", b"key", purpose="record key")


def test_private_keys_survive_export_and_never_print() -> None:
    box, sign = boxes.BoxKey.generate(), signatures.SigningKey.generate()
    assert boxes.BoxKey.load(box.export()).public == box.public
    assert signatures.SigningKey.load(sign.export()).public == sign.public
    for key in (box, sign):
        assert key.export().hex() not in repr(key)


def test_x25519_and_ed25519_known_answers() -> None:
    """RFC 7748 section 6.1 (Alice's key) and RFC 8032 section 7.1, test 1 (public key of the secret)."""
    alice = boxes.BoxKey.load(bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
    assert alice.public.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    signer = signatures.SigningKey.load(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert signer.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_a_signature_holds_for_its_purpose_and_parts_only() -> None:
    signer, other = signatures.SigningKey.generate(), signatures.SigningKey.generate()
    signature = signer.sign("deliver", "packet-1", b"body")
    assert signatures.is_signed_by(signer.public, signature, "deliver", "packet-1", b"body")
    assert not signatures.is_signed_by(signer.public, signature, "recall", "packet-1", b"body")
    assert not signatures.is_signed_by(signer.public, signature, "deliver", "packet-1b", b"ody")
    assert not signatures.is_signed_by(other.public, signature, "deliver", "packet-1", b"body")
    assert not signatures.is_signed_by(b"no key", signature, "deliver", "packet-1", b"body")


def test_a_passphrase_opens_its_owners_key_only() -> None:
    wrapped = passphrases.wrap(b"secret", "quiet  river Ⅳ", owner="user-1", cost=CHEAP)
    # What a phone's keyboard makes of the same words: other spaces, a compatible character.
    assert passphrases.unwrap(wrapped, " quiet river IV ", owner="user-1") == b"secret"
    for phrase, owner in (("quiet river V", "user-1"), ("quiet river IV", "user-2"), ("", "user-1")):
        with pytest.raises(CannotOpenError):
            passphrases.unwrap(wrapped, phrase, owner=owner)
    with pytest.raises(ValueError, match="empty"):
        passphrases.wrap(b"secret", "   ", owner="user-1", cost=CHEAP)


def test_the_standard_cost_is_64_mebibytes_three_passes() -> None:
    wrapped = passphrases.wrap(b"secret", "quiet river", owner="user-1")
    assert wrapped[:13] == bytes([1]) + (65536).to_bytes(4, "big") + (3).to_bytes(4, "big") + (1).to_bytes(4, "big")


@pytest.mark.parametrize(("place", "value"), [(1, 8), (1, 2**31), (5, 1), (5, 1000), (9, 64)])
def test_a_cost_out_of_bounds_is_refused_before_it_is_paid(place: int, value: int) -> None:
    wrapped = bytearray(passphrases.wrap(b"secret", "quiet river", owner="user-1", cost=CHEAP))
    wrapped[place : place + 4] = value.to_bytes(4, "big")
    with pytest.raises(CannotOpenError):
        passphrases.unwrap(bytes(wrapped), "quiet river", owner="user-1")


def test_a_printed_key_is_read_as_people_type_it() -> None:
    printed = recovery.new_printed_key()
    wrapped = recovery.wrap(b"secret", printed, owner="user-1")
    sloppy = printed.lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert recovery.unwrap(wrapped, sloppy, owner="user-1") == b"secret"
    with pytest.raises(CannotOpenError):
        recovery.unwrap(wrapped, printed, owner="user-2")
    with pytest.raises(CannotOpenError):
        recovery.unwrap(wrapped, recovery.new_printed_key(), owner="user-1")


@given(place=st.integers(0, 31), shift=st.integers(1, 31))
def test_one_wrong_character_of_a_printed_key_is_said(place: int, shift: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = list("0123456789ABCDEFGHJKMNPQRSTVWXYZ") + list(recovery._check(_raw("0123456789ABCDEFGHJKMNPQRSTVWXYZ")))
    text[place] = alphabet[(alphabet.index(text[place]) + shift) % 32]
    # 20 check bits: a slip goes unseen once in a million, and then the key simply does not open.
    with pytest.raises(recovery.MistypedError, match="one by one"):
        recovery.read_printed_key("".join(text))


def _raw(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(character)
    return number.to_bytes(20, "big")


@pytest.mark.parametrize(("typed", "said"), [("ABCD", "this has 4"), ("U" * 36, "never holds U")])
def test_what_is_no_printed_key_is_explained(typed: str, said: str) -> None:
    with pytest.raises(recovery.MistypedError, match=said):
        recovery.read_printed_key(typed)


def test_proquints_known_answer() -> None:
    """127.0.0.1 is lusab-babad in the paper."""
    assert (words._word(0x7F00), words._word(0x0001)) == ("lusab", "babad")


def test_six_words_tell_keys_and_owners_apart() -> None:
    spoken = words.six_words("agency-1", b"a" * 32, b"b" * 32)
    assert len(spoken.split()) == 6
    assert words.are_same_words(spoken, spoken.upper().replace(" ", " - "))
    for other in (
        words.six_words("agency-2", b"a" * 32, b"b" * 32),
        words.six_words("agency-1", b"b" * 32, b"a" * 32),
    ):
        assert not words.are_same_words(spoken, other)


def test_an_index_is_equal_inside_one_agency_and_kind_only() -> None:
    key = bytes(range(32))
    one = lookup.exact_index(key, agency="a", kind="phone", value="9165550101")
    assert one == lookup.exact_index(key, agency="a", kind="phone", value="9165550101")
    assert one != lookup.exact_index(key, agency="b", kind="phone", value="9165550101")
    assert one != lookup.exact_index(key, agency="a", kind="code", value="9165550101")
    framed = places.framed("waymark index 1", "exact", "a", "phone", "9165550101")
    assert one == hmac.new(key, framed, hashlib.sha256).digest()
    with pytest.raises(ValueError, match="32 bytes"):
        lookup.exact_index(b"", agency="a", kind="phone", value="1")


def test_a_phonetic_index_keeps_twenty_bits() -> None:
    found = {lookup.phonetic_index(bytes(32), agency="a", sound=f"S{n}") for n in range(500)}
    assert max(found) < 2**20
    assert len(found) > 400
