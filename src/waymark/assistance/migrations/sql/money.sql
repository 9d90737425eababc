-- Rules about funds that hold whatever program writes: what is in a fund, who may write, what is final.

-- Whoever acts, or a refusal: no money moves by itself.
CREATE FUNCTION assistance_actor() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF access.current_actor() IS NULL THEN PERFORM public.cases_refuse('This is somebody''s act.'); END IF;
    RETURN access.current_actor();
END $$;

CREATE FUNCTION assistance_fund_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.agency_id AND a.side = 'justice') THEN
            PERFORM public.cases_refuse('An agency of the justice side keeps no money of survivors.');
        END IF;
        IF NEW.made_by_id <> public.assistance_actor() THEN
            PERFORM public.cases_refuse('Nobody writes in the name of another.');
        END IF;
        IF (NEW.received, NEW.paid, NEW.balance) <> (0, 0, 0) THEN
            PERFORM public.cases_refuse('A fund begins empty. What comes in is an entry.');
        END IF;
    ELSIF (NEW.id, NEW.agency_id, NEW.starts_on, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.starts_on, OLD.made_by_id, OLD.made_at) THEN
        PERFORM public.cases_refuse('A fund keeps its agency and its first day.');
    ELSIF (NEW.received, NEW.paid, NEW.balance) IS DISTINCT FROM (OLD.received, OLD.paid, OLD.balance)
        AND pg_trigger_depth() < 2 THEN
        PERFORM public.cases_refuse('What is in a fund follows from its entries.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON assistance_fund FOR EACH ROW EXECUTE FUNCTION assistance_fund_rules();
CREATE TRIGGER kept BEFORE DELETE ON assistance_fund FOR EACH ROW EXECUTE FUNCTION cases_is_final();

-- An entry holds its fund until the transaction ends: of two who spend at once, the second sees what the first has left. The
-- check on the fund refuses a balance below zero, the check on the request more paid than set aside than approved.
CREATE FUNCTION assistance_entry_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before record;
    what text := NEW.kind;
    sign bigint := 1;
BEGIN
    NEW.by_id := public.assistance_actor();
    NEW.at := clock_timestamp();
    PERFORM FROM public.assistance_fund f WHERE f.agency_id = NEW.agency_id AND f.id = NEW.fund_id FOR NO KEY UPDATE;
    IF NEW.kind = 'reverse' THEN
        SELECT e.kind, e.amount, e.fund_id, e.request_id INTO before FROM public.assistance_fundentry e
            WHERE e.agency_id = NEW.agency_id AND e.id = NEW.reverses_id;
        IF before.kind IS NULL OR before.kind NOT IN ('receipt', 'commit', 'pay')
            OR (before.fund_id, before.request_id) IS DISTINCT FROM (NEW.fund_id, NEW.request_id) THEN
            PERFORM public.cases_refuse('This entry is not one that can be taken back here.');
        END IF;
        IF NEW.amount + (SELECT coalesce(sum(e.amount), 0) FROM public.assistance_fundentry e
                WHERE e.agency_id = NEW.agency_id AND e.reverses_id = NEW.reverses_id) > before.amount THEN
            PERFORM public.cases_refuse('No more is taken back than there was.');
        END IF;
        what := before.kind;
        sign := -1;
    END IF;
    IF what <> 'receipt' AND pg_trigger_depth() < 2 THEN
        PERFORM public.cases_refuse('Money of a request moves with the request alone.');
    END IF;
    NEW.effect := sign * CASE what WHEN 'receipt' THEN NEW.amount WHEN 'return' THEN NEW.amount
        WHEN 'commit' THEN -NEW.amount ELSE 0 END;
    UPDATE public.assistance_fund f SET
        balance = f.balance + NEW.effect,
        received = f.received + CASE WHEN what = 'receipt' THEN NEW.effect ELSE 0 END,
        paid = f.paid + CASE what WHEN 'pay' THEN sign * NEW.amount WHEN 'return' THEN -NEW.amount ELSE 0 END
        WHERE f.agency_id = NEW.agency_id AND f.id = NEW.fund_id;
    IF NEW.request_id IS NOT NULL THEN
        UPDATE public.assistance_assistancerequest r SET
            committed = r.committed + CASE WHEN what = 'commit' THEN sign * NEW.amount ELSE 0 END,
            paid = r.paid + CASE WHEN what = 'pay' THEN sign * NEW.amount ELSE 0 END,
            came_back = r.came_back + CASE WHEN what = 'return' THEN NEW.amount ELSE 0 END
            WHERE r.agency_id = NEW.agency_id AND r.id = NEW.request_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON assistance_fundentry FOR EACH ROW EXECUTE FUNCTION assistance_entry_rules();
CREATE TRIGGER b_final BEFORE UPDATE OR DELETE ON assistance_fundentry FOR EACH ROW EXECUTE FUNCTION cases_is_final();
CREATE TRIGGER c_final BEFORE TRUNCATE ON assistance_fundentry FOR EACH STATEMENT EXECUTE FUNCTION cases_is_final();

DO $$
DECLARE
    grantee text;
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['assistance_fundentry', 'assistance_requestmove', 'assistance_staystep'] LOOP
        FOR grantee IN
            SELECT DISTINCT g.grantee::text FROM information_schema.role_table_grants g
            WHERE g.table_schema = 'public' AND g.table_name = named AND g.grantee <> current_user
        LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %I FROM %I', named, grantee);
        END LOOP;
    END LOOP;
END $$;
