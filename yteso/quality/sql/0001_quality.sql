-- Raw figures about what facilities send, per facility and month (the first day of the month) in which visits ended.
-- Nothing here is judged: grades, minimum numbers and delays are applied when the figures are read.

-- Of each measure as a whole (part '') and of its parts: how many of how many. `dossiers` is how many visits it rests on.
CREATE TABLE quality_count (
    facility    text   NOT NULL,
    month       date   NOT NULL,
    measure     text   NOT NULL,  -- correct, complete, clean, timely, deep, same
    part        text   NOT NULL,
    numerator   bigint NOT NULL,
    denominator bigint NOT NULL,
    dossiers    bigint NOT NULL,
    PRIMARY KEY (facility, month, measure, part),
    CHECK (0 <= numerator AND numerator <= denominator)
);
CREATE INDEX quality_count_month ON quality_count (month, measure, part);

-- From the end of a visit to its first acceptance. A bucket begins at `minutes`: steps of 15 minutes up to a day, of
-- an hour up to 30 days, of a day up to a year; the last one holds all that is later.
CREATE TABLE quality_delay (
    facility text   NOT NULL,
    month    date   NOT NULL,
    minutes  int    NOT NULL,
    dossiers bigint NOT NULL,
    PRIMARY KEY (facility, month, minutes)
);

-- Visits and patients touched by each rule; `samples` are a few rows of intake_dossier.
CREATE TABLE quality_rule (
    facility text   NOT NULL,
    month    date   NOT NULL,
    rule     text   NOT NULL,
    severity text   NOT NULL,
    dossiers bigint NOT NULL,
    patients bigint NOT NULL,
    samples  bigint[] NOT NULL,
    PRIMARY KEY (facility, month, rule, severity)
);

-- Visits that something announced (a check-in, a referral, an appointment) and the first day on which they came.
CREATE TABLE quality_expected (
    facility text    NOT NULL,   -- where the visit should take place
    kind     text    NOT NULL,   -- check-in, admission, referral, return
    due      date    NOT NULL,
    source   text    NOT NULL,   -- the facility that said so, and its visit
    ma_lk    text    NOT NULL,
    subject  uuid,               -- the patient as that facility knows them
    came     date,
    PRIMARY KEY (source, ma_lk, kind, facility, due)
);
CREATE INDEX quality_expected_facility ON quality_expected (facility, due);
CREATE INDEX quality_expected_open ON quality_expected (facility) WHERE came IS NULL OR came > due;

-- The visits of a facility that ended in a month, each as it was told last, withdrawn and overtaken tellings left out.
-- A visit that ended in a month cannot have been told before it, so files received earlier are not looked at.
CREATE FUNCTION quality_latest(wanted_facility text, wanted_month date) RETURNS TABLE (
    id bigint, submission_id bigint, "position" int, ma_lk text, outcome text, warnings int, subject uuid,
    started timestamptz, ended timestamptz, document uuid, digest bytea, facts smallint[], expected jsonb,
    versions bigint, accepted_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT told.id, told.submission_id, told.position, told.ma_lk, told.outcome, told.warnings, told.subject,
           told.started, told.ended, told.document, told.digest, told.facts, told.expected,
           told.versions, told.accepted_at
    FROM (
        SELECT d.*,
               row_number() OVER (of_visit ORDER BY s.received DESC, s.id DESC, d.position DESC) AS nth,
               count(*) FILTER (WHERE d.saved <> 'same') OVER of_visit AS versions,
               min(s.received) FILTER (WHERE d.document IS NOT NULL) OVER of_visit AS accepted_at
        FROM intake_submission s JOIN intake_dossier d ON d.submission_id = s.id
        WHERE s.facility = wanted_facility
          AND s.received >= wanted_month::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
          AND d.month IS NOT NULL AND d.saved <> 'older'
        WINDOW of_visit AS (PARTITION BY coalesce(nullif(d.ma_lk, ''), d.id::text))
    ) told
    WHERE told.nth = 1 AND told.month = wanted_month
      AND NOT EXISTS (SELECT FROM record_document r WHERE r.id = told.document AND r.withdrawn IS NOT NULL)
$$;
