-- Rules about cases that hold whatever program writes: which moves there are, what is final, what must have been told first.

CREATE FUNCTION cases_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION cases_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.cases_refuse('What was written down stays.');
    RETURN NULL;
END $$;

-- The table of moves. The same stands in waymark.cases.models.MOVES; a test walks every move in every state.
CREATE FUNCTION cases_next_state(state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN state = 'inquiry' AND move = 'begin_intake' THEN 'intake'
        WHEN state IN ('intake', 'reopened') AND move = 'activate' THEN 'active'
        WHEN state = 'active' AND move = 'hold' THEN 'on_hold'
        WHEN state = 'on_hold' AND move = 'resume' THEN 'active'
        WHEN state IN ('inquiry', 'intake', 'active', 'on_hold', 'reopened') AND move = 'begin_closing' THEN 'closing'
        WHEN state = 'closing' AND move = 'keep_open' THEN 'active'
        WHEN state = 'closing' AND move = 'close' THEN 'closed'
        WHEN state = 'closed' AND move = 'reopen' THEN 'reopened'
        WHEN state = 'closed' AND move = 'archive' THEN 'archived'
    END
$$;

-- A move is told by the database's clock, in the name of who acts, and moves the case in the same breath.
CREATE FUNCTION cases_move_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_in text;
BEGIN
    SELECT c.state INTO now_in FROM public.cases_case c
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id FOR NO KEY UPDATE;
    NEW.from_state := now_in;
    NEW.to_state := public.cases_next_state(now_in, NEW.move);
    NEW.at := clock_timestamp();
    NEW.by_id := access.current_actor();
    IF NEW.to_state IS NULL THEN PERFORM public.cases_refuse('There is no such move from here.'); END IF;
    IF NEW.by_id IS NULL THEN PERFORM public.cases_refuse('A move is somebody''s.'); END IF;
    UPDATE public.cases_case c SET state = NEW.to_state WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON cases_casemove FOR EACH ROW EXECUTE FUNCTION cases_move_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON cases_casemove FOR EACH ROW EXECUTE FUNCTION cases_is_final();

CREATE FUNCTION cases_case_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'inquiry' THEN PERFORM public.cases_refuse('A case begins as an inquiry.'); END IF;
        IF access.current_actor() IS NOT NULL AND NEW.made_by_id <> access.current_actor() THEN
            PERFORM public.cases_refuse('Nobody writes in the name of another.');
        END IF;
    ELSIF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN
        PERFORM public.cases_refuse('A case moves by a move alone.');
    ELSIF (NEW.id, NEW.agency_id, NEW.code, NEW.person_id, NEW.opened_on, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.code, OLD.person_id, OLD.opened_on, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.cases_refuse('A case keeps its person, code and first day.');
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.worker_id <> OLD.worker_id)
        AND public.people_is_denied(NEW.agency_id, NEW.person_id, NEW.worker_id) THEN
        PERFORM public.cases_refuse('The deny list beats every grant.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_case_rules();
CREATE TRIGGER kept BEFORE DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON cases_noticetold FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- Where privilege ends is told before the first privileged note (Cal. Evidence Code 1038 (c)). A note is its writer's for a
-- day, and nobody's to change afterwards.
CREATE FUNCTION cases_note_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := access.current_actor();
BEGIN
    IF actor IS NULL THEN PERFORM public.cases_refuse('A note is somebody''s.'); END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.author_id := actor;
        NEW.written_at := clock_timestamp();
        NEW.locks_at := NEW.written_at + interval '24 hours';
    ELSIF clock_timestamp() >= OLD.locks_at THEN
        PERFORM public.cases_refuse('This note is final. Add to it.');
    ELSIF actor <> OLD.author_id THEN
        PERFORM public.cases_refuse('A note is changed by who wrote it.');
    ELSIF (NEW.id, NEW.agency_id, NEW.case_id, NEW.author_id, NEW.written_at, NEW.locks_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id, OLD.author_id, OLD.written_at, OLD.locks_at)
        OR (OLD.kind = 'privileged' AND NEW.kind <> 'privileged') THEN
        PERFORM public.cases_refuse('A note keeps its case, its writer, its hour and its privilege.');
    END IF;
    IF NEW.kind = 'privileged' AND NOT EXISTS (
        SELECT FROM public.cases_noticetold n
        WHERE n.agency_id = NEW.agency_id AND n.case_id = NEW.case_id AND n.about = 'limits'
            AND n.told_at <= clock_timestamp()
    ) THEN
        PERFORM public.cases_refuse('Tell where confidentiality ends before a privileged note.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON cases_note FOR EACH ROW EXECUTE FUNCTION cases_note_rules();
CREATE TRIGGER kept BEFORE DELETE ON cases_note FOR EACH ROW EXECUTE FUNCTION cases_is_final();

CREATE FUNCTION cases_addendum_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.author_id := access.current_actor();
    IF NEW.author_id IS NULL THEN PERFORM public.cases_refuse('A note is somebody''s.'); END IF;
    PERFORM FROM public.cases_note n WHERE n.agency_id = NEW.agency_id AND n.id = NEW.note_id FOR NO KEY UPDATE;
    NEW.written_at := clock_timestamp();
    NEW.number := 1 + (
        SELECT count(*) FROM public.cases_addendum a WHERE a.agency_id = NEW.agency_id AND a.note_id = NEW.note_id);
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON cases_addendum FOR EACH ROW EXECUTE FUNCTION cases_addendum_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON cases_addendum FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- No key of a case is sealed to somebody on the deny list of its person.
CREATE FUNCTION cases_no_key_for_the_denied() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.member_id IS NOT NULL AND EXISTS (
        SELECT FROM public.vault_recordkey k
        JOIN public.vault_memberkey m ON m.agency_id = k.agency_id AND m.id = NEW.member_id
        JOIN public.cases_case c ON c.agency_id = k.agency_id AND c.id = k.record
        WHERE k.agency_id = NEW.agency_id AND k.id = NEW.record_key_id AND k.kind = 'case'
            AND public.people_is_denied(k.agency_id, c.person_id, m.user_id)
    ) THEN
        PERFORM public.cases_refuse('The deny list beats every grant.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER denied_case BEFORE INSERT OR UPDATE ON vault_wrappedkey
    FOR EACH ROW EXECUTE FUNCTION cases_no_key_for_the_denied();
