-- The chain, second form: events are only ever inserted, and their links stand in a table of their own.
--
-- A link is made when the transaction commits. Its digest is SHA-256 over the previous digest and length-prefixed fields, so
-- that no two different events give the same bytes. Everything that does not depend on the event before is computed before
-- the head's row is locked, because the lock is what writers of one chain wait for.

DROP TRIGGER a_prepare ON audit_event;
DROP TRIGGER z_link ON audit_event;
DROP FUNCTION audit_link();
DROP FUNCTION audit_digest(audit_event, bigint, bytea);
DROP FUNCTION audit_framed(text[]);

CREATE FUNCTION audit_part(part text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN int4send(octet_length(convert_to(part, 'UTF8'))) || convert_to(part, 'UTF8');

-- Whatever the application sends for what the database decides is replaced. The setting is a note to audit_link: which chains
-- this transaction writes to. It is trusted with nothing but the order of waiting.
CREATE OR REPLACE FUNCTION audit_prepare() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    noted text := coalesce(current_setting('waymark.audit_chains', true), '');
BEGIN
    NEW.at := clock_timestamp();
    IF strpos(noted, NEW.chain::text) = 0 THEN
        PERFORM set_config('waymark.audit_chains', noted || ',' || NEW.chain::text, true);
    END IF;
    RETURN NEW;
END $$;

-- Links one event. The row lock on the head lets one committer at a time extend a chain. A transaction that writes to several
-- chains takes their heads in one order, so that two such transactions cannot wait for each other.
CREATE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    noted text := coalesce(current_setting('waymark.audit_chains', true), '');
    content bytea;
    name text;
    head public.audit_head;
BEGIN
    IF length(noted) > 37 THEN
        INSERT INTO public.audit_head (chain, sequence, previous, digest)
            SELECT DISTINCT c.chain, 0, sha256(''::bytea), sha256(''::bytea)
            FROM unnest(string_to_array(substr(noted, 2), ',')::uuid[]) AS c (chain)
            -- A note that somebody else wrote makes no heads of chains that have no event.
            WHERE EXISTS (SELECT FROM public.audit_event e WHERE e.chain = c.chain)
                AND NOT EXISTS (SELECT FROM public.audit_head h WHERE h.chain = c.chain)
            ORDER BY 1 ON CONFLICT DO NOTHING;
        PERFORM FROM public.audit_head
            WHERE chain = ANY (string_to_array(substr(noted, 2), ',')::uuid[]) ORDER BY chain FOR UPDATE;
    END IF;
    IF noted <> '' THEN
        PERFORM set_config('waymark.audit_chains', '', true);
    END IF;
    content := public.audit_part(NEW.id::text) || public.audit_part(NEW.chain::text)
        || public.audit_part((extract(epoch FROM NEW.at) * 1000000)::bigint::text)
        || public.audit_part(NEW.actor) || public.audit_part(NEW.role) || public.audit_part(NEW.verb)
        || public.audit_part(NEW.object_kind) || public.audit_part(NEW.object_id) || public.audit_part(NEW.purpose)
        || public.audit_part(NEW.result) || public.audit_part(NEW.times::text)
        || public.audit_part(cardinality(NEW.fields)::text);
    FOREACH name IN ARRAY NEW.fields LOOP
        content := content || public.audit_part(name);
    END LOOP;
    LOOP
        UPDATE public.audit_head SET sequence = sequence + 1, previous = digest,
            digest = sha256(digest || public.audit_part((sequence + 1)::text) || content)
            WHERE chain = NEW.chain RETURNING * INTO head;
        EXIT WHEN FOUND;
        INSERT INTO public.audit_head (chain, sequence, previous, digest)
            VALUES (NEW.chain, 0, sha256(''::bytea), sha256(''::bytea)) ON CONFLICT DO NOTHING;
    END LOOP;
    INSERT INTO public.audit_link (event_id, chain, sequence, previous, digest)
        VALUES (NEW.id, NEW.chain, head.sequence, head.previous, head.digest);
    RETURN NULL;
END $$;

CREATE TRIGGER a_prepare BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_prepare();
CREATE CONSTRAINT TRIGGER z_link AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_link();
CREATE TRIGGER b_refuse BEFORE INSERT OR UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER c_refuse BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- A head is rewritten at every event: room beside it keeps its page and its index as they are.
ALTER TABLE audit_head SET (fillfactor = 10);

-- Refused and failed attempts: counted by the hour, told in the chain at the first, tenth, hundredth... time. After 100 events
-- of strangers in one hour the rest are told as one stranger's, so that trying many names does not flood the chain either.
CREATE FUNCTION audit_attempt(
    chain uuid, actor text, role text, verb text, object_kind text, object_id text, purpose text, result text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    agency uuid := access.current_agency();
    member uuid := access.current_actor();
    this_hour timestamptz := date_trunc('hour', clock_timestamp());
    shown text := actor;
    counted int;
    told int;
BEGIN
    IF result NOT IN ('denied', 'failed')
        OR (member IS NULL AND (chain <> '00000000-0000-0000-0000-000000000000' OR actor !~ '^(system|command|visitor):'))
        OR (member IS NOT NULL AND (actor <> member::text OR chain <> agency)) THEN
        RAISE EXCEPTION 'An attempt is told by who made it, in their own chain.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM public.audit_attempt a WHERE a.hour < this_hour - interval '1 day';
    INSERT INTO public.audit_attempt AS a (chain, actor, verb, hour, times) VALUES (chain, actor, verb, this_hour, 1)
        ON CONFLICT ON CONSTRAINT one_count_an_hour DO UPDATE SET times = a.times + 1 RETURNING a.times INTO counted;
    IF counted::text !~ '^10*$' THEN
        RETURN false;
    END IF;
    IF member IS NULL THEN
        INSERT INTO public.audit_attempt AS a (chain, actor, verb, hour, times) VALUES (chain, 'visitor:*', verb, this_hour, 1)
            ON CONFLICT ON CONSTRAINT one_count_an_hour DO UPDATE SET times = a.times + 1 RETURNING a.times INTO told;
        IF told > 100 THEN
            IF told::text !~ '^10*$' THEN
                RETURN false;
            END IF;
            shown := 'visitor:*';
            counted := told;
        END IF;
    END IF;
    INSERT INTO public.audit_event (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)
        VALUES (chain, shown, role, verb, object_kind, object_id, purpose, result, '{}', counted);
    RETURN true;
END $$;

-- Which chains there are: what `audit verify` walks. Ids of agencies and nothing else.
CREATE FUNCTION audit_chains() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.chain FROM public.audit_head h UNION SELECT e.chain FROM public.audit_event e
    UNION SELECT l.chain FROM public.audit_link l ORDER BY 1
$$;

-- The platform's chain is read by the platform's administrators; who asks is what the signed context says, never a setting.
CREATE FUNCTION audit_reads_platform() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.accounts_membership m
        WHERE m.user_id = access.current_actor() AND m.agency_id = access.current_agency()
            AND m.role = 'administrator' AND m.state = 'active'
    );
END $$;

-- Row security: the chain of the agency that the signed context names (all zeros is the platform: `audit verify`, the daily
-- export), and the platform's for its administrators. Without a context nothing can be read.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_link FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_verification ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_verification FORCE ROW LEVEL SECURITY;
-- What a verification found is written by the transaction in which nobody acts, about the chain that it read.
CREATE POLICY verified_chain ON audit_verification FOR INSERT WITH CHECK (chain = (SELECT access.current_agency())
    AND (SELECT access.current_actor()) = '00000000-0000-0000-0000-000000000000');
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_event', 'audit_link', 'audit_head', 'audit_verification'] LOOP
        EXECUTE format(
            'CREATE POLICY own_chain ON %I FOR SELECT USING (chain = (SELECT access.current_agency())'
            ' OR (chain = ''00000000-0000-0000-0000-000000000000'' AND (SELECT public.audit_reads_platform())))', name);
    END LOOP;
END $$;
-- A member writes under their own id, into their agency's chain or the platform's; what no member does is
-- told of an agency by a signed context whose user is all zeros. Whoever has no context is no member, and can neither claim to be one nor reach an agency's
-- chain.
CREATE POLICY own_acts ON audit_event FOR INSERT WITH CHECK (CASE
    WHEN (SELECT access.current_actor()) IS NULL
    THEN chain = '00000000-0000-0000-0000-000000000000' AND actor ~ '^(system|command|visitor|invited):'
    ELSE chain IN ((SELECT access.current_agency()), '00000000-0000-0000-0000-000000000000') AND CASE
        WHEN (SELECT access.current_actor()) = '00000000-0000-0000-0000-000000000000' THEN actor ~ '^(system|command|visitor|invited):'
        ELSE actor = (SELECT access.current_actor())::text
    END
END);

DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name IN ('audit_link', 'audit_attempt') AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_verification FROM %I', grantee);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_link FROM %I', grantee);
        EXECUTE format('REVOKE ALL ON audit_attempt FROM %I', grantee);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_link() FROM PUBLIC;
