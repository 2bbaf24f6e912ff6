-- Clients of the FHIR face: software that reads for its own account. A token is kept as its SHA-256 only.
CREATE TABLE fhir_token (
    digest     bytea       PRIMARY KEY,
    client     text        NOT NULL,
    scope      text        NOT NULL,  -- as SMART writes it: system/Observation.read …
    created    timestamptz NOT NULL DEFAULT now(),
    created_by text        NOT NULL,
    expires    timestamptz NOT NULL,
    revoked    timestamptz
);
CREATE INDEX fhir_token_client ON fhir_token (client);
