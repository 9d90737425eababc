-- An agency that runs its own installation neither becomes one of ours nor was one. That nobody is a member of it here is
-- a rule already: only an active agency takes members (members.sql).
CREATE FUNCTION accounts_agency_elsewhere() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND 'elsewhere' IN (NEW.state, OLD.state) THEN
        RAISE EXCEPTION 'An agency is here or elsewhere from its first day.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_elsewhere BEFORE UPDATE ON accounts_agency FOR EACH ROW EXECUTE FUNCTION accounts_agency_elsewhere();
