-- What has reached its last day goes, whether or not anybody opens it again: the content of packets that came in, and packets
-- that were never sent. The ledger, the sender's copy and the fact stay. For the agency of the signed context; gives how many.
CREATE FUNCTION disclosures.purge() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holding constant uuid := access.current_agency();
    moment constant timestamptz := clock_timestamp();
    stopped bigint;
    emptied bigint;
BEGIN
    IF holding IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    -- Rows that somebody holds are left for the next night: this waits for nobody, so nobody waits for it in a ring.
    UPDATE public.disclosures_outboxpacket o SET state = 'stopped', taken_back_at = moment, sealed = NULL
        WHERE o.id IN (
            SELECT w.id FROM public.disclosures_outboxpacket w
            WHERE w.agency_id = holding AND w.state = 'waiting' AND w.expires_at <= moment FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS stopped = ROW_COUNT;
    UPDATE public.disclosures_inboxpacket i SET sealed = NULL
        WHERE i.id IN (
            SELECT w.id FROM public.disclosures_inboxpacket w
            WHERE w.agency_id = holding AND w.sealed IS NOT NULL AND w.expires_at <= moment FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN stopped + emptied;
END $$;
