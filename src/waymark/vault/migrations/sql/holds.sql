-- A held record is not destroyed, and a hold is lifted once, by who acts.

CREATE FUNCTION vault_held_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.shredded_at IS NOT NULL AND OLD.shredded_at IS NULL AND EXISTS (
        SELECT FROM public.vault_recordhold h
        WHERE h.agency_id = OLD.agency_id AND h.record_key_id = OLD.id AND h.lifted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'A legal hold stands on this record.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_held BEFORE UPDATE OF shredded_at ON vault_recordkey
    FOR EACH ROW EXECUTE FUNCTION vault_held_stays();

-- FOR SHARE waits for somebody who is just destroying the record, and then finds it destroyed.
CREATE FUNCTION vault_hold_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM public.vault_recordkey r
            WHERE r.agency_id = NEW.agency_id AND r.id = NEW.record_key_id AND r.shredded_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'There is no such living record.' USING ERRCODE = 'foreign_key_violation';
        END IF;
        NEW.lifted_at := NULL;
        NEW.lifted_by_id := NULL;
    ELSIF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL OR NEW.lifted_by_id IS DISTINCT FROM access.current_actor()
        OR (NEW.id, NEW.agency_id, NEW.record_key_id, NEW.why, NEW.placed_at, NEW.placed_by_id)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.record_key_id, OLD.why, OLD.placed_at, OLD.placed_by_id) THEN
        RAISE EXCEPTION 'A hold is lifted once, by who acts, and else stays as it is.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON vault_recordhold
    FOR EACH ROW EXECUTE FUNCTION vault_hold_rules();
