"""What the vault costs: unlocking, opening an agency, and a list of 500 records with one field each.

    python -m benchmarks.vault

No database: the cryptography alone, as the selectors call it. The yardstick of the list is the same 500 records opened
by bare AES-256-GCM calls in a loop, without places, versions and checks.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waymark.sealing import passphrases
from waymark.sealing.boxes import BoxKey, seal_to
from waymark.sealing.epochs import TO_MEMBERS, EpochSecret, follows
from waymark.sealing.fields import new_key, open_field, seal_field
from waymark.sealing.places import Place

RECORDS, ROUNDS = 500, 15


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the middle round."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    key = BoxKey.generate()
    wrapped = passphrases.wrap(key.export(), "four quiet invented rivers", owner="user")
    seconds = median(lambda: passphrases.unwrap(wrapped, "four quiet invented rivers", owner="user"), 5)
    print(f"unlock (Argon2id 64 MiB, 3 passes): {seconds * 1e3:.0f} ms")

    secret = EpochSecret.fresh()
    box = seal_to(key.public, secret.export(), purpose="agency epoch")
    newer = EpochSecret.fresh().states("agency", 2, secret.states("agency", 1).digest())
    word = secret.endorse(newer, TO_MEMBERS)
    opening = median(lambda: EpochSecret.load(key.open(box, purpose="agency epoch")))
    checking = median(lambda: follows(secret.states("agency", 1), newer, word, to=TO_MEMBERS))
    print(f"an agency's keys: box {opening * 1e6:.0f} µs, signature of an epoch {checking * 1e6:.0f} µs")

    places = [Place("people_person", "name", str(number), "agency") for number in range(RECORDS)]
    wraps = [Place("vault_wrappedkey", "wrapped", f"person:{number}:agency:1", "agency") for number in range(RECORDS)]
    keys = [new_key() for _ in range(RECORDS)]
    rows = [
        (seal_field(secret.wrap, one, wrap), wrap, seal_field(one, os.urandom(24), place), place)
        for one, wrap, place in zip(keys, wraps, places, strict=True)
    ]
    unwrapping = median(lambda: [open_field(secret.wrap, row[0], row[1]) for row in rows])
    reading = median(lambda: [open_field(one, row[2], row[3]) for one, row in zip(keys, rows, strict=True)])
    print(f"unwrap {unwrapping / RECORDS * 1e6:.1f} µs a key, open {reading / RECORDS * 1e6:.1f} µs a field")

    bare_rows = [
        (AESGCM(secret.wrap).encrypt(bytes(12), one, b"bound"), AESGCM(one).encrypt(bytes(12), bytes(24), b"bound"))
        for one in keys
    ]

    def ours() -> None:
        for outer, wrap, inner, place in rows:
            open_field(open_field(secret.wrap, outer, wrap), inner, place)

    def bare() -> None:
        for outer, inner in bare_rows:
            AESGCM(AESGCM(secret.wrap).decrypt(bytes(12), outer, b"bound")).decrypt(bytes(12), inner, b"bound")

    full, plain = median(ours), median(bare)
    print(f"{RECORDS} records opened: {full * 1e3:.1f} ms, bare loop {plain * 1e3:.1f} ms, ratio {full / plain:.2f}")


if __name__ == "__main__":
    main()
