-- Who is who. A subject is a patient as one source knows them, a person the set of subjects linked now.
-- Documents know subjects only, so that joining and parting people rewrites links and nothing else.

CREATE TABLE people_person (
    id      uuid        PRIMARY KEY,
    created timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a source last said about its patient: the statement of the visit that ended last.
CREATE TABLE people_subject (
    subject    uuid        PRIMARY KEY,
    facility   text        NOT NULL,
    patient_no text        NOT NULL,
    number     text        NOT NULL,  -- personal number, '' when missing or a placeholder
    birth      text        NOT NULL,  -- yyyymmdd, unknown parts 0
    name       text        NOT NULL,
    folded     text        NOT NULL,
    sex        text        NOT NULL,
    card       text        NOT NULL,  -- health insurance
    phone      text        NOT NULL,
    seen       timestamptz NOT NULL,  -- end of that visit
    made       date        NOT NULL,
    received   timestamptz NOT NULL
);
CREATE INDEX people_subject_number ON people_subject (number) WHERE number <> '';
CREATE INDEX people_subject_card ON people_subject (card) WHERE card <> '';
CREATE INDEX people_subject_folded ON people_subject (folded text_pattern_ops);
CREATE INDEX people_subject_words ON people_subject USING gin (string_to_array(folded, ' '));

-- Which person a subject belonged to, from when to when, and why.
CREATE TABLE people_link (
    subject uuid        NOT NULL REFERENCES people_subject,
    person  uuid        NOT NULL REFERENCES people_person,
    since   timestamptz NOT NULL DEFAULT clock_timestamp(),
    until   timestamptz,
    why     jsonb       NOT NULL,
    CHECK (until >= since)
);
CREATE UNIQUE INDEX people_link_open ON people_link (subject) WHERE until IS NULL;
CREATE INDEX people_link_person ON people_link (person);
CREATE INDEX people_link_subject ON people_link (subject, since);

-- A link is ended once, and nothing else ever happens to it.
CREATE FUNCTION people_link_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.until IS NULL AND NEW.until IS NOT NULL
       AND (NEW.subject, NEW.person, NEW.since, NEW.why) = (OLD.subject, OLD.person, OLD.since, OLD.why) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'people_link is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER people_link_kept BEFORE UPDATE OR DELETE ON people_link
    FOR EACH ROW EXECUTE FUNCTION people_link_kept();

-- At commit every subject belongs to somebody (the unique index above: to nobody else).
CREATE FUNCTION people_link_present() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM people_link WHERE subject = NEW.subject AND until IS NULL) THEN
        RAISE EXCEPTION 'a subject without a person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER people_subject_linked AFTER INSERT ON people_subject
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_link_present();
CREATE CONSTRAINT TRIGGER people_link_continued AFTER UPDATE ON people_link
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_link_present();
