-- Rules about releases and the ledger that hold whatever program writes.

ALTER TABLE consent_release
    ADD CONSTRAINT release_ends_within_a_year CHECK (ends_at <= starts_at + interval '8760 hours');
ALTER TABLE consent_disclosure ADD CONSTRAINT disclosure_has_a_hash CHECK (octet_length(content_hash) = 32);

CREATE FUNCTION consent_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

-- Whether somebody's signature counts for a person now. For a child: who may sign is written down, and is not said to have
-- hurt the child or anybody else who may sign for the child. For nobody else signs another.
CREATE FUNCTION consent_may_sign(agency uuid, subject uuid, signer uuid, capacity text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN capacity IN ('self', 'minor') THEN signer = subject
        WHEN capacity = 'for_child' THEN signer <> subject
            AND EXISTS (
                SELECT FROM public.people_person p
                WHERE p.agency_id = agency AND p.id = subject AND p.age_band IN ('0-12', '13-17'))
            AND EXISTS (
                SELECT FROM public.people_relation r
                WHERE r.agency_id = agency AND r.person_id = subject AND r.other_id = signer AND r.may_sign)
            AND NOT EXISTS (
                SELECT FROM public.people_relation r
                WHERE r.agency_id = agency AND r.other_id = signer AND r.is_alleged_abuser
                    AND (r.person_id = subject OR r.person_id IN (
                        SELECT o.other_id FROM public.people_relation o
                        WHERE o.agency_id = agency AND o.person_id = subject)))
        ELSE false END
$$;

-- Other files that were found to be the same person's, each with the moment since which they are one.
CREATE FUNCTION consent_same_person(agency uuid, subject uuid) RETURNS TABLE (other uuid, since timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT q.id, greatest(q.merged_at, me.merged_at)
    FROM public.people_person me JOIN public.people_person q ON q.agency_id = me.agency_id AND q.id <> me.id
        AND (q.id = me.merged_into_id OR q.merged_into_id = coalesce(me.merged_into_id, me.id))
    WHERE me.agency_id = agency AND me.id = subject
$$;

-- Why a release does not let these fields go to this recipient at this moment, or null when it does. The one judge: the
-- application asks here too (waymark.consent.policies.trouble_of), and a property test holds it to a plain model.
CREATE FUNCTION consent_trouble(
    agency uuid, wanted uuid, subject uuid, recipient uuid, fields text[], moment timestamptz
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
    -- they became one is shared as far as both say so. A release that was signed after both is a new word.
    IF EXISTS (
        SELECT FROM public.consent_same_person(agency, r.person_id) o
        JOIN public.consent_release s ON s.agency_id = agency AND s.person_id = o.other AND s.recipient_id = r.recipient_id
        WHERE (s.state = 'revoked' AND r.signed_at < greatest(o.since, s.ended_at))
            OR (s.state IN ('active', 'expired') AND s.purpose = r.purpose AND s.ends_at > o.since
                AND s.signed_at < o.since AND r.signed_at < o.since
                AND (NOT fields <@ s.scopes::text[] OR moment < s.starts_at OR moment >= s.ends_at))
    ) THEN
        RETURN 'release.merge';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION consent_release_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor constant uuid := access.current_actor();
    moving text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN PERFORM public.consent_refuse('What was signed stays.'); END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN PERFORM public.consent_refuse('A release begins as a draft.'); END IF;
        IF actor IS NULL THEN PERFORM public.consent_refuse('A release is somebody''s work.'); END IF;
        IF NOT EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.recipient_id AND a.state = 'active') THEN
            PERFORM public.consent_refuse('The recipient is an agency of the coalition.');
        END IF;
        NEW.drafted_by_id := actor;
        NEW.drafted_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF OLD.state IN ('expired', 'revoked', 'superseded') THEN PERFORM public.consent_refuse('An end is final.'); END IF;
    moving := CASE
        WHEN NEW.state = OLD.state AND OLD.state = 'active' THEN ARRAY['reminded_at']
        WHEN OLD.state = 'draft' AND NEW.state = 'signed' THEN ARRAY['state', 'evidence', 'told_at', 'sealed', 'signed_at']
        WHEN OLD.state = 'signed' AND NEW.state = 'active' THEN ARRAY['state', 'permit_id', 'active_at']
        WHEN OLD.state IN ('signed', 'active') AND NEW.state = 'revoked' THEN ARRAY['state', 'ended_at', 'ended_why']
        WHEN OLD.state = 'active' AND NEW.state IN ('expired', 'superseded') THEN ARRAY['state', 'ended_at', 'ended_why']
    END;
    IF moving IS NULL THEN PERFORM public.consent_refuse('There is no such move from here.'); END IF;
    IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
        PERFORM public.consent_refuse('A release does not change. A new one is signed.');
    END IF;
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    IF NEW.state = 'signed' THEN
        NEW.signed_at := clock_timestamp();
        IF NOT EXISTS (SELECT FROM public.consent_signer s WHERE s.agency_id = NEW.agency_id AND s.release_id = NEW.id)
            OR EXISTS (
                SELECT FROM public.consent_signer s WHERE s.agency_id = NEW.agency_id AND s.release_id = NEW.id
                    AND NOT public.consent_may_sign(NEW.agency_id, NEW.person_id, s.person_id, s.capacity)) THEN
            PERFORM public.consent_refuse('Nobody who may sign has signed.');
        END IF;
        IF NEW.told_at > NEW.signed_at THEN PERFORM public.consent_refuse('First the words, then the signature.'); END IF;
    ELSIF NEW.state = 'active' THEN
        NEW.active_at := clock_timestamp();
        IF NOT EXISTS (
            SELECT FROM public.disclosures_permit p WHERE p.agency_id = NEW.agency_id AND p.id = NEW.permit_id
                AND p.recipient_id = NEW.recipient_id AND p.purpose = NEW.purpose AND p.revoked_at IS NULL
                AND p.fields::text[] <@ NEW.scopes::text[] AND p.starts_at >= NEW.starts_at AND p.ends_at <= NEW.ends_at
        ) THEN
            PERFORM public.consent_refuse('The permit says something else than the release.');
        END IF;
    ELSE
        NEW.ended_at := clock_timestamp();
        IF NEW.state = 'expired' AND NEW.ended_at < NEW.ends_at THEN
            PERFORM public.consent_refuse('Its last day is not over.');
        END IF;
        IF NEW.state = 'superseded' AND NOT EXISTS (
            SELECT FROM public.consent_release f
            WHERE f.agency_id = NEW.agency_id AND f.follows_id = NEW.id AND f.state = 'active'
        ) THEN
            PERFORM public.consent_refuse('No new release follows.');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON consent_release
    FOR EACH ROW EXECUTE FUNCTION consent_release_rules();

-- Revoking and closing the permit are one act: neither can be committed without the other. It looks with the owner's eyes,
-- so that nobody passes by dropping the context before the commit.
CREATE FUNCTION consent_revoked_closes_the_permit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.consent_release r JOIN public.disclosures_permit p
            ON p.agency_id = r.agency_id AND p.id = r.permit_id
        WHERE r.agency_id = NEW.agency_id
            AND (CASE TG_TABLE_NAME WHEN 'consent_release' THEN r.id ELSE p.id END) = NEW.id
            AND ((r.state = 'revoked' AND p.revoked_at IS NULL) OR (r.state = 'active' AND p.revoked_at IS NOT NULL))
    ) THEN
        PERFORM public.consent_refuse('A release and its permit end together.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER z_together AFTER UPDATE ON consent_release DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION consent_revoked_closes_the_permit();
CREATE CONSTRAINT TRIGGER z_together AFTER UPDATE ON disclosures_permit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION consent_revoked_closes_the_permit();

CREATE FUNCTION consent_signer_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.consent_release;
    band text;
BEGIN
    IF TG_OP = 'UPDATE' THEN PERFORM public.consent_refuse('Who signed stays.'); END IF;
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (
            SELECT FROM public.consent_release c
            WHERE c.agency_id = OLD.agency_id AND c.id = OLD.release_id AND c.state <> 'draft'
        ) THEN
            PERFORM public.consent_refuse('Who signed stays.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO r FROM public.consent_release c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.release_id;
    IF r.state IS DISTINCT FROM 'draft' THEN PERFORM public.consent_refuse('Signers are named before the signature.'); END IF;
    SELECT p.age_band INTO band FROM public.people_person p WHERE p.agency_id = NEW.agency_id AND p.id = r.person_id;
    IF (NEW.capacity = 'self' AND band IN ('0-12', '13-17')) OR (NEW.capacity = 'minor' AND band NOT IN ('0-12', '13-17'))
        OR NOT public.consent_may_sign(NEW.agency_id, r.person_id, NEW.person_id, NEW.capacity) THEN
        PERFORM public.consent_refuse('This person may not sign.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON consent_signer
    FOR EACH ROW EXECUTE FUNCTION consent_signer_rules();

-- A line is written by the database's clock, in the name of who acts, before anything leaves; under a release only what the
-- release lets go. Whoever ends the release at this moment is waited for, and is found.
CREATE FUNCTION consent_ledger_rules() RETURNS trigger
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
        trouble := public.consent_trouble(
            NEW.agency_id, NEW.release_id, NEW.person_id, NEW.recipient_id, NEW.fields::text[], NEW.at);
        IF trouble IS NOT NULL THEN PERFORM public.consent_refuse(trouble); END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION consent_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON consent_disclosure FOR EACH ROW EXECUTE FUNCTION consent_ledger_rules();

-- A package is exactly one packet, one line and one release, and they say the same.
CREATE FUNCTION consent_package_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.consent_disclosure d
        JOIN public.consent_release r ON r.agency_id = d.agency_id AND r.id = d.release_id
        JOIN public.disclosures_outboxpacket o ON o.agency_id = d.agency_id AND o.id = NEW.packet_id
        WHERE d.agency_id = NEW.agency_id AND d.id = NEW.disclosure_id AND r.id = NEW.release_id
            AND d.basis = 'release' AND d.method = 'package' AND o.kind = 'package' AND o.state = 'waiting'
            AND o.permit_id = r.permit_id AND o.recipient_id = d.recipient_id AND o.purpose = r.purpose
            AND o.fields::text[] <@ d.fields::text[] AND d.fields::text[] <@ o.fields::text[]
            AND d.content_hash = sha256(o.sealed)
    ) THEN
        PERFORM public.consent_refuse('Packet, line and release do not say the same.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON consent_package FOR EACH ROW EXECUTE FUNCTION consent_package_rules();

CREATE FUNCTION consent_packet_has_a_release() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.consent_package k WHERE k.agency_id = NEW.agency_id AND k.packet_id = NEW.id
    ) THEN
        PERFORM public.consent_refuse('Nothing from a file is packed without a release and its line.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER z_has_a_release AFTER INSERT ON disclosures_outboxpacket DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'package') EXECUTE FUNCTION consent_packet_has_a_release();

-- At the very crossing the release is judged once more: by then somebody may have stopped it.
CREATE FUNCTION consent_judges_the_crossing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k public.consent_package;
    d public.consent_disclosure;
    trouble text := 'release.absent';
BEGIN
    SELECT * INTO k FROM public.consent_package p WHERE p.agency_id = NEW.agency_id AND p.packet_id = NEW.id;
    IF k.id IS NOT NULL THEN
        SELECT * INTO d FROM public.consent_disclosure l WHERE l.agency_id = NEW.agency_id AND l.id = k.disclosure_id;
        trouble := public.consent_trouble(
            NEW.agency_id, k.release_id, d.person_id, NEW.recipient_id, NEW.fields::text[], clock_timestamp());
    END IF;
    IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_release BEFORE UPDATE ON disclosures_outboxpacket
    FOR EACH ROW WHEN (NEW.kind = 'package' AND OLD.state = 'waiting' AND NEW.state = 'delivered')
    EXECUTE FUNCTION consent_judges_the_crossing();

DO $$
DECLARE
    grantee text;
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['consent_disclosure', 'consent_package'] LOOP
        EXECUTE format('CREATE TRIGGER b_final BEFORE UPDATE OR DELETE ON %I FOR EACH ROW '
                       'EXECUTE FUNCTION consent_is_final()', named);
        EXECUTE format('CREATE TRIGGER c_final BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                       'EXECUTE FUNCTION consent_is_final()', named);
        FOR grantee IN
            SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
            WHERE g.table_schema = 'public' AND g.table_name = named AND g.grantee <> current_user
        LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %I FROM %I', named, grantee);
        END LOOP;
    END LOOP;
END $$;
