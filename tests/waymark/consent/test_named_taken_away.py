"""Each rule of the database about single records is taken away, one by one, and a test of theirs notices.

A rule that can go without anybody noticing is held by nothing: the next migration that writes its function anew could lose
it. Not here is what only repeats a rule beside it: that what is named is of a scope that names records (nothing else can be
named, and the list is frozen), that this scope is known (the release's are), and the agency (row security keeps it, and a
person is of one).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from tests.plugins.histories import Owner, without_constraint, without_words
from tests.waymark.consent import test_named_rules as told
from tests.waymark.consent.test_named_rules import Named

STANDS, RECORDS, TROUBLE = "consent_record_stands", "consent_named_records", "consent_trouble"
NAMING, RELEASE = "consent_named_record_rules", "consent_release_rules"

# Behind which words of `consent_record_stands` which rule is said.
OF_THIS_PERSON = (
    *((f"WHEN '{scope}'", "t.person_id = subject") for scope in ("person.contact", "person.address", "case.asked_for")),
    *((f"WHEN '{scope}'", "t.person_id = subject") for scope in ("care.needs", "care.goals", "care.services")),
    ("care_step", "t.person_id = subject"),
    ("WHEN 'referral.request'", "c.person_id = subject"),
    ("WHEN 'relief.legal'", "c.person_id = subject"),
)
STANDING = (
    ("WHEN 'person.contact'", "t.ended_at IS NULL"),
    ("WHEN 'person.address'", "t.ended_at IS NULL"),
    ("WHEN 'person.address'", "t.kind = 'substitute'"),
    ("WHEN 'case.asked_for'", "t.state NOT IN ('closed', 'archived', 'shredded')"),
    ("WHEN 'care.needs'", "t.state = 'open'"),
    ("WHEN 'care.goals'", "t.state = 'open'"),
    ("care_step", "g.state = 'open'"),
    ("g.state = 'open'", "t.state = 'open'"),
    ("WHEN 'care.services'", "t.state = 'provided'"),
    ("WHEN 'care.services'", "t.voided_at IS NULL"),
    ("WHEN 'referral.request'", "t.way NOT IN ('carried', 'consented')"),
    ("WHEN 'referral.request'", "t.state NOT IN ('closed', 'declined', 'withdrawn', 'lapsed', 'voided')"),
    ("ELSE", "false"),
)

Judge = Callable[[Named], None]
ONLY = told.test_only_what_is_named_goes_by_any_way_and_none_named_is_nothing
ENDED = told.test_what_ended_does_not_go_and_what_stands_does
FROZEN = told.test_what_is_named_is_frozen_with_the_signature
OTHERS = told.test_records_of_another_agency_are_neither_seen_nor_named
CHOICE = told.test_a_release_names_only_standing_records_of_its_person_by_the_table_that_the_scope_speaks_of
CROSSING = told.test_the_crossing_is_judged_by_what_its_line_names
TWO_FILES = told.test_of_two_files_the_one_that_names_records_is_stricter_for_both
ALL_NAMED = "public.consent_named_records(NEW.agency_id, {}.release_id, NEW.fields::text[])"

# What is said, what it says instead, and who notices.
WORDS: tuple[tuple[str, str, str, Judge], ...] = (
    (RECORDS, "n.scope = ANY (fields)", "true", ONLY),
    (RECORDS, "public.consent_record_stands(r.agency_id, r.person_id, n.scope, n.record)", "true", ENDED),
    (TROUBLE, "WHERE f = ANY (r.by_record::text[])", "WHERE false", ONLY),
    (TROUBLE, "starts_with(x, f || ':')", "true", ONLY),
    (TROUBLE, "coalesce(records <@ public.consent_named_records(agency, wanted, fields), false)", "true", ONLY),
    (TROUBLE, "OR fields && s.by_record::text[]", "", TWO_FILES),
    ("consent_ledger_rules", "NEW.records::text[]", ALL_NAMED.format("NEW"), ONLY),
    ("consent_judges_the_crossing", "d.records::text[]", ALL_NAMED.format("k"), CROSSING),
    (NAMING, "PERFORM public.consent_refuse('What is named stays.')", "RETURN NEW", FROZEN),
    (NAMING, "r.state <> 'draft'", "false", FROZEN),
    (NAMING, "r.state IS DISTINCT FROM 'draft'", "false", FROZEN),
    (NAMING, "NOT coalesce(NEW.scope = ANY (r.by_record), false)", "false", CHOICE),
    (NAMING, "NOT public.consent_record_stands(NEW.agency_id, r.person_id, NEW.scope, NEW.record)", "false", OTHERS),
    (RELEASE, "to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving", "false", FROZEN),
    (RELEASE, "moving IS NULL", "moving IS NULL AND OLD.state <> 'draft'", FROZEN),
)
CONSTRAINTS: tuple[tuple[str, str, Judge], ...] = (
    ("consent_disclosure", "records_are_named_under_a_release", ONLY),
    ("consent_release", "records_are_named_of_named_scopes", FROZEN),
    ("consent_releaserecord", "a_record_is_named_once", CHOICE),
)


def notices(judge: Judge) -> bool:
    """Whether a test fails in what it asserts; an error in the SQL itself is not what is meant."""
    try:
        with transaction.atomic():
            judge(Named())
            transaction.set_rollback(True)
    except (AssertionError, pytest.fail.Exception):
        return True
    return False


def test_each_rule_of_what_stands_is_missed(committed_db: str, owner: Owner) -> None:
    """Each question is a transaction of its own: within one the database goes on with the function that it has read."""
    world = Named()
    stand, fall = told.some_that_stand_and_some_that_do_not(world)
    for behind, rule in (*OF_THIS_PERSON, *STANDING):
        with without_words(owner, STANDS, rule, "true", behind=behind):
            assert told.standing(world, stand | fall) > stand, f"{rule} behind {behind}"
        assert told.standing(world, stand | fall) == stand


def test_each_rule_of_what_is_named_and_what_goes_is_missed(committed_db: str, owner: Owner) -> None:
    for function, rule, instead, judge in WORDS:
        with without_words(owner, function, rule, instead):
            assert notices(judge), f"{function}: {rule}"
    for table, name, held_by in CONSTRAINTS:
        with without_constraint(owner, table, name):
            assert notices(held_by), name
    for each in {row[-1] for row in (*WORDS, *CONSTRAINTS)}:
        assert not notices(each), "everything stands again"
