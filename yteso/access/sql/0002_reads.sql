-- Who opened whose record, as what, why, and with what outcome; refusals too. Rows are only ever added.
CREATE TABLE access_read (
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    account   text        NOT NULL,
    role      text        NOT NULL,
    facility  text        NOT NULL,
    purpose   text        NOT NULL,
    person    uuid        NOT NULL,
    documents int         NOT NULL,  -- how many were shown
    outcome   text        NOT NULL CHECK (outcome IN ('allowed', 'denied'))
);
CREATE INDEX access_read_person ON access_read (person, at DESC);

CREATE FUNCTION access_read_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access_read is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_read_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access_read
    FOR EACH STATEMENT EXECUTE FUNCTION access_read_kept();
