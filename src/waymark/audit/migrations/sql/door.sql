-- The chain, third form: one door. The application tells an event by audit_tell and inserts no row itself, so that who may
-- tell what is asked once an event, and the statement behind it is planned once a connection. The bytes of a digest are as
-- they were.

-- As STABLE it can be written into the expression that calls it, because convert_to is: an eighth of the time.
ALTER FUNCTION audit_part(text) STABLE;

-- What the database decides is not asked: the moment is the default, the rest is the link's.
ALTER TABLE audit_event ALTER COLUMN at SET DEFAULT clock_timestamp();
DROP TRIGGER a_prepare ON audit_event;
DROP FUNCTION audit_prepare();

-- Whoever is subject to row security may neither link nor move a head; who is not, here, are the owner's functions.
DROP TRIGGER b_refuse ON audit_link;
CREATE TRIGGER b_refuse BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER b_refuse_insert BEFORE INSERT ON audit_link FOR EACH ROW
    WHEN (row_security_active('public.audit_link'::text)) EXECUTE FUNCTION audit_refuse();
DROP TRIGGER b_refuse ON audit_head;
CREATE TRIGGER b_refuse BEFORE INSERT OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER b_refuse_update BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (row_security_active('public.audit_head'::text)) EXECUTE FUNCTION audit_refuse();

-- A member tells under their own id, in their agency's chain or the platform's; what no member does is told of an agency by a
-- signed context whose user is all zeros. Whoever has no context is no member, and can neither claim to be one nor reach an
-- agency's chain. The setting is a note to audit_link, that this transaction has told one event or more; it is trusted with
-- nothing but the order of waiting.
DROP POLICY own_acts ON audit_event;
CREATE FUNCTION audit_tell(
    chain uuid, actor text, role text, verb text, object_kind text, object_id text, purpose text, result text, fields text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    platform CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    acting text[] := access.verified_context();
    noted text := coalesce(current_setting('waymark.audit_told', true), '');
    nobody boolean := acting IS NULL OR acting[2]::uuid = platform;
    may boolean := CASE WHEN acting IS NULL THEN chain = platform ELSE chain = platform OR chain = acting[1]::uuid END
        AND CASE WHEN nobody THEN actor ~ '^(system|command|visitor|invited):' ELSE actor = acting[2] END;
BEGIN
    IF may IS NOT TRUE THEN
        RAISE EXCEPTION 'An event is told by who acts, in their own chain.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    noted := set_config('waymark.audit_told', CASE noted WHEN '' THEN 'one' ELSE 'more' END, true);
    INSERT INTO public.audit_event (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)
        VALUES (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, 1);
END $$;

-- The bytes of an event in its digest, after the previous digest and the number: length-prefixed, so that no two different
-- events give the same.
CREATE FUNCTION audit_content(e audit_event) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    content bytea := public.audit_part(e.id::text) || public.audit_part(e.chain::text)
        || public.audit_part((extract(epoch FROM e.at) * 1000000)::bigint::text)
        || public.audit_part(e.actor) || public.audit_part(e.role) || public.audit_part(e.verb)
        || public.audit_part(e.object_kind) || public.audit_part(e.object_id) || public.audit_part(e.purpose)
        || public.audit_part(e.result) || public.audit_part(e.times::text)
        || public.audit_part(cardinality(e.fields)::text);
    name text;
BEGIN
    FOREACH name IN ARRAY e.fields LOOP
        content := content || public.audit_part(name);
    END LOOP;
    RETURN content;
END $$;

-- Links every event of this transaction that has no link, at the first that fires: chains in one order, so that two
-- transactions which both write to two cannot wait for each other, and each head once, because every version of it that one
-- transaction writes is one more to look past for the next. It has the rights of who calls it, and only audit_link's will do. What others wrote is seen with its link or not at all, and nobody
-- else's event without a link can be seen, so what has none is ours.
CREATE FUNCTION audit_link_all(first_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting public.audit_event;
    head public.audit_head;
BEGIN
    FOR waiting IN
        SELECT e.* FROM public.audit_event e
        WHERE e.id >= first_id AND NOT EXISTS (SELECT FROM public.audit_link l WHERE l.event_id = e.id)
        ORDER BY e.chain, e.id
    LOOP
        IF head.chain IS DISTINCT FROM waiting.chain THEN
            UPDATE public.audit_head h SET sequence = head.sequence, previous = head.previous, digest = head.digest
                WHERE h.chain = head.chain;
            INSERT INTO public.audit_head (chain, sequence, previous, digest)
                SELECT waiting.chain, 0, sha256(''::bytea), sha256(''::bytea)
                WHERE NOT EXISTS (SELECT FROM public.audit_head h WHERE h.chain = waiting.chain) ON CONFLICT DO NOTHING;
            SELECT * INTO STRICT head FROM public.audit_head h WHERE h.chain = waiting.chain FOR UPDATE;
        END IF;
        head.sequence := head.sequence + 1;
        head.previous := head.digest;
        head.digest := sha256(head.previous || public.audit_part(head.sequence::text) || public.audit_content(waiting));
        INSERT INTO public.audit_link (event_id, chain, sequence, previous, digest)
            VALUES (waiting.id, head.chain, head.sequence, head.previous, head.digest);
    END LOOP;
    UPDATE public.audit_head h SET sequence = head.sequence, previous = head.previous, digest = head.digest
        WHERE h.chain = head.chain;
END $$;

-- Links an event when its transaction commits. The row lock on the head lets one committer at a time extend a chain; writers
-- of the chain wait for it, so everything that does not depend on the event before is computed first.
CREATE OR REPLACE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    noted text := coalesce(current_setting('waymark.audit_told', true), '');
    content bytea;
BEGIN
    IF noted = 'one' THEN
        noted := set_config('waymark.audit_told', '', true);
        content := public.audit_content(NEW);
        WITH head AS (
            UPDATE public.audit_head SET sequence = sequence + 1, previous = digest,
                digest = sha256(digest || public.audit_part((sequence + 1)::text) || content)
                WHERE chain = NEW.chain RETURNING chain, sequence, previous, digest
        )
        INSERT INTO public.audit_link (event_id, chain, sequence, previous, digest)
            SELECT NEW.id, h.chain, h.sequence, h.previous, h.digest FROM head h;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM FROM public.audit_link WHERE event_id = NEW.id;
    IF NOT FOUND THEN
        PERFORM public.audit_link_all(NEW.id);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'audit_event' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE INSERT ON audit_event FROM %I', grantee);
    END LOOP;
END $$;
