"""The statements of `refreshing`, in the order they run. Each says what it counts.

`main` is the place in `facts` of the counter that is 1 when XML1 is there; `complete` and `deep` are the numbers
(from 1) of the pairs that make up those measures.
"""

# Claim finished submissions that are not counted.
TALLY = """
UPDATE intake_submission SET tallied = true WHERE id IN (
    SELECT id FROM intake_submission
    WHERE NOT tallied AND status IN ('done', 'refused') ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id"""

# The months their visits end in, and those in which earlier files said the same visits would end.
PAIRS = """
SELECT DISTINCT s.facility, d.month
FROM intake_dossier d JOIN intake_submission s ON s.id = d.submission_id
WHERE d.submission_id = ANY(%(submissions)s) AND d.month IS NOT NULL
UNION
SELECT DISTINCT s.facility, other.month
FROM intake_dossier d
JOIN intake_submission s ON s.id = d.submission_id
JOIN intake_dossier other ON other.ma_lk = d.ma_lk AND other.month <> d.month
JOIN intake_submission told ON told.id = other.submission_id AND told.facility = s.facility
WHERE d.submission_id = ANY(%(submissions)s) AND d.ma_lk <> ''"""

# The visits of those months. A visit is a duplicate when its patient has another that began at the same minute.
LATEST = """
CREATE TEMPORARY TABLE quality_now ON COMMIT DROP AS
SELECT pair.facility, pair.month, visit.*,
       visit.facts[%(main)s] = 1 AS with_main,
       visit.subject IS NOT NULL AND visit.started IS NOT NULL
           AND count(*) OVER (PARTITION BY pair.facility, visit.subject, visit.started) > 1 AS duplicate,
       EXISTS (SELECT FROM record_document r
               WHERE r.id = visit.document AND r.digest = visit.digest AND r.withdrawn IS NULL) AS recorded,
       floor(extract(epoch FROM visit.accepted_at - visit.ended) / 60) AS delay
FROM unnest(%(facilities)s::text[], %(months)s::date[]) AS pair (facility, month)
CROSS JOIN LATERAL quality_latest(pair.facility, pair.month) AS visit"""

FORGET = """
DELETE FROM {table}
WHERE (facility, month) IN (SELECT * FROM unnest(%(facilities)s::text[], %(months)s::date[]))"""

# Each measure as a whole, of every visit: how much of how much, and whether the visit counts at all.
COUNTS = """
INSERT INTO quality_count (facility, month, measure, part, numerator, denominator, dossiers)
SELECT facility, month, measure, part, sum(done), sum(wanted), count(*) FILTER (WHERE wanted > 0)
FROM quality_now, LATERAL (VALUES
    ('correct', '', (outcome <> 'refused')::int, 1),
    ('complete', '', (with_main AND NOT EXISTS (
        SELECT FROM unnest(%(complete)s::int[]) AS pair WHERE facts[2 * pair - 1] < facts[2 * pair]))::int, 1),
    ('clean', '', (with_main AND warnings = 0 AND NOT duplicate AND facts[%(main)s - 1] = 1)::int, with_main::int),
    ('clean', 'warning', (with_main AND warnings = 0)::int, with_main::int),
    ('clean', 'duplicate', (with_main AND NOT duplicate)::int, with_main::int),
    ('timely', '', (delay <= 24 * 60)::int, (delay IS NOT NULL)::int),
    ('deep', '', (SELECT sum(facts[2 * pair - 1]) FROM unnest(%(deep)s::int[]) AS pair),
                 (SELECT sum(facts[2 * pair]) FROM unnest(%(deep)s::int[]) AS pair)),
    ('same', '', (accepted_at IS NOT NULL AND recorded)::int, (accepted_at IS NOT NULL)::int),
    ('same', 'correction', (versions > 1 AND recorded)::int, (versions > 1)::int)
) AS one (measure, part, done, wanted)
GROUP BY facility, month, measure, part HAVING sum(wanted) > 0"""

# The parts that the dossiers' own counters make up.
PARTS = """
INSERT INTO quality_count (facility, month, measure, part, numerator, denominator, dossiers)
SELECT facility, month, measure, part, sum(facts[2 * pair - 1]), sum(facts[2 * pair]),
       count(*) FILTER (WHERE facts[2 * pair] > 0)
FROM quality_now, unnest(%(measures)s::text[], %(parts)s::text[]) WITH ORDINALITY AS one (measure, part, pair)
GROUP BY facility, month, measure, part HAVING sum(facts[2 * pair]) > 0"""

DELAYS = """
INSERT INTO quality_delay (facility, month, minutes, dossiers)
SELECT facility, month, CASE WHEN late < 1440 THEN late / 15 * 15 WHEN late < 43200 THEN late / 60 * 60
                             ELSE least(late / 1440, 365) * 1440 END AS bucket, count(*)
FROM (SELECT facility, month, greatest(delay, 0)::bigint AS late FROM quality_now WHERE delay IS NOT NULL) counted
GROUP BY facility, month, bucket"""

# The newest few stand as samples.
RULES = """
INSERT INTO quality_rule (facility, month, rule, severity, dossiers, patients, samples)
SELECT visit.facility, visit.month, finding.rule, finding.severity, count(DISTINCT visit.id),
       count(DISTINCT coalesce(visit.subject::text, visit.id::text)),
       (array_agg(DISTINCT visit.id ORDER BY visit.id DESC))[:5]
FROM quality_now visit JOIN intake_finding finding ON finding.dossier_id = visit.id
GROUP BY visit.facility, visit.month, finding.rule, finding.severity"""

# What a visit announced is what it announces as told last; a check-in stays as it was.
UNEXPECT = """
DELETE FROM quality_expected expected USING intake_dossier d, intake_submission s
WHERE d.submission_id = ANY(%(submissions)s) AND s.id = d.submission_id AND d.month IS NOT NULL
  AND expected.source = s.facility AND expected.ma_lk = d.ma_lk AND expected.kind IN ('referral', 'return')"""

EXPECT = """
INSERT INTO quality_expected (facility, kind, due, source, ma_lk, subject)
SELECT said.one->>1, said.one->>0, (said.one->>3)::date, visit.facility, said.one->>2, visit.subject
FROM (
    SELECT facility, subject, expected FROM quality_now WHERE outcome <> 'refused'
    UNION ALL
    SELECT s.facility, d.subject, d.expected FROM intake_dossier d JOIN intake_submission s ON s.id = d.submission_id
    WHERE d.submission_id = ANY(%(submissions)s) AND d.month IS NULL AND d.critical = 0
) visit CROSS JOIN LATERAL jsonb_array_elements(visit.expected) AS said (one)
WHERE said.one->>2 <> ''
ON CONFLICT DO NOTHING"""

# A check-in is met by its dossier, whatever became of it; a referral or appointment by a visit of the same person
# there, up to a week before the day. What is a year old is not looked for any more.
CAME = """
UPDATE quality_expected e SET came = found.day
FROM (
    SELECT open.source, open.ma_lk, open.kind, open.facility, open.due,
           CASE WHEN open.kind IN ('check-in', 'admission') THEN (
               SELECT min((s.received AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
               FROM intake_dossier d JOIN intake_submission s ON s.id = d.submission_id
               WHERE d.ma_lk = open.ma_lk AND s.facility = open.facility AND d.month IS NOT NULL)
           ELSE (
               SELECT min((visit.started AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
               FROM people_link mine
               JOIN people_link theirs ON theirs.person = mine.person AND theirs.until IS NULL
               JOIN record_document visit ON visit.subject = theirs.subject
               WHERE mine.subject = open.subject AND mine.until IS NULL
                 AND visit.kind = 'visit' AND visit.withdrawn IS NULL AND visit.facility = open.facility
                 AND (visit.facility, visit.source) <> (open.source, open.ma_lk)
                 AND visit.started >= (open.due - 7)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
           END AS day
    FROM quality_expected open
    WHERE (open.came IS NULL OR open.came > open.due) AND open.due > current_date - 366
      AND open.facility IN (SELECT facility FROM intake_submission WHERE id = ANY(%(submissions)s)
                            UNION SELECT facility FROM quality_expected
                            WHERE source = ANY(SELECT facility FROM intake_submission WHERE id = ANY(%(submissions)s)))
) found
WHERE found.day IS NOT NULL AND e.came IS DISTINCT FROM found.day
  AND (e.source, e.ma_lk, e.kind, e.facility, e.due)
      = (found.source, found.ma_lk, found.kind, found.facility, found.due)"""
