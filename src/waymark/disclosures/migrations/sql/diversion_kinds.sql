-- The kinds by which agencies of a diversion program tell each other numbers, days and answers about an opaque reference.
CREATE OR REPLACE FUNCTION disclosures.closed_fields(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind
        WHEN 'call' THEN ARRAY['ask_for', 'by_day', 'phone', 'reason']
        WHEN 'court_outcome' THEN ARRAY['held_on', 'next_on', 'outcome', 'reference']
        WHEN 'court_referral' THEN ARRAY['adult', 'charge', 'counsel', 'language', 'offense_on', 'program', 'reference']
        WHEN 'party_decision' THEN ARRAY['decided_on', 'reason', 'reference', 'verdict']
        WHEN 'report_contest' THEN ARRAY['field', 'for_day', 'reference', 'says']
    END
$$;
