-- Rules about stays in rapid rehousing: one household, one stay at a time, so many months in so many.

-- How many months of help there may be in how many, from which day on. waymark.assistance.policies.housing says the same and
-- cites the law; a test holds the two together. A new rule is a new row here and there.
CREATE FUNCTION assistance_housing_rule(day date, OUT months integer, OUT in_months integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT v.months, v.in_months FROM (VALUES (DATE '2012-01-04', 24, 36)) AS v (since, months, in_months)
    WHERE v.since <= greatest(day, DATE '2012-01-04') ORDER BY v.since DESC LIMIT 1
$$;

-- The days on which months of help begin. A month that has begun counts; one that begins on the 31st begins on the last day of
-- a month that has none. Each is counted from the first day of help, so February moves no later month.
CREATE FUNCTION assistance_months(agency uuid, of_household uuid) RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT begins::date FROM (
        SELECT s.helped_from + n * interval '1 month' AS begins, s.helped_until
        FROM public.assistance_housingstay s, LATERAL generate_series(
            0, 12 * (extract(year FROM s.helped_until) - extract(year FROM s.helped_from))::integer + 12) AS n
        WHERE s.agency_id = agency AND s.household_id = of_household AND s.helped_from IS NOT NULL
    ) months WHERE begins <= helped_until
$$;

-- Any stretch of 36 months that is over the limit can begin with a month of help.
CREATE FUNCTION assistance_is_over(agency uuid, of_household uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH helped AS MATERIALIZED (SELECT m AS begins FROM public.assistance_months(agency, of_household) m)
    SELECT EXISTS (
        SELECT FROM helped first, LATERAL public.assistance_housing_rule(first.begins) rule
        WHERE (SELECT count(*) FROM helped other WHERE other.begins >= first.begins
            AND other.begins < first.begins + rule.in_months * interval '1 month') > rule.months)
$$;

CREATE FUNCTION assistance_stay_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := public.assistance_actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'searching' OR NEW.made_by_id <> actor
            OR num_nonnulls(NEW.unit_id, NEW.lease_from, NEW.helped_from, NEW.moved_in_on, NEW.exited_on) > 0 THEN
            PERFORM public.cases_refuse('A stay begins with looking for a place.');
        END IF;
        PERFORM public.assistance_must_be_open(NEW.agency_id, NEW.case_id, actor, ARRAY['advocate']);
        IF NOT EXISTS (SELECT FROM public.cases_case c WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id
                AND c.state NOT IN ('closed', 'archived', 'shredded')) THEN
            PERFORM public.cases_refuse('A stay begins in an open case.');
        END IF;
        NEW.household_id := public.assistance_household(NEW.agency_id, NEW.case_id);
    ELSIF (NEW.id, NEW.agency_id, NEW.case_id, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.cases_refuse('A stay keeps its case.');
    ELSIF pg_trigger_depth() < 2 THEN
        IF (NEW.state, NEW.household_id, NEW.moved_in_on, NEW.exited_on)
            IS DISTINCT FROM (OLD.state, OLD.household_id, OLD.moved_in_on, OLD.exited_on) THEN
            PERFORM public.cases_refuse('A stay moves by a step alone.');
        END IF;
        IF OLD.state = 'exited' THEN PERFORM public.cases_refuse('This stay is over.'); END IF;
        PERFORM public.assistance_must_be_open(NEW.agency_id, NEW.case_id, actor, ARRAY['advocate']);
    END IF;
    IF NEW.unit_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.unit_id IS DISTINCT FROM OLD.unit_id) AND NOT EXISTS (
        SELECT FROM public.people_address a JOIN public.cases_case c ON c.agency_id = a.agency_id AND c.person_id = a.person_id
        WHERE a.agency_id = NEW.agency_id AND a.id = NEW.unit_id AND a.kind = 'unit' AND c.id = NEW.case_id
    ) THEN
        PERFORM public.cases_refuse('The unit is an address of this person.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON assistance_housingstay
    FOR EACH ROW EXECUTE FUNCTION assistance_stay_rules();
CREATE TRIGGER kept BEFORE DELETE ON assistance_housingstay FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- The household is held, so that of two at once the second counts the first.
CREATE FUNCTION assistance_months_are_bounded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.people_person p WHERE p.agency_id = NEW.agency_id AND p.id = NEW.household_id FOR NO KEY UPDATE;
    IF public.assistance_is_over(NEW.agency_id, NEW.household_id) THEN
        PERFORM public.cases_refuse('This would be more months of help than the rule allows.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bounded AFTER INSERT OR UPDATE OF helped_from, helped_until, household_id ON assistance_housingstay
    FOR EACH ROW WHEN (NEW.helped_from IS NOT NULL) EXECUTE FUNCTION assistance_months_are_bounded();

-- The table of moves. The same stands in waymark.assistance.models.HOUSING_MOVES.
CREATE FUNCTION assistance_step_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s record;
BEGIN
    NEW.by_id := public.assistance_actor();
    NEW.at := clock_timestamp();
    SELECT q.* INTO s FROM public.assistance_housingstay q
        WHERE q.agency_id = NEW.agency_id AND q.id = NEW.stay_id FOR NO KEY UPDATE;
    PERFORM public.assistance_must_be_open(NEW.agency_id, s.case_id, NEW.by_id, ARRAY['advocate']);
    NEW.from_state := s.state;
    NEW.to_state := CASE
        WHEN s.state = 'searching' AND NEW.move = 'lease' THEN 'leased'
        WHEN s.state = 'leased' AND NEW.move = 'move_in' THEN 'moved_in'
        WHEN s.state <> 'exited' AND NEW.move = 'exit' THEN 'exited' END;
    IF NEW.to_state IS NULL THEN PERFORM public.cases_refuse('There is no such step from here.'); END IF;
    IF NEW.move <> 'exit' THEN
        UPDATE public.assistance_housingstay q SET
            state = NEW.to_state, moved_in_on = CASE NEW.move WHEN 'move_in' THEN NEW.on ELSE q.moved_in_on END
            WHERE q.agency_id = NEW.agency_id AND q.id = NEW.stay_id;
    ELSE
        -- Help that had not begun never was; help that was planned for longer ends with the day.
        UPDATE public.assistance_housingstay q SET
            state = NEW.to_state, exited_on = NEW.on,
            helped_from = CASE WHEN q.helped_from <= NEW.on THEN q.helped_from END,
            helped_until = CASE WHEN q.helped_from <= NEW.on THEN least(q.helped_until, NEW.on) END
            WHERE q.agency_id = NEW.agency_id AND q.id = NEW.stay_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON assistance_staystep FOR EACH ROW EXECUTE FUNCTION assistance_step_rules();
CREATE TRIGGER b_final BEFORE UPDATE OR DELETE ON assistance_staystep FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- Two files that turn out to be one person's are one household from then on, and two again when they are taken apart. Where
-- their stays overlap, or are too many months together, the database refuses to put them together (docs/adr/0872).
CREATE FUNCTION assistance_household_follows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.assistance_housingstay s SET household_id = coalesce(NEW.merged_into_id, NEW.id)
        FROM public.cases_case c
        WHERE s.agency_id = NEW.agency_id AND c.agency_id = s.agency_id AND c.id = s.case_id AND c.person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER household AFTER UPDATE OF merged_into_id ON people_person
    FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
    EXECUTE FUNCTION assistance_household_follows();
