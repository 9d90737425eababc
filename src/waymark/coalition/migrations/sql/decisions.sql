-- A decision goes one way only, its text changes with a round, and what was said stays as it was said.

CREATE FUNCTION public.coalition_decision_goes_on() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a decision is withdrawn, not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.round <> 1 THEN
            RAISE EXCEPTION 'a decision begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('stated', 'withdrawn') THEN
        RAISE EXCEPTION 'this decision has ended' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.way <> NEW.way OR OLD.group_id IS DISTINCT FROM NEW.group_id OR OLD.proposed_by_id <> NEW.proposed_by_id THEN
        RAISE EXCEPTION 'a decision stays what it was proposed as' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT (OLD.state, NEW.state) IN (
        ('draft', 'draft'), ('draft', 'open'), ('draft', 'withdrawn'),
        ('open', 'open'), ('open', 'closed'), ('open', 'stated'), ('open', 'withdrawn'),
        ('closed', 'closed'), ('closed', 'open'), ('closed', 'stated'), ('closed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a decision does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' THEN
        IF NEW.round NOT IN (OLD.round, OLD.round + 1) OR (NEW.round = OLD.round AND (
            OLD.text <> NEW.text OR OLD.title <> NEW.title OR OLD.opens_at <> NEW.opens_at OR NEW.closes_at > OLD.closes_at
            OR (OLD.state = 'closed' AND NEW.state = 'open')
        )) OR (NEW.round > OLD.round AND NEW.state <> 'open')
            OR OLD.quorum IS DISTINCT FROM NEW.quorum OR OLD.share_of IS DISTINCT FROM NEW.share_of
            OR OLD.share_out_of IS DISTINCT FROM NEW.share_out_of
            OR OLD.share_is_exceeded IS DISTINCT FROM NEW.share_is_exceeded THEN
            RAISE EXCEPTION 'what is asked changes with a new round only' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.round <> 1 THEN
        RAISE EXCEPTION 'a draft has no rounds' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'stated' THEN
        IF OLD.state = 'open' AND OLD.closes_at > clock_timestamp() THEN
            RAISE EXCEPTION 'an outcome is stated after closing' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.outcome = 'agreed' AND EXISTS (
            SELECT FROM coalition_stance
            WHERE decision_id = NEW.id AND round = NEW.round AND is_current AND choice = 'objection' AND resolved_at IS NULL
        ) THEN
            RAISE EXCEPTION 'an objection is not resolved' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER decision_goes_on BEFORE INSERT OR UPDATE OR DELETE ON coalition_decision
    FOR EACH ROW EXECUTE FUNCTION public.coalition_decision_goes_on();

CREATE FUNCTION public.coalition_stance_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    asked coalition_decision%ROWTYPE;
    giver accounts_membership%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a stance is replaced, not deleted' USING ERRCODE = 'check_violation';
    END IF;
    -- Whoever closes at this moment is waited for.
    SELECT * INTO asked FROM coalition_decision WHERE id = NEW.decision_id FOR SHARE;
    IF TG_OP = 'UPDATE' AND NEW.is_current = OLD.is_current AND OLD.resolved_at IS NULL AND NEW.resolved_at IS NOT NULL THEN
        -- The objector says that the objection is met: until the outcome is stated, and the stance itself stays.
        IF asked.state NOT IN ('open', 'closed') OR NOT OLD.is_current OR NEW.round <> asked.round
            OR (to_jsonb(OLD) - ARRAY['resolved_at', 'resolution']) <> (to_jsonb(NEW) - ARRAY['resolved_at', 'resolution']) THEN
            RAISE EXCEPTION 'a stance is not changed' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF asked.state <> 'open' OR clock_timestamp() < asked.opens_at OR clock_timestamp() >= asked.closes_at OR NEW.round <> asked.round THEN
        RAISE EXCEPTION 'this decision is not open' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NOT OLD.is_current OR NEW.is_current
            OR (to_jsonb(OLD) - ARRAY['is_current', 'replaced_at']) <> (to_jsonb(NEW) - ARRAY['is_current', 'replaced_at']) THEN
            RAISE EXCEPTION 'a stance is not changed' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO giver FROM accounts_membership WHERE id = NEW.membership_id;
    IF NOT NEW.is_current OR NEW.resolved_at IS NOT NULL OR NEW.agency_id <> giver.agency_id OR NEW.user_id <> giver.user_id
        OR NEW.is_for_agency <> (asked.way = 'vote')
        OR NOT (asked.way, NEW.choice::text) IN (
            ('sense', 'good'), ('sense', 'unsure'), ('sense', 'bad'),
            ('consent', 'consent'), ('consent', 'aside'), ('consent', 'objection'),
            ('vote', 'yes'), ('vote', 'no'), ('vote', 'abstain'),
            ('time_poll', 'times')
        ) THEN
        RAISE EXCEPTION 'this cannot be said to this decision' USING ERRCODE = 'check_violation';
    END IF;
    NEW.given_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER stance_stays BEFORE INSERT OR UPDATE OR DELETE ON coalition_stance
    FOR EACH ROW EXECUTE FUNCTION public.coalition_stance_stays();

CREATE FUNCTION public.coalition_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of a round stays' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER round_stays BEFORE UPDATE OR DELETE ON coalition_round
    FOR EACH ROW EXECUTE FUNCTION public.coalition_round_stays();

CREATE FUNCTION public.coalition_slot_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    found_state text;
BEGIN
    SELECT state INTO found_state FROM coalition_decision
        WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.decision_id ELSE NEW.decision_id END);
    IF found_state <> 'draft' AND NOT (
        TG_OP = 'UPDATE' AND found_state IN ('open', 'closed')
        AND (to_jsonb(OLD) - 'is_chosen') = (to_jsonb(NEW) - 'is_chosen') AND NEW.is_chosen
    ) THEN
        RAISE EXCEPTION 'what is asked changes in a draft only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER slot_stays BEFORE INSERT OR UPDATE OR DELETE ON coalition_slot
    FOR EACH ROW EXECUTE FUNCTION public.coalition_slot_stays();
