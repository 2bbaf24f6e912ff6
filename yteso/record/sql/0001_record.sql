-- The record: what is known about people, one row per document (a visit, a patient's own data …).
-- Every key of a large table starts with the subject and there are no triggers or foreign keys, so that the tables
-- can be distributed by subject (Citus) as they are. Runs on PostgreSQL 15 and later, without extensions.

-- Places in the order of commits. A place is (xact, sequence): the writing transaction's number plus `shift`, and
-- a number within it. `shift` is raised when the data moves to a server whose transaction numbers start anew.
CREATE TABLE record_clock (shift bigint NOT NULL);
INSERT INTO record_clock VALUES (0);
CREATE SEQUENCE record_sequence;

-- The current version of every document. A withdrawn document stays as an empty row that says why.
CREATE TABLE record_document (
    subject   uuid        NOT NULL,  -- a patient as one source knows them
    id        uuid        NOT NULL,  -- derived from the source key
    kind      text        NOT NULL,  -- visit, patient …
    source    text        NOT NULL,  -- the source's own key (MA_LK of a visit)
    facility  text        NOT NULL,
    started   timestamptz,
    ended     timestamptz,           -- null: open, or not a period
    made      date        NOT NULL,  -- when its source wrote it (NGAYLAP)
    received  timestamptz NOT NULL,
    version   int         NOT NULL,
    xact      bigint      NOT NULL,
    sequence  bigint      NOT NULL,
    labels    text[]      NOT NULL,  -- sensitivity classes
    tokens    bigint[]    NOT NULL,  -- hashes of the coded values inside
    digest    bytea       NOT NULL,  -- equal digests mean equal content
    withdrawn text,
    body      bytea       NOT NULL,  -- packed resources (body.py)
    PRIMARY KEY (subject, id)
);
ALTER TABLE record_document ALTER body SET STORAGE EXTERNAL;
CREATE INDEX record_document_id ON record_document (id);
CREATE INDEX record_document_ended ON record_document (subject, ended DESC);
CREATE INDEX record_document_tokens ON record_document USING gin (tokens);

-- Versions that are not current: replaced, withdrawn, or overtaken before they arrived. Only ever inserted into.
CREATE TABLE record_history (LIKE record_document INCLUDING STORAGE, PRIMARY KEY (subject, id, version));
CREATE INDEX record_history_id ON record_history (id, version);

-- Everything that happened to documents, in order. Only ever inserted into.
CREATE TABLE record_change (
    xact     bigint      NOT NULL,
    sequence bigint      NOT NULL,
    subject  uuid        NOT NULL,
    document uuid        NOT NULL,
    version  int         NOT NULL,
    kind     text        NOT NULL,
    event    text        NOT NULL,   -- new, changed, late, moved (away from this subject), withdrawn
    at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX record_change_place ON record_change (xact, sequence);
