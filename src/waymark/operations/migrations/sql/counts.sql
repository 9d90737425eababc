-- A charge is counted only in an operation on whose days it was in force. An operation without exact days has those of its year.
CREATE FUNCTION operations_days(starts date, ends date, of_year integer, OUT first date, OUT last date)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(starts, make_date(of_year, 1, 1)), coalesce(ends, make_date(of_year, 12, 31))
$$;

CREATE FUNCTION operations_charge_of_a_count() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.charge_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM operations_operation o, operations_days(o.starts_on, o.ends_on, o.year) d
        WHERE o.id = NEW.operation_id AND law_charge_in_force(NEW.charge_id, d.first, d.last)
    ) THEN
        RAISE EXCEPTION 'the charge was not in force on the days of the operation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_in_force';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION operations_charges_of_the_days() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT charge_id FROM operations_outcomecount WHERE operation_id = NEW.id
            UNION SELECT charge_id FROM operations_operationtotal WHERE operation_id = NEW.id
        ) c, operations_days(NEW.starts_on, NEW.ends_on, NEW.year) d
        WHERE c.charge_id IS NOT NULL AND NOT law_charge_in_force(c.charge_id, d.first, d.last)
    ) THEN
        RAISE EXCEPTION 'a charge that is counted was not in force on these days'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_in_force';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER charge_in_force BEFORE INSERT OR UPDATE ON operations_outcomecount
FOR EACH ROW EXECUTE FUNCTION operations_charge_of_a_count();
CREATE TRIGGER charge_in_force BEFORE INSERT OR UPDATE ON operations_operationtotal
FOR EACH ROW EXECUTE FUNCTION operations_charge_of_a_count();
CREATE TRIGGER charges_of_the_days BEFORE UPDATE ON operations_operation
FOR EACH ROW EXECUTE FUNCTION operations_charges_of_the_days();
