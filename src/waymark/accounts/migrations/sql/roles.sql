-- Which roles an agency may give. The same list stands in waymark.accounts.policies.roles; a test holds the two together.
CREATE OR REPLACE FUNCTION accounts_role_fits(role text, kind text, is_host boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN role IN ('member', 'officer') THEN true
        WHEN role IN ('administrator', 'coordinator', 'steward') THEN is_host
        WHEN role = 'advocate' THEN kind IN (
            'child_welfare', 'defense', 'faith', 'health', 'housing', 'legal_aid', 'other_non_profit', 'school', 'tribal',
            'victim_services'
        )
        -- A public agency would have to show the council's names and pay to whoever asks for its records.
        WHEN role = 'council' THEN kind IN ('other_non_profit', 'victim_services')
        ELSE false
    END
$$;
