-- Bulk work that clients have asked for. It goes with all that belongs to it when it is cancelled or expires.
CREATE TABLE bulk_job (
    id      uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    kind    text        NOT NULL,                  -- export, import
    client  text        NOT NULL,
    request text        NOT NULL,                  -- the address it was asked for at
    asked   jsonb       NOT NULL,                  -- what is asked for, as its kind reads it
    created timestamptz NOT NULL DEFAULT now(),
    state   text        NOT NULL DEFAULT 'open',   -- coming (its input is not all there), open, done, failed
    place   text        NOT NULL DEFAULT '',       -- how far it has come, as its kind writes it; '' at the beginning
    done    bigint      NOT NULL DEFAULT 0,
    total   bigint      NOT NULL DEFAULT 0,        -- about how many there are to do; 0: not known
    turned  timestamptz NOT NULL DEFAULT now(),    -- when its last portion was done: jobs take turns
    ended   timestamptz
);
CREATE INDEX bulk_job_open ON bulk_job (turned) WHERE state = 'open';
CREATE INDEX bulk_job_ended ON bulk_job (ended);

-- Its files of NDJSON. Only those of a job that is done are handed out.
CREATE TABLE bulk_file (
    job    uuid   NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
    number int    NOT NULL,
    role   text   NOT NULL,  -- output, deleted, error (as the manifest has them), input
    type   text   NOT NULL,
    lines  bigint NOT NULL DEFAULT 0,
    size   bigint NOT NULL DEFAULT 0,
    parts  int    NOT NULL DEFAULT 0,
    PRIMARY KEY (job, number)
);

-- A file is its parts one after the other, each a frame of zstd.
CREATE TABLE bulk_part (
    job    uuid  NOT NULL,
    file   int   NOT NULL,
    number int   NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (job, file, number),
    FOREIGN KEY (job, file) REFERENCES bulk_file ON DELETE CASCADE
);
ALTER TABLE bulk_part ALTER body SET STORAGE EXTERNAL;
