-- What the council is asked and what it answers: rules that hold whatever program writes, the owner's own hand included.
--
-- Nothing here runs with the owner's rights. A seat's voice is taken only inside the signed context of whoever sits there, so an
-- endorsement cannot be written by somebody who merely reaches the database.

-- Today, where the region is.
CREATE FUNCTION council_today() RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (now() AT TIME ZONE coalesce((SELECT r.time_zone FROM public.coalition_region r WHERE r.id = 1), 'UTC'))::date
$$;

CREATE FUNCTION council_is_filled(seat public.council_seat) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.council_today() BETWEEN (seat).starts_on AND (seat).ends_on
        AND ((seat).left_on IS NULL OR public.council_today() < (seat).left_on)
$$;

-- What the voices of a review's round come to, or null while it is too early. Two seats at least; before the due day all of
-- them. One objection is the council's objection, until whoever raised it says otherwise.
CREATE FUNCTION council_outcome(review uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN count(v.id) < 2 THEN NULL
        WHEN count(v.id) < count(s.id) AND now() < r.due_at THEN NULL
        WHEN count(v.id) FILTER (WHERE v.answer = 'object') > 0 THEN 'objection'
        WHEN count(v.id) FILTER (WHERE v.answer = 'changes') > 0 THEN 'changes_asked'
        WHEN r.answered_at IS NOT NULL THEN 'resolved'
        ELSE 'endorsed'
    END
    FROM public.council_councilreview r
    CROSS JOIN public.council_seat s
    LEFT JOIN public.council_voice v ON v.review_id = r.id AND v.round = r.round AND v.seat_id = s.id
    WHERE r.id = review AND public.council_is_filled(s)
    GROUP BY r.id
$$;

-- The content of a gated thing as it stands now, and null when there is no such thing or its table is not gated.
CREATE FUNCTION council_content(kind text, wanted text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader text := 'council_read_' || kind;
    found jsonb;
BEGIN
    IF to_regprocedure(format('public.%I(text)', reader)) IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT public.%I($1)', reader) INTO found USING wanted;
    RETURN found;
END $$;

-- Whether readers can see a gated thing this minute; what has no gate is not shown from here.
CREATE FUNCTION council_is_shown(kind text, wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader text := 'council_is_shown_' || kind;
    found boolean;
BEGIN
    IF to_regprocedure(format('public.%I(text)', reader)) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT public.%I($1)', reader) INTO found USING wanted;
    RETURN coalesce(found, false);
END $$;

CREATE FUNCTION council_digest(content jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION council_refuse(why text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION council_review_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early constant interval := interval '10 days';
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM public.council_refuse('What the council was asked is never deleted.');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'requested' OR NEW.round <> 1 OR NEW.answered_at IS NOT NULL OR NEW.override_reason <> ''
            OR NEW.override_asked_by_id IS NOT NULL THEN
            PERFORM public.council_refuse('A review begins when it is asked for.');
        END IF;
        IF NOT EXISTS (SELECT FROM public.council_gatedtype t WHERE t.code = NEW.kind_id AND t.is_gated) THEN
            PERFORM public.council_refuse('Things of this kind are not held up by the council.');
        END IF;
        NEW.requested_at := now();
        NEW.due_at := greatest(NEW.due_at, now() + early);
        NEW.decided_at := NULL;
    ELSE
        IF OLD.state NOT IN ('requested', 'in_review', 'changes_asked', 'objection') THEN
            PERFORM public.council_refuse('This review has ended. What comes after is another review.');
        END IF;
        IF (NEW.id, NEW.kind_id, NEW.object_id, NEW.requested_by_id, NEW.requested_for_id, NEW.requested_at)
            IS DISTINCT FROM
            (OLD.id, OLD.kind_id, OLD.object_id, OLD.requested_by_id, OLD.requested_for_id, OLD.requested_at) THEN
            PERFORM public.council_refuse('A review stays about one thing and one question.');
        END IF;
        IF NEW.due_at < OLD.due_at THEN
            PERFORM public.council_refuse('The council keeps the days that it was given.');
        END IF;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.round <> OLD.round THEN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.round <> OLD.round + 1 OR OLD.state NOT IN ('changes_asked', 'objection') OR NEW.state <> 'in_review' THEN
                PERFORM public.council_refuse('A changed thing comes back after the council asked for it.');
            END IF;
            NEW.due_at := greatest(NEW.due_at, now() + early);
        END IF;
        NEW.content := public.council_content(NEW.kind_id, NEW.object_id);
        IF NEW.content IS NULL THEN
            PERFORM public.council_refuse('There is no such thing to review.');
        END IF;
        NEW.digest := public.council_digest(NEW.content);
        RETURN NEW;
    END IF;
    IF (NEW.content, NEW.digest, NEW.title, NEW.path) IS DISTINCT FROM (OLD.content, OLD.digest, OLD.title, OLD.path) THEN
        PERFORM public.council_refuse('What is reviewed stays as it was sent.');
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NOT (CASE NEW.state
        WHEN 'in_review' THEN OLD.state = 'requested'
        WHEN 'endorsed' THEN OLD.state = 'in_review'
        WHEN 'changes_asked' THEN OLD.state IN ('in_review', 'objection')
        WHEN 'objection' THEN OLD.state IN ('in_review', 'changes_asked')
        WHEN 'resolved' THEN OLD.state IN ('in_review', 'changes_asked', 'objection')
        WHEN 'overridden' THEN true
        WHEN 'withdrawn' THEN true
        ELSE false
    END) THEN
        PERFORM public.council_refuse(format('A review does not go from %s to %s.', OLD.state, NEW.state));
    END IF;
    IF NEW.state IN ('endorsed', 'changes_asked', 'objection', 'resolved')
        AND NEW.state IS DISTINCT FROM public.council_outcome(NEW.id) THEN
        PERFORM public.council_refuse('This is not what the council said.');
    END IF;
    IF NEW.state IN ('changes_asked', 'objection') THEN
        NEW.answered_at := coalesce(OLD.answered_at, now());
    ELSIF NEW.answered_at IS DISTINCT FROM OLD.answered_at THEN
        PERFORM public.council_refuse('When the council answered is what happened.');
    END IF;
    IF NEW.state = 'overridden' THEN
        IF now() < OLD.due_at THEN
            PERFORM public.council_refuse('Nobody overrides the council before its days are over.');
        END IF;
        -- Who asks comes first and stands there, before somebody of another agency confirms.
        IF OLD.override_asked_by_id IS NULL OR length(btrim(OLD.override_reason)) < 20
            OR (NEW.override_reason, NEW.override_asked_by_id) IS DISTINCT FROM (OLD.override_reason, OLD.override_asked_by_id)
            OR NEW.override_confirmed_by_id IS NULL OR NEW.override_confirmed_by_id = NEW.override_asked_by_id THEN
            PERFORM public.council_refuse('An override is two people and a reason that is published.');
        END IF;
    END IF;
    NEW.decided_at := CASE WHEN NEW.state IN ('endorsed', 'resolved', 'overridden', 'withdrawn') THEN now() END;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON council_councilreview
    FOR EACH ROW EXECUTE FUNCTION council_review_rules();

-- A seat speaks by whoever sits on it, while the review is open, in its own round.
CREATE FUNCTION council_voice_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (NEW.id, NEW.review_id, NEW.round, NEW.seat_id)
        IS DISTINCT FROM (OLD.id, OLD.review_id, OLD.round, OLD.seat_id) THEN
        PERFORM public.council_refuse('What a seat said stays.');
    END IF;
    PERFORM FROM public.council_councilreview r
        WHERE r.id = NEW.review_id AND r.round = NEW.round
            AND r.state IN ('requested', 'in_review', 'changes_asked', 'objection')
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM public.council_refuse('This review is not open.');
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.council_seatholder h
        JOIN public.council_seat s ON s.id = h.seat_id
        JOIN public.accounts_membership m ON m.id = h.membership_id
        WHERE h.seat_id = NEW.seat_id AND m.user_id = access.current_actor() AND m.state = 'active' AND m.role = 'council'
            AND m.agency_id = access.current_agency() AND public.council_is_filled(s)
    ) THEN
        PERFORM public.council_refuse('Only who sits there speaks for a seat.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON council_voice
    FOR EACH ROW EXECUTE FUNCTION council_voice_rules();

-- A safety correction is good in its own transaction and stays for the council to read.
CREATE FUNCTION council_safety_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM public.council_refuse('Why something was changed without the council stays.');
    END IF;
    NEW.made_at := now();
    NEW.made_in := pg_current_xact_id()::text;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON council_safetycorrection
    FOR EACH ROW EXECUTE FUNCTION council_safety_rules();

-- Called by the trigger of every gated table: raises unless this content of this thing is cleared.
CREATE FUNCTION council_must_be_cleared(of_kind text, thing text, words jsonb, is_correction boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.council_councilreview r
        WHERE r.kind_id = of_kind AND r.object_id = thing AND r.digest = public.council_digest(words)
            AND r.state IN ('endorsed', 'resolved', 'overridden')
    ) THEN
        RETURN;
    END IF;
    IF is_correction AND EXISTS (
        SELECT FROM public.council_safetycorrection c
        WHERE c.kind_id = of_kind AND c.object_id = thing AND c.made_in = pg_current_xact_id_if_assigned()::text
    ) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'The council has not cleared this: a review is endorsed, resolved or overridden first.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'council_gate';
END $$;

-- Which types are gated is a law of the house, and who sits where is not unwritten.
CREATE FUNCTION council_nothing_is_deleted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.council_refuse('This ends and is never deleted.');
    RETURN NULL;
END $$;
CREATE TRIGGER kept BEFORE DELETE ON council_seat FOR EACH ROW EXECUTE FUNCTION council_nothing_is_deleted();
CREATE TRIGGER kept BEFORE DELETE ON council_seatholder FOR EACH ROW EXECUTE FUNCTION council_nothing_is_deleted();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON council_postedrate FOR EACH ROW EXECUTE FUNCTION council_nothing_is_deleted();

-- A seat is held in the agency that holds the council, by a member with the council's role.
CREATE FUNCTION council_holder_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.seat_id, NEW.membership_id, NEW.agency_id) IS DISTINCT FROM (OLD.seat_id, OLD.membership_id, OLD.agency_id) THEN
            PERFORM public.council_refuse('A seat is not handed on: another begins.');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.council_council c
        JOIN public.accounts_membership m ON m.agency_id = c.held_by_id
        WHERE c.held_by_id = NEW.agency_id AND m.id = NEW.membership_id AND m.role = 'council' AND m.state = 'active'
            AND m.user_id IS DISTINCT FROM access.current_actor()
    ) THEN
        PERFORM public.council_refuse('A seat is for a member of the agency that holds the council, and given by another.');
    END IF;
    -- One person has one voice: no second seat while another of theirs is filled.
    IF EXISTS (
        SELECT FROM public.council_seatholder h
        JOIN public.council_seat s ON s.id = h.seat_id
        JOIN public.council_seat n ON n.id = NEW.seat_id
        JOIN public.accounts_membership held ON held.id = h.membership_id
        JOIN public.accounts_membership mine ON mine.id = NEW.membership_id
        WHERE held.user_id = mine.user_id AND s.id <> n.id
            AND daterange(s.starts_on, least(s.ends_on + 1, s.left_on), '[)')
                && daterange(n.starts_on, n.ends_on + 1, '[)')
    ) THEN
        PERFORM public.council_refuse('This person sits on the council already.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON council_seatholder
    FOR EACH ROW EXECUTE FUNCTION council_holder_rules();

-- Time is entered by its holder, approved by somebody else, and paid as the holder chose; then nothing of it changes.
CREATE FUNCTION council_time_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder public.council_seatholder;
    person uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'entered' THEN
            PERFORM public.council_refuse('Time that was approved stays.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO holder FROM public.council_seatholder h WHERE h.id = NEW.holder_id;
    SELECT m.user_id INTO person FROM public.accounts_membership m WHERE m.id = holder.membership_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'entered' THEN
            PERFORM public.council_refuse('Time is entered first.');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.holder_id, NEW.agency_id, NEW."on", NEW.activity, NEW.minutes, NEW.hourly)
        IS DISTINCT FROM (OLD.holder_id, OLD.agency_id, OLD."on", OLD.activity, OLD.minutes, OLD.hourly) THEN
        PERFORM public.council_refuse('Time that was entered is taken back and entered anew, not changed.');
    END IF;
    IF NEW.state = OLD.state AND OLD.state <> 'entered' OR NOT (CASE NEW.state
        WHEN 'approved' THEN OLD.state = 'entered'
        WHEN 'given' THEN OLD.state = 'entered'
        WHEN 'paid' THEN OLD.state = 'approved'
        ELSE NEW.state = OLD.state
    END) THEN
        PERFORM public.council_refuse('Time is entered, approved, paid, in this order.');
    END IF;
    IF NEW.approved_by_id = person OR NEW.paid_by_id = person THEN
        PERFORM public.council_refuse('Nobody approves or pays their own time.');
    END IF;
    IF NEW.state = 'approved' AND NEW.approved_by_id IS NULL OR NEW.state = 'approved' AND holder.gives_time THEN
        PERFORM public.council_refuse('Somebody approves it, and it is not given.');
    END IF;
    IF NEW.state = 'paid' AND (holder.told_at IS NULL OR NEW.way = '') THEN
        PERFORM public.council_refuse('Nobody is paid before the note on taxes and benefits was read.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON council_paidtime
    FOR EACH ROW EXECUTE FUNCTION council_time_rules();

DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'council_gatedtype' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON council_gatedtype FROM %I', grantee);
    END LOOP;
END $$;
