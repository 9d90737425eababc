"""Linking lists that may lawfully be linked, without anybody seeing the other's names.

For victim-service grantees this is not a way around the release: under 34 USC 12291(b)(2) even encoded records about a
person are a disclosure, which needs that person's release. Use :mod:`hiddenpop.survey` where there is none.

Each list is encoded where it lives, under a secret that only the list holders share: a name becomes a Bloom filter of
its letter pairs, which still shows how alike two names are and no more. The linker, who has no secret, compares
filters, joins at most one record of each list into one person, and gives out the counts of the capture histories
together with an estimate of how many matches were missed and made wrongly. The filters are deleted afterwards.

References
----------
Schnell, R., Bachteler, T. and Reiher, J. (2009). Privacy-preserving record linkage using Bloom filters. BMC Medical
Informatics and Decision Making 9, 41. Schnell, R. and Borgs, C. (2016). XOR-folding for Bloom filter-based encryptions
for privacy-preserving record linkage. German Record Linkage Center, NO. WP-GRLC-2016-03 (hardening by folding, and by
randomized response, "BLIP").
"""

from hiddenpop.linkage.clusters import Match, cluster, pairs_above
from hiddenpop.linkage.decoys import Decoys, decoy_key
from hiddenpop.linkage.encoding import Encoded, Recipe, encode
from hiddenpop.linkage.linking import Linkage, link, quality
from hiddenpop.linkage.people import Person, misremembered, read_people, synthetic_people

__all__ = [
    "Decoys",
    "Encoded",
    "Linkage",
    "Match",
    "Person",
    "Recipe",
    "cluster",
    "decoy_key",
    "encode",
    "link",
    "misremembered",
    "pairs_above",
    "quality",
    "read_people",
    "synthetic_people",
]
