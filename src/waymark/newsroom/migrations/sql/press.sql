-- What may never happen to a press item, a correction or a figure, whoever writes and however.

-- Nobody outside reads an item before its moment. A signed staff context reads all; policies narrow further.
CREATE FUNCTION newsroom_is_public(state text, public_at timestamptz, withdrawn_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE state
        WHEN 'released' THEN public_at <= statement_timestamp()
        -- Withdrawn before its moment, it was never there.
        WHEN 'withdrawn' THEN public_at <= withdrawn_at AND withdrawn_at <= statement_timestamp()
        ELSE false END
$$;

ALTER TABLE newsroom_pressitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE newsroom_pressitem FORCE ROW LEVEL SECURITY;
CREATE POLICY embargo ON newsroom_pressitem FOR SELECT USING (newsroom_is_public(state, public_at, withdrawn_at));
CREATE POLICY staff ON newsroom_pressitem
    USING ((SELECT access.current_agency()) IS NOT NULL) WITH CHECK ((SELECT access.current_agency()) IS NOT NULL);

-- What hangs on an item is as public as the item: the inner query is under the item's own row security.
ALTER TABLE newsroom_heldbackpart ENABLE ROW LEVEL SECURITY;
ALTER TABLE newsroom_heldbackpart FORCE ROW LEVEL SECURITY;
CREATE POLICY embargo ON newsroom_heldbackpart FOR SELECT
    USING (EXISTS (SELECT FROM newsroom_pressitem i WHERE i.id = item_id));
CREATE POLICY staff ON newsroom_heldbackpart
    USING ((SELECT access.current_agency()) IS NOT NULL) WITH CHECK ((SELECT access.current_agency()) IS NOT NULL);

ALTER TABLE newsroom_partnercheck ENABLE ROW LEVEL SECURITY;
ALTER TABLE newsroom_partnercheck FORCE ROW LEVEL SECURITY;
CREATE POLICY embargo ON newsroom_partnercheck FOR SELECT
    USING (EXISTS (SELECT FROM newsroom_pressitem i WHERE i.id = item_id));
CREATE POLICY staff ON newsroom_partnercheck
    USING ((SELECT access.current_agency()) IS NOT NULL) WITH CHECK ((SELECT access.current_agency()) IS NOT NULL);

ALTER TABLE newsroom_wording ENABLE ROW LEVEL SECURITY;
ALTER TABLE newsroom_wording FORCE ROW LEVEL SECURITY;
CREATE POLICY embargo ON newsroom_wording FOR SELECT
    USING (state = 'released' AND EXISTS (SELECT FROM newsroom_pressitem i WHERE i.id = item_id));
CREATE POLICY staff ON newsroom_wording
    USING ((SELECT access.current_agency()) IS NOT NULL) WITH CHECK ((SELECT access.current_agency()) IS NOT NULL);

-- The moments of released items and nothing else of them: a page that is kept must know when to be made anew.
CREATE FUNCTION newsroom_moments() RETURNS timestamptz[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(public_at ORDER BY public_at), '{}') FROM newsroom_pressitem WHERE state = 'released'
$$;
REVOKE EXECUTE ON FUNCTION newsroom_moments() FROM PUBLIC;

CREATE FUNCTION newsroom_item_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'Only a draft is deleted. A release is withdrawn.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.slug, NEW.agency_id) IS DISTINCT FROM (OLD.id, OLD.slug, OLD.agency_id) THEN
        RAISE EXCEPTION 'The address and the agency of an item are for good.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state, NEW.state) IN (('draft', 'checking'), ('checking', 'draft'), ('checking', 'released'),
            ('released', 'withdrawn'))
        -- Before its moment a release can still go back to its writer.
        OR (OLD.state, NEW.state) = ('released', 'draft') AND OLD.public_at > clock_timestamp()
    ) THEN
        RAISE EXCEPTION 'An item does not go from % to %.', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'withdrawn' AND to_jsonb(NEW) <> to_jsonb(OLD) THEN
        RAISE EXCEPTION 'What is withdrawn stays as it is.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('released', 'withdrawn') AND NEW.state <> 'draft' THEN
        IF NEW.public_at <> OLD.public_at AND OLD.public_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'Its moment has passed.' USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.written_by_id, NEW.released_by_id) IS DISTINCT FROM (OLD.written_by_id, OLD.released_by_id) THEN
            RAISE EXCEPTION 'Who wrote and who released a release stays.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF OLD.state = 'checking' AND NEW.state <> 'draft'
        AND (NEW.title, NEW.summary, NEW.body) IS DISTINCT FROM (OLD.title, OLD.summary, OLD.body) THEN
        RAISE EXCEPTION 'While an item is checked its words stay.' USING ERRCODE = 'check_violation';
    END IF;
    -- What is released says what its newest released wording says, and that is what the council's gate stands before.
    IF NEW.state = 'released' AND (
        OLD.state <> 'released' OR (NEW.title, NEW.summary, NEW.body) IS DISTINCT FROM (OLD.title, OLD.summary, OLD.body)
    ) AND (NEW.title, NEW.summary, NEW.body) IS DISTINCT FROM (
        SELECT (w.title, w.summary, w.body) FROM newsroom_wording w
        WHERE w.item_id = NEW.id AND w.state = 'released' ORDER BY w.number DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'An item is released in the words that were checked.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_rules BEFORE UPDATE OR DELETE ON newsroom_pressitem
    FOR EACH ROW EXECUTE FUNCTION newsroom_item_rules();

CREATE FUNCTION newsroom_item_begins() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'An item begins as a draft.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_begins BEFORE INSERT ON newsroom_pressitem
    FOR EACH ROW EXECUTE FUNCTION newsroom_item_begins();

CREATE FUNCTION newsroom_figure_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    name text;
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A published figure is corrected, never deleted.' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.key) IS DISTINCT FROM (OLD.id, OLD.key) THEN
        RAISE EXCEPTION 'The name of a figure is for good.' USING ERRCODE = 'check_violation';
    END IF;
    FOREACH name IN ARRAY ARRAY['value', 'bound', 'display', 'side', 'wording', 'source', 'population', 'period', 'caveat',
        'as_of'] LOOP
        IF new_row ->> name IS DISTINCT FROM old_row ->> name AND NOT EXISTS (
            SELECT FROM newsroom_figurecorrection c
            WHERE c.figure_id = NEW.id AND c.field = name AND c.applied_at IS NOT NULL
                AND c.before = coalesce(old_row ->> name, '')
                AND c.after = coalesce(new_row ->> name, '')
        ) THEN
            RAISE EXCEPTION 'A published figure changes by a correction that keeps the old value.'
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER figure_rules BEFORE UPDATE OR DELETE ON newsroom_publishedfigure
    FOR EACH ROW EXECUTE FUNCTION newsroom_figure_rules();

-- A correction that is applied is a part of what was published.
CREATE FUNCTION newsroom_figure_correction_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.applied_at IS NOT NULL THEN
        RAISE EXCEPTION 'An applied correction stays.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'applied_at' - 'applied_by_id' <> to_jsonb(OLD) - 'applied_at' - 'applied_by_id' THEN
        RAISE EXCEPTION 'A proposed correction is applied as it stands, or taken back.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figure_correction_rules BEFORE UPDATE OR DELETE ON newsroom_figurecorrection
    FOR EACH ROW EXECUTE FUNCTION newsroom_figure_correction_rules();

-- A wording is what somebody was asked about: it is released or dropped, and otherwise stays.
CREATE FUNCTION newsroom_wording_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'A wording begins as proposed.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM newsroom_wording w
            JOIN newsroom_pressitem i ON i.id = w.item_id AND i.state = 'released' AND i.public_at <= clock_timestamp()
            WHERE w.id = NEW.corrects_id AND w.item_id = NEW.item_id AND w.state = 'released'
        ) THEN
            RAISE EXCEPTION 'Only words that are public are corrected.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    -- Nobody has read them while their moment is to come.
    IF OLD.state = 'released' AND (TG_OP = 'DELETE' OR NEW.state <> 'dropped' OR NOT EXISTS (
        SELECT FROM newsroom_pressitem i
        WHERE i.id = OLD.item_id AND i.state = 'released' AND i.public_at > clock_timestamp()
    )) THEN
        RAISE EXCEPTION 'Released words stay readable.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'state' - 'released_at' - 'released_by_id'
        <> to_jsonb(OLD) - 'state' - 'released_at' - 'released_by_id' OR OLD.state = 'dropped' THEN
        RAISE EXCEPTION 'Other words are another wording.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wording_rules BEFORE INSERT OR UPDATE OR DELETE ON newsroom_wording
    FOR EACH ROW EXECUTE FUNCTION newsroom_wording_rules();
