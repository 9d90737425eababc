-- An agency that runs its own installation has nobody and nothing here, and neither becomes one of ours nor was one.
CREATE FUNCTION accounts_agency_elsewhere() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND 'elsewhere' IN (NEW.state, OLD.state) THEN
        RAISE EXCEPTION 'An agency is here or elsewhere from its first day.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_elsewhere BEFORE UPDATE ON accounts_agency FOR EACH ROW EXECUTE FUNCTION accounts_agency_elsewhere();

CREATE FUNCTION accounts_nobody_elsewhere() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.agency_id AND a.state = 'elsewhere') THEN
        RAISE EXCEPTION 'This agency has its members in its own installation.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_elsewhere BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_nobody_elsewhere();
