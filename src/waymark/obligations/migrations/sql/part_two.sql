-- An order opens no record of treatment for substance use unless it makes the finding of 42 CFR 2.64 or 2.65, and a subpoena
-- comes with it (2.61). Whether one file holds such records is sealed, so every request carries a sealed answer, and one
-- without it gives nothing. Where the whole agency is such a program, which it is in the open, the finding is asked for here too.
CREATE FUNCTION obligations_part_two_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.has_finding := NEW.has_finding
            AND (SELECT a.is_part_two FROM public.accounts_agency a WHERE a.id = NEW.agency_id);
    ELSIF (NEW.part_two, NEW.has_finding) IS DISTINCT FROM (OLD.part_two, OLD.has_finding) THEN
        PERFORM public.obligations_refuse('What was asked for stays. Ask anew.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_part_two BEFORE INSERT OR UPDATE ON obligations_compelledrelease
    FOR EACH ROW EXECUTE FUNCTION obligations_part_two_rules();

CREATE FUNCTION obligations_finding_behind() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.obligations_compelledrelease r JOIN public.accounts_agency a ON a.id = r.agency_id
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.process AND r.part_two IS NOT NULL
            AND (r.has_finding OR NOT a.is_part_two)
    ) THEN
        PERFORM public.obligations_refuse(
            'Whether the federal rule on treatment for substance use lets this go was not answered.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER q_finding_behind BEFORE INSERT ON consent_disclosure FOR EACH ROW
    WHEN (NEW.basis = 'compelled' AND NEW.process IS NOT NULL)
    EXECUTE FUNCTION obligations_finding_behind();
