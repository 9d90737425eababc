-- The chain: rows are written freely and linked when their transaction commits.
--
-- The digest of an event is SHA-256 over the previous digest and length-prefixed fields, so that no two different events give
-- the same bytes. The application may insert and read; nobody but the owner can change, delete or link.

CREATE FUNCTION audit_framed(parts text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(int4send(octet_length(convert_to(part, 'UTF8'))) || convert_to(part, 'UTF8'), ''::bytea
                               ORDER BY place), ''::bytea)
    FROM unnest(parts) WITH ORDINALITY AS list (part, place)
$$;

CREATE FUNCTION audit_digest(e public.audit_event, sequence_number bigint, previous_digest bytea) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous_digest || public.audit_framed(ARRAY[
        sequence_number::text, e.chain::text, (extract(epoch FROM e.at) * 1000000)::bigint::text, e.actor, e.role, e.verb,
        e.object_kind, e.object_id, e.purpose, e.result, cardinality(e.fields)::text]::text[] || e.fields::text[]))
$$;

-- Whatever the application sends for what the database decides is replaced.
CREATE FUNCTION audit_prepare() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.sequence := NULL;
    NEW.previous := NULL;
    NEW.digest := NULL;
    RETURN NEW;
END $$;

-- Links every waiting event of this transaction. Chains are taken in one order, so that two transactions which both write to
-- two chains cannot wait for each other; the row lock on the head lets one committer at a time extend a chain.
CREATE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting public.audit_event;
    head public.audit_head;
BEGIN
    IF (SELECT sequence FROM public.audit_event WHERE id = NEW.id) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    FOR waiting IN
        SELECT * FROM public.audit_event
        -- Whatever is committed is linked, and what others have not committed is not seen: these are our own.
        WHERE sequence IS NULL ORDER BY chain, id
    LOOP
        IF head.chain IS DISTINCT FROM waiting.chain THEN
            IF head.chain IS NOT NULL THEN
                UPDATE public.audit_head SET sequence = head.sequence, digest = head.digest WHERE chain = head.chain;
            END IF;
            INSERT INTO public.audit_head (chain, sequence, digest) VALUES (waiting.chain, 0, sha256(''::bytea))
                ON CONFLICT DO NOTHING;
            SELECT * INTO STRICT head FROM public.audit_head WHERE chain = waiting.chain FOR UPDATE;
        END IF;
        head.sequence := head.sequence + 1;
        UPDATE public.audit_event SET sequence = head.sequence, previous = head.digest,
            digest = public.audit_digest(waiting, head.sequence, head.digest)
            WHERE id = waiting.id RETURNING digest INTO head.digest;
    END LOOP;
    UPDATE public.audit_head SET sequence = head.sequence, digest = head.digest WHERE chain = head.chain;
    RETURN NULL;
END $$;

-- Says no to everybody but the owner's own functions, whatever rights a role was given by mistake.
CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user::regrole <> (SELECT relowner::regrole FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'The audit chain is append-only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER a_prepare BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_prepare();
CREATE TRIGGER b_refuse BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER c_refuse BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER b_refuse BEFORE INSERT OR UPDATE OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER c_refuse BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE CONSTRAINT TRIGGER z_link AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_link();
CREATE INDEX audit_event_waiting ON audit_event (chain, id) WHERE sequence IS NULL;

-- Other roles keep INSERT and SELECT on events, SELECT on heads.
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name IN ('audit_event', 'audit_head') AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_event FROM %I', grantee);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_head FROM %I', grantee);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_link() FROM PUBLIC;
