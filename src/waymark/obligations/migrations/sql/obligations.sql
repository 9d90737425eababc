-- Rules that hold whatever program writes: which steps there are, who may ask and who may approve, what is final.

CREATE FUNCTION obligations_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION obligations_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.obligations_refuse('What was written down stays.');
    RETURN NULL;
END $$;

-- Whoever acts, or a refusal: nothing here is done by nobody.
CREATE FUNCTION obligations_actor() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF access.current_actor() IS NULL THEN PERFORM public.obligations_refuse('This is somebody''s act.'); END IF;
    RETURN access.current_actor();
END $$;

-- The same table of moves stands in waymark.obligations.models.MOVES; a test walks every move in every state.
CREATE FUNCTION obligations_next_state(machine text, state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE machine
        WHEN 'process' THEN CASE
            WHEN state = 'received' AND move = 'contest' THEN 'contested'
            WHEN state IN ('received', 'contested') AND move = 'order' THEN 'ordered'
            WHEN state IN ('received', 'contested', 'ordered') AND move = 'quash' THEN 'quashed'
            WHEN state IN ('received', 'contested') AND move = 'withdraw' THEN 'withdrawn'
            WHEN state IN ('received', 'contested') AND move = 'decline' THEN 'declined'
            WHEN state = 'ordered' AND move = 'close' THEN 'closed' END
        WHEN 'report' THEN CASE
            WHEN state = 'begun' AND move = 'phone' THEN 'phoned'
            WHEN state = 'phoned' AND move = 'send' THEN 'sent'
            WHEN state = 'begun' AND move = 'drop' THEN 'dropped' END
        WHEN 'incident' THEN CASE
            WHEN state = 'open' AND move = 'contain' THEN 'contained'
            WHEN state = 'contained' AND move = 'spread' THEN 'open'
            WHEN state = 'contained' AND move = 'close' THEN 'closed'
            WHEN state = 'closed' AND move = 'reopen' THEN 'contained' END
    END
$$;

CREATE FUNCTION obligations_step_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_in text;
    machine text;
    paper text;
    reporter uuid;
BEGIN
    NEW.by_id := public.obligations_actor();
    NEW.at := clock_timestamp();
    IF NEW.process_id IS NOT NULL THEN
        machine := 'process';
        SELECT p.state, p.kind INTO now_in, paper FROM public.obligations_legalprocess p
            WHERE p.agency_id = NEW.agency_id AND p.id = NEW.process_id FOR NO KEY UPDATE;
        IF NEW.move = 'order' AND paper NOT IN ('subpoena', 'court_order', 'warrant') THEN
            PERFORM public.obligations_refuse('No judge stands behind this paper.');
        END IF;
    ELSIF NEW.report_id IS NOT NULL THEN
        machine := 'report';
        SELECT r.state, r.made_by_id INTO now_in, reporter FROM public.obligations_mandatedreport r
            WHERE r.agency_id = NEW.agency_id AND r.id = NEW.report_id FOR NO KEY UPDATE;
        IF reporter IS DISTINCT FROM NEW.by_id THEN
            PERFORM public.obligations_refuse('A report is its reporter''s alone.');
        END IF;
    ELSE
        machine := 'incident';
        SELECT i.state INTO now_in FROM public.obligations_incident i
            WHERE i.agency_id = NEW.agency_id AND i.id = NEW.incident_id FOR NO KEY UPDATE;
        IF NEW.move = 'close' AND EXISTS (
            SELECT FROM public.obligations_personreached r WHERE r.agency_id = NEW.agency_id
                AND r.incident_id = NEW.incident_id AND r.told_at IS NULL AND NOT r.cannot_be_told
        ) THEN
            PERFORM public.obligations_refuse('Somebody whom it concerns was not told yet.');
        END IF;
    END IF;
    NEW.from_state := now_in;
    NEW.to_state := public.obligations_next_state(machine, now_in, NEW.move);
    IF NEW.to_state IS NULL THEN PERFORM public.obligations_refuse('There is no such step from here.'); END IF;
    UPDATE public.obligations_legalprocess p SET state = NEW.to_state
        WHERE p.agency_id = NEW.agency_id AND p.id = NEW.process_id;
    UPDATE public.obligations_mandatedreport r SET state = NEW.to_state
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.report_id;
    UPDATE public.obligations_incident i SET state = NEW.to_state
        WHERE i.agency_id = NEW.agency_id AND i.id = NEW.incident_id;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON obligations_step FOR EACH ROW EXECUTE FUNCTION obligations_step_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON obligations_step FOR EACH ROW EXECUTE FUNCTION obligations_is_final();

CREATE FUNCTION obligations_process_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'received' OR NEW.chambers <> '' THEN
            PERFORM public.obligations_refuse('A paper begins as received.');
        END IF;
        IF NEW.made_by_id <> public.obligations_actor() THEN
            PERFORM public.obligations_refuse('Nobody writes in the name of another.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.person_id, NEW.kind, NEW.received_on, NEW.sealed, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.person_id, OLD.kind, OLD.received_on, OLD.sealed, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.obligations_refuse('What was served stays as it was served.');
    ELSIF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN
        PERFORM public.obligations_refuse('A process moves by a step alone.');
    ELSIF NEW.chambers <> OLD.chambers AND (OLD.chambers, NEW.chambers) NOT IN
        (('', 'asked'), ('asked', 'protected'), ('asked', 'to_give'), ('protected', 'asked')) THEN
        PERFORM public.obligations_refuse('A judge answers what a judge was asked.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_legalprocess
    FOR EACH ROW EXECUTE FUNCTION obligations_process_rules();

CREATE FUNCTION obligations_telling_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.by_id := public.obligations_actor();
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON obligations_telling FOR EACH ROW EXECUTE FUNCTION obligations_telling_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON obligations_telling
    FOR EACH ROW EXECUTE FUNCTION obligations_is_final();

-- One asks, another answers who is named to answer courts, and only while a judge's order stands.
CREATE FUNCTION obligations_release_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    paper record;
    named integer;
BEGIN
    SELECT p.state, p.chambers, p.person_id INTO paper FROM public.obligations_legalprocess p
        WHERE p.agency_id = NEW.agency_id AND p.id = NEW.process_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        NEW.asked_by_id := public.obligations_actor();
        NEW.asked_at := clock_timestamp();
        IF NEW.answer <> 'waiting' OR NEW.handed_at IS NOT NULL THEN
            PERFORM public.obligations_refuse('What is asked for waits for an answer.');
        END IF;
        SELECT count(*) INTO named FROM public.cases_note n JOIN public.cases_case c
            ON c.agency_id = n.agency_id AND c.id = n.case_id
            WHERE n.agency_id = NEW.agency_id AND n.id = ANY (NEW.notes) AND c.person_id = paper.person_id
                AND (n.kind <> 'privileged' OR paper.chambers = 'to_give');
        IF named <> cardinality(NEW.notes) THEN
            PERFORM public.obligations_refuse('A privileged note is given only after a judge has read it alone and said so.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.process_id, NEW.fields, NEW.notes, NEW.sealed, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.process_id, OLD.fields, OLD.notes, OLD.sealed, OLD.asked_by_id, OLD.asked_at) THEN
        PERFORM public.obligations_refuse('What was asked for stays. Ask anew.');
    ELSIF OLD.answer = 'waiting' AND NEW.answer <> 'waiting' THEN
        NEW.answered_by_id := public.obligations_actor();
        NEW.answered_at := clock_timestamp();
        IF NEW.answered_by_id = NEW.asked_by_id THEN
            PERFORM public.obligations_refuse('Nobody approves what they asked for themselves.');
        END IF;
        IF NOT EXISTS (
            SELECT FROM public.accounts_membership m WHERE m.agency_id = NEW.agency_id AND m.user_id = NEW.answered_by_id
                AND m.state = 'active' AND m.role = 'advocate' AND m.answers_law_on <= CURRENT_DATE
        ) THEN
            PERFORM public.obligations_refuse('Only who is named to answer courts answers this.');
        END IF;
        IF NEW.handed_at IS NOT NULL THEN PERFORM public.obligations_refuse('First the answer, then the paper.'); END IF;
    ELSIF OLD.handed_at IS NULL AND NEW.handed_at IS NOT NULL THEN
        NEW.handed_at := clock_timestamp();
        IF (NEW.answer, NEW.answered_by_id, NEW.answered_at)
            IS DISTINCT FROM (OLD.answer, OLD.answered_by_id, OLD.answered_at) THEN
            PERFORM public.obligations_refuse('An answer stays.');
        END IF;
        IF NOT EXISTS (
            SELECT FROM public.consent_disclosure d WHERE d.agency_id = NEW.agency_id AND d.process = NEW.id
        ) THEN
            PERFORM public.obligations_refuse('The ledger comes before the paper.');
        END IF;
    ELSE
        PERFORM public.obligations_refuse('An answer stays.');
    END IF;
    IF paper.state <> 'ordered' AND NEW.answer <> 'refused' THEN
        PERFORM public.obligations_refuse('Nothing is given without a judge''s order that stands.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_compelledrelease
    FOR EACH ROW EXECUTE FUNCTION obligations_release_rules();

-- What leaves because it must has its paper: an approved request under a standing order, or a report of who has the duty.
-- That a compelled line names a paper at all is the ledger's own constraint.
CREATE FUNCTION obligations_paper_behind() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.basis = 'compelled' AND NOT EXISTS (
        SELECT FROM public.obligations_compelledrelease r JOIN public.obligations_legalprocess p
            ON p.agency_id = r.agency_id AND p.id = r.process_id
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.process AND p.person_id = NEW.person_id
            AND r.answer = 'approved' AND r.handed_at IS NULL AND p.state = 'ordered'
            AND NEW.fields <@ (r.fields || CASE WHEN cardinality(r.notes) > 0
                THEN ARRAY['note']::varchar[] ELSE '{}'::varchar[] END || ARRAY['statement']::varchar[])
    ) THEN
        PERFORM public.obligations_refuse('Nothing is given without a judge''s order that stands, and an approval.');
    END IF;
    IF NEW.basis = 'mandated' AND NOT EXISTS (
        SELECT FROM public.obligations_mandatedreport r
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.process AND r.person_id = NEW.person_id
            AND r.made_by_id = access.current_actor() AND r.state IN ('begun', 'phoned')
    ) THEN
        PERFORM public.obligations_refuse('Only who has the duty reports, once by phone and once in writing.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_behind BEFORE INSERT ON consent_disclosure FOR EACH ROW
    WHEN (NEW.basis = 'mandated' OR (NEW.basis = 'compelled' AND NEW.process IS NOT NULL))
    EXECUTE FUNCTION obligations_paper_behind();

CREATE FUNCTION obligations_report_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'begun' OR NEW.made_by_id <> public.obligations_actor() THEN
            PERFORM public.obligations_refuse('A report is begun by its reporter.');
        END IF;
        IF NOT EXISTS (
            SELECT FROM public.accounts_membership m WHERE m.agency_id = NEW.agency_id AND m.user_id = NEW.made_by_id
                AND m.state = 'active' AND m.reporting_basis = NEW.basis AND m.reporting_since_on <= CURRENT_DATE
                AND 'yes' = CASE NEW.duty WHEN 'child_abuse' THEN m.reports_child_abuse
                    WHEN 'elder_abuse' THEN m.reports_elder_abuse ELSE m.reports_injuries END
        ) THEN
            PERFORM public.obligations_refuse('The law does not make this person report this.');
        END IF;
        IF NEW.duty = 'child_abuse' AND NEW.due_at <> NEW.learned_at + interval '36 hours' THEN
            PERFORM public.obligations_refuse('Thirty-six hours are thirty-six hours.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.person_id, NEW.duty, NEW.basis, NEW.learned_at, NEW.due_at, NEW.told_at, NEW.unsaid,
            NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.person_id, OLD.duty, OLD.basis, OLD.learned_at, OLD.due_at, OLD.told_at, OLD.unsaid,
            OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.obligations_refuse('A report keeps its hours, its reporter and its ground.');
    ELSIF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN
        PERFORM public.obligations_refuse('A report moves by a step alone.');
    ELSIF (NEW.sealed, NEW.receiver) IS DISTINCT FROM (OLD.sealed, OLD.receiver)
        AND (OLD.state NOT IN ('begun', 'phoned') OR access.current_actor() IS DISTINCT FROM OLD.made_by_id) THEN
        PERFORM public.obligations_refuse('What was sent stays, and it is the reporter''s alone.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_mandatedreport
    FOR EACH ROW EXECUTE FUNCTION obligations_report_rules();

CREATE FUNCTION obligations_incident_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.justice <> '' OR NEW.made_by_id <> public.obligations_actor() THEN
            PERFORM public.obligations_refuse('An incident begins open, in the name of who acts.');
        END IF;
        IF NEW.justice_due_at <> NEW.found_at + interval '24 hours' THEN
            PERFORM public.obligations_refuse('Twenty-four hours are twenty-four hours.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.kind, NEW.found_at, NEW.is_drill, NEW.justice_due_at, NEW.people_due_at,
            NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.kind, OLD.found_at, OLD.is_drill, OLD.justice_due_at, OLD.people_due_at,
            OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.obligations_refuse('An incident keeps its hour and its clocks.');
    ELSIF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN
        PERFORM public.obligations_refuse('An incident moves by a step alone.');
    ELSIF OLD.justice = 'told' AND (NEW.justice, NEW.justice_at) IS DISTINCT FROM (OLD.justice, OLD.justice_at) THEN
        PERFORM public.obligations_refuse('Who was told was told.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_incident
    FOR EACH ROW EXECUTE FUNCTION obligations_incident_rules();

CREATE FUNCTION obligations_reached_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.made_by_id <> public.obligations_actor() THEN
            PERFORM public.obligations_refuse('Nobody writes in the name of another.');
        END IF;
        IF EXISTS (SELECT FROM public.obligations_incident i
            WHERE i.agency_id = NEW.agency_id AND i.id = NEW.incident_id AND i.is_drill) THEN
            PERFORM public.obligations_refuse('A drill is about nobody.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.incident_id, NEW.person_id, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.incident_id, OLD.person_id, OLD.made_by_id, OLD.made_at)
        OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at) THEN
        PERFORM public.obligations_refuse('Who was told was told.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_personreached
    FOR EACH ROW EXECUTE FUNCTION obligations_reached_rules();

CREATE FUNCTION obligations_statement_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.made_by_id <> public.obligations_actor() OR NEW.taken_back_at IS NOT NULL THEN
            PERFORM public.obligations_refuse('Nobody writes in the name of another.');
        END IF;
        IF NEW.note IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.cases_note n JOIN public.cases_case c ON c.agency_id = n.agency_id AND c.id = n.case_id
            WHERE n.agency_id = NEW.agency_id AND n.id = NEW.note AND c.person_id = NEW.person_id
        ) THEN
            PERFORM public.obligations_refuse('This note is not about this person.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.person_id, NEW.about, NEW.note, NEW.sealed, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.person_id, OLD.about, OLD.note, OLD.sealed, OLD.made_by_id, OLD.made_at)
        OR OLD.taken_back_at IS NOT NULL THEN
        PERFORM public.obligations_refuse('A statement stays as it was said.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON obligations_statement
    FOR EACH ROW EXECUTE FUNCTION obligations_statement_rules();

CREATE TRIGGER kept BEFORE DELETE ON obligations_legalprocess FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
CREATE TRIGGER kept BEFORE DELETE ON obligations_compelledrelease FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
CREATE TRIGGER kept BEFORE DELETE ON obligations_mandatedreport FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
CREATE TRIGGER kept BEFORE DELETE ON obligations_incident FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
CREATE TRIGGER kept BEFORE DELETE ON obligations_personreached FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
CREATE TRIGGER kept BEFORE DELETE ON obligations_statement FOR EACH ROW EXECUTE FUNCTION obligations_is_final();
