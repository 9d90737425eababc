-- Whose notice is whose. Anybody's act may tell anybody; only the person who is told, acting for the agency in which they
-- were told, reads it, marks it and lets it go.

ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY tell ON notices_notice FOR INSERT WITH CHECK (read_at IS NULL);
CREATE POLICY own_read ON notices_notice FOR SELECT USING (to_id IN (
    SELECT m.id FROM accounts_membership m
    WHERE m.user_id = (SELECT access.current_actor()) AND m.agency_id = (SELECT access.current_agency())));
CREATE POLICY own_mark ON notices_notice FOR UPDATE USING (to_id IN (
    SELECT m.id FROM accounts_membership m
    WHERE m.user_id = (SELECT access.current_actor()) AND m.agency_id = (SELECT access.current_agency())));
CREATE POLICY own_forget ON notices_notice FOR DELETE USING (to_id IN (
    SELECT m.id FROM accounts_membership m
    WHERE m.user_id = (SELECT access.current_actor()) AND m.agency_id = (SELECT access.current_agency())));

-- A row of the coalition's worker or of a person can be marked, and nothing else of it can be changed.
CREATE FUNCTION notices_only_marked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.to_id, NEW.kind, NEW.path, NEW.created_at) IS DISTINCT FROM
       (OLD.id, OLD.to_id, OLD.kind, OLD.path, OLD.created_at) THEN
        RAISE EXCEPTION 'A notice can be marked as read, and is otherwise as it was told.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_marked BEFORE UPDATE ON notices_notice FOR EACH ROW EXECUTE FUNCTION notices_only_marked();
