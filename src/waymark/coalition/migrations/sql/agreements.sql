-- Agreements: what is signed is what is shown, and nothing is in force that somebody has not signed.

CREATE FUNCTION coalition_agreement_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'An agreement begins as a draft.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'An agreement that went out is kept.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.state <> 'draft' OR NEW.state <> 'draft') AND (
        NEW.title, NEW.purpose, NEW.version, NEW.supersedes_id, NEW.starts_on, NEW.ends_on
    ) IS DISTINCT FROM (OLD.title, OLD.purpose, OLD.version, OLD.supersedes_id, OLD.starts_on, OLD.ends_on) THEN
        RAISE EXCEPTION 'The words of an agreement that went out stand still.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'draft>out', 'out>draft', 'out>in_force', 'in_force>under_review', 'under_review>in_force',
        'in_force>ended', 'under_review>ended', 'in_force>superseded', 'under_review>superseded'
    ) THEN
        RAISE EXCEPTION 'An agreement does not go from % to %.', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'out' AND OLD.state = 'draft' AND NOT public.coalition_agreement_is_complete(NEW.id) THEN
        RAISE EXCEPTION 'Two parties, each with somebody who signs, make an agreement.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'in_force' AND OLD.state <> 'in_force' AND NOT (
        public.coalition_agreement_is_complete(NEW.id) AND public.coalition_agreement_is_signed(NEW.id)
    ) THEN
        RAISE EXCEPTION 'Somebody has not signed or approved yet.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'superseded' AND OLD.state <> 'superseded' AND NOT EXISTS (
        SELECT FROM public.coalition_agreement a WHERE a.supersedes_id = NEW.id AND a.state = 'in_force'
    ) THEN
        RAISE EXCEPTION 'No newer version is in force.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION coalition_agreement_is_complete(agreement uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) >= 2 AND bool_and(EXISTS (
        SELECT FROM public.coalition_signatory s WHERE s.party_id = p.id
    )) FROM public.coalition_agreementparty p WHERE p.agreement_id = agreement
$$;

CREATE FUNCTION coalition_agreement_is_signed(agreement uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM public.coalition_agreementparty p JOIN public.coalition_signatory s ON s.party_id = p.id
        WHERE p.agreement_id = agreement AND s.signed_on IS NULL
    ) AND NOT EXISTS (
        SELECT FROM public.coalition_agreementparty p JOIN public.coalition_approval a ON a.party_id = p.id
        WHERE p.agreement_id = agreement AND a.state <> 'approved'
    )
$$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON coalition_agreement
    FOR EACH ROW EXECUTE FUNCTION coalition_agreement_rules();

-- Parties and annexes are a draft's to change. Names of signatories and bodies too; what they did is written while it is out.
-- Whoever changes a part holds the agreement's row: it cannot go out or enter into force meanwhile.
CREATE FUNCTION coalition_agreement_part_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record := NEW;
    agreement uuid;
    state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        part := OLD;
    END IF;
    IF TG_TABLE_NAME IN ('coalition_signatory', 'coalition_approval') THEN
        SELECT p.agreement_id INTO agreement FROM public.coalition_agreementparty p WHERE p.id = part.party_id;
    ELSE
        agreement := part.agreement_id;
    END IF;
    SELECT a.state INTO state FROM public.coalition_agreement a WHERE a.id = agreement FOR SHARE;
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'coalition_signatory' THEN
            IF NEW.party_id <> OLD.party_id THEN
                RAISE EXCEPTION 'A signatory stays with their party.' USING ERRCODE = 'check_violation';
            END IF;
            IF state = 'out' AND (NEW.name, NEW.office) = (OLD.name, OLD.office) THEN
                RETURN NEW;
            END IF;
        ELSIF TG_TABLE_NAME = 'coalition_approval' THEN
            IF NEW.party_id <> OLD.party_id THEN
                RAISE EXCEPTION 'An approval stays with its party.' USING ERRCODE = 'check_violation';
            END IF;
            IF state = 'out' AND (NEW.kind, NEW.name) = (OLD.kind, OLD.name) THEN
                RETURN NEW;
            END IF;
        ELSIF NEW.agreement_id <> OLD.agreement_id THEN
            RAISE EXCEPTION 'A part stays with its agreement.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF state IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'The words of an agreement that went out stand still.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND TG_TABLE_NAME = 'coalition_signatory' THEN
        IF NEW.signed_on IS NOT NULL THEN
            RAISE EXCEPTION 'Nobody has signed a draft.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP <> 'DELETE' AND TG_TABLE_NAME = 'coalition_approval' THEN
        IF NEW.state <> 'waiting' THEN
            RAISE EXCEPTION 'Nobody has approved a draft.' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN part;
END $$;

CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON coalition_agreementparty
    FOR EACH ROW EXECUTE FUNCTION coalition_agreement_part_rules();
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON coalition_signatory
    FOR EACH ROW EXECUTE FUNCTION coalition_agreement_part_rules();
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON coalition_approval
    FOR EACH ROW EXECUTE FUNCTION coalition_agreement_part_rules();
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE OR DELETE ON coalition_annex
    FOR EACH ROW EXECUTE FUNCTION coalition_agreement_part_rules();
