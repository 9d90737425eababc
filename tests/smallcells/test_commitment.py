"""The commitment fixes a table without telling anything about it."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallcells import BadTable
from smallcells.commitment import NONCE_BYTES, SCHEME, canonical, commit, verify

ROWS = [{"A": "1", "B": "0", "count": "3"}, {"A": "0", "B": "1", "count": "5"}]
NONCE = bytes(range(32))


def test_known_answer():
    # HMAC-SHA256 computed step by step (RFC 2104), not by the library under test.
    message = SCHEME.encode() + b"\0" + canonical(ROWS)
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in NONCE.ljust(64, b"\0")) + message).digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in NONCE.ljust(64, b"\0")) + inner).hexdigest()
    assert commit(canonical(ROWS), NONCE) == outer
    assert SCHEME == "smallcells-hmac-sha256-1"
    assert commit(b"x", NONCE) != hmac.new(NONCE, b"x", hashlib.sha256).hexdigest()


def test_order_of_rows_and_columns_and_empty_rows_do_not_matter():
    again = [{"count": 2, "B": 1, "A": 0}, {"B": " 1", "A": "0 ", "count": 3}, {"B": 0, "A": 1, "count": 3}]
    assert canonical(again) == canonical(ROWS)
    assert canonical([*ROWS, {"A": 1, "B": 1, "count": 0}]) == canonical(ROWS)
    assert canonical(ROWS) == b'[[[["A","0"],["B","1"]],5],[[["A","1"],["B","0"]],3]]'


def test_counts_column_by_name_and_errors():
    assert canonical([{"A": "\u00e9", "n": 1}], count="n") == b'[[[["A","\\u00e9"]],1]]'
    with pytest.raises(BadTable, match="^row 2, column 'count': a whole number is needed$"):
        canonical([ROWS[0], {"A": 1, "count": "many"}])
    with pytest.raises(BadTable, match="^row 1, column 'count': a whole number is needed$"):
        canonical([{"A": 1}])


@given(st.integers(0, 5), st.integers(0, 5))
def test_another_table_or_nonce_does_not_verify(first, second):
    table = canonical([{"A": 1, "count": first}, {"A": 0, "count": second}])
    told = commit(table, NONCE)
    assert verify(table, NONCE, told)
    assert verify(table, NONCE, f" {told.upper()}\n")
    assert not verify(table, bytes(32), told)
    assert not verify(canonical([{"A": 1, "count": first + 1}, {"A": 0, "count": second}]), NONCE, told)


def test_short_nonces_are_refused():
    assert NONCE_BYTES == 32
    with pytest.raises(ValueError, match="^the nonce has 31 bytes: 32 random bytes are needed$"):
        commit(b"", bytes(31))
    assert commit(b"", bytes(33))
