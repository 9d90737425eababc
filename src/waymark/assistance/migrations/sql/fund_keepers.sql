-- Who keeps a fund is judged here too, what it said before a change stays, and its days are those on the region's wall.

CREATE FUNCTION assistance_must_keep(agency uuid, actor uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.accounts_membership m
        WHERE m.agency_id = agency AND m.user_id = actor AND m.state = 'active' AND m.role = 'officer'
    ) THEN
        PERFORM public.cases_refuse('Only an officer keeps a fund.');
    END IF;
END $$;

-- Where it is which day is said by the region's zone, as waymark.assistance.selectors.funds.today says it.
CREATE FUNCTION assistance_today() RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (clock_timestamp() AT TIME ZONE coalesce(
        (SELECT r.time_zone FROM public.coalition_region r WHERE r.id = 1), 'America/Los_Angeles'))::date
$$;

CREATE OR REPLACE FUNCTION assistance_fund_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.agency_id AND a.side = 'justice') THEN
            PERFORM public.cases_refuse('An agency of the justice side keeps no money of survivors.');
        END IF;
        IF NEW.made_by_id <> public.assistance_actor() THEN
            PERFORM public.cases_refuse('Nobody writes in the name of another.');
        END IF;
        IF (NEW.received, NEW.paid, NEW.balance) <> (0, 0, 0) THEN
            PERFORM public.cases_refuse('A fund begins empty. What comes in is an entry.');
        END IF;
        PERFORM public.assistance_must_keep(NEW.agency_id, NEW.made_by_id);
    ELSIF (NEW.id, NEW.agency_id, NEW.starts_on, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.starts_on, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.cases_refuse('A fund keeps its agency and its first day.');
    ELSIF pg_trigger_depth() < 2 THEN
        IF (NEW.received, NEW.paid, NEW.balance) IS DISTINCT FROM (OLD.received, OLD.paid, OLD.balance) THEN
            PERFORM public.cases_refuse('What is in a fund follows from its entries.');
        END IF;
        PERFORM public.assistance_must_keep(NEW.agency_id, public.assistance_actor());
    END IF;
    RETURN NEW;
END $$;

-- Each thing that changed is a row with both values. Nobody writes one by hand, and nobody changes a fund without.
CREATE FUNCTION assistance_fund_tells() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.assistance_fundchange (id, agency_id, fund_id, field, before, after)
        SELECT gen_random_uuid(), NEW.agency_id, NEW.id, o.key, o.value, n.value
        FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(to_jsonb(NEW)) n USING (key)
        WHERE o.key IN ('name', 'source', 'ends_on', 'cap_request', 'cap_household', 'categories') AND o.value <> n.value;
    RETURN NULL;
END $$;
CREATE TRIGGER tells AFTER UPDATE ON assistance_fund FOR EACH ROW EXECUTE FUNCTION assistance_fund_tells();

CREATE FUNCTION assistance_fund_change_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN PERFORM public.cases_refuse('A change is told by the fund itself.'); END IF;
    NEW.by_id := public.assistance_actor();
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON assistance_fundchange FOR EACH ROW EXECUTE FUNCTION assistance_fund_change_rules();
CREATE TRIGGER b_final BEFORE UPDATE OR DELETE ON assistance_fundchange FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER c_final BEFORE TRUNCATE ON assistance_fundchange FOR EACH STATEMENT EXECUTE FUNCTION cases_is_final();

-- What is written by hand is what came in, or that it was a mistake: whoever keeps the fund does that.
CREATE FUNCTION assistance_entry_is_a_keeper_s() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN PERFORM public.assistance_must_keep(NEW.agency_id, NEW.by_id); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_keeper BEFORE INSERT ON assistance_fundentry
    FOR EACH ROW EXECUTE FUNCTION assistance_entry_is_a_keeper_s();

-- A move is told by the database's clock, in the name of who acts, moves the request and, in the same breath, the money.
CREATE OR REPLACE FUNCTION assistance_move_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r record;
    spent record;
    fund record;
    deciders text[] := ARRAY['advocate', 'coordinator', 'officer'];
BEGIN
    NEW.by_id := public.assistance_actor();
    NEW.at := clock_timestamp();
    SELECT q.* INTO r FROM public.assistance_assistancerequest q
        WHERE q.agency_id = NEW.agency_id AND q.id = NEW.request_id FOR NO KEY UPDATE;
    NEW.from_state := r.state;
    NEW.to_state := public.assistance_next_state(r.state, NEW.move);
    IF NEW.to_state IS NULL THEN PERFORM public.cases_refuse('There is no such move from here.'); END IF;
    PERFORM public.assistance_must_be_open(NEW.agency_id, r.case_id, NEW.by_id,
        CASE WHEN NEW.move IN ('submit', 'receipt', 'close') THEN ARRAY['advocate']
            WHEN NEW.move = 'attest' THEN ARRAY['advocate', 'officer'] ELSE deciders END);
    IF NEW.move = 'submit' AND NEW.by_id <> r.asked_by_id THEN
        PERFORM public.cases_refuse('Who asks sends it in.');
    END IF;
    IF NEW.move NOT IN ('submit', 'receipt', 'attest', 'close', 'void') AND NEW.by_id = r.asked_by_id THEN
        PERFORM public.cases_refuse('Who asks decides nothing of it and pays nothing of it.');
    END IF;
    IF NEW.move = 'attest' AND NEW.by_id = r.paid_by_id THEN
        PERFORM public.cases_refuse('Who paid does not attest it.');
    END IF;
    IF NEW.move IN ('submit', 'endorse', 'approve') THEN
        -- The fund is held: of two approvals at once, the second counts the first against what a household may have.
        SELECT f.starts_on, f.ends_on INTO fund FROM public.assistance_fund f
            WHERE f.agency_id = NEW.agency_id AND f.id = r.fund_id FOR NO KEY UPDATE;
        IF public.assistance_today() < fund.starts_on OR public.assistance_today() > fund.ends_on THEN
            PERFORM public.cases_refuse('This fund''s time is over, or has not begun.');
        END IF;
        IF NEW.move <> 'submit' AND r.state = 'submitted'
            AND public.assistance_needs_two(NEW.agency_id, r.id, NEW.amount) <> (NEW.move = 'endorse') THEN
            PERFORM public.cases_refuse('Above what the fund allows two people approve, and below it one.');
        END IF;
    END IF;
    IF NEW.move = 'refund' AND r.came_back + NEW.amount < r.paid THEN NEW.to_state := r.state; END IF;
    UPDATE public.assistance_assistancerequest q SET
        state = NEW.to_state,
        due_at = CASE WHEN NEW.move = 'submit' THEN NEW.at + interval '48 hours' ELSE q.due_at END,
        endorsed_by_id = CASE NEW.move WHEN 'endorse' THEN NEW.by_id WHEN 'return' THEN NULL ELSE q.endorsed_by_id END,
        approved_by_id = CASE NEW.move WHEN 'approve' THEN NEW.by_id ELSE q.approved_by_id END,
        approved = CASE NEW.move WHEN 'approve' THEN NEW.amount ELSE q.approved END,
        paid_by_id = CASE NEW.move WHEN 'pay' THEN NEW.by_id ELSE q.paid_by_id END
        WHERE q.agency_id = NEW.agency_id AND q.id = NEW.request_id;
    IF NEW.move = 'commit' THEN
        PERFORM public.assistance_enter(r.agency_id, r.fund_id, r.id, 'commit', r.approved, NULL);
    ELSIF NEW.move = 'pay' THEN
        PERFORM public.assistance_enter(r.agency_id, r.fund_id, r.id, 'pay', NEW.amount, NULL);
        -- What was set aside and is not needed is free again.
        IF NEW.amount < r.committed THEN
            PERFORM public.assistance_take_back(r.agency_id, r.fund_id, r.id, 'commit', r.committed - NEW.amount);
        END IF;
    ELSIF NEW.move = 'bounce' THEN
        PERFORM public.assistance_take_back(r.agency_id, r.fund_id, r.id, 'pay', r.paid);
    ELSIF NEW.move = 'void' AND r.committed > 0 THEN
        PERFORM public.assistance_take_back(r.agency_id, r.fund_id, r.id, 'commit', r.committed);
    ELSIF NEW.move = 'refund' THEN
        PERFORM public.assistance_enter(r.agency_id, r.fund_id, r.id, 'return', NEW.amount, NULL);
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'assistance_fundchange' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON assistance_fundchange FROM %I', grantee);
    END LOOP;
END $$;
