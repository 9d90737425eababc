-- Between two installations a packet is carried as a file. The sender's half and the recipient's half of the slot then stand in
-- two databases: each does here what it does between two agencies of one installation, and cannot do the other's.

-- What may be carried. Kinds of a diversion program, of record relief and of the capacity board stay inside an installation.
CREATE FUNCTION disclosures.goes_by_file(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT kind IN ('call', 'package', 'personal')
$$;

CREATE FUNCTION disclosures.is_elsewhere(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = wanted AND a.state = 'elsewhere')
$$;

-- The justice side gets nothing about a person by file, and takes nothing in: a file has no wall around it.
CREATE FUNCTION disclosures.file_trouble(sender uuid, recipient uuid, kind text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN NOT disclosures.goes_by_file(kind) THEN 'file.kind'
        WHEN disclosures.closed_fields(kind) IS NULL AND EXISTS (
            SELECT FROM public.accounts_agency a WHERE a.id IN (sender, recipient) AND a.side = 'justice'
        ) THEN 'file.justice'
    END
$$;

-- Whoever takes in a packet and whoever takes in its recall wait for each other.
CREATE FUNCTION disclosures.one_at_a_time(receiving uuid, sending uuid, wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('carried ' || receiving || sending || wanted, 0))
$$;

-- Hands a frozen packet over: 'delivered' the first time, 'repeated' afterwards. To an agency elsewhere the line is written and
-- the sealed bytes stay with the sender, for the file (`carry_out`).
CREATE OR REPLACE FUNCTION disclosures.deliver(wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    needed uuid;
    leave public.disclosures_permit;
    sent public.disclosures_outboxpacket;
    moment timestamptz;
    trouble text;
    is_carried boolean;
BEGIN
    IF sending IS NULL OR actor IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT o.permit_id INTO needed FROM public.disclosures_outboxpacket o WHERE o.agency_id = sending AND o.id = wanted;
    -- A permit that is being closed makes us wait here, and is closed when we go on.
    IF needed IS NOT NULL THEN
        SELECT * INTO leave FROM public.disclosures_permit p WHERE p.agency_id = sending AND p.id = needed FOR SHARE;
    END IF;
    SELECT * INTO sent FROM public.disclosures_outboxpacket o WHERE o.agency_id = sending AND o.id = wanted FOR UPDATE;
    IF sent.id IS NULL THEN PERFORM disclosures.refuse('packet.absent'); END IF;
    IF sent.state IN ('delivered', 'read') THEN RETURN 'repeated'; END IF;
    IF sent.state <> 'waiting' THEN PERFORM disclosures.refuse('packet.over'); END IF;
    is_carried := disclosures.is_elsewhere(sent.recipient_id);
    -- After every wait: the hour of the deed, not that of the begin.
    moment := clock_timestamp();
    trouble := disclosures.sending_trouble(sent, leave, moment);
    IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    -- First the line, then the copy: what cannot be written down does not leave.
    INSERT INTO public.disclosures_ledgerline
        (id, agency_id, packet, what, recipient_id, kind, permit, purpose, fields, digest, was_read, at, by)
        VALUES (gen_random_uuid(), sending, wanted, 'disclosed', sent.recipient_id, sent.kind, sent.permit_id, sent.purpose,
                sent.fields, sha256(sent.sealed), false, moment, actor);
    IF NOT is_carried THEN
        INSERT INTO public.disclosures_inboxpacket
            (id, agency_id, sender_id, packet, kind, permit, purpose, fields, expires_at, delivered_at, sealed)
            VALUES (gen_random_uuid(), sent.recipient_id, sending, wanted, sent.kind, sent.permit_id, sent.purpose,
                    sent.fields, sent.expires_at, moment, sent.sealed);
    END IF;
    UPDATE public.disclosures_outboxpacket o
        SET state = 'delivered', delivered_at = moment, sealed = CASE WHEN is_carried THEN o.sealed END
        WHERE o.agency_id = sending AND o.id = wanted;
    RETURN 'delivered';
END $$;

-- Why a packet does not leave at that moment, or null when it does: the same for a copy and for a file.
CREATE FUNCTION disclosures.sending_trouble(
    sent public.disclosures_outboxpacket, leave public.disclosures_permit, moment timestamptz
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    trouble text;
BEGIN
    IF moment >= (sent).expires_at THEN RETURN 'packet.expired'; END IF;
    IF NOT EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = (sent).agency_id AND a.state = 'active')
        OR NOT EXISTS (
            SELECT FROM public.accounts_agency a
            WHERE a.id = (sent).recipient_id AND a.state IN ('active', 'elsewhere')) THEN
        RETURN 'agency.closed';
    END IF;
    IF disclosures.is_elsewhere((sent).recipient_id) THEN
        trouble := disclosures.file_trouble((sent).agency_id, (sent).recipient_id, (sent).kind);
        IF trouble IS NOT NULL THEN RETURN trouble; END IF;
    END IF;
    -- What was sealed to keys that are not the recipient's newest does not leave, nor anything to an agency whose words were
    -- never compared. Whether the newest are to be trusted was judged by signatures when the packet was sealed.
    IF NOT EXISTS (
        SELECT FROM public.vault_pin p WHERE p.agency_id = (sent).agency_id AND p.partner_id = (sent).recipient_id) THEN
        RETURN 'key.not_compared';
    END IF;
    IF (sent).sealed_epoch IS DISTINCT FROM
        (SELECT max(k.number) FROM public.vault_agencykey k WHERE k.agency_id = (sent).recipient_id) THEN
        RETURN 'key.changed';
    END IF;
    IF disclosures.closed_fields((sent).kind) IS NULL OR (sent).permit_id IS NOT NULL THEN
        RETURN disclosures.permit_trouble(leave, (sent).recipient_id, (sent).purpose, (sent).fields::text[], moment);
    END IF;
    RETURN NULL;
END $$;

-- The sealed bytes of a packet for an agency elsewhere, for its file. The line stands already; everything that would stop a
-- delivery stops a file too, each time that it is asked for.
CREATE FUNCTION disclosures.carry_out(wanted uuid) RETURNS bytea
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    needed uuid;
    leave public.disclosures_permit;
    sent public.disclosures_outboxpacket;
    trouble text;
BEGIN
    IF sending IS NULL OR access.current_actor() IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT o.permit_id INTO needed FROM public.disclosures_outboxpacket o WHERE o.agency_id = sending AND o.id = wanted;
    IF needed IS NOT NULL THEN
        SELECT * INTO leave FROM public.disclosures_permit p WHERE p.agency_id = sending AND p.id = needed FOR SHARE;
    END IF;
    SELECT * INTO sent FROM public.disclosures_outboxpacket o WHERE o.agency_id = sending AND o.id = wanted FOR UPDATE;
    IF sent.id IS NULL OR NOT disclosures.is_elsewhere(sent.recipient_id) THEN
        PERFORM disclosures.refuse('packet.absent');
    END IF;
    IF sent.state NOT IN ('delivered', 'read') OR sent.sealed IS NULL THEN PERFORM disclosures.refuse('packet.over'); END IF;
    IF NOT EXISTS (
        SELECT FROM public.disclosures_ledgerline l
        WHERE l.agency_id = sending AND l.packet = wanted AND l.what = 'disclosed' AND l.digest = sha256(sent.sealed)) THEN
        PERFORM disclosures.refuse('copy.absent');
    END IF;
    trouble := disclosures.sending_trouble(sent, leave, clock_timestamp());
    IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    RETURN sent.sealed;
END $$;

-- Puts a packet that came by file into the inbox of the acting agency: 'taken', or a refusal. That the sender signed it was
-- judged by the application, and is judged again when it is opened: a row that somebody forges here opens for nobody.
CREATE FUNCTION disclosures.carry_in(
    sending uuid, wanted uuid, came_kind text, came_permit uuid, came_purpose text, came_fields text[],
    ends_at timestamptz, made_at timestamptz, content bytea
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    receiving constant uuid := access.current_agency();
    closed constant text[] := disclosures.closed_fields(came_kind);
    moment timestamptz;
    trouble text;
BEGIN
    IF receiving IS NULL OR access.current_actor() IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    IF NOT disclosures.is_elsewhere(sending) THEN PERFORM disclosures.refuse('file.unknown_sender'); END IF;
    IF NOT EXISTS (SELECT FROM public.vault_pin p WHERE p.agency_id = receiving AND p.partner_id = sending) THEN
        PERFORM disclosures.refuse('file.not_compared');
    END IF;
    trouble := disclosures.file_trouble(sending, receiving, came_kind);
    IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    IF (came_permit IS NULL) <> (closed IS NOT NULL) OR (came_permit IS NULL) <> (came_purpose = '')
        OR NOT coalesce(cardinality(came_fields) BETWEEN 1 AND 40, false)
        OR (closed IS NOT NULL AND NOT came_fields <@ closed)
        OR octet_length(content) NOT BETWEEN 49 AND 131072
        OR ends_at > made_at + interval '366 days' THEN
        PERFORM disclosures.refuse('file.broken');
    END IF;
    PERFORM disclosures.one_at_a_time(receiving, sending, wanted);
    moment := clock_timestamp();
    IF EXISTS (
        SELECT FROM public.disclosures_carriedfile c
        WHERE c.agency_id = receiving AND c.other_id = sending AND c.packet = wanted AND c.what = 'packet') THEN
        PERFORM disclosures.refuse('file.repeated');
    END IF;
    IF EXISTS (
        SELECT FROM public.disclosures_carriedfile c
        WHERE c.agency_id = receiving AND c.other_id = sending AND c.packet = wanted AND c.what = 'recall') THEN
        PERFORM disclosures.refuse('file.recalled');
    END IF;
    IF moment >= ends_at THEN PERFORM disclosures.refuse('file.expired'); END IF;
    INSERT INTO public.disclosures_carriedfile (id, agency_id, other_id, packet, what, said_at, at)
        VALUES (gen_random_uuid(), receiving, sending, wanted, 'packet', made_at, moment);
    INSERT INTO public.disclosures_inboxpacket
        (id, agency_id, sender_id, packet, kind, permit, purpose, fields, expires_at, delivered_at, sealed)
        VALUES (gen_random_uuid(), receiving, sending, wanted, came_kind, came_permit, came_purpose, came_fields, ends_at,
                moment, content);
    RETURN 'taken';
END $$;

-- Takes a recall in: the packet goes unread ('recalled'), loses its content ('recalled_after_reading'), or will not be taken in
-- when it comes later ('recalled_before'). 'repeated' when the recall was known.
CREATE FUNCTION disclosures.carry_recall(sending uuid, wanted uuid, taken_back timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    receiving constant uuid := access.current_agency();
    came public.disclosures_inboxpacket;
    moment timestamptz;
BEGIN
    IF receiving IS NULL OR access.current_actor() IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    IF NOT disclosures.is_elsewhere(sending) THEN PERFORM disclosures.refuse('file.unknown_sender'); END IF;
    PERFORM disclosures.one_at_a_time(receiving, sending, wanted);
    moment := clock_timestamp();
    INSERT INTO public.disclosures_carriedfile (id, agency_id, other_id, packet, what, said_at, at)
        VALUES (gen_random_uuid(), receiving, sending, wanted, 'recall', taken_back, moment)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'repeated'; END IF;
    SELECT * INTO came FROM public.disclosures_inboxpacket i
        WHERE i.agency_id = receiving AND i.sender_id = sending AND i.packet = wanted FOR UPDATE;
    IF came.id IS NULL THEN RETURN 'recalled_before'; END IF;
    IF came.read_at IS NOT NULL THEN
        UPDATE public.disclosures_inboxpacket i SET sealed = NULL, taken_back_at = moment WHERE i.id = came.id;
        RETURN 'recalled_after_reading';
    END IF;
    DELETE FROM public.disclosures_inboxpacket i WHERE i.id = came.id;
    RETURN 'recalled';
END $$;

-- Takes in what an agency elsewhere says of a packet of ours: 'noted' or 'repeated'.
CREATE FUNCTION disclosures.carry_receipt(reader uuid, wanted uuid, word text, said timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    sent public.disclosures_outboxpacket;
    moment timestamptz;
    opened timestamptz;
BEGIN
    IF sending IS NULL OR access.current_actor() IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT * INTO sent FROM public.disclosures_outboxpacket o
        WHERE o.agency_id = sending AND o.id = wanted AND o.recipient_id = reader FOR UPDATE;
    IF sent.id IS NULL OR sent.state NOT IN ('delivered', 'read', 'recalled') OR NOT disclosures.is_elsewhere(reader)
        OR word NOT IN ('received', 'read', 'erased') THEN
        PERFORM disclosures.refuse('file.no_packet');
    END IF;
    moment := clock_timestamp();
    INSERT INTO public.disclosures_carriedfile (id, agency_id, other_id, packet, what, said_at, at)
        VALUES (gen_random_uuid(), sending, reader, wanted, word, said, moment)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'repeated'; END IF;
    IF word = 'read' AND sent.state = 'delivered' THEN
        -- Their clock may be wrong: it was not before we sent it, and not after we were told.
        opened := least(greatest(said, sent.delivered_at), moment);
        UPDATE public.disclosures_outboxpacket o SET state = 'read', read_at = opened
            WHERE o.agency_id = sending AND o.id = wanted;
        INSERT INTO public.disclosures_receipt (id, agency_id, packet_id, at)
            VALUES (gen_random_uuid(), sending, wanted, opened);
    END IF;
    RETURN 'noted';
END $$;

-- Takes a packet back: 'stopped' before it was sent, 'recalled' unopened, 'recalled_after_reading', or 'repeated'.
-- Unopened, nothing of it stays with the recipient; opened, its content goes and the recipient keeps the fact. What was carried
-- is out of reach: the line is written, the bytes go here, and the recall is carried after it.
CREATE OR REPLACE FUNCTION disclosures.recall(wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    sent public.disclosures_outboxpacket;
    moment timestamptz;
    copy_digest bytea;
    is_found boolean := true;
BEGIN
    IF sending IS NULL OR actor IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT * INTO sent FROM public.disclosures_outboxpacket o WHERE o.agency_id = sending AND o.id = wanted FOR UPDATE;
    IF sent.id IS NULL THEN PERFORM disclosures.refuse('packet.absent'); END IF;
    IF sent.state IN ('stopped', 'recalled') THEN RETURN 'repeated'; END IF;
    moment := clock_timestamp();
    IF sent.state = 'waiting' THEN
        UPDATE public.disclosures_outboxpacket o SET state = 'stopped', taken_back_at = moment, sealed = NULL
            WHERE o.agency_id = sending AND o.id = wanted;
        RETURN 'stopped';
    END IF;
    SELECT l.digest INTO STRICT copy_digest FROM public.disclosures_ledgerline l
        WHERE l.agency_id = sending AND l.packet = wanted AND l.what = 'disclosed';
    INSERT INTO public.disclosures_ledgerline
        (id, agency_id, packet, what, recipient_id, kind, permit, purpose, fields, digest, was_read, at, by)
        VALUES (gen_random_uuid(), sending, wanted, 'recalled', sent.recipient_id, sent.kind, sent.permit_id, sent.purpose,
                sent.fields, copy_digest, sent.state = 'read', moment, actor);
    IF disclosures.is_elsewhere(sent.recipient_id) THEN
        NULL;
    ELSIF sent.state = 'read' THEN
        UPDATE public.disclosures_inboxpacket i SET sealed = NULL, taken_back_at = moment
            WHERE i.agency_id = sent.recipient_id AND i.sender_id = sending AND i.packet = wanted;
        is_found := FOUND;
    ELSE
        DELETE FROM public.disclosures_inboxpacket i
            WHERE i.agency_id = sent.recipient_id AND i.sender_id = sending AND i.packet = wanted;
        is_found := FOUND;
    END IF;
    IF NOT is_found THEN PERFORM disclosures.refuse('copy.absent'); END IF;
    UPDATE public.disclosures_outboxpacket o SET state = 'recalled', taken_back_at = moment, sealed = NULL
        WHERE o.agency_id = sending AND o.id = wanted;
    RETURN CASE sent.state WHEN 'read' THEN 'recalled_after_reading' ELSE 'recalled' END;
END $$;

-- Every look at a packet is told to its sender, before its content is shown: when, and not by whom. A sender elsewhere is told
-- by a receipt, when somebody carries one there.
CREATE OR REPLACE FUNCTION disclosures.acknowledge(sending uuid, wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    receiving constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    is_carried constant boolean := disclosures.is_elsewhere(sending);
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
    IF NOT is_carried THEN
        INSERT INTO public.disclosures_receipt (id, agency_id, packet_id, at)
            VALUES (gen_random_uuid(), sending, wanted, moment);
    END IF;
    IF came.read_at IS NOT NULL THEN RETURN 'repeated'; END IF;
    UPDATE public.disclosures_inboxpacket i SET read_at = moment WHERE i.id = came.id;
    IF is_carried THEN RETURN 'read'; END IF;
    UPDATE public.disclosures_outboxpacket o SET state = 'read', read_at = moment
        WHERE o.agency_id = sending AND o.id = wanted AND o.state = 'delivered';
    IF NOT FOUND THEN PERFORM disclosures.refuse('copy.absent'); END IF;
    RETURN 'read';
END $$;

-- Nothing of a packet changes after it was frozen, for nobody, except what the functions do; the bytes of one that was carried
-- may go before it ends.
CREATE OR REPLACE FUNCTION disclosures.guard_outbox() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moving constant text[] := ARRAY['state', 'delivered_at', 'read_at', 'taken_back_at', 'sealed'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.frozen_at := clock_timestamp();
        NEW.frozen_by_id := access.current_actor();
        IF NEW.state <> 'waiting' OR NEW.sealed IS NULL
            OR num_nonnulls(NEW.delivered_at, NEW.read_at, NEW.taken_back_at) > 0 OR NEW.expires_at <= NEW.frozen_at THEN
            RAISE EXCEPTION 'A packet begins sealed and waiting.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('delivered', 'read') AND OLD.sealed IS NOT NULL AND NEW.sealed IS NULL
        AND to_jsonb(NEW) - 'sealed' = to_jsonb(OLD) - 'sealed' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
        OR (NEW.sealed IS NOT NULL AND NEW.sealed IS DISTINCT FROM OLD.sealed)
        OR (OLD.state, NEW.state) NOT IN (
            ('waiting', 'delivered'), ('waiting', 'stopped'), ('delivered', 'read'), ('delivered', 'recalled'),
            ('read', 'recalled')) THEN
        RAISE EXCEPTION 'A frozen packet does not change.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- The night's work for what is carried; `purge` does the rest.
CREATE FUNCTION disclosures.purge_carried() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holding constant uuid := access.current_agency();
    emptied bigint;
BEGIN
    IF holding IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    UPDATE public.disclosures_outboxpacket o SET sealed = NULL
        WHERE o.id IN (
            SELECT w.id FROM public.disclosures_outboxpacket w
            WHERE w.agency_id = holding AND w.state IN ('delivered', 'read') AND w.sealed IS NOT NULL
                AND w.expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN emptied;
END $$;

CREATE TRIGGER b_refuse BEFORE INSERT ON disclosures_carriedfile
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER c_refuse BEFORE UPDATE OR DELETE ON disclosures_carriedfile
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_change();
CREATE TRIGGER d_refuse BEFORE TRUNCATE ON disclosures_carriedfile
    FOR EACH STATEMENT EXECUTE FUNCTION disclosures.refuse_change();
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'disclosures_carriedfile' AND g.grantee <> current_user
    LOOP
        EXECUTE format(
            'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON disclosures_carriedfile FROM %I', grantee);
    END LOOP;
END $$;
