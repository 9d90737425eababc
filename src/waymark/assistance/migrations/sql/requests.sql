-- Rules about requests for money: which moves there are, who may make them, and that money moves with them.

-- The table of moves. The same stands in waymark.assistance.models.MOVES; a test walks every move in every state.
CREATE FUNCTION assistance_next_state(state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN state IN ('draft', 'returned') AND move = 'submit' THEN 'submitted'
        WHEN state = 'submitted' AND move = 'endorse' THEN 'second'
        WHEN state IN ('submitted', 'second') AND move = 'approve' THEN 'approved'
        WHEN state IN ('submitted', 'second') AND move = 'return' THEN 'returned'
        WHEN state IN ('submitted', 'second') AND move = 'deny' THEN 'denied'
        WHEN state = 'approved' AND move = 'commit' THEN 'committed'
        WHEN state = 'committed' AND move = 'pay' THEN 'paid'
        WHEN state = 'paid' AND move = 'bounce' THEN 'committed'
        WHEN state = 'paid' AND move IN ('receipt', 'attest') THEN 'proven'
        WHEN state = 'proven' AND move = 'close' THEN 'closed'
        WHEN state IN ('paid', 'proven') AND move = 'refund' THEN 'refunded'
        WHEN state IN ('draft', 'submitted', 'second', 'returned', 'approved', 'committed') AND move = 'void' THEN 'voided'
    END
$$;

-- The file of a case's person, or the one that it was put together with: one household has one.
CREATE FUNCTION assistance_household(agency uuid, in_case uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(p.merged_into_id, p.id) FROM public.cases_case c
    JOIN public.people_person p ON p.agency_id = c.agency_id AND p.id = c.person_id
    WHERE c.agency_id = agency AND c.id = in_case
$$;

-- Whether so much of this fund for this household wants a second person: above what one request, or one household, may have.
CREATE FUNCTION assistance_needs_two(agency uuid, of_request uuid, cents bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(cents > f.cap_request, false) OR coalesce(cents + (
        SELECT coalesce(sum(CASE WHEN o.state = 'approved' THEN o.approved ELSE o.committed - o.came_back END), 0)
        FROM public.assistance_assistancerequest o
        WHERE o.agency_id = r.agency_id AND o.fund_id = r.fund_id AND o.id <> r.id
            AND o.state IN ('approved', 'committed', 'paid', 'proven', 'closed', 'refunded')
            AND public.assistance_household(o.agency_id, o.case_id) = public.assistance_household(r.agency_id, r.case_id)
    ) > f.cap_household, false)
    FROM public.assistance_assistancerequest r
    JOIN public.assistance_fund f ON f.agency_id = r.agency_id AND f.id = r.fund_id
    WHERE r.agency_id = agency AND r.id = of_request
$$;

-- Whoever acts for money: a member of the agency today, with one of these roles, to whom the person is open.
CREATE FUNCTION assistance_must_be_open(agency uuid, in_case uuid, actor uuid, roles text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who record;
BEGIN
    SELECT p.id, p.is_restricted INTO who FROM public.cases_case c
        JOIN public.people_person p ON p.agency_id = c.agency_id AND p.id = c.person_id
        WHERE c.agency_id = agency AND c.id = in_case;
    IF public.people_is_denied(agency, who.id, actor) THEN
        PERFORM public.cases_refuse('The deny list beats every grant.');
    END IF;
    IF who.is_restricted AND NOT EXISTS (
        SELECT FROM public.people_namedreader n WHERE n.agency_id = agency AND n.person_id = who.id AND n.user_id = actor
    ) THEN
        PERFORM public.cases_refuse('This is kept to named colleagues.');
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.accounts_membership m
        WHERE m.agency_id = agency AND m.user_id = actor AND m.state = 'active' AND m.role = ANY (roles)
    ) THEN
        PERFORM public.cases_refuse('No role of this member does this.');
    END IF;
END $$;

CREATE FUNCTION assistance_request_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := public.assistance_actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.asked_by_id <> actor OR (NEW.approved, NEW.committed, NEW.paid, NEW.came_back) <> (0, 0, 0, 0)
            OR num_nonnulls(NEW.endorsed_by_id, NEW.approved_by_id, NEW.paid_by_id, NEW.due_at) > 0 THEN
            PERFORM public.cases_refuse('A request begins as a draft of who asks.');
        END IF;
        PERFORM public.assistance_must_be_open(NEW.agency_id, NEW.case_id, actor, ARRAY['advocate']);
        IF NOT EXISTS (SELECT FROM public.cases_case c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id
                AND c.state NOT IN ('closed', 'archived', 'shredded')) THEN
            PERFORM public.cases_refuse('Money is asked for in an open case.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.case_id, NEW.code, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id, OLD.code, OLD.asked_by_id, OLD.asked_at) THEN
        PERFORM public.cases_refuse('A request keeps its case, its code and who asked.');
    ELSIF pg_trigger_depth() < 2 THEN
        IF (NEW.state, NEW.due_at, NEW.approved, NEW.committed, NEW.paid, NEW.came_back, NEW.endorsed_by_id, NEW.approved_by_id,
                NEW.paid_by_id)
            IS DISTINCT FROM (OLD.state, OLD.due_at, OLD.approved, OLD.committed, OLD.paid, OLD.came_back, OLD.endorsed_by_id,
                OLD.approved_by_id, OLD.paid_by_id) THEN
            PERFORM public.cases_refuse('A request moves by a move alone.');
        END IF;
        IF OLD.state NOT IN ('draft', 'returned') OR actor <> OLD.asked_by_id THEN
            PERFORM public.cases_refuse('What was asked for is changed by who asks, before it is decided.');
        END IF;
    END IF;
    IF (TG_OP = 'INSERT' OR (NEW.fund_id, NEW.category) IS DISTINCT FROM (OLD.fund_id, OLD.category)) AND NOT EXISTS (
        SELECT FROM public.assistance_fund f
        WHERE f.agency_id = NEW.agency_id AND f.id = NEW.fund_id AND NEW.category = ANY (f.categories)
    ) THEN
        PERFORM public.cases_refuse('This fund is not for that.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON assistance_assistancerequest
    FOR EACH ROW EXECUTE FUNCTION assistance_request_rules();
CREATE TRIGGER kept BEFORE DELETE ON assistance_assistancerequest FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- A move is told by the database's clock, in the name of who acts, moves the request and, in the same breath, the money.
CREATE FUNCTION assistance_move_rules() RETURNS trigger
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
        CASE WHEN NEW.move IN ('submit', 'receipt', 'attest', 'close') THEN ARRAY['advocate'] ELSE deciders END);
    IF NEW.move = 'submit' AND NEW.by_id <> r.asked_by_id THEN
        PERFORM public.cases_refuse('Who asks sends it in.');
    END IF;
    IF NEW.move NOT IN ('submit', 'receipt', 'attest', 'close', 'void') AND NEW.by_id = r.asked_by_id THEN
        PERFORM public.cases_refuse('Who asks decides nothing of it and pays nothing of it.');
    END IF;
    IF NEW.move IN ('submit', 'endorse', 'approve') THEN
        -- The fund is held: of two approvals at once, the second counts the first against what a household may have.
        SELECT f.starts_on, f.ends_on INTO fund FROM public.assistance_fund f
            WHERE f.agency_id = NEW.agency_id AND f.id = r.fund_id FOR NO KEY UPDATE;
        IF CURRENT_DATE < fund.starts_on OR CURRENT_DATE > coalesce(fund.ends_on, CURRENT_DATE) + 1 THEN
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
CREATE TRIGGER a_rules BEFORE INSERT ON assistance_requestmove FOR EACH ROW EXECUTE FUNCTION assistance_move_rules();
CREATE TRIGGER b_final BEFORE UPDATE OR DELETE ON assistance_requestmove FOR EACH ROW EXECUTE FUNCTION cases_is_final();

CREATE FUNCTION assistance_enter(agency uuid, in_fund uuid, of_request uuid, what text, cents bigint, back uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.assistance_fundentry (id, agency_id, fund_id, request_id, reverses_id, kind, amount, effect, note)
    VALUES (gen_random_uuid(), agency, in_fund, of_request, back, what, cents, 0, '')
$$;

-- The newest entry of its kind that is not taken back yet: a request has one that stands.
CREATE FUNCTION assistance_take_back(agency uuid, in_fund uuid, of_request uuid, what text, cents bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.assistance_enter(agency, in_fund, of_request, 'reverse', cents, (
        SELECT e.id FROM public.assistance_fundentry e
        WHERE e.agency_id = agency AND e.request_id = of_request AND e.kind = what AND e.amount > (
            SELECT coalesce(sum(b.amount), 0) FROM public.assistance_fundentry b
            WHERE b.agency_id = agency AND b.reverses_id = e.id)
        ORDER BY e.at DESC LIMIT 1))
$$;

-- A case is not put away while money or a stay of it is under way: it would be forgotten, and then destroyed.
CREATE FUNCTION assistance_is_settled() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.assistance_assistancerequest r WHERE r.agency_id = NEW.agency_id AND r.case_id = NEW.id
            AND r.state NOT IN ('closed', 'denied', 'voided', 'refunded')
    ) OR EXISTS (
        SELECT FROM public.assistance_housingstay s
        WHERE s.agency_id = NEW.agency_id AND s.case_id = NEW.id AND s.state <> 'exited'
    ) THEN
        PERFORM public.cases_refuse('Money or a stay of this case is still under way.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settled BEFORE UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state IN ('archived', 'shredded') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION assistance_is_settled();
