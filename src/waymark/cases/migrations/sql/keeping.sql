-- Destroying a case takes two people and no legal hold, whatever program writes.

CREATE OR REPLACE FUNCTION cases_next_state(state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN state = 'inquiry' AND move = 'begin_intake' THEN 'intake'
        WHEN state IN ('intake', 'reopened') AND move = 'activate' THEN 'active'
        WHEN state = 'active' AND move = 'hold' THEN 'on_hold'
        WHEN state = 'on_hold' AND move = 'resume' THEN 'active'
        WHEN state IN ('inquiry', 'intake', 'active', 'on_hold', 'reopened') AND move = 'begin_closing' THEN 'closing'
        WHEN state = 'closing' AND move = 'keep_open' THEN 'active'
        WHEN state = 'closing' AND move = 'close' THEN 'closed'
        WHEN state = 'closed' AND move = 'reopen' THEN 'reopened'
        WHEN state = 'closed' AND move = 'archive' THEN 'archived'
        WHEN state = 'archived' AND move = 'shred' THEN 'shredded'
    END
$$;

-- Whether two people decided to destroy a case, and nobody has moved it out of the archive since.
CREATE FUNCTION cases_may_be_shredded(agency uuid, which uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.cases_destructionrequest r
        WHERE r.agency_id = agency AND r.case_id = which AND r.state = 'done'
    ) AND NOT EXISTS (
        SELECT FROM public.cases_case c
        JOIN public.vault_recordkey k ON k.agency_id = c.agency_id
            AND (k.record, k.kind) IN ((c.id, 'case'), (c.person_id, 'person'))
        JOIN public.vault_recordhold h ON h.agency_id = k.agency_id AND h.record_key_id = k.id AND h.lifted_at IS NULL
        WHERE c.agency_id = agency AND c.id = which
    )
$$;

CREATE FUNCTION cases_shred_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.move = 'shred' AND NOT public.cases_may_be_shredded(NEW.agency_id, NEW.case_id) THEN
        PERFORM public.cases_refuse('Destroying a case takes two people and no legal hold.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_shred BEFORE INSERT ON cases_casemove FOR EACH ROW EXECUTE FUNCTION cases_shred_rules();

-- The key of a case goes with its last move, and the key of a person after the last of their cases.
CREATE FUNCTION cases_key_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.shredded_at IS NULL OR OLD.shredded_at IS NOT NULL THEN RETURN NEW; END IF;
    IF EXISTS (
        SELECT FROM public.cases_case c
        WHERE c.agency_id = NEW.agency_id AND c.state <> 'shredded'
            AND ((NEW.kind = 'case' AND c.id = NEW.record) OR (NEW.kind = 'person' AND c.person_id = NEW.record))
    ) THEN
        PERFORM public.cases_refuse('A case that is kept keeps its key and its person''s.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_case BEFORE UPDATE OF shredded_at ON vault_recordkey FOR EACH ROW EXECUTE FUNCTION cases_key_rules();

CREATE FUNCTION cases_destruction_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor uuid := access.current_actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.asked_at := clock_timestamp();
        IF NEW.state <> 'waiting' OR NEW.asked_by_id IS DISTINCT FROM actor THEN
            PERFORM public.cases_refuse('Who acts asks, and somebody else decides.');
        END IF;
    ELSIF OLD.state <> 'waiting' THEN
        PERFORM public.cases_refuse('What was decided stays.');
    ELSIF (NEW.id, NEW.agency_id, NEW.case_id, NEW.why, NEW.with_person, NEW.asked_at, NEW.asked_by_id)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.case_id, OLD.why, OLD.with_person, OLD.asked_at, OLD.asked_by_id)
        OR (NEW.state <> 'waiting' AND NEW.decided_by_id IS DISTINCT FROM actor) THEN
        PERFORM public.cases_refuse('A request is decided as it was asked, by who acts.');
    ELSIF NEW.state = 'done' AND NOT EXISTS (
        SELECT FROM public.cases_case c
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id AND c.state = 'archived' FOR NO KEY UPDATE
    ) THEN
        PERFORM public.cases_refuse('Only a case that was put away is destroyed.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON cases_destructionrequest
    FOR EACH ROW EXECUTE FUNCTION cases_destruction_rules();
CREATE TRIGGER kept BEFORE DELETE ON cases_destructionrequest FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON cases_retentionrule FOR EACH ROW EXECUTE FUNCTION cases_is_final();
