-- With the kind by which an agency answers that it has carried out an order.
CREATE OR REPLACE FUNCTION disclosures.closed_fields(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind
        WHEN 'call' THEN ARRAY['ask_for', 'by_day', 'phone', 'reason']
        WHEN 'capacity_question' THEN ARRAY['household', 'languages', 'need', 'when']
        WHEN 'court_outcome' THEN ARRAY['held_on', 'next_on', 'outcome', 'reference']
        WHEN 'court_referral' THEN ARRAY['adult', 'charge', 'counsel', 'language', 'offense_on', 'program', 'reference']
        WHEN 'opaque_referral' THEN ARRAY['ask_for', 'household', 'needs', 'phone', 'urgency']
        WHEN 'party_decision' THEN ARRAY['decided_on', 'reason', 'reference', 'verdict']
        WHEN 'relief_done' THEN ARRAY['day', 'done', 'reference']
        WHEN 'report_contest' THEN ARRAY['field', 'for_day', 'reference', 'says']
    END
$$;
