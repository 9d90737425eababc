"""What we compose is what the standards say: published vectors, other implementations, and HPKE written out by hand."""

from __future__ import annotations

import argon2.low_level
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from waymark.sealing import boxes, memos, passphrases, recovery, signatures
from waymark.sealing.boxes import BoxKey
from waymark.sealing.fields import open_field
from waymark.sealing.passphrases import FLOOR, Cost
from waymark.sealing.places import Place, framed


def test_aes_256_gcm() -> None:
    """McGrew and Viega's test cases 13 and 14."""
    zero = AESGCM(bytes(32))
    assert zero.encrypt(bytes(12), b"", None).hex() == "530f8afbc74536b9a963b4f1c4cb738b"
    assert zero.encrypt(bytes(12), bytes(16), None).hex() == (
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    )


def test_hkdf_sha256() -> None:
    """RFC 5869, appendix A.1."""
    kdf = HKDF(hashes.SHA256(), 42, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)))
    assert kdf.derive(b"\x0b" * 22).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_argon2id() -> None:
    """RFC 9106, section 5.3, and the reference implementation at the cost that a vault's passphrase takes."""
    kdf = Argon2id(salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, secret=b"\3" * 8, ad=b"\4" * 12)
    assert kdf.derive(b"\1" * 32).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    ours = passphrases._derive(b"four quiet rivers", bytes(range(16)), Cost())
    theirs = argon2.low_level.hash_secret_raw(
        b"four quiet rivers", bytes(range(16)), 3, 64 * 1024, 1, 32, argon2.low_level.Type.ID
    )
    assert ours == theirs


def test_ed25519() -> None:
    """RFC 8032, section 7.1, test 1; and what we really sign."""
    key = signatures.SigningKey.load(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key._private.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    message = framed("waymark signature 1", "recall", "packet-1")
    assert key.sign("recall", "packet-1") == key._private.sign(message)


def _labeled(suite: bytes, label: bytes, content: bytes) -> bytes:
    return b"HPKE-v1" + suite + label + content


def _extract(suite: bytes, salt: bytes, label: bytes, content: bytes) -> bytes:
    mac = hmac.HMAC(salt or bytes(32), hashes.SHA256())
    mac.update(_labeled(suite, label, content))
    return mac.finalize()


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    text = length.to_bytes(2, "big") + _labeled(suite, label, info)
    return HKDFExpand(hashes.SHA256(), length, text).derive(key)


def hpke_open(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """RFC 9180 base mode, sections 4.1 and 5.1, written out: X25519, HKDF-SHA256, ChaCha20-Poly1305."""
    encapsulated, body = sealed[:32], sealed[32:]
    key = X25519PrivateKey.from_private_bytes(private)
    shared = key.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    context = encapsulated + key.public_key().public_bytes_raw()
    secret = _expand(kem, _extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    schedule = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    base = _extract(suite, secret, b"secret", b"")
    opener = ChaCha20Poly1305(_expand(suite, base, b"key", schedule, 32))
    return opener.decrypt(_expand(suite, base, b"base_nonce", schedule, 12), body, b"")


@given(secret=st.binary(max_size=200))
def test_a_box_is_plain_hpke(secret: bytes) -> None:
    """Anybody can open our boxes with the standard and the documented names."""
    holder = BoxKey.generate()
    box = boxes.seal_to(holder.public, secret, purpose="packet", bound=("a", "b"))
    assert hpke_open(holder.export(), box[1:], framed("waymark box 1", "packet", "a", "b")) == secret


def test_a_printed_key_wraps_as_documented() -> None:
    printed = "0123 4567 89AB CDEF GHJK MNPQ RSTV WXYZ " + recovery._check(bytes(_raw()))
    wrapped = recovery.wrap(b"secret", printed, owner="user-1")
    bound = framed("waymark printed key 1", "user-1")
    key = HKDF(hashes.SHA256(), 32, salt=None, info=bound).derive(bytes(_raw()))
    assert AESGCM(key).decrypt(wrapped[1:13], wrapped[13:], bound) == b"secret"


def _raw() -> list[int]:
    """The 20 bytes that the first 32 letters of the alphabet stand for."""
    bits = "".join(f"{place:05b}" for place in range(32))
    return [int(bits[start : start + 8], 2) for start in range(0, 160, 8)]


def test_a_passphrase_wraps_as_documented() -> None:
    wrapped = passphrases.wrap(b"secret", "four quiet rivers", owner="user-1", cost=FLOOR)
    header, salt, nonce, body = wrapped[:13], wrapped[13:29], wrapped[29:41], wrapped[41:]
    key = argon2.low_level.hash_secret_raw(b"four quiet rivers", salt, 2, 19 * 1024, 1, 32, argon2.low_level.Type.ID)
    assert AESGCM(key).decrypt(nonce, body, framed("waymark passphrase 1", header, "user-1")) == b"secret"


def test_a_memo_is_a_sealed_field_under_a_key_of_its_own() -> None:
    owner = BoxKey.load(bytes(range(32)))
    sealed = memos.write_memo(owner, memos.Memo(2, "ab", 7), user="u", agency="a")
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"waymark memo 1").derive(bytes(range(32)))
    assert open_field(key, sealed, Place("vault_vaultmemo", "sealed", "u", "a")) == (
        b'{"number": 2, "digest": "ab", "seen_at": 7, "is_rewrapped": false}'
    )
