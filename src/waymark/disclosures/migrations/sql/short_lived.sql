-- Two kinds that ask about a household without saying whose. They cross without a permit, by closed questions, and live for
-- a day at most; at the end of their life they are deleted, with the sender's own copy. The ledger keeps that something crossed.
CREATE OR REPLACE FUNCTION disclosures.closed_fields(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind
        WHEN 'call' THEN ARRAY['ask_for', 'by_day', 'phone', 'reason']
        WHEN 'capacity_question' THEN ARRAY['household', 'languages', 'need', 'when']
        WHEN 'court_outcome' THEN ARRAY['held_on', 'next_on', 'outcome', 'reference']
        WHEN 'court_referral' THEN ARRAY['adult', 'charge', 'counsel', 'language', 'offense_on', 'program', 'reference']
        WHEN 'opaque_referral' THEN ARRAY['ask_for', 'household', 'needs', 'phone', 'urgency']
        WHEN 'party_decision' THEN ARRAY['decided_on', 'reason', 'reference', 'verdict']
        WHEN 'report_contest' THEN ARRAY['field', 'for_day', 'reference', 'says']
    END
$$;

CREATE FUNCTION disclosures.longest_life(kind text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN kind IN ('capacity_question', 'opaque_referral') THEN interval '24 hours' END
$$;

-- Five minutes for two clocks that differ.
ALTER TABLE disclosures_outboxpacket ADD CONSTRAINT outbox_short_lived_ends_soon
    CHECK (disclosures.longest_life(kind) IS NULL
        OR expires_at <= frozen_at + disclosures.longest_life(kind) + interval '5 minutes');

-- A receipt stays as long as its packet is kept; with a packet that is deleted it goes.
CREATE FUNCTION disclosures.receipt_of_kept_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user::regrole <> (SELECT relowner::regrole FROM pg_class WHERE oid = TG_RELID) OR NOT EXISTS (
        SELECT FROM public.disclosures_outboxpacket o
        WHERE o.agency_id = OLD.agency_id AND o.id = OLD.packet_id AND disclosures.longest_life(o.kind) IS NOT NULL
            AND o.expires_at <= clock_timestamp()) THEN
        RAISE EXCEPTION 'A receipt stays.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER c_refuse ON disclosures_receipt;
CREATE TRIGGER c_refuse BEFORE UPDATE ON disclosures_receipt FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_change();
CREATE TRIGGER c_stays BEFORE DELETE ON disclosures_receipt
    FOR EACH ROW EXECUTE FUNCTION disclosures.receipt_of_kept_stays();

-- What has reached its last day goes, whether or not anybody opens it again: the content of packets that came in, packets
-- that were never sent, and every row of a short-lived kind. For other kinds the ledger, the sender's copy and the fact stay.
-- For the agency of the signed context; gives how many.
CREATE OR REPLACE FUNCTION disclosures.purge() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holding constant uuid := access.current_agency();
    moment constant timestamptz := clock_timestamp();
    gone bigint := 0;
    part bigint;
    ended uuid[];
BEGIN
    IF holding IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    -- Rows that somebody holds are left for the next night: this waits for nobody, so nobody waits for it in a ring.
    ended := ARRAY(
        SELECT w.id FROM public.disclosures_outboxpacket w
        WHERE w.agency_id = holding AND w.expires_at <= moment AND disclosures.longest_life(w.kind) IS NOT NULL
        FOR UPDATE SKIP LOCKED);
    DELETE FROM public.disclosures_receipt r WHERE r.agency_id = holding AND r.packet_id = ANY (ended);
    DELETE FROM public.disclosures_outboxpacket o WHERE o.agency_id = holding AND o.id = ANY (ended);
    GET DIAGNOSTICS part = ROW_COUNT; gone := gone + part;
    DELETE FROM public.disclosures_inboxpacket i WHERE i.id IN (
        SELECT w.id FROM public.disclosures_inboxpacket w
        WHERE w.agency_id = holding AND w.expires_at <= moment AND disclosures.longest_life(w.kind) IS NOT NULL
        FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS part = ROW_COUNT; gone := gone + part;
    UPDATE public.disclosures_outboxpacket o SET state = 'stopped', taken_back_at = moment, sealed = NULL
        WHERE o.id IN (
            SELECT w.id FROM public.disclosures_outboxpacket w
            WHERE w.agency_id = holding AND w.state = 'waiting' AND w.expires_at <= moment FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS part = ROW_COUNT; gone := gone + part;
    UPDATE public.disclosures_inboxpacket i SET sealed = NULL
        WHERE i.id IN (
            SELECT w.id FROM public.disclosures_inboxpacket w
            WHERE w.agency_id = holding AND w.sealed IS NOT NULL AND w.expires_at <= moment FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS part = ROW_COUNT; gone := gone + part;
    RETURN gone;
END $$;
