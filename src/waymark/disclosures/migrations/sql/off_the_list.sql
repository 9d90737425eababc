-- An agency in its own installation that was taken off the list. What went there by file went by file, so recalls and receipts
-- still do; no packet goes, because only active agencies and those elsewhere are sent to (sending_trouble).
CREATE OR REPLACE FUNCTION disclosures.is_elsewhere(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = wanted AND a.state IN ('elsewhere', 'away'))
$$;

-- Each agency ends its own first: nobody takes off the list what a package still waits for, or a permit lets one go to. That
-- is asked over all agencies, and answers with one word.
CREATE FUNCTION disclosures.nothing_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment constant timestamptz := clock_timestamp();
BEGIN
    IF EXISTS (
        SELECT FROM public.disclosures_outboxpacket o WHERE o.recipient_id = NEW.id
            AND o.state IN ('waiting', 'delivered') AND o.expires_at > moment
    ) OR EXISTS (
        SELECT FROM public.disclosures_permit p WHERE p.recipient_id = NEW.id
            AND p.revoked_at IS NULL AND p.ends_at > moment
    ) THEN
        RAISE EXCEPTION 'Something still waits for this agency.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_nothing_waits BEFORE UPDATE ON accounts_agency FOR EACH ROW
    WHEN (OLD.state = 'elsewhere' AND NEW.state = 'away') EXECUTE FUNCTION disclosures.nothing_waits();

-- No packet of it is taken in.
CREATE FUNCTION disclosures.not_from_who_is_away() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.accounts_agency a WHERE a.id = NEW.other_id AND a.state = 'away') THEN
        PERFORM disclosures.refuse('file.taken_off');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_not_away BEFORE INSERT ON disclosures_carriedfile FOR EACH ROW
    WHEN (NEW.what = 'packet') EXECUTE FUNCTION disclosures.not_from_who_is_away();
