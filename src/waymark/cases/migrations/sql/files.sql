-- A file is added in the name of who acts, removed once, and else stays as it is.

CREATE FUNCTION cases_file_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.removed_at IS NOT NULL OR NEW.added_by_id IS DISTINCT FROM access.current_actor() THEN
            PERFORM public.cases_refuse('Who acts adds a file.');
        END IF;
    ELSIF OLD.removed_at IS NOT NULL OR NEW.removed_by_id IS DISTINCT FROM access.current_actor()
        OR (NEW.id, NEW.agency_id, NEW.case_id, NEW.facts, NEW.added_at, NEW.added_by_id)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id, OLD.facts, OLD.added_at, OLD.added_by_id) THEN
        PERFORM public.cases_refuse('A file is removed once, by who acts, and else stays as it is.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON cases_casefile FOR EACH ROW EXECUTE FUNCTION cases_file_rules();
CREATE TRIGGER kept BEFORE DELETE ON cases_casefile FOR EACH ROW EXECUTE FUNCTION cases_is_final();
