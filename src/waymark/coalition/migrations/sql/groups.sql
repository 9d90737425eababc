-- Groups and voices: rules that hold whatever program writes.

-- Whoever speaks for an agency belongs to it, and a closed group takes nobody in.
CREATE FUNCTION coalition_representative_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.until IS NULL AND (
        SELECT count(*) FROM public.accounts_membership m
        WHERE m.id IN (NEW.membership_id, NEW.deputy_id) AND m.agency_id = NEW.agency_id AND m.state = 'active'
    ) <> (CASE WHEN NEW.deputy_id IS NULL THEN 1 ELSE 2 END) THEN
        RAISE EXCEPTION 'An active member of the agency speaks for it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON coalition_representative
    FOR EACH ROW EXECUTE FUNCTION coalition_representative_rules();

CREATE FUNCTION coalition_group_member_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.until IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.group_id, NEW.membership_id) IS DISTINCT FROM (OLD.group_id, OLD.membership_id) THEN
        RAISE EXCEPTION 'A place in a group is not moved.' USING ERRCODE = 'check_violation';
    END IF;
    -- Whoever closes the group waits for us, and we for them.
    PERFORM FROM public.coalition_workinggroup g WHERE g.id = NEW.group_id AND g.state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A closed group takes nobody in.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON coalition_groupmember
    FOR EACH ROW EXECUTE FUNCTION coalition_group_member_rules();
