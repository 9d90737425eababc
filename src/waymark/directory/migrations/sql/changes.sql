-- Every change of the directory, however it is made, leaves its history and marks the documents that it touches.

-- Services that a row of some kind belongs to.
CREATE FUNCTION directory_services_of(kind text, ids uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    rows jsonb[];
BEGIN
    IF cardinality(ids) = 0 THEN
        RETURN;
    ELSIF kind = 'service' THEN
        RETURN QUERY SELECT unnest(ids);
    ELSIF kind = 'organization' THEN
        RETURN QUERY SELECT s.id FROM directory_service s WHERE s.organization_id = ANY (ids);
    ELSIF kind = 'program' THEN
        RETURN QUERY SELECT s.id FROM directory_service s WHERE s.program_id = ANY (ids);
    ELSIF kind = 'service_at_location' THEN
        RETURN QUERY SELECT v.service_id FROM directory_serviceatlocation v WHERE v.id = ANY (ids);
    ELSIF kind = 'location' THEN
        RETURN QUERY SELECT v.service_id FROM directory_serviceatlocation v WHERE v.location_id = ANY (ids);
    ELSIF kind = 'unit' THEN
        RETURN QUERY SELECT c.service_id FROM directory_servicecapacity c WHERE c.unit_id = ANY (ids);
    ELSIF kind = 'taxonomy' THEN
        RETURN QUERY SELECT directory_services_of('taxonomy_term', ARRAY(
            SELECT t.id FROM directory_taxonomyterm t WHERE t.taxonomy_id = ANY (ids)));
    ELSIF kind = 'taxonomy_term' THEN
        RETURN QUERY SELECT directory_services_of_any(ARRAY(
            SELECT a.link_id FROM directory_attribute a WHERE a.taxonomy_term_id = ANY (ids)));
    ELSE
        EXECUTE format('SELECT ARRAY(SELECT to_jsonb(t) FROM %I t WHERE t.id = ANY ($1))', 'directory_' || replace(kind, '_', ''))
            INTO rows USING ids;
        RETURN QUERY SELECT directory_services_of_references(rows);
    END IF;
END $$;

-- Services that rows belong to by the columns in which they point at something.
CREATE FUNCTION directory_services_of_references(rows jsonb[]) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    reference text;
    ids uuid[];
BEGIN
    FOREACH reference IN ARRAY ARRAY['service_id', 'organization_id', 'location_id', 'service_at_location_id', 'contact_id', 'phone_id']
    LOOP
        ids := ARRAY(SELECT DISTINCT (row_ ->> reference)::uuid FROM unnest(rows) AS row_ WHERE row_ ->> reference IS NOT NULL);
        IF cardinality(ids) > 0 THEN
            RETURN QUERY SELECT directory_services_of(left(reference, -3), ids);
        END IF;
    END LOOP;
END $$;

-- Services that rows of unknown kind belong to: attributes and history name a row by its id only.
CREATE FUNCTION directory_services_of_any(ids uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    kind text;
BEGIN
    RETURN QUERY SELECT s.id FROM directory_service s WHERE s.id = ANY (ids);
    FOREACH kind IN ARRAY ARRAY['organization', 'program', 'service_at_location', 'location', 'contact', 'phone', 'schedule',
        'address', 'language', 'accessibility', 'cost_option', 'required_document', 'funding', 'service_area',
        'service_capacity', 'unit', 'url', 'organization_identifier', 'taxonomy', 'taxonomy_term', 'attribute']
    LOOP
        CONTINUE WHEN kind = 'attribute';
        RETURN QUERY SELECT directory_services_of(kind, ids);
    END LOOP;
    RETURN QUERY SELECT s.id FROM directory_attribute a JOIN directory_service s ON s.id = a.link_id WHERE a.id = ANY (ids);
END $$;

-- Who acts: actions set it for their transaction; whoever writes by hand is the system.
CREATE FUNCTION directory_actor() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('waymark.actor', true), ''), 'system') $$;

CREATE FUNCTION directory_mark(ids uuid[]) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO directory_stalemark (service_id, transaction)
    SELECT DISTINCT touched, pg_current_xact_id()::text::bigint FROM unnest(ids) AS touched
    WHERE touched IS NOT NULL AND NOT EXISTS (
        SELECT FROM directory_stalemark m
        WHERE m.service_id = touched AND m.transaction = pg_current_xact_id()::text::bigint)
    ORDER BY 1;
$$;

-- After each statement on a table of the standard: history first, then marks. Argument: the object's name.
CREATE FUNCTION directory_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    kind text := TG_ARGV[0];
    before jsonb[] := '{}';
    after jsonb[] := '{}';
    rows jsonb[];
    ids uuid[];
    at timestamptz := clock_timestamp();
    -- Tables whose rows are not told in history: marks, and what is history itself.
    silent boolean := kind IN ('metadata', 'service_need');
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := ARRAY(SELECT to_jsonb(o) FROM old_rows o);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := ARRAY(SELECT to_jsonb(n) FROM new_rows n);
    END IF;
    rows := before || after;
    IF cardinality(rows) = 0 THEN
        RETURN NULL;
    END IF;

    IF TG_OP = 'INSERT' AND NOT silent THEN
        INSERT INTO directory_metadata (id, resource_id, resource_type, last_action_date, last_action_type, field_name,
            previous_value, replacement_value, updated_by)
        SELECT gen_random_uuid(), (n ->> 'id')::uuid, kind, at, 'create', 'id', '', n ->> 'id', directory_actor()
        FROM unnest(after) AS n;
    ELSIF TG_OP = 'UPDATE' AND NOT silent THEN
        IF cardinality(after) <> (SELECT count(*) FROM unnest(before) o JOIN unnest(after) n ON o ->> 'id' = n ->> 'id') THEN
            RAISE EXCEPTION 'The id of a % is for ever.', kind USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO directory_metadata (id, resource_id, resource_type, last_action_date, last_action_type, field_name,
            previous_value, replacement_value, updated_by)
        SELECT gen_random_uuid(), (n ->> 'id')::uuid, kind, at, 'update', field.key,
            CASE WHEN secret THEN '' ELSE coalesce(o ->> field.key, '') END,
            CASE WHEN secret THEN '' ELSE coalesce(field.value, '') END, directory_actor()
        FROM unnest(before) o JOIN unnest(after) n ON o ->> 'id' = n ->> 'id'
        CROSS JOIN LATERAL (SELECT directory_is_secret(kind, o) OR directory_is_secret(kind, n) AS secret) AS s
        CROSS JOIN LATERAL jsonb_each_text(n) AS field
        WHERE o ->> field.key IS DISTINCT FROM field.value AND field.key <> 'modified_at';
    ELSIF TG_OP = 'DELETE' AND NOT silent THEN
        INSERT INTO directory_metadata (id, resource_id, resource_type, last_action_date, last_action_type, field_name,
            previous_value, replacement_value, updated_by)
        SELECT gen_random_uuid(), (o ->> 'id')::uuid, kind, at, 'delete', field.key, field.value, '', directory_actor()
        FROM unnest(before) o CROSS JOIN LATERAL jsonb_each_text(o) AS field
        WHERE coalesce(field.value, '') <> '' AND field.key <> 'modified_at'
            AND (field.key = 'id' OR NOT directory_is_secret(kind, o));
    ELSIF kind = 'service_need' THEN
        INSERT INTO directory_metadata (id, resource_id, resource_type, last_action_date, last_action_type, field_name,
            previous_value, replacement_value, updated_by)
        SELECT gen_random_uuid(), (o ->> 'service_id')::uuid, 'service', at, 'update', 'needs', o ->> 'need_id', '', directory_actor()
        FROM unnest(before) o
        UNION ALL
        SELECT gen_random_uuid(), (n ->> 'service_id')::uuid, 'service', at, 'update', 'needs', '', n ->> 'need_id', directory_actor()
        FROM unnest(after) n;
    END IF;

    CASE
        WHEN kind = 'metadata' THEN
            -- Rows that this very function writes come with the marks of their cause.
            IF pg_trigger_depth() > 1 THEN
                RETURN NULL;
            END IF;
            PERFORM directory_mark(ARRAY(SELECT directory_services_of_any(ARRAY(
                SELECT DISTINCT (r ->> 'resource_id')::uuid FROM unnest(rows) r))));
        WHEN kind = 'attribute' THEN
            PERFORM directory_mark(ARRAY(SELECT directory_services_of_any(ARRAY(
                SELECT DISTINCT (r ->> 'link_id')::uuid FROM unnest(rows) r))));
        WHEN kind IN ('service', 'organization', 'program', 'location', 'unit', 'taxonomy', 'taxonomy_term') THEN
            PERFORM directory_mark(ARRAY(SELECT directory_services_of(kind, ARRAY(
                SELECT DISTINCT (r ->> 'id')::uuid FROM unnest(rows) r))));
        WHEN kind IN ('service_at_location', 'service_need') THEN
            PERFORM directory_mark(ARRAY(SELECT DISTINCT (r ->> 'service_id')::uuid FROM unnest(rows) r));
        WHEN kind IN ('help_line', 'help_line_channel', 'meta_table_description') THEN
            NULL;
        ELSE
            PERFORM directory_mark(ARRAY(SELECT directory_services_of_references(rows)));
    END CASE;
    INSERT INTO directory_stalemark (service_id, transaction)
    SELECT NULL, pg_current_xact_id()::text::bigint
    WHERE NOT EXISTS (SELECT FROM directory_stalemark WHERE transaction = pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;

-- After each statement on a table that pages show but documents do not hold: only the epoch moves on.
CREATE FUNCTION directory_touched() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_ARGV[0] = 'need' AND TG_OP <> 'INSERT' THEN
        PERFORM directory_mark(ARRAY(SELECT n.service_id FROM directory_service_needs n));
    END IF;
    INSERT INTO directory_stalemark (service_id, transaction) VALUES (NULL, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;

-- At commit: the epoch. Late, so that its row is locked for a moment only and nobody sees the number before the change.
CREATE FUNCTION directory_move_epoch() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('waymark.epoch_moved', true), '') <> pg_current_xact_id()::text THEN
        PERFORM set_config('waymark.epoch_moved', pg_current_xact_id()::text, true);
        UPDATE directory_publication SET epoch = epoch + 1, changed_at = clock_timestamp();
    END IF;
    IF NEW.service_id IS NULL THEN
        DELETE FROM directory_stalemark WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER move_epoch AFTER INSERT ON directory_stalemark
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION directory_move_epoch();

CREATE FUNCTION directory_modified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modified_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER a_modified BEFORE UPDATE ON directory_service FOR EACH ROW EXECUTE FUNCTION directory_modified();
CREATE TRIGGER a_modified BEFORE UPDATE ON directory_organization FOR EACH ROW EXECUTE FUNCTION directory_modified();
