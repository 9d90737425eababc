-- Rules about care that hold whatever program writes: which states follow which, what is final, who writes.

CREATE FUNCTION care_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION care_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.care_refuse('This is not deleted; it ends.');
    RETURN NULL;
END $$;

-- The table of states. The same stands in waymark.care.models and policies; a test holds the two together.
CREATE FUNCTION care_may_follow(kind text, old text, new text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT old = new OR CASE kind
        WHEN 'plan' THEN (old = 'open' AND new IN ('met', 'changed', 'dropped')) OR (old IN ('met', 'dropped') AND new = 'open')
        WHEN 'safety' THEN old = 'current' AND new = 'superseded'
        WHEN 'assessment' THEN (old = 'draft' AND new IN ('done', 'void')) OR (old = 'done' AND new = 'void')
        WHEN 'service' THEN new <> 'planned'
        ELSE false
    END
$$;

-- What all rows of care have in common: who wrote, and that a row keeps its person, case and first hour.
CREATE FUNCTION care_row_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF access.current_actor() IS NOT NULL AND NEW.made_by_id <> access.current_actor() THEN
            PERFORM public.care_refuse('Nobody writes in the name of another.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.person_id, NEW.case_id, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.person_id, OLD.case_id, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.care_refuse('What was written for a person stays that person''s.');
    ELSIF NOT public.care_may_follow(TG_ARGV[0], OLD.state, NEW.state) THEN
        PERFORM public.care_refuse('There is no such way from here.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION care_plan_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN PERFORM public.care_refuse('A plan begins open.'); END IF;
        NEW.ended_at := NULL;
    ELSIF NEW.state <> OLD.state THEN
        NEW.ended_at := CASE WHEN NEW.state = 'open' THEN NULL ELSE clock_timestamp() END;
    ELSIF OLD.state <> 'open' THEN
        PERFORM public.care_refuse('What has ended is not changed.');
    ELSE
        NEW.ended_at := OLD.ended_at;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION care_safety_plan_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM public.people_person p WHERE p.agency_id = NEW.agency_id AND p.id = NEW.person_id FOR NO KEY UPDATE;
        NEW.number := 1 + (
            SELECT count(*) FROM public.care_safetyplan s
            WHERE s.agency_id = NEW.agency_id AND s.person_id = NEW.person_id);
        IF NEW.state <> 'current' THEN PERFORM public.care_refuse('A safety plan begins as the current one.'); END IF;
    ELSIF (NEW.number, NEW.sealed) IS DISTINCT FROM (OLD.number, OLD.sealed) THEN
        PERFORM public.care_refuse('A version of a safety plan is not changed. Write a new one.');
    ELSIF OLD.state = 'superseded' THEN
        PERFORM public.care_refuse('This version is superseded.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION care_assessment_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.sealed, NEW.taken_on) IS DISTINCT FROM (OLD.sealed, OLD.taken_on) THEN
        PERFORM public.care_refuse('Answers that are done are not changed. Make them void and ask again.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION care_service_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL THEN
        PERFORM public.care_refuse('This was written down by mistake, and stays so.');
    ELSIF (NEW.taxonomy, NEW.code) IS DISTINCT FROM (OLD.taxonomy, OLD.code) THEN
        PERFORM public.care_refuse('A service keeps its code. Say that it was a mistake and write another.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_need FOR EACH ROW EXECUTE FUNCTION care_row_rules('plan');
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_goal FOR EACH ROW EXECUTE FUNCTION care_row_rules('plan');
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_step FOR EACH ROW EXECUTE FUNCTION care_row_rules('plan');
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_safetyplan FOR EACH ROW EXECUTE FUNCTION care_row_rules('safety');
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_assessment FOR EACH ROW EXECUTE FUNCTION care_row_rules('assessment');
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON care_service FOR EACH ROW EXECUTE FUNCTION care_row_rules('service');
CREATE TRIGGER b_rules BEFORE INSERT OR UPDATE ON care_need FOR EACH ROW EXECUTE FUNCTION care_plan_rules();
CREATE TRIGGER b_rules BEFORE INSERT OR UPDATE ON care_goal FOR EACH ROW EXECUTE FUNCTION care_plan_rules();
CREATE TRIGGER b_rules BEFORE INSERT OR UPDATE ON care_step FOR EACH ROW EXECUTE FUNCTION care_plan_rules();
CREATE TRIGGER b_rules BEFORE INSERT OR UPDATE ON care_safetyplan FOR EACH ROW EXECUTE FUNCTION care_safety_plan_rules();
CREATE TRIGGER b_rules BEFORE UPDATE ON care_assessment FOR EACH ROW EXECUTE FUNCTION care_assessment_rules();
CREATE TRIGGER b_rules BEFORE UPDATE ON care_service FOR EACH ROW EXECUTE FUNCTION care_service_rules();
CREATE TRIGGER kept BEFORE DELETE ON care_need FOR EACH ROW EXECUTE FUNCTION care_is_kept();
CREATE TRIGGER kept BEFORE DELETE ON care_goal FOR EACH ROW EXECUTE FUNCTION care_is_kept();
CREATE TRIGGER kept BEFORE DELETE ON care_step FOR EACH ROW EXECUTE FUNCTION care_is_kept();
CREATE TRIGGER kept BEFORE DELETE ON care_safetyplan FOR EACH ROW EXECUTE FUNCTION care_is_kept();
CREATE TRIGGER kept BEFORE DELETE ON care_assessment FOR EACH ROW EXECUTE FUNCTION care_is_kept();
CREATE TRIGGER kept BEFORE DELETE ON care_service FOR EACH ROW EXECUTE FUNCTION care_is_kept();
