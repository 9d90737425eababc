"""Epochs, memos and the words between keys: laws, and what may not be passed off as what."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.sealing import boxes, fields, memos, passphrases, words
from waymark.sealing.boxes import BoxKey
from waymark.sealing.epochs import (
    TO_MEMBERS,
    TO_PARTNERS,
    Earlier,
    EpochSecret,
    follows,
    pack_earlier,
    unpack_earlier,
)
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.passphrases import FLOOR, BusyError
from waymark.sealing.places import Place

ONE, TWO = EpochSecret.fresh(), EpochSecret.fresh()
FIRST = ONE.states("agency-1", 1)
SECOND = TWO.states("agency-1", 2, FIRST.digest())


def test_an_epoch_s_secret_comes_back_whole_and_never_prints() -> None:
    back = EpochSecret.load(ONE.export())
    assert (back.seal.public, back.sign.public, back.wrap, back.index) == (
        ONE.seal.public,
        ONE.sign.public,
        ONE.wrap,
        ONE.index,
    )
    assert ONE.wrap.hex() not in repr(ONE)
    assert repr(ONE.wrap) not in repr(ONE)
    for wrong in (b"", ONE.export()[:-1], b"\2" + ONE.export()[1:], ONE.export() + b"x"):
        with pytest.raises(CannotOpenError):
            EpochSecret.load(wrong)


def test_a_new_epoch_keeps_the_look_up_s_key_alone() -> None:
    newer = EpochSecret.fresh(ONE.index)
    assert newer.index == ONE.index
    assert {newer.wrap, newer.seal.public, newer.sign.public} & {ONE.wrap, ONE.seal.public, ONE.sign.public} == set()


@pytest.mark.parametrize(
    "false",
    [
        replace(SECOND, number=3),
        replace(SECOND, agency="agency-2"),
        replace(SECOND, seal_public=bytes(32)),
        replace(SECOND, sign_public=bytes(32)),
        replace(SECOND, previous=bytes(32)),
    ],
    ids=["number", "agency", "seal", "sign", "previous"],
)
def test_an_endorsement_holds_for_one_statement(false: object) -> None:
    word = ONE.endorse(SECOND, TO_MEMBERS)
    assert follows(FIRST, SECOND, word, to=TO_MEMBERS)
    assert not follows(FIRST, false, word, to=TO_MEMBERS)  # type: ignore[arg-type]
    assert not follows(FIRST, SECOND, word, to=TO_PARTNERS)
    assert not follows(FIRST, SECOND, TWO.endorse(SECOND, TO_MEMBERS), to=TO_MEMBERS)
    assert not follows(FIRST, SECOND, b"", to=TO_MEMBERS)


@given(numbers=st.sets(st.integers(1, 2**31), max_size=6), dropped=st.sets(st.integers(0, 5)))
def test_earlier_keys_come_back_with_and_without_their_wrapping_keys(numbers: set[int], dropped: set[int]) -> None:
    kept = {
        number: Earlier(BoxKey.generate(), None if place in dropped else fields.new_key())
        for place, number in enumerate(sorted(numbers))
    }
    back = unpack_earlier(pack_earlier(kept))
    assert {number: (keys.seal.public, keys.wrap) for number, keys in back.items()} == {
        number: (keys.seal.public, keys.wrap) for number, keys in kept.items()
    }


@pytest.mark.parametrize("wrong", [b"", b"\2", b"\1" + bytes(67), b"\1" + bytes(69)])
def test_what_is_no_pack_is_refused(wrong: bytes) -> None:
    with pytest.raises(CannotOpenError):
        unpack_earlier(wrong)


def test_a_memo_is_read_by_its_writer_for_its_agency_alone() -> None:
    mine, other = BoxKey.generate(), BoxKey.generate()
    memo = memos.Memo(3, "ab" * 32, 1_700_000_000, True)
    sealed = memos.write_memo(mine, memo, user="user-1", agency="agency-1")
    assert memos.read_memo(mine, sealed, user="user-1", agency="agency-1") == memo
    for owner, user, agency in ((other, "user-1", "agency-1"), (mine, "user-2", "agency-1"), (mine, "user-1", "agency-2")):
        with pytest.raises(CannotOpenError):
            memos.read_memo(owner, sealed, user=user, agency=agency)


def test_words_between_agencies_read_alike_on_both_sides_and_no_other_way() -> None:
    one, other = FIRST.digest(), SECOND.digest()
    assert words.words_between(one, other) == words.words_between(other, one)
    assert words.words_between(one, other) != words.words_between(one, one)
    mine = words.words_of_member(one, user="user-1", public=bytes(32))
    assert mine not in {
        words.words_of_member(other, user="user-1", public=bytes(32)),
        words.words_of_member(one, user="user-2", public=bytes(32)),
        words.words_of_member(one, user="user-1", public=b"\1" * 32),
        words.words_between(one, bytes(32)),
    }


def test_nonces_and_ephemeral_keys_never_come_twice() -> None:
    key, holder = fields.new_key(), BoxKey.generate()
    place = Place("t", "c", "r", "a")
    assert len({fields.seal_field(key, b"x", place)[1:13] for _ in range(2000)}) == 2000
    assert len({boxes.seal_to(holder.public, b"x", purpose="p")[1:33] for _ in range(200)}) == 200
    assert len({passphrases.wrap(b"x", "four quiet rivers", owner="o", cost=FLOOR)[13:41] for _ in range(5)}) == 5


@given(cut=st.integers(0, 200))
def test_nothing_that_was_cut_short_opens(cut: int) -> None:
    key, place = bytes(32), Place("t", "c", "r", "a")
    field = fields.seal_field(key, b"an invented story", place)
    with pytest.raises(CannotOpenError):
        fields.open_field(key, field[: cut % len(field)], place)
    holder = BoxKey.generate()
    box = boxes.seal_to(holder.public, b"an invented story", purpose="p")
    with pytest.raises(CannotOpenError):
        holder.open(box[: cut % len(box)], purpose="p")


def test_two_passphrases_at_a_time_and_the_rest_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    real = passphrases.Argon2id

    class Watched:
        def __init__(self, **given: object) -> None:
            self.inner = real(**given)  # type: ignore[arg-type]

        def derive(self, phrase: bytes) -> bytes:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.05)
            with lock:
                running -= 1
            return self.inner.derive(phrase)

    monkeypatch.setattr(passphrases, "Argon2id", Watched)
    threads = [
        threading.Thread(target=passphrases.wrap, args=(b"x", "four quiet rivers"), kwargs={"owner": "o", "cost": FLOOR})
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passphrases.AT_A_TIME == 2


def test_who_waits_too_long_is_told_that_nothing_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "PATIENCE", 0.01)
    for _ in range(passphrases.AT_A_TIME):
        passphrases._GATE.acquire()
    try:
        with pytest.raises(BusyError):
            passphrases.wrap(b"x", "four quiet rivers", owner="o", cost=FLOOR)
    finally:
        for _ in range(passphrases.AT_A_TIME):
            passphrases._GATE.release()
