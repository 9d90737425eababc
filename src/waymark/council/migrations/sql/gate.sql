-- The gate of one table, as ReviewGate (waymark.council.models.gate) fills it in. The names between @ are checked there.
CREATE FUNCTION council_content_@code@(r public.@table@) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT jsonb_build_object(@content@)
$gate$;

-- What cannot be judged counts as public.
CREATE FUNCTION council_is_public_@code@(r public.@table@) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT coalesce((@is_public@), true)
$gate$;

CREATE FUNCTION council_corrects_@code@(r public.@table@) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT coalesce((@corrects@), false)
$gate$;

-- Whether readers see it this minute: here, and nowhere before, the clock may have a say (an embargo).
CREATE FUNCTION council_is_shown_@code@(wanted text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT coalesce((@is_shown@), false) FROM public.@table@ r WHERE r.id::text = wanted
$gate$;

CREATE FUNCTION council_read_@code@(wanted text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $gate$
    SELECT public.council_content_@code@(r) FROM public.@table@ r WHERE r.id::text = wanted
$gate$;

CREATE FUNCTION council_gate_@code@() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $gate$
DECLARE
    stood boolean := false;
BEGIN
    IF NOT public.council_is_public_@code@(NEW) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        stood := OLD.id = NEW.id AND public.council_is_public_@code@(OLD);
        IF stood AND public.council_content_@code@(OLD) = public.council_content_@code@(NEW) THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM public.council_must_be_cleared('@code@', NEW.id::text, public.council_content_@code@(NEW),
        stood OR public.council_corrects_@code@(NEW));
    RETURN NULL;
END $gate$;

-- After the row is written, so that no other trigger changes it once it was judged.
CREATE TRIGGER council_gate AFTER INSERT OR UPDATE ON @table@
    FOR EACH ROW EXECUTE FUNCTION council_gate_@code@();
