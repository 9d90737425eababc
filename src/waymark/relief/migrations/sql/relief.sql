-- Rules about clearing a record that hold whatever program writes: who may keep such a case, which steps there are, what
-- must have happened before an order counts as carried out.

CREATE FUNCTION relief_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION relief_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.relief_refuse('What was written down stays.');
    RETURN NULL;
END $$;

-- The table of moves. The same stands in waymark.relief.models.MOVES; a test walks every move in every state.
CREATE FUNCTION relief_next_state(state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN state IN ('asking', 'drafted', 'reviewed') AND move = 'draft' THEN 'drafted'
        WHEN state = 'drafted' AND move = 'review' THEN 'reviewed'
        WHEN state = 'reviewed' AND move = 'serve' THEN 'served'
        WHEN state = 'served' AND move = 'file' THEN 'filed'
        WHEN state IN ('filed', 'hearing') AND move = 'set_hearing' THEN 'hearing'
        WHEN state IN ('filed', 'hearing') AND move = 'order' THEN 'ordered'
        WHEN state IN ('filed', 'hearing') AND move = 'deny' THEN 'denied'
        WHEN state = 'ordered' AND move = 'confirm' THEN 'confirmed'
        WHEN state IN ('asking', 'drafted', 'reviewed', 'served', 'filed', 'hearing') AND move = 'withdraw' THEN 'withdrawn'
        WHEN state IN ('denied', 'withdrawn') AND move = 'take_up' THEN 'asking'
    END
$$;

CREATE FUNCTION relief_step_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_in public.relief_reliefcase;
BEGIN
    SELECT * INTO now_in FROM public.relief_reliefcase c
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.relief_id FOR NO KEY UPDATE;
    NEW.from_state := now_in.state;
    NEW.to_state := public.relief_next_state(now_in.state, NEW.move);
    NEW.at := clock_timestamp();
    NEW.by_id := access.current_actor();
    IF NEW.to_state IS NULL THEN PERFORM public.relief_refuse('There is no such step from here.'); END IF;
    IF NEW.by_id IS NULL THEN PERFORM public.relief_refuse('A step is somebody''s.'); END IF;
    IF NEW.move = 'confirm' AND (
        NOT EXISTS (SELECT FROM public.relief_holder h WHERE h.agency_id = NEW.agency_id AND h.relief_id = NEW.relief_id)
        OR EXISTS (SELECT FROM public.relief_holder h
            WHERE h.agency_id = NEW.agency_id AND h.relief_id = NEW.relief_id AND h.sealed_on IS NULL)
    ) THEN
        PERFORM public.relief_refuse('Not every agency has confirmed.');
    END IF;
    UPDATE public.relief_reliefcase c SET
        state = NEW.to_state,
        due_on = NEW.due_on,
        served_on = CASE NEW.move WHEN 'serve' THEN NEW.happened_on WHEN 'take_up' THEN NULL ELSE c.served_on END,
        filed_on = CASE NEW.move WHEN 'file' THEN NEW.happened_on WHEN 'take_up' THEN NULL ELSE c.filed_on END,
        hearing_on = CASE NEW.move WHEN 'set_hearing' THEN NEW.happened_on WHEN 'take_up' THEN NULL ELSE c.hearing_on END,
        decided_on = CASE
            WHEN NEW.move IN ('order', 'deny') THEN NEW.happened_on WHEN NEW.move = 'take_up' THEN NULL ELSE c.decided_on END
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.relief_id;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON relief_reliefstep FOR EACH ROW EXECUTE FUNCTION relief_step_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON relief_reliefstep FOR EACH ROW EXECUTE FUNCTION relief_is_final();

CREATE FUNCTION relief_case_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- What somebody tells a lawyer stays with lawyers: no other agency keeps such a case, on either side of the wall.
        IF NOT EXISTS (SELECT FROM public.accounts_agency a
            WHERE a.id = NEW.agency_id AND a.kind IN ('defense', 'legal_aid')) THEN
            PERFORM public.relief_refuse('Only defense and legal aid keep relief cases.');
        END IF;
        IF NEW.state <> 'asking' THEN PERFORM public.relief_refuse('A relief case begins with questions.'); END IF;
        IF access.current_actor() IS NOT NULL AND NEW.made_by_id <> access.current_actor() THEN
            PERFORM public.relief_refuse('Nobody writes in the name of another.');
        END IF;
    ELSIF (NEW.state, NEW.served_on, NEW.filed_on, NEW.hearing_on, NEW.decided_on)
        IS DISTINCT FROM (OLD.state, OLD.served_on, OLD.filed_on, OLD.hearing_on, OLD.decided_on)
        AND pg_trigger_depth() < 2 THEN
        PERFORM public.relief_refuse('A relief case moves by a step alone.');
    ELSIF (NEW.id, NEW.agency_id, NEW.code, NEW.person_id, NEW.opened_on, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.code, OLD.person_id, OLD.opened_on, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.relief_refuse('A relief case keeps its person, code and first day.');
    ELSIF NEW.sealed IS DISTINCT FROM OLD.sealed AND OLD.state IN ('served', 'filed', 'hearing', 'ordered') THEN
        PERFORM public.relief_refuse('What was served stays until it is decided.');
    END IF;
    IF public.people_is_denied(NEW.agency_id, NEW.person_id, NEW.worker_id) THEN
        PERFORM public.relief_refuse('The deny list beats every grant.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON relief_reliefcase FOR EACH ROW EXECUTE FUNCTION relief_case_rules();
CREATE TRIGGER kept BEFORE DELETE ON relief_reliefcase FOR EACH ROW EXECUTE FUNCTION relief_is_final();

-- Before it is served nobody is sent anything, and before the order nobody is told to seal.
CREATE FUNCTION relief_holder_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_in text;
BEGIN
    SELECT c.state INTO now_in FROM public.relief_reliefcase c
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.relief_id FOR KEY SHARE;
    IF NEW.serve_packet IS NOT NULL AND now_in NOT IN ('served', 'filed', 'hearing', 'ordered', 'confirmed', 'denied', 'withdrawn')
    THEN
        PERFORM public.relief_refuse('Nobody is served before the petition is.');
    END IF;
    IF (NEW.order_packet IS NOT NULL OR NEW.sealed_on IS NOT NULL OR NEW.destroyed_on IS NOT NULL)
        AND now_in NOT IN ('ordered', 'confirmed') THEN
        PERFORM public.relief_refuse('Without an order nobody seals.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON relief_holder FOR EACH ROW EXECUTE FUNCTION relief_holder_rules();
