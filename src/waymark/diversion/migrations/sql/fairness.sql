-- The survey: what was counted stays counted. Counts and sheets only grow, a quarter stays what it is, and nothing is taken out.

CREATE FUNCTION diversion_fairness_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'diversion_fairnessround' THEN
        IF (NEW.program_id, NEW.quarter, NEW.instrument) IS DISTINCT FROM (OLD.program_id, OLD.quarter, OLD.instrument)
            OR NEW.handed_out < OLD.handed_out OR NEW.answered < OLD.answered OR NOT NEW.spent @> OLD.spent THEN
            PERFORM public.diversion_refuse('What was counted stays counted.');
        END IF;
    ELSIF (NEW.round_id, NEW.question, NEW.answer) IS DISTINCT FROM (OLD.round_id, OLD.question, OLD.answer)
        OR NEW.number < OLD.number THEN
        PERFORM public.diversion_refuse('What was counted stays counted.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE UPDATE ON diversion_fairnessround
    FOR EACH ROW EXECUTE FUNCTION diversion_fairness_rules();
CREATE TRIGGER a_rules BEFORE UPDATE ON diversion_fairnesscount
    FOR EACH ROW EXECUTE FUNCTION diversion_fairness_rules();
CREATE TRIGGER kept BEFORE DELETE ON diversion_fairnessround FOR EACH ROW EXECUTE FUNCTION diversion_is_final();
CREATE TRIGGER kept BEFORE DELETE ON diversion_fairnesscount FOR EACH ROW EXECUTE FUNCTION diversion_is_final();
