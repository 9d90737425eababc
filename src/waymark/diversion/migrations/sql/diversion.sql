-- Rules of diversion that hold whatever program writes: which moves there are, who must have agreed, that nobody is
-- terminated without a hearing that was noticed, and that counsel reads a report a day before court and prosecution.

CREATE FUNCTION diversion_refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION diversion_is_final() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.diversion_refuse('What was written down stays.');
    RETURN NULL;
END $$;

-- The table of moves. The same stands in waymark.diversion.models.enrollments.MOVES; a test tries every move in every state.
CREATE FUNCTION diversion_next_state(state text, move text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN state = 'active' AND move = 'leave' THEN 'on_leave'
        WHEN state = 'active' AND move = 'advance' THEN 'active'
        WHEN state IN ('active', 'on_leave') AND move = 'notice_hearing' THEN 'hearing_noticed'
        WHEN state = 'active' AND move = 'graduate' THEN 'graduated'
        WHEN state = 'on_leave' AND move = 'return' THEN 'active'
        WHEN state = 'hearing_noticed' AND move = 'continue' THEN 'active'
        WHEN state = 'hearing_noticed' AND move = 'terminate' THEN 'terminated'
        WHEN state IN ('active', 'on_leave', 'hearing_noticed') AND move = 'opt_out' THEN 'opted_out'
        WHEN state IN ('active', 'on_leave', 'hearing_noticed') AND move = 'transfer' THEN 'transferred'
        WHEN state IN ('active', 'on_leave', 'hearing_noticed') AND move = 'end' THEN 'administrative'
        WHEN state IN ('opted_out', 'transferred', 'administrative', 'terminated') AND move = 're_enter' THEN 'active'
    END
$$;

CREATE FUNCTION diversion_move_of_exit(kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind WHEN 'graduated' THEN 'graduate' WHEN 'opted_out' THEN 'opt_out' WHEN 'transferred' THEN 'transfer'
        WHEN 'administrative' THEN 'end' WHEN 'terminated' THEN 'terminate' END
$$;

CREATE FUNCTION diversion_move_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_in public.diversion_enrollment;
    following uuid;
BEGIN
    SELECT * INTO now_in FROM public.diversion_enrollment e
        WHERE e.agency_id = NEW.agency_id AND e.id = NEW.enrollment_id FOR NO KEY UPDATE;
    NEW.from_state := now_in.state;
    NEW.to_state := public.diversion_next_state(now_in.state, NEW.move);
    NEW.at := clock_timestamp();
    NEW.by_id := access.current_actor();
    NEW.entry := now_in.entry;
    IF NEW.to_state IS NULL THEN PERFORM public.diversion_refuse('There is no such move from here.'); END IF;
    IF NEW.by_id IS NULL THEN PERFORM public.diversion_refuse('A move is somebody''s.'); END IF;
    IF NEW.on < now_in.started_on THEN PERFORM public.diversion_refuse('A move is not before the first day.'); END IF;
    IF NEW.move IN ('graduate', 'opt_out', 'transfer', 'end', 'terminate') AND pg_trigger_depth() < 2 THEN
        PERFORM public.diversion_refuse('Somebody leaves by an exit alone.');
    END IF;
    IF NEW.move = 'notice_hearing' AND NOT EXISTS (
        SELECT FROM public.diversion_hearing h
        WHERE h.agency_id = NEW.agency_id AND h.enrollment_id = NEW.enrollment_id AND h.entry = now_in.entry AND h.outcome = ''
    ) THEN
        PERFORM public.diversion_refuse('Write down for which day the hearing is, and who was told.');
    END IF;
    IF NEW.move = 'continue' AND EXISTS (
        SELECT FROM public.diversion_hearing h
        WHERE h.agency_id = NEW.agency_id AND h.enrollment_id = NEW.enrollment_id AND h.entry = now_in.entry AND h.outcome = ''
    ) THEN
        PERFORM public.diversion_refuse('Write down first what became of the hearing.');
    END IF;
    IF NEW.move = 'advance' THEN
        SELECT later.id INTO following FROM public.diversion_phase here
            JOIN public.diversion_phase later ON later.agency_id = here.agency_id AND later.program_id = here.program_id
                AND later.number > here.number
            WHERE here.agency_id = NEW.agency_id AND here.id = now_in.phase_id ORDER BY later.number LIMIT 1;
        IF following IS NULL THEN PERFORM public.diversion_refuse('This is the last phase.'); END IF;
    END IF;
    IF (NEW.move = 're_enter') <> (NEW.max_end_on IS NOT NULL) OR NEW.max_end_on <= NEW.on THEN
        PERFORM public.diversion_refuse('A re-entry has a new last day, after it.');
    END IF;
    UPDATE public.diversion_enrollment e SET
        state = NEW.to_state,
        entry = now_in.entry + (NEW.move = 're_enter')::int,
        max_end_on = coalesce(NEW.max_end_on, now_in.max_end_on),
        phase_id = coalesce(following, now_in.phase_id),
        phase_since = CASE WHEN NEW.move IN ('advance', 're_enter') THEN NEW.on ELSE now_in.phase_since END
        WHERE e.agency_id = NEW.agency_id AND e.id = NEW.enrollment_id;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON diversion_enrollmentmove
    FOR EACH ROW EXECUTE FUNCTION diversion_move_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON diversion_enrollmentmove
    FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

-- A hearing: told before its day, decided once.
CREATE FUNCTION diversion_hearing_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT e.entry INTO NEW.entry FROM public.diversion_enrollment e
            WHERE e.agency_id = NEW.agency_id AND e.id = NEW.enrollment_id;
        IF NEW.outcome <> '' THEN PERFORM public.diversion_refuse('A hearing begins as one that is not held yet.'); END IF;
    ELSIF OLD.outcome <> '' OR to_jsonb(NEW) - ARRAY['outcome', 'held_on'] <> to_jsonb(OLD) - ARRAY['outcome', 'held_on'] THEN
        PERFORM public.diversion_refuse('A hearing is decided once, and nothing else of it changes.');
    ELSIF NEW.held_on > (clock_timestamp() AT TIME ZONE 'UTC')::date + 1 THEN
        PERFORM public.diversion_refuse('This day has not come yet.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON diversion_hearing
    FOR EACH ROW EXECUTE FUNCTION diversion_hearing_rules();
CREATE TRIGGER kept BEFORE DELETE ON diversion_hearing FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

-- An exit moves the enrollment. Termination needs a hearing of this very entry: noticed, held, and decided so (Cal. Penal
-- Code 1001.4).
CREATE FUNCTION diversion_exit_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT e.entry INTO NEW.entry FROM public.diversion_enrollment e
        WHERE e.agency_id = NEW.agency_id AND e.id = NEW.enrollment_id FOR NO KEY UPDATE;
    NEW.written_by_id := access.current_actor();
    IF NEW.kind = 'terminated' AND NOT EXISTS (
        SELECT FROM public.diversion_hearing h
        WHERE h.agency_id = NEW.agency_id AND h.id = NEW.hearing_id AND h.enrollment_id = NEW.enrollment_id
            AND h.entry = NEW.entry AND h.outcome = 'terminate' AND h.noticed_on < h.set_for
            AND h.counsel_noticed_on < h.set_for AND h.set_for <= h.held_on AND h.held_on <= NEW.on
    ) THEN
        PERFORM public.diversion_refuse('Nobody is terminated without a hearing that was noticed, held and decided so.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON diversion_exit FOR EACH ROW EXECUTE FUNCTION diversion_exit_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON diversion_exit FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

CREATE FUNCTION diversion_exit_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.diversion_enrollmentmove (id, agency_id, enrollment_id, move, "on", from_state, to_state)
        VALUES (gen_random_uuid(), NEW.agency_id, NEW.enrollment_id, public.diversion_move_of_exit(NEW.kind), NEW.on, '', '');
    RETURN NULL;
END $$;
CREATE TRIGGER moves AFTER INSERT ON diversion_exit FOR EACH ROW EXECUTE FUNCTION diversion_exit_moves();

-- A decision is a party's own. The program writes down another's only with the packet that it came in, from an agency of that
-- kind.
CREATE FUNCTION diversion_decision_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kinds text[] := CASE NEW.party WHEN 'prosecution' THEN ARRAY['prosecution'] ELSE ARRAY['defense', 'legal_aid'] END;
    own text;
BEGIN
    NEW.said_at := clock_timestamp();
    NEW.said_by_id := access.current_actor();
    IF NEW.said_by_id IS NULL THEN PERFORM public.diversion_refuse('A decision is somebody''s.'); END IF;
    IF NEW.matter_id IS NOT NULL THEN
        SELECT a.kind INTO own FROM public.accounts_agency a WHERE a.id = NEW.agency_id;
        IF NEW.party = 'program' OR own <> ALL (kinds) THEN
            PERFORM public.diversion_refuse('A party decides for itself alone.');
        END IF;
    ELSIF (NEW.party = 'program') <> (NEW.packet IS NULL) THEN
        PERFORM public.diversion_refuse('What another party decided comes in a packet.');
    ELSIF NEW.party <> 'program' AND NOT EXISTS (
        SELECT FROM public.disclosures_inboxpacket i JOIN public.accounts_agency a ON a.id = i.sender_id
        WHERE i.agency_id = NEW.agency_id AND i.id = NEW.packet AND i.kind = 'party_decision' AND i.read_at IS NOT NULL
            AND a.kind = ANY (kinds)
    ) THEN
        PERFORM public.diversion_refuse('What another party decided comes in a packet of that party.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON diversion_partydecision
    FOR EACH ROW EXECUTE FUNCTION diversion_decision_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON diversion_partydecision
    FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

-- Who has agreed last, of the three that must.
CREATE FUNCTION diversion_agreed(agency uuid, referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE last.verdict = 'agrees') = 3 FROM (
        SELECT DISTINCT ON (d.party) d.verdict FROM public.diversion_partydecision d
        WHERE d.agency_id = agency AND d.referral_id = referral ORDER BY d.party, d.said_at DESC
    ) AS last
$$;

CREATE FUNCTION diversion_enrollment_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moving constant text[] := ARRAY['state', 'entry', 'phase_id', 'phase_since', 'max_end_on'];
    changing constant text[] := moving || ARRAY['next_court_on', 'sealed', 'put_away_on', 'wants_paper_reminders', 'defense_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'active' OR NEW.entry <> 1 THEN
            PERFORM public.diversion_refuse('An enrollment begins as active.');
        END IF;
        IF access.current_actor() IS NULL OR NEW.made_by_id <> access.current_actor() THEN
            PERFORM public.diversion_refuse('Nobody writes in the name of another.');
        END IF;
        IF NOT public.diversion_agreed(NEW.agency_id, NEW.referral_id) THEN
            PERFORM public.diversion_refuse('Program, prosecution and defense must all have agreed.');
        END IF;
        IF NEW.authority = 'pc_1001_95' AND NEW.max_end_on > NEW.started_on + interval '24 months' THEN
            PERFORM public.diversion_refuse('Penal Code 1001.95 allows 24 months at most.');
        END IF;
        IF NOT EXISTS (SELECT FROM public.diversion_phase p
            WHERE p.agency_id = NEW.agency_id AND p.id = NEW.phase_id AND p.program_id = NEW.program_id) THEN
            PERFORM public.diversion_refuse('A phase is one of the program.');
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        PERFORM public.diversion_refuse('An enrollment keeps its referral, its first day and what was done before it.');
    END IF;
    IF pg_trigger_depth() < 2 AND (NEW.state, NEW.entry, NEW.phase_id, NEW.phase_since, NEW.max_end_on)
        IS DISTINCT FROM (OLD.state, OLD.entry, OLD.phase_id, OLD.phase_since, OLD.max_end_on) THEN
        PERFORM public.diversion_refuse('An enrollment moves by a move alone.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON diversion_enrollment
    FOR EACH ROW EXECUTE FUNCTION diversion_enrollment_rules();
CREATE TRIGGER kept BEFORE DELETE ON diversion_enrollment FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

-- A charge is named with a year in which it was in force; the day itself is sealed, and held to the same by the program.
CREATE FUNCTION diversion_charge_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.charge_id IS NULL) <> (NEW.offense_year IS NULL) OR (NEW.charge_id IS NOT NULL AND NOT
        public.law_charge_in_force(NEW.charge_id, make_date(NEW.offense_year, 1, 1), make_date(NEW.offense_year, 12, 31))) THEN
        PERFORM public.diversion_refuse('This charge was not in force in that year.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_charge BEFORE INSERT OR UPDATE ON diversion_referral
    FOR EACH ROW EXECUTE FUNCTION diversion_charge_rules();
CREATE TRIGGER b_charge BEFORE INSERT OR UPDATE ON diversion_matter
    FOR EACH ROW EXECUTE FUNCTION diversion_charge_rules();
CREATE TRIGGER b_charge BEFORE INSERT OR UPDATE ON diversion_enrollment
    FOR EACH ROW EXECUTE FUNCTION diversion_charge_rules();

-- Whoever is marked belongs to the program that met.
CREATE FUNCTION diversion_attendance_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.diversion_groupsession s JOIN public.diversion_enrollment e
            ON e.agency_id = s.agency_id AND e.program_id = s.program_id
        WHERE s.agency_id = NEW.agency_id AND s.id = NEW.session_id AND e.id = NEW.enrollment_id
            AND (NOT s.is_cancelled OR NEW.mark = 'cancelled')
    ) THEN
        PERFORM public.diversion_refuse('A mark is of somebody in the program, at a session that was held.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT OR UPDATE ON diversion_attendance
    FOR EACH ROW EXECUTE FUNCTION diversion_attendance_rules();

-- A report is frozen when it is written.
CREATE FUNCTION diversion_report_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.frozen_at := clock_timestamp();
    NEW.frozen_by_id := access.current_actor();
    IF NEW.frozen_by_id IS NULL THEN PERFORM public.diversion_refuse('A report is somebody''s.'); END IF;
    IF NEW.given_to_counsel_at > NEW.frozen_at + interval '5 minutes' THEN
        PERFORM public.diversion_refuse('Counsel is given what is written already.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_rules BEFORE INSERT ON diversion_compliancereport
    FOR EACH ROW EXECUTE FUNCTION diversion_report_rules();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON diversion_compliancereport
    FOR EACH ROW EXECUTE FUNCTION diversion_is_final();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON diversion_reportpacket
    FOR EACH ROW EXECUTE FUNCTION diversion_is_final();

-- A report crosses only as a report of somebody's, and to court and prosecution a day after counsel had it.
CREATE FUNCTION diversion_report_crosses() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named public.diversion_reportpacket;
    had_it timestamptz;
BEGIN
    SELECT p.* INTO named FROM public.diversion_reportpacket p WHERE p.agency_id = NEW.agency_id AND p.packet_id = NEW.id;
    IF named.id IS NULL THEN PERFORM public.diversion_refuse('A report to the court is written in the program.'); END IF;
    IF named.reader <> 'defense' THEN
        SELECT coalesce(
            (SELECT o.delivered_at FROM public.diversion_reportpacket p
             JOIN public.disclosures_outboxpacket o ON o.agency_id = p.agency_id AND o.id = p.packet_id
             WHERE p.agency_id = NEW.agency_id AND p.report_id = named.report_id AND p.reader = 'defense'
                AND o.state IN ('delivered', 'read')),
            r.given_to_counsel_at) INTO had_it
        FROM public.diversion_compliancereport r WHERE r.agency_id = NEW.agency_id AND r.id = named.report_id;
        IF had_it IS NULL OR NEW.delivered_at < had_it + interval '24 hours' THEN
            RAISE EXCEPTION 'report.counsel_first' USING ERRCODE = 'WD001';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER z_report BEFORE UPDATE ON disclosures_outboxpacket
    FOR EACH ROW WHEN (NEW.kind = 'compliance_report' AND NEW.state = 'delivered' AND OLD.state = 'waiting')
    EXECUTE FUNCTION diversion_report_crosses();
