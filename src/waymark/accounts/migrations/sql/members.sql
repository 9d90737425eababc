-- The justice wall runs between memberships: nobody belongs to an agency on each side of it.

-- Writers of one person's memberships wait for each other, so that two at once cannot both be first.
CREATE FUNCTION accounts_membership_wall() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.agency_id <> OLD.agency_id OR NEW.user_id <> OLD.user_id) THEN
        RAISE EXCEPTION 'A membership is never moved: it ends, and another begins.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ended' THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('accounts_membership ' || NEW.user_id::text, 0));
    IF (
        SELECT count(DISTINCT a.side) FROM public.accounts_agency a
        WHERE a.side <> 'common' AND (
            a.id = NEW.agency_id OR a.id IN (
                SELECT m.agency_id FROM public.accounts_membership m
                WHERE m.user_id = NEW.user_id AND m.state <> 'ended' AND m.id <> NEW.id
            )
        )
    ) > 1 THEN
        RAISE EXCEPTION 'Nobody belongs to an agency on each side of the justice wall.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_wall BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_membership_wall();

-- The kind decides the side, so it is settled once somebody belongs to the agency.
CREATE FUNCTION accounts_agency_kind() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.kind <> OLD.kind AND EXISTS (SELECT FROM public.accounts_membership m WHERE m.agency_id = OLD.id) THEN
        RAISE EXCEPTION 'The kind of an agency that has had members stays.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_kind BEFORE UPDATE ON accounts_agency FOR EACH ROW EXECUTE FUNCTION accounts_agency_kind();
