-- A confidential place has no address, coordinate or postcode anywhere in this database.

CREATE FUNCTION directory_is_confidential(place uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT FROM directory_location WHERE id = place AND is_confidential) $$;

-- Whether the values of a row must stay out of history: it is a confidential place, or hangs on one.
CREATE FUNCTION directory_is_secret(kind text, row_ jsonb) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((row_ ->> 'is_confidential')::boolean, false)
        OR (row_ ->> 'location_id' IS NOT NULL AND directory_is_confidential((row_ ->> 'location_id')::uuid))
        OR (kind = 'service_at_location' AND directory_is_confidential((row_ ->> 'location_id')::uuid))
        OR (row_ ->> 'service_at_location_id' IS NOT NULL AND EXISTS (
            SELECT FROM directory_serviceatlocation v
            WHERE v.id = (row_ ->> 'service_at_location_id')::uuid AND directory_is_confidential(v.location_id)))
        OR (kind = 'attribute' AND directory_is_confidential((row_ ->> 'link_id')::uuid))
$$;

-- An address may not be given to a confidential place. The share lock waits for whoever is marking the place right now.
CREATE FUNCTION directory_refuse_address() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM directory_location WHERE id = NEW.location_id FOR SHARE;
    IF directory_is_confidential_now(NEW.location_id) THEN
        RAISE EXCEPTION 'This place is confidential: it has no address here. The agency keeps it in its vault.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'confidential_place_has_no_address';
    END IF;
    RETURN NEW;
END $$;

-- Volatile on purpose: it looks again after the lock was granted.
CREATE FUNCTION directory_is_confidential_now(place uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM directory_location WHERE id = place AND is_confidential);
END $$;

CREATE TRIGGER refuse_address BEFORE INSERT OR UPDATE ON directory_address
    FOR EACH ROW WHEN (NEW.location_id IS NOT NULL) EXECUTE FUNCTION directory_refuse_address();

-- The same for a change that waits for a second person: it would keep the address in its text.
CREATE FUNCTION directory_refuse_pending_address() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    places text[] := ARRAY[NEW.before ->> 'location_id', NEW.after ->> 'location_id', NEW.before ->> 'location', NEW.after ->> 'location'];
BEGIN
    IF NEW.entity = 'address' AND (
        EXISTS (SELECT FROM directory_location WHERE is_confidential AND id::text = ANY (places))
        OR EXISTS (SELECT FROM directory_address a JOIN directory_location l ON l.id = a.location_id
                   WHERE a.id = NEW.entity_id AND l.is_confidential)
    ) OR NEW.entity = 'location' AND directory_is_confidential_now(NEW.entity_id) AND EXISTS (
        SELECT FROM jsonb_each_text(NEW.after) AS field
        WHERE field.key NOT IN ('name', 'is_confidential', 'location_type', 'organization_id') AND coalesce(field.value, '') <> ''
    ) THEN
        RAISE EXCEPTION 'This place is confidential: a change may not hold its address.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'confidential_place_has_no_address';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_pending_address BEFORE INSERT OR UPDATE ON directory_pendingchange
    FOR EACH ROW EXECUTE FUNCTION directory_refuse_pending_address();

-- Marking a place takes away what would reveal it. First the row itself, so that its own rule holds ...
CREATE FUNCTION directory_seal_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.latitude := NULL;
    NEW.longitude := NULL;
    NEW.transportation := '';
    NEW.external_identifier := '';
    NEW.external_identifier_type := '';
    NEW.url := '';
    NEW.description := '';
    NEW.alternate_name := '';
    RETURN NEW;
END $$;

CREATE TRIGGER seal_place BEFORE UPDATE ON directory_location
    FOR EACH ROW WHEN (NEW.is_confidential AND NOT OLD.is_confidential) EXECUTE FUNCTION directory_seal_place();

-- ... then everything that hangs on it, and the history of all of that.
CREATE FUNCTION directory_forget_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    forgotten uuid[];
BEGIN
    forgotten := ARRAY(
        SELECT NEW.id
        UNION SELECT id FROM directory_address WHERE location_id = NEW.id
        UNION SELECT id FROM directory_accessibility WHERE location_id = NEW.id
        UNION SELECT id FROM directory_contact WHERE location_id = NEW.id
        UNION SELECT id FROM directory_phone WHERE location_id = NEW.id
        UNION SELECT id FROM directory_schedule WHERE location_id = NEW.id
        UNION SELECT id FROM directory_serviceatlocation WHERE location_id = NEW.id
        -- rows that were deleted or moved away before: their history still says where they were
        UNION SELECT resource_id FROM directory_metadata
            WHERE field_name = 'location_id' AND NEW.id::text IN (previous_value, replacement_value));
    forgotten := forgotten || ARRAY(SELECT id FROM directory_attribute WHERE link_id = ANY (forgotten));
    DELETE FROM directory_attribute WHERE link_id = ANY (forgotten);
    DELETE FROM directory_accessibility WHERE location_id = NEW.id;
    DELETE FROM directory_address WHERE location_id = NEW.id;
    DELETE FROM directory_translation WHERE entity_id = ANY (forgotten);
    UPDATE directory_pendingchange SET before = '{}', after = '{}',
        state = CASE state WHEN 'waiting' THEN 'withdrawn' ELSE state END
    WHERE entity_id = ANY (forgotten)
        OR NEW.id::text IN (before ->> 'location_id', after ->> 'location_id', before ->> 'location', after ->> 'location');
    DELETE FROM directory_metadata WHERE resource_id = ANY (forgotten);
    RETURN NULL;
END $$;

CREATE TRIGGER forget_place AFTER UPDATE ON directory_location
    FOR EACH ROW WHEN (NEW.is_confidential AND NOT OLD.is_confidential) EXECUTE FUNCTION directory_forget_place();

-- History is append-only for the application. The owner's own functions above may forget a place; nobody else may.
CREATE FUNCTION directory_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = (SELECT tableowner FROM pg_tables WHERE schemaname = TG_TABLE_SCHEMA AND tablename = TG_TABLE_NAME) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'History is written once and stays.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON directory_metadata
    FOR EACH ROW EXECUTE FUNCTION directory_keep_history();
