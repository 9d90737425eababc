-- The only mail slot between two agencies.
--
-- Row security keeps every table to its own agency, as it should. A packet crosses by three functions and by nothing else;
-- they run with the owner's rights, believe nothing but the signed context of the transaction, and take ids alone: what is
-- handed over is what the sender's own table has held unchanged since it was frozen. Each is safe to repeat.
-- Locks are taken in one order everywhere (permit, outbox, inbox), so that two of them never wait for each other in a ring.

CREATE SCHEMA disclosures;
REVOKE ALL ON SCHEMA disclosures FROM PUBLIC;

-- The fields of the kinds that cross without a permit. They are answers from closed lists; every other kind needs a permit.
CREATE FUNCTION disclosures.closed_fields(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind WHEN 'call' THEN ARRAY['ask_for', 'by_day', 'phone', 'reason'] END
$$;

ALTER TABLE disclosures_permit
    ADD CONSTRAINT permit_lasts_a_year_at_most CHECK (ends_at <= starts_at + interval '366 days'),
    ADD CONSTRAINT permit_is_short CHECK (cardinality(fields) <= 40);
ALTER TABLE disclosures_outboxpacket
    ADD CONSTRAINT outbox_permit_where_needed
        CHECK ((permit_id IS NULL) = (disclosures.closed_fields(kind) IS NOT NULL)),
    ADD CONSTRAINT outbox_closed_fields
        CHECK (permit_id IS NOT NULL OR fields::text[] <@ disclosures.closed_fields(kind)),
    ADD CONSTRAINT outbox_purpose_with_permit CHECK ((permit_id IS NULL) = (purpose = '')),
    ADD CONSTRAINT outbox_lasts_a_year_at_most CHECK (expires_at <= frozen_at + interval '366 days'),
    ADD CONSTRAINT outbox_is_short CHECK (
        cardinality(fields) <= 40 AND octet_length(sealed) BETWEEN 49 AND 131072
        AND octet_length(own_copy) BETWEEN 49 AND 131072);

-- Why a permit does not allow this at that moment, or null when it does. The end is the first moment that is too late.
CREATE FUNCTION disclosures.permit_trouble(
    permit public.disclosures_permit, recipient uuid, purpose text, fields text[], at timestamptz
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN (permit).id IS NULL THEN 'permit.absent'
        WHEN (permit).revoked_at IS NOT NULL THEN 'permit.revoked'
        WHEN (permit).recipient_id IS DISTINCT FROM recipient THEN 'permit.other_recipient'
        WHEN (permit).purpose IS DISTINCT FROM purpose THEN 'permit.other_purpose'
        WHEN NOT coalesce(cardinality(fields) > 0 AND fields <@ (permit).fields::text[], false) THEN 'permit.other_field'
        WHEN at < (permit).starts_at THEN 'permit.not_started'
        WHEN at >= (permit).ends_at THEN 'permit.expired'
    END
$$;

-- Says no in a form that the application tells apart: a code, never content.
CREATE FUNCTION disclosures.refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', code USING ERRCODE = 'WD001';
END $$;

-- Hands a frozen packet over: 'delivered' the first time, 'repeated' afterwards.
CREATE FUNCTION disclosures.deliver(wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    needed uuid;
    leave public.disclosures_permit;
    sent public.disclosures_outboxpacket;
    moment timestamptz;
    trouble text;
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
    -- After every wait: the hour of the deed, not that of the begin.
    moment := clock_timestamp();
    IF moment >= sent.expires_at THEN PERFORM disclosures.refuse('packet.expired'); END IF;
    IF (SELECT count(*) FROM public.accounts_agency a WHERE a.id IN (sending, sent.recipient_id) AND a.state = 'active') <> 2 THEN
        PERFORM disclosures.refuse('agency.closed');
    END IF;
    -- What was sealed to keys that are not the recipient's newest does not leave, nor anything to an agency whose words were
    -- never compared. Whether the newest are to be trusted was judged by signatures when the packet was sealed.
    IF NOT EXISTS (SELECT FROM public.vault_pin p WHERE p.agency_id = sending AND p.partner_id = sent.recipient_id) THEN
        PERFORM disclosures.refuse('key.not_compared');
    END IF;
    IF sent.sealed_epoch IS DISTINCT FROM
        (SELECT max(k.number) FROM public.vault_agencykey k WHERE k.agency_id = sent.recipient_id) THEN
        PERFORM disclosures.refuse('key.changed');
    END IF;
    IF disclosures.closed_fields(sent.kind) IS NULL OR sent.permit_id IS NOT NULL THEN
        trouble := disclosures.permit_trouble(leave, sent.recipient_id, sent.purpose, sent.fields::text[], moment);
        IF trouble IS NOT NULL THEN PERFORM disclosures.refuse(trouble); END IF;
    END IF;
    -- First the line, then the copy: what cannot be written down does not leave.
    INSERT INTO public.disclosures_ledgerline
        (id, agency_id, packet, what, recipient_id, kind, permit, purpose, fields, digest, was_read, at, by)
        VALUES (gen_random_uuid(), sending, wanted, 'disclosed', sent.recipient_id, sent.kind, sent.permit_id, sent.purpose,
                sent.fields, sha256(sent.sealed), false, moment, actor);
    INSERT INTO public.disclosures_inboxpacket
        (id, agency_id, sender_id, packet, kind, permit, purpose, fields, expires_at, delivered_at, sealed)
        VALUES (gen_random_uuid(), sent.recipient_id, sending, wanted, sent.kind, sent.permit_id, sent.purpose, sent.fields,
                sent.expires_at, moment, sent.sealed);
    UPDATE public.disclosures_outboxpacket o SET state = 'delivered', delivered_at = moment, sealed = NULL
        WHERE o.agency_id = sending AND o.id = wanted;
    RETURN 'delivered';
END $$;

-- Takes a packet back: 'stopped' before it was sent, 'recalled' unopened, 'recalled_after_reading', or 'repeated'.
-- Unopened, nothing of it stays with the recipient; opened, its content goes and the recipient keeps the fact.
CREATE FUNCTION disclosures.recall(wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    sent public.disclosures_outboxpacket;
    moment timestamptz;
    copy_digest bytea;
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
    IF sent.state = 'read' THEN
        UPDATE public.disclosures_inboxpacket i SET sealed = NULL, taken_back_at = moment
            WHERE i.agency_id = sent.recipient_id AND i.sender_id = sending AND i.packet = wanted;
    ELSE
        DELETE FROM public.disclosures_inboxpacket i
            WHERE i.agency_id = sent.recipient_id AND i.sender_id = sending AND i.packet = wanted;
    END IF;
    IF NOT FOUND THEN PERFORM disclosures.refuse('copy.absent'); END IF;
    UPDATE public.disclosures_outboxpacket o SET state = 'recalled', taken_back_at = moment
        WHERE o.agency_id = sending AND o.id = wanted;
    RETURN CASE sent.state WHEN 'read' THEN 'recalled_after_reading' ELSE 'recalled' END;
END $$;

-- Tells the sender that a packet was opened, before its content is shown: 'read' the first time, 'repeated' afterwards,
-- 'recalled' or 'expired' when there is nothing to show any more. Whoever has no such packet hears what everybody hears.
CREATE FUNCTION disclosures.acknowledge(sending uuid, wanted uuid) RETURNS text
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
    IF came.read_at IS NOT NULL THEN RETURN 'repeated'; END IF;
    UPDATE public.disclosures_inboxpacket i SET read_at = moment WHERE i.id = came.id;
    UPDATE public.disclosures_outboxpacket o SET state = 'read', read_at = moment
        WHERE o.agency_id = sending AND o.id = wanted AND o.state = 'delivered';
    IF NOT FOUND THEN PERFORM disclosures.refuse('copy.absent'); END IF;
    RETURN 'read';
END $$;

-- Nothing of a packet changes after it was frozen, for nobody, except what the three functions do.
CREATE FUNCTION disclosures.guard_outbox() RETURNS trigger
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
    IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
        OR (NEW.sealed IS NOT NULL AND NEW.sealed IS DISTINCT FROM OLD.sealed)
        OR (OLD.state, NEW.state) NOT IN (
            ('waiting', 'delivered'), ('waiting', 'stopped'), ('delivered', 'read'), ('delivered', 'recalled'),
            ('read', 'recalled')) THEN
        RAISE EXCEPTION 'A frozen packet does not change.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION disclosures.guard_inbox() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moving constant text[] := ARRAY['read_at', 'taken_back_at', 'sealed'];
BEGIN
    IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
        OR (NEW.sealed IS NOT NULL AND NEW.sealed IS DISTINCT FROM OLD.sealed)
        OR (OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at)
        OR (OLD.taken_back_at IS NOT NULL AND NEW.taken_back_at IS DISTINCT FROM OLD.taken_back_at) THEN
        RAISE EXCEPTION 'A packet that came in does not change.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION disclosures.guard_permit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.revoked_at IS NOT NULL THEN
            RAISE EXCEPTION 'A permit begins unrevoked.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - 'revoked_at' <> to_jsonb(OLD) - 'revoked_at' OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL THEN
        RAISE EXCEPTION 'A permit is revoked once, and nothing else of it changes.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.revoked_at := clock_timestamp();
    RETURN NEW;
END $$;

-- A revoked permit with something still out under it cannot be committed: who revokes takes back.
CREATE FUNCTION disclosures.nothing_out_under_revoked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.revoked_at IS NOT NULL AND EXISTS (
        SELECT FROM public.disclosures_outboxpacket o
        WHERE o.agency_id = NEW.agency_id AND o.permit_id = NEW.id AND o.state IN ('waiting', 'delivered', 'read')
    ) THEN
        RAISE EXCEPTION 'Something is still out under this permit.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Says no to everybody but the functions above, whatever rights a role was given by mistake.
CREATE FUNCTION disclosures.refuse_writing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user::regrole <> (SELECT relowner::regrole FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'Only the mail slot writes here.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION disclosures.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER a_guard BEFORE INSERT OR UPDATE ON disclosures_outboxpacket
    FOR EACH ROW EXECUTE FUNCTION disclosures.guard_outbox();
CREATE TRIGGER b_refuse BEFORE UPDATE OR DELETE ON disclosures_outboxpacket
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER a_guard BEFORE UPDATE ON disclosures_inboxpacket FOR EACH ROW EXECUTE FUNCTION disclosures.guard_inbox();
CREATE TRIGGER b_refuse BEFORE INSERT OR UPDATE OR DELETE ON disclosures_inboxpacket
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER a_guard BEFORE INSERT OR UPDATE ON disclosures_permit
    FOR EACH ROW EXECUTE FUNCTION disclosures.guard_permit();
CREATE CONSTRAINT TRIGGER z_nothing_out AFTER UPDATE ON disclosures_permit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION disclosures.nothing_out_under_revoked();
CREATE TRIGGER b_refuse BEFORE DELETE ON disclosures_permit FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER b_refuse BEFORE INSERT ON disclosures_ledgerline FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_writing();
CREATE TRIGGER c_refuse BEFORE UPDATE OR DELETE ON disclosures_ledgerline
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_change();

-- The application's role reads all four tables of its own agency; it writes permits and frozen packets, and nothing else.
DO $$
DECLARE
    grantee text;
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['disclosures_permit', 'disclosures_outboxpacket', 'disclosures_inboxpacket', 'disclosures_ledgerline']
    LOOP
        EXECUTE format('CREATE TRIGGER d_refuse BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                       'EXECUTE FUNCTION disclosures.refuse_change()', named);
        FOR grantee IN
            SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
            WHERE g.table_schema = 'public' AND g.table_name = named AND g.grantee <> current_user
        LOOP
            EXECUTE format('REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON %I FROM %I', named, grantee);
            IF named <> 'disclosures_permit' THEN EXECUTE format('REVOKE UPDATE ON %I FROM %I', named, grantee); END IF;
            IF named IN ('disclosures_inboxpacket', 'disclosures_ledgerline') THEN
                EXECUTE format('REVOKE INSERT ON %I FROM %I', named, grantee);
            END IF;
        END LOOP;
    END LOOP;
END $$;
