"""Records of treatment for substance use: the notice that goes with each disclosure, as 42 CFR 2.32 words it.

A program that treats substance use with federal assistance, and whoever lawfully got such records from it, sends with
every disclosure under a release one of two statements of the regulation and a copy of the consent, or a clear explanation
of its scope. The longer statement is sent; the shorter one is what a worker says before telling something aloud.

Read in the regulation's text as amended by 89 FR 12472 (February 16, 2024; in force for programs since February 16, 2026),
as other programs quote it. Verify with counsel.
"""

from __future__ import annotations

SOURCE = "42 CFR 2.32(a)"
AS_OF = "2026-11-22"

# 42 CFR 2.32(a)(1). A federal regulation; its words are nobody's property and are not ours to better.
NOTICE = (
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). These "
    "rules prohibit you from using or disclosing this record, or testimony that describes the information contained "
    "in this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, State, or "
    "local authority, against the patient, unless authorized by the consent of the patient, except as provided at 42 "
    "CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, the Federal "
    "rules prohibit you from making any other use or disclosure of this record unless at least one of the following "
    "applies: (i) Further use or disclosure is expressly permitted by the written consent of the individual whose "
    "information is being disclosed in this record or as otherwise permitted by 42 CFR part 2. (ii) You are a covered "
    "entity or business associate and have received the record for treatment, payment, or health care operations, or "
    "(iii) You have received the record from a covered entity or business associate as permitted by 45 CFR part 164, "
    "subparts A and E. A general authorization for the release of medical or other information is NOT sufficient to "
    "meet the required elements of written consent to further use or redisclose the record (see 42 CFR 2.31)."
)
# 42 CFR 2.32(a)(2).
SHORT_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
