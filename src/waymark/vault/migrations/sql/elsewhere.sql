-- The public keys of an agency that runs its own installation come by its card, and are written by these two alone. Such rows
-- are worth nothing by themselves: whoever seals or reads follows signatures from the keys whose words were compared.

-- The newest keys of an agency elsewhere that some agency here has compared; 0 when none has.
CREATE FUNCTION vault_newest_compared(wanted uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(p.number), 0) FROM public.vault_pin p
    JOIN public.accounts_agency a ON a.id = p.partner_id AND a.state = 'elsewhere'
    WHERE p.partner_id = wanted AND access.current_agency() IS NOT NULL
$$;

-- Takes the epochs of a card: 'taken', or 'unchanged'. What was compared never changes, and neither does what follows from it
-- by signatures (up to `firm`, which the application has checked); a row beyond that which nobody compared makes way.
CREATE FUNCTION vault_take_keys(
    wanted uuid, firm integer, numbers integer[], seals bytea[], signs bytea[], befores bytea[], endorsements bytea[]
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held integer;
    gone bigint;
    came bigint;
BEGIN
    IF access.current_agency() IS NULL OR access.current_actor() IS NULL THEN
        RAISE EXCEPTION 'context.missing' USING ERRCODE = 'WV001';
    END IF;
    -- One card after the other.
    PERFORM FROM public.accounts_agency a WHERE a.id = wanted AND a.state = 'elsewhere' FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'card.of_ours' USING ERRCODE = 'WV001'; END IF;
    held := greatest(firm, public.vault_newest_compared(wanted));
    IF EXISTS (
        SELECT FROM public.vault_agencykey k WHERE k.agency_id = wanted AND k.number <= held AND NOT EXISTS (
            SELECT FROM unnest(numbers, seals, signs, befores, endorsements) c (number, seal, sign, before, word)
            WHERE (c.number, c.seal, c.sign, c.before, c.word)
                = (k.number, k.seal_public, k.sign_public, k.previous, k.endorsement))
    ) THEN
        RAISE EXCEPTION 'card.contradicts' USING ERRCODE = 'WV001';
    END IF;
    DELETE FROM public.vault_agencykey k WHERE k.agency_id = wanted AND k.number > held AND NOT EXISTS (
        SELECT FROM unnest(numbers, seals, signs, befores, endorsements) c (number, seal, sign, before, word)
        WHERE (c.number, c.seal, c.sign, c.before, c.word)
            = (k.number, k.seal_public, k.sign_public, k.previous, k.endorsement));
    GET DIAGNOSTICS gone = ROW_COUNT;
    INSERT INTO public.vault_agencykey (id, agency_id, number, seal_public, sign_public, previous, endorsement, made_at)
        SELECT gen_random_uuid(), wanted, c.number, c.seal, c.sign, c.before, c.word, clock_timestamp()
        FROM unnest(numbers, seals, signs, befores, endorsements) c (number, seal, sign, before, word)
        WHERE NOT EXISTS (SELECT FROM public.vault_agencykey k WHERE k.agency_id = wanted AND k.number = c.number);
    GET DIAGNOSTICS came = ROW_COUNT;
    RETURN CASE WHEN gone + came = 0 THEN 'unchanged' ELSE 'taken' END;
END $$;
