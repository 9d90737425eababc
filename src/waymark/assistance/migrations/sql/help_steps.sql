-- The days of help are what the limit of months counts, so they change by a step alone, which keeps what they became: nobody
-- frees months afterwards without a line that says who did it and how many there were.
CREATE OR REPLACE FUNCTION assistance_step_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s record;
BEGIN
    NEW.by_id := public.assistance_actor();
    NEW.at := clock_timestamp();
    SELECT q.* INTO s FROM public.assistance_housingstay q
        WHERE q.agency_id = NEW.agency_id AND q.id = NEW.stay_id FOR NO KEY UPDATE;
    PERFORM public.assistance_must_be_open(NEW.agency_id, s.case_id, NEW.by_id, ARRAY['advocate']);
    NEW.from_state := s.state;
    NEW.to_state := CASE
        WHEN s.state = 'searching' AND NEW.move = 'lease' THEN 'leased'
        WHEN s.state = 'leased' AND NEW.move = 'move_in' THEN 'moved_in'
        WHEN s.state IN ('leased', 'moved_in') AND NEW.move = 'help' AND NEW.helped_until IS NOT NULL THEN s.state
        WHEN s.state <> 'exited' AND NEW.move = 'exit' THEN 'exited' END;
    IF NEW.to_state IS NULL THEN PERFORM public.cases_refuse('There is no such step from here.'); END IF;
    -- Help that had not begun by the exit never was; help that was planned for longer ends with the day.
    UPDATE public.assistance_housingstay q SET
        state = NEW.to_state,
        moved_in_on = CASE NEW.move WHEN 'move_in' THEN NEW.on ELSE q.moved_in_on END,
        exited_on = CASE NEW.move WHEN 'exit' THEN NEW.on END,
        helped_from = CASE WHEN NEW.move <> 'exit' OR q.helped_from <= NEW.on THEN q.helped_from END,
        helped_until = CASE
            WHEN NEW.move = 'help' THEN NEW.helped_until
            WHEN NEW.move <> 'exit' THEN q.helped_until
            WHEN q.helped_from <= NEW.on THEN least(q.helped_until, NEW.on) END
        WHERE q.agency_id = NEW.agency_id AND q.id = NEW.stay_id
        RETURNING q.helped_from, q.helped_until INTO NEW.helped_from, NEW.helped_until;
    RETURN NEW;
END $$;

CREATE FUNCTION assistance_help_moves_by_steps() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN PERFORM public.cases_refuse('The days of help change by a step alone.'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_help BEFORE UPDATE OF helped_from, helped_until ON assistance_housingstay FOR EACH ROW
    WHEN (OLD.helped_from IS NOT NULL AND (NEW.helped_from, NEW.helped_until) IS DISTINCT FROM (OLD.helped_from, OLD.helped_until))
    EXECUTE FUNCTION assistance_help_moves_by_steps();
