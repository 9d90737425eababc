-- Rules about reports and sheets that hold whatever program writes.

CREATE FUNCTION reports_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

-- A certified report is in the name of who acts, at the database's hour. A correction is of a report, and not of a correction.
CREATE FUNCTION reports_certify() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.certified_by_id := access.current_actor();
    NEW.certified_at := clock_timestamp();
    IF NEW.certified_by_id IS NULL THEN PERFORM public.reports_refuse('A report is certified by somebody.'); END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.reports_report r
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.corrects_id AND r.corrects_id IS NULL
            AND (r.template, r.version, r.starts_on, r.ends_on) = (NEW.template, NEW.version, NEW.starts_on, NEW.ends_on)
    ) THEN
        PERFORM public.reports_refuse('A correction is of one report, its template and its period.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_certify BEFORE INSERT ON reports_report FOR EACH ROW EXECUTE FUNCTION reports_certify();

CREATE FUNCTION reports_is_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.reports_refuse('A certified report never changes. Add a correction.');
    RETURN NULL;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON reports_report FOR EACH ROW EXECUTE FUNCTION reports_is_frozen();

-- A sheet goes forward only, and when it has ended none of its rows is left.
CREATE FUNCTION reports_sheet_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NEW.done <> 0 THEN PERFORM public.reports_refuse('A sheet begins waiting.'); END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.agency_id, NEW.rows, NEW.fingerprint, NEW.made_by_id) IS DISTINCT FROM
        (OLD.id, OLD.agency_id, OLD.rows, OLD.fingerprint, OLD.made_by_id) THEN
        PERFORM public.reports_refuse('A sheet stays the one that was brought.');
    END IF;
    IF OLD.state <> 'waiting' OR NEW.done < OLD.done THEN
        PERFORM public.reports_refuse('What was brought in or dropped stays so.');
    END IF;
    IF NEW.state <> 'waiting' AND EXISTS (
        SELECT FROM public.reports_sheetrow r WHERE r.agency_id = NEW.agency_id AND r.sheet_id = NEW.id) THEN
        PERFORM public.reports_refuse('Of a sheet that has ended nothing is kept.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON reports_casesheet FOR EACH ROW EXECUTE FUNCTION reports_sheet_rules();

CREATE FUNCTION reports_facts_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.agency_id, NEW.case_id) IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id) THEN
        PERFORM public.reports_refuse('Facts stay those of one case.');
    END IF;
    IF access.current_actor() IS NOT NULL AND NEW.changed_by_id <> access.current_actor() THEN
        PERFORM public.reports_refuse('Nobody writes in the name of another.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON reports_casefacts FOR EACH ROW EXECUTE FUNCTION reports_facts_rules();
