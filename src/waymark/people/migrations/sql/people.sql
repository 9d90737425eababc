-- Rules about people that hold whatever program writes.

-- Nothing about a person goes away by a DELETE: it ends, or its key is destroyed. Look-up values and named readers may go,
-- because a restricted person leaves the look-up.
CREATE FUNCTION people_nothing_is_deleted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'This is not deleted; it ends.' USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION people_person_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := access.current_actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- The justice side keeps no survivor, by whatever way a row would come there.
        IF EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.agency_id AND a.side = 'justice') THEN
            RAISE EXCEPTION 'An agency of the justice side keeps no people.' USING ERRCODE = 'check_violation';
        END IF;
        IF actor IS NOT NULL AND NEW.made_by_id <> actor THEN
            RAISE EXCEPTION 'Nobody writes in the name of another.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.code, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.code, OLD.made_by_id, OLD.made_at) THEN
        RAISE EXCEPTION 'A person keeps agency and code.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.merged_into_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) THEN
        IF EXISTS (
            SELECT FROM public.people_person p
            WHERE p.agency_id = NEW.agency_id AND p.id = NEW.merged_into_id AND p.merged_into_id IS NOT NULL
        ) OR EXISTS (
            SELECT FROM public.people_person p WHERE p.agency_id = NEW.agency_id AND p.merged_into_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'Merges do not make chains.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON people_person FOR EACH ROW EXECUTE FUNCTION people_person_rules();

-- The deny list beats every grant: a denied member is named nowhere, and loses what they were named for.
CREATE FUNCTION people_is_denied(agency uuid, person uuid, member uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.people_denial d
        WHERE d.agency_id = agency AND d.person_id = person AND d.user_id = member AND d.lifted_at IS NULL)
$$;

CREATE FUNCTION people_denied_reads_nothing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF public.people_is_denied(NEW.agency_id, NEW.person_id, NEW.user_id) THEN
        RAISE EXCEPTION 'The deny list beats every grant.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER denied BEFORE INSERT OR UPDATE ON people_namedreader
    FOR EACH ROW EXECUTE FUNCTION people_denied_reads_nothing();

CREATE FUNCTION people_denial_takes_the_name_away() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.lifted_at IS NULL THEN
        DELETE FROM public.people_namedreader r
        WHERE r.agency_id = NEW.agency_id AND r.person_id = NEW.person_id AND r.user_id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER taken AFTER INSERT OR UPDATE ON people_denial
    FOR EACH ROW EXECUTE FUNCTION people_denial_takes_the_name_away();

-- No key of a person is sealed to somebody on that person's deny list.
CREATE FUNCTION people_no_key_for_the_denied() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.member_id IS NOT NULL AND EXISTS (
        SELECT FROM public.vault_recordkey k JOIN public.vault_memberkey m
            ON m.agency_id = k.agency_id AND m.id = NEW.member_id
        WHERE k.agency_id = NEW.agency_id AND k.id = NEW.record_key_id AND k.kind = 'person'
            AND public.people_is_denied(k.agency_id, k.record, m.user_id)
    ) THEN
        RAISE EXCEPTION 'The deny list beats every grant.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER denied_person BEFORE INSERT OR UPDATE ON vault_wrappedkey
    FOR EACH ROW EXECUTE FUNCTION people_no_key_for_the_denied();

CREATE TRIGGER kept BEFORE DELETE ON people_person FOR EACH ROW EXECUTE FUNCTION people_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON people_safecontact FOR EACH ROW EXECUTE FUNCTION people_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON people_address FOR EACH ROW EXECUTE FUNCTION people_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON people_denial FOR EACH ROW EXECUTE FUNCTION people_nothing_is_deleted();
