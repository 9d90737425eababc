-- Every look at a packet is told to its sender, before its content is shown: when, and not by whom.
CREATE OR REPLACE FUNCTION disclosures.acknowledge(sending uuid, wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    receiving constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    came public.disclosures_inboxpacket;
    moment timestamptz;
BEGIN
    IF receiving IS NULL OR actor IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    PERFORM FROM public.disclosures_outboxpacket o
        WHERE o.agency_id = sending AND o.id = wanted AND o.recipient_id = receiving FOR UPDATE;
    SELECT * INTO came FROM public.disclosures_inboxpacket i
        WHERE i.agency_id = receiving AND i.sender_id = sending AND i.packet = wanted FOR UPDATE;
    IF came.id IS NULL THEN PERFORM disclosures.refuse('packet.absent'); END IF;
    IF came.taken_back_at IS NOT NULL THEN RETURN 'recalled'; END IF;
    moment := clock_timestamp();
    IF moment >= came.expires_at THEN
        UPDATE public.disclosures_inboxpacket i SET sealed = NULL WHERE i.id = came.id AND i.sealed IS NOT NULL;
        RETURN 'expired';
    END IF;
    INSERT INTO public.disclosures_receipt (id, agency_id, packet_id, at) VALUES (gen_random_uuid(), sending, wanted, moment);
    IF came.read_at IS NOT NULL THEN RETURN 'repeated'; END IF;
    UPDATE public.disclosures_inboxpacket i SET read_at = moment WHERE i.id = came.id;
    UPDATE public.disclosures_outboxpacket o SET state = 'read', read_at = moment
        WHERE o.agency_id = sending AND o.id = wanted AND o.state = 'delivered';
    IF NOT FOUND THEN PERFORM disclosures.refuse('copy.absent'); END IF;
    RETURN 'read';
END $$;

CREATE TRIGGER b_refuse BEFORE INSERT ON disclosures_receipt FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER c_refuse BEFORE UPDATE OR DELETE ON disclosures_receipt
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_change();
CREATE TRIGGER d_refuse BEFORE TRUNCATE ON disclosures_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION disclosures.refuse_change();
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'disclosures_receipt' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON disclosures_receipt FROM %I', grantee);
    END LOOP;
END $$;
