-- A minor who can know what is signed signs beside the parent or guardian (34 USC 12291(b)(2)(B)(ii)): the adult's word alone is
-- not enough for somebody of 13 to 17, and theirs alone is enough only where the law lets them sign alone.
ALTER FUNCTION consent_may_sign(uuid, uuid, uuid, text) RENAME TO consent_may_sign_as;
CREATE FUNCTION consent_may_sign(agency uuid, subject uuid, signer uuid, capacity text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.consent_may_sign_as(agency, subject, signer, CASE capacity WHEN 'beside' THEN 'minor' ELSE capacity END)
$$;

CREATE FUNCTION consent_both_sign() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    band text;
    named text[];
BEGIN
    SELECT p.age_band INTO band FROM public.people_person p WHERE p.agency_id = NEW.agency_id AND p.id = NEW.person_id;
    SELECT array_agg(s.capacity::text) INTO named FROM public.consent_signer s
        WHERE s.agency_id = NEW.agency_id AND s.release_id = NEW.id;
    IF named IS NOT NULL AND NOT (named && ARRAY['self', 'minor']
            OR ('for_child' = ANY (named) AND (band IS DISTINCT FROM '13-17' OR 'beside' = ANY (named)))) THEN
        PERFORM public.consent_refuse('A minor of 13 to 17 and who may sign for them sign both.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_both_sign BEFORE UPDATE ON consent_release
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'signed') EXECUTE FUNCTION consent_both_sign();

CREATE FUNCTION consent_beside_is_a_minor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.consent_release r
        JOIN public.people_person p ON p.agency_id = r.agency_id AND p.id = r.person_id
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.release_id AND p.age_band IN ('0-12', '13-17')
    ) THEN
        PERFORM public.consent_refuse('This person may not sign.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_beside_is_a_minor BEFORE INSERT ON consent_signer
    FOR EACH ROW WHEN (NEW.capacity = 'beside') EXECUTE FUNCTION consent_beside_is_a_minor();
