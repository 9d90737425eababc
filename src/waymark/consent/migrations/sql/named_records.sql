-- A release can name single records of a scope: then these go and nothing else of it, and none named is nothing. What is
-- named is frozen with the signature, is the person's own, and is still in the file on the day it goes.

-- Whether a record is one that a scope speaks of, is this person's, and stands: not ended, not written by mistake. A scope
-- that is not here has no records, and no note, real address or assessment is in any of these tables' scopes. The tables of
-- apps above are met when it runs.
CREATE FUNCTION consent_record_stands(agency uuid, subject uuid, scope text, wanted uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE scope
        WHEN 'person.contact' THEN EXISTS (
            SELECT FROM public.people_safecontact t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.ended_at IS NULL)
        WHEN 'person.address' THEN EXISTS (
            SELECT FROM public.people_address t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.ended_at IS NULL
                AND t.kind = 'substitute')
        WHEN 'case.asked_for' THEN EXISTS (
            SELECT FROM public.cases_case t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject
                AND t.state NOT IN ('closed', 'archived', 'shredded'))
        WHEN 'care.needs' THEN EXISTS (
            SELECT FROM public.care_need t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.state = 'open')
        WHEN 'care.goals' THEN EXISTS (
            SELECT FROM public.care_goal t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.state = 'open'
        ) OR EXISTS (
            SELECT FROM public.care_step t
            JOIN public.care_goal g ON g.agency_id = t.agency_id AND g.id = t.goal_id AND g.state = 'open'
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.state = 'open')
        WHEN 'care.services' THEN EXISTS (
            SELECT FROM public.care_service t
            WHERE t.agency_id = agency AND t.id = wanted AND t.person_id = subject AND t.state = 'provided'
                AND t.voided_at IS NULL)
        WHEN 'referral.request' THEN EXISTS (
            SELECT FROM public.referrals_referral t
            JOIN public.cases_case c ON c.agency_id = t.agency_id AND c.id = t.case_id AND c.person_id = subject
            WHERE t.agency_id = agency AND t.id = wanted AND t.way NOT IN ('carried', 'consented')
                AND t.state NOT IN ('closed', 'declined', 'withdrawn', 'lapsed', 'voided'))
        WHEN 'relief.legal' THEN EXISTS (
            SELECT FROM public.cases_legalrelief t
            JOIN public.cases_case c ON c.agency_id = t.agency_id AND c.id = t.case_id AND c.person_id = subject
            WHERE t.agency_id = agency AND t.id = wanted)
        ELSE false
    END;
END $$;

-- What a release names of these scopes and is still there, as the ledger writes it: scope and id.
CREATE FUNCTION consent_named_records(agency uuid, wanted uuid, fields text[]) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(n.scope || ':' || n.record ORDER BY n.scope, n.record), '{}')
    FROM public.consent_release r
    JOIN public.consent_releaserecord n ON n.agency_id = r.agency_id AND n.release_id = r.id
    WHERE r.agency_id = agency AND r.id = wanted AND n.scope = ANY (fields) AND n.scope = ANY (r.by_record)
        AND public.consent_record_stands(r.agency_id, r.person_id, n.scope, n.record)
$$;

-- The one judge, as before, and now of records too.
DROP FUNCTION consent_trouble(uuid, uuid, uuid, uuid, text[], timestamptz);
CREATE FUNCTION consent_trouble(
    agency uuid, wanted uuid, subject uuid, recipient uuid, fields text[], records text[], moment timestamptz
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.consent_release;
BEGIN
    SELECT * INTO r FROM public.consent_release c WHERE c.agency_id = agency AND c.id = wanted;
    IF r.id IS NULL THEN RETURN 'release.absent'; END IF;
    IF r.state <> 'active' THEN RETURN 'release.' || r.state; END IF;
    IF r.person_id IS DISTINCT FROM subject THEN RETURN 'release.other_person'; END IF;
    IF r.recipient_id IS DISTINCT FROM recipient THEN RETURN 'release.other_recipient'; END IF;
    IF NOT coalesce(cardinality(fields) > 0 AND fields <@ r.scopes::text[], false) THEN RETURN 'release.other_field'; END IF;
    IF moment < r.starts_at THEN RETURN 'release.not_started'; END IF;
    IF moment >= r.ends_at THEN RETURN 'release.expired'; END IF;
    IF NOT EXISTS (SELECT FROM public.consent_signer s WHERE s.agency_id = agency AND s.release_id = r.id)
        OR EXISTS (
            SELECT FROM public.consent_signer s WHERE s.agency_id = agency AND s.release_id = r.id
                AND NOT public.consent_may_sign(agency, r.person_id, s.person_id, s.capacity)) THEN
        RETURN 'release.signer';
    END IF;
    -- Of two files of one person the stricter says: what was stopped in one is stopped in both, and what both shared when
    -- they became one is shared as far as both say so. A release that was signed after both is a new word. A record is in
    -- one file: where the other names single records, it names none of this one's.
    IF EXISTS (
        SELECT FROM public.consent_same_person(agency, r.person_id) o
        JOIN public.consent_release s ON s.agency_id = agency AND s.person_id = o.other AND s.recipient_id = r.recipient_id
        WHERE (s.state = 'revoked' AND r.signed_at < greatest(o.since, s.ended_at))
            OR (s.state IN ('active', 'expired') AND s.purpose = r.purpose AND s.ends_at > o.since
                AND s.signed_at < o.since AND r.signed_at < o.since
                AND (NOT fields <@ s.scopes::text[] OR fields && s.by_record::text[]
                    OR moment < s.starts_at OR moment >= s.ends_at))
    ) THEN
        RETURN 'release.merge';
    END IF;
    -- Of a scope that names records some are said, and each that is said is named, of a scope that goes, and still there.
    IF EXISTS (
        SELECT FROM unnest(fields) f WHERE f = ANY (r.by_record::text[])
            AND NOT EXISTS (SELECT FROM unnest(records) x WHERE starts_with(x, f || ':'))
    ) OR NOT coalesce(records <@ public.consent_named_records(agency, wanted, fields), false) THEN
        RETURN 'release.other_record';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION consent_ledger_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    trouble text;
BEGIN
    NEW.by_id := access.current_actor();
    IF NEW.by_id IS NULL THEN PERFORM public.consent_refuse('A disclosure is somebody''s.'); END IF;
    IF NEW.release_id IS NOT NULL THEN
        PERFORM FROM public.consent_release r WHERE r.agency_id = NEW.agency_id AND r.id = NEW.release_id FOR SHARE;
    END IF;
    NEW.at := clock_timestamp();
    IF NEW.release_id IS NOT NULL THEN
        trouble := public.consent_trouble(NEW.agency_id, NEW.release_id, NEW.person_id, NEW.recipient_id,
            NEW.fields::text[], NEW.records::text[], NEW.at);
        IF trouble IS NOT NULL THEN PERFORM public.consent_refuse(trouble); END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION consent_judges_the_crossing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k public.consent_package;
    d public.consent_disclosure;
    trouble text := 'release.absent';
BEGIN
    SELECT * INTO k FROM public.consent_package p WHERE p.agency_id = NEW.agency_id AND p.packet_id = NEW.id;
    IF k.id IS NOT NULL THEN
        SELECT * INTO d FROM public.consent_disclosure l WHERE l.agency_id = NEW.agency_id AND l.id = k.disclosure_id;
        trouble := public.consent_trouble(NEW.agency_id, k.release_id, d.person_id, NEW.recipient_id,
            NEW.fields::text[], d.records::text[], clock_timestamp());
    END IF;
    IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    RETURN NEW;
END $$;

-- Records are named while the release is a draft, of the released person alone. Whoever signs at this moment is waited for,
-- and nothing is named under what is signed by then.
CREATE FUNCTION consent_named_record_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.consent_release;
BEGIN
    IF TG_OP = 'UPDATE' THEN PERFORM public.consent_refuse('What is named stays.'); END IF;
    IF TG_OP = 'DELETE' THEN
        SELECT * INTO r FROM public.consent_release c WHERE c.agency_id = OLD.agency_id AND c.id = OLD.release_id FOR SHARE;
        IF r.state <> 'draft' THEN PERFORM public.consent_refuse('What was signed stays.'); END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO r FROM public.consent_release c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.release_id FOR SHARE;
    IF r.state IS DISTINCT FROM 'draft' THEN PERFORM public.consent_refuse('Records are named before the signature.'); END IF;
    IF NOT coalesce(NEW.scope = ANY (r.by_record), false) THEN
        PERFORM public.consent_refuse('The release names no single records of this.');
    END IF;
    IF NOT public.consent_record_stands(NEW.agency_id, r.person_id, NEW.scope, NEW.record) THEN
        PERFORM public.consent_refuse('This record is not in the file of this person.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON consent_releaserecord
    FOR EACH ROW EXECUTE FUNCTION consent_named_record_rules();
