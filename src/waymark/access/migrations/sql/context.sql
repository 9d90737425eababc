-- Who asks, signed: what row security and the definer functions believe.
--
-- The application sends `agency|user|pid|microseconds|mac` in a setting that lives as long as its transaction. Whoever can run
-- SQL as the application's role can write any setting, so the setting is worth nothing without its mac: HMAC-SHA-256 over
-- agency, user, this backend's process id and this transaction's begin, under a key in a table that the role cannot read.
-- Bound to both, a copied token opens nothing on another connection, and nothing on the same pooled connection later.

CREATE SCHEMA access;
REVOKE ALL ON SCHEMA access FROM PUBLIC;

-- The key, padded for the two passes of HMAC; the newest two are good, so that a key can change while pages are open.
CREATE TABLE access.context_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64),
    UNIQUE (inner_pad)
);

-- The parts of this transaction's context, or null: a missing, forged, replayed or garbled one is the same as none.
CREATE FUNCTION access.verified_context() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := current_setting('waymark.context', true);
    message text := left(token, -65);
    part text[] := string_to_array(message, '|');
BEGIN
    IF token IS NULL OR length(token) > 300
        OR part[3] IS DISTINCT FROM pg_backend_pid()::text
        OR part[4] IS DISTINCT FROM (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint::text THEN
        RETURN NULL;
    END IF;
    -- The mac is over every byte before it, and the application signs nothing but agency, user, process and moment: what it
    -- fits is of that form. Hashes of the two macs are compared, so that the time it takes tells nothing about the right one.
    PERFORM FROM access.context_key k
        WHERE sha256(convert_to(
                '|' || encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex'), 'UTF8'))
            = sha256(convert_to(right(token, 65), 'UTF8'));
    IF FOUND THEN
        RETURN part;
    END IF;
    RETURN NULL;
END $$;

-- The agency for which this transaction acts, or null. Policies call it in a scalar sub-select: once a statement.
CREATE FUNCTION access.current_agency() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
    SELECT (access.verified_context())[1]::uuid
$$;

-- The user who acts in this transaction, or null.
CREATE FUNCTION access.current_actor() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
    SELECT (access.verified_context())[2]::uuid
$$;

-- The application's role has what the database's default privileges give it, which is too much for the key. The functions
-- are for whoever may use the schema, and for nobody else who signs in to the database.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'access' AND g.table_name = 'context_key' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE ALL ON access.context_key FROM %I', grantee);
    END LOOP;
    FOR grantee IN
        SELECT DISTINCT x.grantee::regrole::text FROM pg_namespace n, aclexplode(n.nspacl) AS x
        WHERE n.nspname = 'access' AND x.privilege_type = 'USAGE' AND x.grantee <> n.nspowner
    LOOP
        EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA access TO %s', grantee);
    END LOOP;
END $$;
