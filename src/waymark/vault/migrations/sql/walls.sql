-- Whose key row is whose, what stays for ever, and what never comes back.

-- A person's locked private key is shown to that person's context and to nobody else, colleague or officer.
ALTER TABLE vault_userkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_userkey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_person ON vault_userkey
    USING (user_id = (SELECT access.current_actor())) WITH CHECK (user_id = (SELECT access.current_actor()));

-- Public keys are for everybody to read, and for their own agency to add.
ALTER TABLE vault_agencykey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_agencykey FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON vault_agencykey FOR SELECT USING (true);
CREATE POLICY own_agency ON vault_agencykey FOR INSERT WITH CHECK (agency_id = (SELECT access.current_agency()));

-- A destroyed record stays destroyed: its tombstone is not changed, and no key is put beside it again.
CREATE FUNCTION vault_keep_tombstone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.shredded_at IS NOT NULL THEN
        RAISE EXCEPTION 'A tombstone stays as it is.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_tombstone BEFORE UPDATE ON vault_recordkey FOR EACH ROW EXECUTE FUNCTION vault_keep_tombstone();

-- FOR SHARE waits for somebody who is just destroying the record, and then finds it destroyed.
CREATE FUNCTION vault_no_key_for_the_destroyed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.vault_recordkey r
        WHERE r.agency_id = NEW.agency_id AND r.id = NEW.record_key_id AND r.shredded_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such living record.' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_living_record BEFORE INSERT ON vault_wrappedkey
    FOR EACH ROW EXECUTE FUNCTION vault_no_key_for_the_destroyed();

DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'vault_agencykey' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON vault_agencykey FROM %I', grantee);
        EXECUTE format('REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON vault_recordkey FROM %I', grantee);
    END LOOP;
END $$;
