"""Sealing: how a secret is closed so that only the right people can open it.

Pure functions over bytes. No model, no setting, no clock: what is stored where is the vault's business. Everything
here is a composition of `cryptography`'s primitives (AES-256-GCM, HPKE after RFC 9180, Ed25519, Argon2id, HKDF); no
cipher and no protocol of our own. Every sealed thing names what it is and where it belongs, so that a value moved to
another row, column, table or agency does not open.

- `fields`: a value under a record's key           - `boxes`: a secret for one public key
- `signatures`: who says so                        - `passphrases`: a private key locked by what a person knows
- `recovery`: the printed key                      - `words`: comparing two public keys by voice
- `lookup`: finding an exact value inside one agency - `epochs`: an agency's keys, one set after another
- `memos`: what a person has seen of a vault, noted for themselves alone
- `files`: a signed file between two installations
"""
