-- Approved minutes stay as they were approved. What follows is an addendum, which stays as it was written.

CREATE FUNCTION public.coalition_minutes_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'minutes that were circulated are not deleted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'approved' THEN
        RAISE EXCEPTION 'approved minutes are locked' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.meeting_id <> NEW.meeting_id OR (OLD.state = 'circulated' AND NEW.state = 'draft')
        OR (OLD.state = 'draft' AND NEW.state = 'approved') THEN
        RAISE EXCEPTION 'minutes go from draft to circulated to approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER minutes_stay BEFORE UPDATE OR DELETE ON coalition_minutes
    FOR EACH ROW EXECUTE FUNCTION public.coalition_minutes_stay();

CREATE FUNCTION public.coalition_minutes_part_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    found_state text;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.minutes_id <> NEW.minutes_id OR OLD.part <> NEW.part) THEN
        RAISE EXCEPTION 'a part is not moved to other readers' USING ERRCODE = 'check_violation';
    END IF;
    -- Whoever approves at this moment is waited for.
    SELECT state INTO found_state FROM coalition_minutes
        WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.minutes_id ELSE NEW.minutes_id END) FOR SHARE;
    IF found_state = 'approved' THEN
        RAISE EXCEPTION 'approved minutes are locked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER minutes_part_stays BEFORE INSERT OR UPDATE OR DELETE ON coalition_minutespart
    FOR EACH ROW EXECUTE FUNCTION public.coalition_minutes_part_stays();

CREATE FUNCTION public.coalition_addendum_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'an addendum stays as it was written' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM coalition_minutes WHERE id = NEW.minutes_id AND state = 'approved') THEN
        RAISE EXCEPTION 'only approved minutes have an addendum' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER addendum_stays BEFORE INSERT OR UPDATE OR DELETE ON coalition_addendum
    FOR EACH ROW EXECUTE FUNCTION public.coalition_addendum_stays();
