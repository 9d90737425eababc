-- Results of an operation are frozen with the words of their release; a figure from the screens takes two people and the council.

CREATE FUNCTION newsroom_result_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.operation IS DISTINCT FROM OLD.operation THEN
        RAISE EXCEPTION 'What a release is about stays.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.result IS DISTINCT FROM OLD.result OR NEW.state = 'released' AND OLD.state <> 'released' THEN
        IF NEW.state = 'checking' AND OLD.state = 'checking' THEN
            RAISE EXCEPTION 'While an item is checked its results stay.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'released' AND NEW.result IS DISTINCT FROM (
            SELECT w.result FROM newsroom_wording w
            WHERE w.item_id = NEW.id AND w.state = 'released' ORDER BY w.number DESC LIMIT 1
        ) THEN
            RAISE EXCEPTION 'Results are released as they were checked.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'released' AND NEW.not_before IS NOT NULL AND (OLD.state <> 'released' OR NEW.public_at <> OLD.public_at)
        AND (NEW.public_at AT TIME ZONE newsroom_zone())::date < NEW.not_before THEN
        RAISE EXCEPTION 'No reader before its day.' USING ERRCODE = 'check_violation', CONSTRAINT = 'not_before';
    END IF;
    RETURN NEW;
END $$;

-- The region's own time; a day begins there.
CREATE FUNCTION newsroom_zone() RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT r.time_zone FROM coalition_region r WHERE r.id = 1), 'America/Los_Angeles')
$$;
CREATE TRIGGER result_rules BEFORE UPDATE ON newsroom_pressitem
    FOR EACH ROW EXECUTE FUNCTION newsroom_result_rules();

-- The council reads the numbers with the words. Of other releases it reads what it always read, under the same digest.
CREATE OR REPLACE FUNCTION council_content_press_item(r public.newsroom_wording) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT jsonb_build_object('title', r.title, 'summary', r.summary, 'body', r.body)
        || CASE WHEN r.result IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('result', r.result) END
$gate$;

ALTER TABLE newsroom_figureproposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE newsroom_figureproposal FORCE ROW LEVEL SECURITY;
CREATE POLICY put_up ON newsroom_figureproposal FOR SELECT USING (state = 'public');
CREATE POLICY staff ON newsroom_figureproposal
    USING ((SELECT access.current_agency()) IS NOT NULL) WITH CHECK ((SELECT access.current_agency()) IS NOT NULL);

CREATE FUNCTION newsroom_figure_proposal_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'A figure begins as proposed.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'proposed' OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'What was proposed stays as it ended.' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - 'state' - 'put_up_by_id' - 'put_up_at' <> to_jsonb(OLD) - 'state' - 'put_up_by_id' - 'put_up_at' THEN
        RAISE EXCEPTION 'Another figure is another proposal.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figure_proposal_rules BEFORE INSERT OR UPDATE OR DELETE ON newsroom_figureproposal
    FOR EACH ROW EXECUTE FUNCTION newsroom_figure_proposal_rules();

-- Somebody signed in puts up what was proposed and cleared, and nothing else; files are loaded by whoever runs the server.
CREATE FUNCTION newsroom_figure_begins() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.series, NEW.counts_people) IS DISTINCT FROM (OLD.series, OLD.counts_people) THEN
            RAISE EXCEPTION 'What a figure counts, and for what, stays.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF access.current_agency() IS NOT NULL AND NOT EXISTS (
        SELECT FROM newsroom_figureproposal p
        WHERE p.state = 'public' AND to_jsonb(p) @> to_jsonb(NEW) - 'id' - 'entered_at'
    ) THEN
        RAISE EXCEPTION 'A figure is put up by a second person, as it was proposed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figure_begins BEFORE INSERT OR UPDATE ON newsroom_publishedfigure
    FOR EACH ROW EXECUTE FUNCTION newsroom_figure_begins();
