-- Who made which version of a document, as what and why. Rows are only ever added.
CREATE TABLE access_write (
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    account  text        NOT NULL,
    role     text        NOT NULL,
    facility text        NOT NULL,
    purpose  text        NOT NULL,
    subject  uuid        NOT NULL,
    document uuid        NOT NULL,
    version  int         NOT NULL
);
CREATE INDEX access_write_document ON access_write (document, version);

CREATE FUNCTION access_write_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access_write is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_write_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access_write
    FOR EACH STATEMENT EXECUTE FUNCTION access_write_kept();
