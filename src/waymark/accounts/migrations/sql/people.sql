-- Who comes in, with which role, and who lets them: rules that hold whatever program writes.
--
-- A form can be gone round and two people can press at once. So each rule is checked here, behind a lock on the agency's row:
-- whoever adds a member, invites a first officer, or closes an agency waits for the others. Locks are taken in one order, the
-- agency before the person (a_agency fires before a_wall).

-- Which roles an agency may give. The same list stands in waymark.accounts.policies.roles; a test holds the two together.
CREATE FUNCTION accounts_role_fits(role text, kind text, is_host boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN role IN ('member', 'officer') THEN true
        WHEN role IN ('administrator', 'coordinator', 'steward') THEN is_host
        WHEN role = 'advocate' THEN kind IN (
            'child_welfare', 'defense', 'faith', 'health', 'housing', 'legal_aid', 'other_non_profit', 'school', 'tribal',
            'victim_services'
        )
        ELSE false
    END
$$;

CREATE FUNCTION accounts_membership_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    agency public.accounts_agency;
    actor uuid := access.current_actor();
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'ended' AND NEW.state <> 'ended' THEN
        RAISE EXCEPTION 'A membership that has ended stays ended: another begins.' USING ERRCODE = 'check_violation';
    END IF;
    -- Nobody raises, renews or lets back in themselves. Leaving is the one change that is anyone's own.
    IF TG_OP = 'UPDATE' AND actor = OLD.user_id AND (
        NEW.role <> OLD.role OR (NEW.state <> OLD.state AND NEW.state <> 'ended')
        OR NEW.ends_on IS DISTINCT FROM OLD.ends_on AND NEW.state <> 'ended'
    ) THEN
        RAISE EXCEPTION 'Nobody changes their own membership.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ended' OR (
        TG_OP = 'UPDATE' AND NEW.role = OLD.role AND (NEW.state = OLD.state OR NEW.state = 'suspended')
    ) THEN
        RETURN NEW;
    END IF;
    -- Somebody comes in, comes back, or gets another role.
    SELECT * INTO agency FROM public.accounts_agency a WHERE a.id = NEW.agency_id FOR NO KEY UPDATE;
    IF agency.state <> 'active' THEN
        RAISE EXCEPTION 'A closed agency takes no member.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT public.accounts_role_fits(NEW.role, agency.kind, agency.is_host) THEN
        RAISE EXCEPTION 'An agency of this kind has no such role.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.role = 'administrator' THEN
        -- The first comes from set-up; every other one from two people.
        PERFORM pg_advisory_xact_lock(hashtextextended('accounts_administrators', 0));
        IF EXISTS (
            SELECT FROM public.accounts_membership m
            WHERE m.role = 'administrator' AND m.state <> 'ended' AND m.id <> NEW.id
        ) AND NOT EXISTS (
            SELECT FROM public.accounts_administratorrequest r
            WHERE r.membership_id = NEW.id AND r.user_id = NEW.user_id AND r.agency_id = NEW.agency_id
                AND r.state = 'approved' AND r.decided_by_id <> r.requested_by_id
        ) THEN
            RAISE EXCEPTION 'An administrator is made by two people.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_agency BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_membership_rules();

-- What somebody was is kept: it ends, and is never deleted.
CREATE FUNCTION accounts_nothing_is_deleted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'This ends and is never deleted.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER kept BEFORE DELETE ON accounts_membership FOR EACH ROW EXECUTE FUNCTION accounts_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON accounts_agency FOR EACH ROW EXECUTE FUNCTION accounts_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON accounts_invitation FOR EACH ROW EXECUTE FUNCTION accounts_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON accounts_administratorrequest
    FOR EACH ROW EXECUTE FUNCTION accounts_nothing_is_deleted();

CREATE FUNCTION accounts_invitation_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    agency public.accounts_agency;
    actor uuid := access.current_actor();
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.agency_id, NEW.email, NEW.role, NEW.is_first, NEW.invited_by_id)
            IS DISTINCT FROM (OLD.agency_id, OLD.email, OLD.role, OLD.is_first, OLD.invited_by_id) THEN
            RAISE EXCEPTION 'An invitation is for one address, one agency and one role.' USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state <> 'open' THEN
            RAISE EXCEPTION 'This invitation has been answered.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF actor IS NOT NULL AND NEW.invited_by_id <> actor THEN
        RAISE EXCEPTION 'Nobody invites in the name of another.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state NOT IN ('open', 'accepted') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO agency FROM public.accounts_agency a WHERE a.id = NEW.agency_id FOR NO KEY UPDATE;
    IF agency.state <> 'active' OR NOT public.accounts_role_fits(NEW.role, agency.kind, agency.is_host) THEN
        RAISE EXCEPTION 'This agency does not take such a member.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_first THEN
        IF EXISTS (
            SELECT FROM public.accounts_membership m
            WHERE m.agency_id = NEW.agency_id AND m.state <> 'ended' AND m.id IS DISTINCT FROM NEW.membership_id
        ) THEN
            RAISE EXCEPTION 'This agency has members: its officer invites.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM public.accounts_membership m
        WHERE m.agency_id = NEW.agency_id AND m.user_id = NEW.invited_by_id AND m.state = 'active'
            AND m.role IN ('coordinator', 'officer')
    ) THEN
        RAISE EXCEPTION 'Only who keeps the members of an agency invites to it.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'accepted' AND (
        now() >= NEW.expires_at OR NOT EXISTS (
            SELECT FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id
            WHERE m.id = NEW.membership_id AND m.agency_id = NEW.agency_id AND m.role = NEW.role AND u.email = NEW.email
        )
    ) THEN
        RAISE EXCEPTION 'Only the invited person, in time, accepts.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON accounts_invitation
    FOR EACH ROW EXECUTE FUNCTION accounts_invitation_rules();

-- Closing leaves nobody in: whoever adds a member meanwhile has waited for this row.
CREATE FUNCTION accounts_agency_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.is_host <> OLD.is_host THEN
        RAISE EXCEPTION 'The agency that runs the installation stays the same.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'closed' AND OLD.state <> 'closed' THEN
        IF OLD.is_host THEN
            RAISE EXCEPTION 'The agency that runs the installation is not closed.' USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (SELECT FROM public.accounts_membership m WHERE m.agency_id = OLD.id AND m.state <> 'ended')
            OR EXISTS (SELECT FROM public.accounts_invitation i WHERE i.agency_id = OLD.id AND i.state = 'open') THEN
            RAISE EXCEPTION 'An agency with members or open invitations is not closed.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER b_rules BEFORE UPDATE ON accounts_agency FOR EACH ROW EXECUTE FUNCTION accounts_agency_rules();

-- Two people, each as themselves: the signed context says who asks and who decides, so that no statement can say another.
CREATE FUNCTION accounts_administrator_request_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := access.current_actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NEW.requested_by_id IS DISTINCT FROM actor OR NOT EXISTS (
            SELECT FROM public.accounts_membership m JOIN public.accounts_agency a ON a.id = m.agency_id
            WHERE m.user_id = actor AND m.state = 'active' AND a.is_host AND a.id = NEW.agency_id
                AND m.role IN ('administrator', 'coordinator')
        ) THEN
            RAISE EXCEPTION 'This person may not ask for an administrator.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'waiting' OR (NEW.agency_id, NEW.user_id, NEW.requested_by_id, NEW.requested_at, NEW.expires_at)
        IS DISTINCT FROM (OLD.agency_id, OLD.user_id, OLD.requested_by_id, OLD.requested_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'This request is settled.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM actor THEN
        RAISE EXCEPTION 'Nobody decides in the name of another.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'approved' AND (now() >= OLD.expires_at OR NOT EXISTS (
        SELECT FROM public.accounts_membership m
        WHERE m.user_id = actor AND m.state = 'active' AND m.role = 'administrator' AND m.agency_id = OLD.agency_id
    )) THEN
        RAISE EXCEPTION 'Only an administrator approves, in time.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON accounts_administratorrequest
    FOR EACH ROW EXECUTE FUNCTION accounts_administrator_request_rules();
