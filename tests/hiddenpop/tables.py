"""Published capture-history tables, as facts: lists, then one row a history with its count.

Sources: Silverman (2014), Modern slavery: an application of multiple systems estimation, Home Office; Ball, Shin and
Yang (2018), women held at Palembang; Ball et al. (2002), killings in Kosovo; Abeni et al. (1994), HIV in Rome;
Cormack (1989), snowshoe hares; Bales, Murphy and Silverman (2020), New Orleans; Farrell et al. (2019), a Western
site; Chan, Silverman and Vincent (2021), Table 2; Chao et al. (2001), hepatitis A in northern Taiwan.
"""

from __future__ import annotations

from hiddenpop.histories import CaptureHistories

_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "uk_2013_5": (
        ("LA", "NG", "PFNCA", "GO", "GP"),
        """
        10000:54 01000:463 00100:995 00010:695 00001:316 11000:15 10100:19 10010:3 01100:62 01010:19
        01001:1 00110:76 00101:11 00011:8 11100:1 11010:1 01110:4 11110:1
        """,
    ),
    "uk_2013_6": (
        ("LA", "NG", "PF", "GO", "GP", "NCA"),
        """
        100000:54 010000:463 001000:907 000100:695 000010:316 000001:57 110000:15 101000:19 100100:3
        011000:56 010100:19 010010:1 010001:3 001100:69 001010:10 001001:31 000110:8 000101:6
        000011:1 111000:1 110100:1 011100:4 011001:3 001101:1 111100:1
        """,
    ),
    "korea_3": (
        ("b", "c", "d"),
        """
        001:41 010:5 100:5 110:54 101:6 111:12
        """,
    ),
    "kosovo_4": (
        ("EXH", "ABA", "OSCE", "HRW"),
        """
        1000:1131 0100:845 0010:936 0001:306 1100:177 1010:228 1001:106 0110:217 0101:31 0011:123
        1110:181 1101:18 1011:42 0111:32 1111:27
        """,
    ),
    "rome_hiv_4": (
        ("c1", "c2", "c3", "c4"),
        """
        1110:3 1101:1 1100:33 1010:20 1001:6 1000:403 0111:3 0110:35 0101:10 0100:545 0011:11
        0010:621 0001:205
        """,
    ),
    "snowshoe_hare_6": (
        ("c1", "c2", "c3", "c4", "c5", "c6"),
        """
        100000:3 010000:6 001000:5 101000:1 000100:3 100100:2 010100:3 101100:1 000010:4 100010:2
        010010:3 110010:1 101010:1 000110:1 000001:4 100001:1 010001:1 110001:1 001001:2 011001:2
        000101:4 010101:3 001101:1 011101:2 000011:2 010011:1 001011:1 011011:1 000111:1 100111:1
        010111:1 011111:1 111111:2
        """,
    ),
    "artificial_3": (
        ("A", "B", "C"),
        """
        100:40 010:30 001:20 110:6
        """,
    ),
    "new_orleans_5": (
        ("A", "BEFG", "C", "D", "H"),
        """
        10000:25 01000:24 00100:70 00010:33 00001:21 11000:1 10100:1 01100:2 10010:2 01010:2 00110:2 01001:1
        11100:1 11010:1
        """,
    ),
    "new_orleans_8": (
        ("A", "B", "C", "D", "E", "F", "G", "H"),
        """
        10000000:25 01000000:5 00100000:70 00010000:33 00001000:6 00000100:6 00000010:6 00000001:21
        10100000:1 10010000:2 00110000:2 10001000:1 00101000:1 00011000:2 01000100:1 00100010:1 00001001:1
        10011000:1 10100010:1
        """,
    ),
    "western_5": (
        ("A", "B", "C", "D", "E"),
        """
        10000:52 01000:90 00100:114 00010:45 00001:21 10100:4 01100:6 10010:2 01010:1 10001:5 00011:3 01110:1
        10101:1
        """,
    ),
    "hepatitis_3": (
        ("P", "Q", "E"),
        """
        100:69 010:55 001:63 110:21 101:17 011:18 111:28
        """,
    ),
}


def table(name: str) -> CaptureHistories:
    """One of the published tables."""
    names, text = _TABLES[name]
    entries = [entry.split(":") for entry in text.split()]
    return CaptureHistories.from_rows(
        names, [tuple(map(int, history)) for history, _ in entries], [int(count) for _, count in entries]
    )


NAMES = tuple(_TABLES)
