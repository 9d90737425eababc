-- A referral stands in two rows, one at each agency. What moves it moves both, in one transaction, so that the two never tell
-- different stories; and nothing else writes them.
--
-- The functions that are called from outside run with the owner's rights and believe nothing but the signed context of the
-- transaction. They take ids and answers from closed lists; there is no text that could hold a name. Locks are taken in one
-- order everywhere: the sender's row, then the recipient's.

CREATE SCHEMA referrals;
REVOKE ALL ON SCHEMA referrals FROM PUBLIC;

-- The table of moves. The same stands in waymark.referrals.models.states.MOVES; a test walks every event in every state.
CREATE FUNCTION referrals.next_state(way text, state text, event text, side text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN way = 'question' THEN CASE
            WHEN side = 'recipient' AND event = 'answer' AND state IN ('requested', 'answered') THEN 'answered'
            WHEN side = 'sender' AND event = 'withdraw' AND state IN ('requested', 'answered') THEN 'withdrawn'
            WHEN side = 'clock' AND event = 'run_out' AND state = 'requested' THEN 'lapsed'
            WHEN side = 'clock' AND event = 'run_out' AND state = 'answered' THEN 'closed'
        END
        WHEN way NOT IN ('opaque', 'carried', 'consented') THEN NULL
        WHEN side = 'recipient' THEN CASE
            WHEN event = 'arrive' AND state = 'requested' AND way = 'carried' THEN 'connected'
            WHEN event = 'accept' AND state = 'requested' AND way <> 'carried' THEN 'accepted'
            WHEN event = 'decline' AND state = 'requested' AND way <> 'carried' THEN 'declined'
            WHEN event = 'start' AND state IN ('accepted', 'waiting') THEN 'in_service'
            WHEN event = 'wait' AND state IN ('accepted', 'in_service') THEN 'waiting'
            WHEN event = 'connect' AND state IN ('accepted', 'in_service', 'waiting') THEN 'connected'
            WHEN event = 'not_connect' AND state IN ('accepted', 'in_service', 'waiting') THEN 'not_connected'
        END
        WHEN side = 'sender' THEN CASE
            WHEN event = 'withdraw' AND state IN ('requested', 'accepted', 'in_service', 'waiting') THEN 'withdrawn'
            WHEN event = 'close' AND state IN ('connected', 'not_connected') THEN 'closed'
            WHEN event = 'reopen' AND state = 'closed' THEN 'in_service'
            WHEN event = 'void'
                AND state IN ('requested', 'accepted', 'in_service', 'waiting', 'connected', 'not_connected', 'closed')
                THEN 'voided'
        END
        WHEN side = 'clock' AND event = 'run_out' THEN CASE
            WHEN state IN ('requested', 'accepted', 'in_service', 'waiting') THEN 'lapsed'
            WHEN state IN ('connected', 'not_connected') THEN 'closed'
        END
    END
$$;

-- Which reasons fit an event; null for an event that takes none.
CREATE FUNCTION referrals.reasons(event text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE event
        WHEN 'decline' THEN ARRAY['no_room', 'not_our_service', 'not_eligible', 'language', 'unreachable']
        WHEN 'not_connect' THEN ARRAY['did_not_come', 'changed_mind', 'no_room', 'not_eligible', 'unreachable']
        WHEN 'withdraw' THEN ARRAY['changed_mind', 'found_elsewhere', 'not_safe']
        WHEN 'reopen' THEN ARRAY['needed_again', 'closed_too_early']
        WHEN 'void' THEN ARRAY['by_mistake', 'wrong_place']
    END
$$;

-- A referral begins as asked, in the name of who acts, for somebody whom they may see, and never to the justice side.
CREATE FUNCTION referrals.rules_of_a_new_one() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lasts interval;
BEGIN
    NEW.sent_at := clock_timestamp();
    NEW.moved_at := NEW.sent_at;
    lasts := NEW.respond_by - NEW.sent_at;
    IF NEW.state <> 'requested' OR num_nonnulls(NEW.good_until, NEW.ended_at, NEW.nudged_at) > 0
        OR NEW.answer <> '' OR NEW.outcome <> '' OR NEW.reason <> '' THEN
        RAISE EXCEPTION 'A referral begins as asked.' USING ERRCODE = 'check_violation';
    END IF;
    -- Five minutes for two clocks that differ.
    IF lasts <= interval '0' OR lasts > interval '5 minutes' + (
            CASE WHEN NEW.way IN ('question', 'opaque') THEN interval '24 hours' ELSE interval '30 days' END)
        OR (NEW.way = 'opaque' AND lasts < interval '3 hours 55 minutes') THEN
        RAISE EXCEPTION 'It is answered within its time.' USING ERRCODE = 'check_violation';
    END IF;
    IF access.current_actor() IS NULL OR NEW.made_by_id <> access.current_actor() THEN
        RAISE EXCEPTION 'Nobody writes in the name of another.' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM public.accounts_agency a
        WHERE a.id IN (NEW.agency_id, NEW.recipient_id) AND a.state = 'active' AND a.side <> 'justice') <> 2 THEN
        RAISE EXCEPTION 'Nobody is referred to or by the justice side, or a closed agency.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM public.cases_case c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id
            AND public.people_is_denied(c.agency_id, c.person_id, NEW.made_by_id)) THEN
        RAISE EXCEPTION 'The deny list beats every grant.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION referrals.refuse_writing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user::regrole <> (SELECT relowner::regrole FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'A referral is moved by its functions alone.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Moves a referral that the caller holds, at both agencies; gives the new state. It has no rights of its own: only the
-- functions below, which have judged who asks, can do what it does.
CREATE FUNCTION referrals.carry_out(
    sent public.referrals_referral, event text, side text, why text, said text, hours integer, actor uuid
) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment constant timestamptz := clock_timestamp();
    target constant text := referrals.next_state(sent.way, sent.state, event, side);
    fitting constant text[] := referrals.reasons(event);
    good timestamptz;
    final timestamptz;
    result text;
BEGIN
    IF target IS NULL THEN PERFORM disclosures.refuse('referral.no_such_move'); END IF;
    IF (fitting IS NULL AND why <> '') OR (fitting IS NOT NULL AND NOT why = ANY (fitting)) THEN
        PERFORM disclosures.refuse('referral.reason');
    END IF;
    IF event = 'answer' THEN
        IF said NOT IN ('yes', 'no', 'waiting_list', 'call_us') OR coalesce(hours, 0) NOT BETWEEN 1 AND 24 THEN
            PERFORM disclosures.refuse('referral.answer');
        END IF;
        good := moment + make_interval(hours => hours);
    ELSIF said <> '' OR hours IS NOT NULL THEN
        PERFORM disclosures.refuse('referral.answer');
    END IF;
    -- After its time only the clock and the sender move it.
    IF side = 'recipient' AND ((sent.state = 'requested' AND moment >= sent.respond_by)
        OR (sent.state = 'answered' AND moment >= sent.good_until)) THEN
        PERFORM disclosures.refuse('referral.lapsed');
    END IF;
    final := CASE WHEN target IN ('closed', 'declined', 'withdrawn', 'lapsed', 'voided') THEN moment END;
    result := CASE WHEN target IN ('connected', 'not_connected') THEN target WHEN event = 'reopen' THEN '' ELSE sent.outcome END;
    UPDATE public.referrals_referral r SET state = target, moved_at = moment, ended_at = final, outcome = result,
        reason = why, answer = CASE event WHEN 'answer' THEN said ELSE r.answer END, good_until = coalesce(good, r.good_until)
        WHERE r.agency_id = sent.agency_id AND r.id = sent.id;
    INSERT INTO public.referrals_referralmove
        (id, agency_id, referral, event, side, from_state, to_state, reason, answer, at, by_id)
        VALUES (gen_random_uuid(), sent.agency_id, sent.id, event, side, sent.state, target, why, said, moment,
                CASE side WHEN 'sender' THEN actor END);
    -- What was taken back before anybody opened it was never there.
    IF event IN ('withdraw', 'void') AND sent.state = 'requested' AND NOT EXISTS (
        SELECT FROM public.disclosures_inboxpacket i WHERE i.agency_id = sent.recipient_id
            AND i.sender_id = sent.agency_id AND i.packet = sent.packet AND i.read_at IS NOT NULL) THEN
        DELETE FROM public.referrals_receivedreferral g
            WHERE g.agency_id = sent.recipient_id AND g.sender_id = sent.agency_id AND g.referral = sent.id;
        RETURN target;
    END IF;
    UPDATE public.referrals_receivedreferral g SET state = target, moved_at = moment, ended_at = final, outcome = result,
        reason = why, answer = CASE event WHEN 'answer' THEN said ELSE g.answer END, good_until = coalesce(good, g.good_until)
        WHERE g.agency_id = sent.recipient_id AND g.sender_id = sent.agency_id AND g.referral = sent.id;
    IF FOUND THEN
        INSERT INTO public.referrals_referralmove
            (id, agency_id, referral, event, side, from_state, to_state, reason, answer, at, by_id)
            VALUES (gen_random_uuid(), sent.recipient_id, sent.id, event, side, sent.state, target, why, said, moment,
                    CASE side WHEN 'recipient' THEN actor END);
    END IF;
    RETURN target;
END $$;

-- Tells the recipient that it is asked, once its packet has crossed: 'sent' the first time, 'repeated' afterwards.
CREATE FUNCTION referrals.send(wanted uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    sent public.referrals_referral;
BEGIN
    IF sending IS NULL OR access.current_actor() IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT * INTO sent FROM public.referrals_referral r WHERE r.agency_id = sending AND r.id = wanted FOR UPDATE;
    IF sent.id IS NULL OR sent.packet IS NULL THEN PERFORM disclosures.refuse('referral.absent'); END IF;
    IF EXISTS (SELECT FROM public.referrals_receivedreferral g
               WHERE g.agency_id = sent.recipient_id AND g.sender_id = sending AND g.referral = wanted) THEN
        RETURN 'repeated';
    END IF;
    IF sent.state <> 'requested' THEN PERFORM disclosures.refuse('referral.no_such_move'); END IF;
    IF NOT EXISTS (
        SELECT FROM public.disclosures_outboxpacket o
        WHERE o.agency_id = sending AND o.id = sent.packet AND o.recipient_id = sent.recipient_id
            AND o.state IN ('delivered', 'read')
            AND CASE sent.way WHEN 'question' THEN o.kind = 'capacity_question' WHEN 'opaque' THEN o.kind = 'opaque_referral'
                ELSE o.permit_id IS NOT NULL END) THEN
        PERFORM disclosures.refuse('referral.not_delivered');
    END IF;
    INSERT INTO public.referrals_receivedreferral
        (id, agency_id, sender_id, referral, way, service, packet, state, sent_at, moved_at, respond_by)
        VALUES (gen_random_uuid(), sent.recipient_id, sending, wanted, sent.way, sent.service, sent.packet, 'requested',
                sent.sent_at, sent.sent_at, sent.respond_by);
    RETURN 'sent';
END $$;

-- One event by one side; `wanted` is the id of the caller's own row. Whoever has no such row hears what everybody hears.
-- Gives the new state, and whom the program tells on the sender's side.
CREATE FUNCTION referrals.move(
    wanted uuid, event text, why text, said text, hours integer, OUT state text, OUT referral uuid, OUT worker uuid
) RETURNS record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    came public.referrals_receivedreferral;
    sent public.referrals_referral;
BEGIN
    IF acting IS NULL OR actor IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT * INTO came FROM public.referrals_receivedreferral g WHERE g.agency_id = acting AND g.id = wanted;
    IF came.id IS NOT NULL THEN
        SELECT * INTO sent FROM public.referrals_referral r
            WHERE r.agency_id = came.sender_id AND r.id = came.referral AND r.recipient_id = acting FOR UPDATE;
    ELSE
        SELECT * INTO sent FROM public.referrals_referral r WHERE r.agency_id = acting AND r.id = wanted FOR UPDATE;
    END IF;
    IF sent.id IS NULL THEN PERFORM disclosures.refuse('referral.absent'); END IF;
    state := referrals.carry_out(
        sent, event, CASE WHEN came.id IS NULL THEN 'sender' ELSE 'recipient' END, why, said, hours, actor);
    referral := sent.id;
    worker := sent.made_by_id;
END $$;

-- Somebody came with a letter. Gives the recipient's own row, or null for a code that is not for this agency, has ended or
-- never was: the three are told alike. The same letter twice is one arrival.
CREATE FUNCTION referrals.arrive(shown bytea, OUT own uuid, OUT referral uuid, OUT worker uuid) RETURNS record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    receiving constant uuid := access.current_agency();
    actor constant uuid := access.current_actor();
    moment timestamptz;
    sent public.referrals_referral;
BEGIN
    IF receiving IS NULL OR actor IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    SELECT * INTO sent FROM public.referrals_referral r
        WHERE r.digest = shown AND r.way = 'carried' AND r.recipient_id = receiving FOR UPDATE;
    moment := clock_timestamp();
    SELECT g.id INTO own FROM public.referrals_receivedreferral g
        WHERE g.agency_id = receiving AND g.sender_id = sent.agency_id AND g.referral = sent.id;
    IF own IS NOT NULL OR sent.id IS NULL OR sent.state <> 'requested' OR moment >= sent.respond_by THEN RETURN; END IF;
    INSERT INTO public.referrals_receivedreferral
        (id, agency_id, sender_id, referral, way, service, state, sent_at, moved_at, respond_by)
        VALUES (gen_random_uuid(), receiving, sent.agency_id, sent.id, sent.way, sent.service, 'requested', moment, moment,
                sent.respond_by)
        RETURNING id INTO own;
    PERFORM referrals.carry_out(sent, 'arrive', 'recipient', '', '', NULL, actor);
    referral := sent.id;
    worker := sent.made_by_id;
END $$;

-- Ends what nobody answered, nobody moved and nobody closed, for the agency of the signed context as the sender. Gives each
-- with whom to tell.
CREATE FUNCTION referrals.run_out() RETURNS TABLE (referral uuid, worker uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sending constant uuid := access.current_agency();
    moment constant timestamptz := clock_timestamp();
    due public.referrals_referral;
BEGIN
    IF sending IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    FOR due IN
        SELECT * FROM public.referrals_referral r WHERE r.agency_id = sending AND (
            (r.state = 'requested' AND r.respond_by <= moment)
            OR (r.state = 'answered' AND r.good_until <= moment)
            OR (r.state IN ('accepted', 'in_service', 'waiting') AND r.moved_at <= moment - interval '30 days')
            OR (r.state IN ('connected', 'not_connected') AND r.moved_at <= moment - interval '7 days'))
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM referrals.carry_out(due, 'run_out', 'clock', '', '', NULL, NULL);
        referral := due.id;
        worker := due.made_by_id;
        RETURN NEXT;
    END LOOP;
END $$;

-- Deletes what ended a day ago, with its history, and counts it. A package with consent has a release and a ledger, and stays.
CREATE FUNCTION referrals.forget() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own constant uuid := access.current_agency();
    moment constant timestamptz := clock_timestamp() - interval '24 hours';
    gone record;
    deleted bigint := 0;
BEGIN
    IF own IS NULL THEN PERFORM disclosures.refuse('context.missing'); END IF;
    FOR gone IN
        WITH mine AS (
            DELETE FROM public.referrals_referral r
            WHERE r.agency_id = own AND r.way <> 'consented' AND r.ended_at <= moment
            RETURNING r.id, r.sent_at, r.way, r.service, r.outcome, r.state),
        theirs AS (
            DELETE FROM public.referrals_receivedreferral g
            WHERE g.agency_id = own AND g.way <> 'consented' AND g.ended_at <= moment
            RETURNING g.referral, g.sent_at, g.way, g.service, g.outcome, g.state)
        SELECT 'sent' AS direction, * FROM mine UNION ALL SELECT 'received', * FROM theirs
    LOOP
        DELETE FROM public.referrals_referralmove m WHERE m.agency_id = own AND m.referral = gone.id;
        INSERT INTO public.referrals_referralcount AS c (id, agency_id, month, direction, way, service, ended, number)
            VALUES (gen_random_uuid(), own, date_trunc('month', gone.sent_at AT TIME ZONE 'UTC')::date, gone.direction,
                    gone.way, gone.service, coalesce(nullif(gone.outcome, ''), gone.state), 1)
            ON CONFLICT (agency_id, month, direction, way, service, ended) DO UPDATE SET number = c.number + 1;
        deleted := deleted + 1;
    END LOOP;
    RETURN deleted;
END $$;

-- What this agency is to be reminded of, each once: an answer that is soon due, and a week in which nothing moved.
CREATE FUNCTION referrals.nudge() RETURNS SETOF uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.referrals_receivedreferral g SET nudged_at = clock_timestamp()
    WHERE g.agency_id = access.current_agency() AND (
        (g.state = 'requested' AND g.nudged_at IS NULL AND clock_timestamp() < g.respond_by
            AND clock_timestamp() >= g.respond_by - (g.respond_by - g.sent_at) / 4)
        OR (g.state IN ('accepted', 'in_service', 'waiting') AND g.moved_at <= clock_timestamp() - interval '7 days'
            AND (g.nudged_at IS NULL OR g.nudged_at <= clock_timestamp() - interval '7 days')))
    RETURNING g.id
$$;

CREATE TRIGGER a_rules BEFORE INSERT ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals.rules_of_a_new_one();
CREATE TRIGGER b_refuse BEFORE UPDATE OR DELETE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals.refuse_writing();

-- The application's role reads the four tables of its own agency, adds a referral, and writes nothing else.
DO $$
DECLARE
    grantee text;
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['referrals_referral', 'referrals_receivedreferral', 'referrals_referralmove',
                                 'referrals_referralcount']
    LOOP
        IF named <> 'referrals_referral' THEN
            EXECUTE format('CREATE TRIGGER b_refuse BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW '
                           'EXECUTE FUNCTION referrals.refuse_writing()', named);
        END IF;
        FOR grantee IN
            SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
            WHERE g.table_schema = 'public' AND g.table_name = named AND g.grantee <> current_user
        LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %I FROM %I', named, grantee);
            IF named <> 'referrals_referral' THEN EXECUTE format('REVOKE INSERT ON %I FROM %I', named, grantee); END IF;
        END LOOP;
    END LOOP;
END $$;
