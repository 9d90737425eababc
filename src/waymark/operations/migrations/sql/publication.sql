-- Results are public 30 days after an operation ended at the earliest: before, a reader could still meet those who were there.
CREATE FUNCTION operations_first_public_day(wanted uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT d.last + 30 FROM operations_operation o, operations_days(o.starts_on, o.ends_on, o.year) d WHERE o.id = wanted
$$;

CREATE FUNCTION operations_published_late_enough() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.operation IS NULL OR NEW.state <> 'released' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'released' AND OLD.public_at = NEW.public_at THEN
        RETURN NEW;
    END IF;
    IF NOT coalesce(
        (NEW.public_at AT TIME ZONE newsroom_zone())::date >= operations_first_public_day(NEW.operation), false
    ) THEN
        RAISE EXCEPTION 'results are public 30 days after the operation ended at the earliest'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'thirty_days';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER thirty_days BEFORE INSERT OR UPDATE ON newsroom_pressitem
FOR EACH ROW EXECUTE FUNCTION operations_published_late_enough();

-- Nor is the last day moved behind a publication that is given already.
CREATE FUNCTION operations_days_of_published() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM newsroom_pressitem i, operations_days(NEW.starts_on, NEW.ends_on, NEW.year) d
        WHERE i.operation = NEW.id AND i.state = 'released' AND (i.public_at AT TIME ZONE newsroom_zone())::date < d.last + 30
    ) THEN
        RAISE EXCEPTION 'its results would be public less than 30 days after these days'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'thirty_days';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER days_of_published AFTER UPDATE ON operations_operation
FOR EACH ROW EXECUTE FUNCTION operations_days_of_published();

-- What was let out for a quarter is let out once.
CREATE FUNCTION operations_given_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was given for a quarter stays as it was given' USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER given_once BEFORE UPDATE OR DELETE ON operations_servicetotal
FOR EACH ROW EXECUTE FUNCTION operations_given_once();
CREATE TRIGGER given_once BEFORE UPDATE OR DELETE ON operations_quarterlyfile
FOR EACH ROW EXECUTE FUNCTION operations_given_once();
