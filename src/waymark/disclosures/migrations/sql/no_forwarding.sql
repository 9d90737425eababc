-- What came in sealed for one agency does not go out again from there: a packet that an agency hands over is one that it
-- wrote itself. To share further, the person signs a release with that agency, and a new packet is written under it.
CREATE FUNCTION disclosures.refuse_forwarding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.disclosures_inboxpacket i
        WHERE i.agency_id = NEW.agency_id AND (i.packet = NEW.id OR sha256(i.sealed) = sha256(NEW.sealed))
    ) THEN
        RAISE EXCEPTION 'What came in is not handed on.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_not_forwarded BEFORE INSERT ON disclosures_outboxpacket
    FOR EACH ROW EXECUTE FUNCTION disclosures.refuse_forwarding();
CREATE INDEX came_in_as ON disclosures_inboxpacket (agency_id, sha256(sealed));
CREATE INDEX came_in_by ON disclosures_inboxpacket (agency_id, packet);
