-- What a sharing rested on, and children that do not count any more.
--
-- A referral that was sent, a plan that was shared, a transfer package that was
-- sent: on which consent, or why it could not wait for one. Neither is there
-- for what was shared before this was asked, for what came from elsewhere, and
-- for what the family itself was given.

ALTER TABLE referral ADD COLUMN consent INTEGER REFERENCES consent (id);
ALTER TABLE referral ADD COLUMN without_consent TEXT;
CREATE INDEX referral_by_consent ON referral (consent)
	WHERE consent IS NOT NULL;

-- The receiver, if it is one of the directory's.
ALTER TABLE care_share ADD COLUMN organization INTEGER
	REFERENCES organization (id);
ALTER TABLE care_share ADD COLUMN practice INTEGER REFERENCES practice (id);
ALTER TABLE care_share ADD COLUMN consent INTEGER REFERENCES consent (id);
ALTER TABLE care_share ADD COLUMN without_consent TEXT;
CREATE INDEX care_share_by_consent ON care_share (consent)
	WHERE consent IS NOT NULL;

ALTER TABLE transition ADD COLUMN consent INTEGER REFERENCES consent (id);
ALTER TABLE transition ADD COLUMN without_consent TEXT;

-- 1: by the policy in force, whose family has withdrawn its consent counts no
-- more.
ALTER TABLE node ADD COLUMN uncounts INTEGER NOT NULL DEFAULT 0
	CHECK (uncounts IN (0, 1));

-- The children that do not count. Consent to care coordination was withdrawn,
-- and the policy says that this ends counting, now or on the day on which it
-- was withdrawn; and none was signed since. A fact_* view, because only those
-- are read by fact tables.
DROP VIEW child_uncounted;
CREATE INDEX consent_withdrawn ON consent (child) WHERE withdrawn IS NOT NULL;
CREATE VIEW fact_uncounted AS
SELECT DISTINCT c.child AS child
FROM consent c
JOIN consent_scope s ON s.consent = c.id AND s.scope = 'coordinate'
WHERE c.withdrawn IS NOT NULL
	AND (c.counted = 0 OR (SELECT uncounts FROM node) = 1)
	AND NOT EXISTS (SELECT 1 FROM consent d
		JOIN consent_scope t ON t.consent = d.id
			AND t.scope = 'coordinate'
		WHERE d.child = c.child AND d.withdrawn IS NULL
			AND (d.signed > c.withdrawn
				OR (d.signed = c.withdrawn AND d.id > c.id)));

-- The views of 1_case.sql and 8_facts.sql, without those children; in nothing
-- else do they differ.

DROP VIEW fact_referral;
CREATE VIEW fact_referral AS
SELECT r.id AS referral, k.child AS child, n.domain AS need, r.sent AS sent,
	r.accepted AS accepted, r.answer AS answer, r.answered AS answered,
	r.contacted AS contacted, r.received AS received,
	r.addressed AS addressed, r.satisfied AS satisfied, r.reason AS reason,
	r.reason_on AS reason_on, r.state AS status, r.age_band AS age_band
FROM referral r
JOIN need n ON n.id = r.need
JOIN care_case k ON k.id = n.kase
WHERE +r.sent IS NOT NULL AND r.state <> 'entered-in-error'
	AND k.errored IS NULL
	AND k.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_need;
CREATE VIEW fact_need AS
SELECT n.id AS need, k.child AS child, n.domain AS domain, n.source AS source,
	n.found AS found, n.state AS state, n.closed AS closed,
	n.reason AS reason,
	(SELECT min(r.sent) FROM referral r WHERE r.need = n.id
		AND r.state <> 'entered-in-error') AS sent,
	(SELECT min(r.contacted) FROM referral r WHERE r.need = n.id
		AND r.state <> 'entered-in-error') AS contacted,
	(SELECT min(r.received) FROM referral r WHERE r.need = n.id
		AND r.state <> 'entered-in-error') AS received,
	(SELECT max(-1, substr(n.found, 1, 4) - substr(c.birth, 1, 4)
		- (substr(n.found, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = k.child) AS age
FROM need n
JOIN care_case k ON k.id = n.kase
WHERE k.errored IS NULL AND k.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_screen;
CREATE VIEW fact_screen AS
SELECT s.id AS screening, s.child AS child, s.done AS done,
	s.instrument AS instrument,
	CASE max(CASE r.class WHEN 'positive' THEN 3 WHEN 'watch' THEN 2
		WHEN 'clear' THEN 1 ELSE 0 END)
	WHEN 3 THEN 'positive' WHEN 2 THEN 'watch' WHEN 1 THEN 'clear'
	ELSE 'none' END AS class,
	max(CASE WHEN s.instrument = 'M-CHAT-RF' AND r.domain = 'initial'
		THEN r.result END) AS initial,
	max(CASE WHEN s.instrument = 'M-CHAT-RF' AND r.domain = 'interview'
		THEN r.result END) AS interview,
	max(CASE WHEN s.instrument = 'M-CHAT-RF' AND r.domain = 'autism'
		THEN r.result END) AS autism,
	s.age_months / 12 AS age
FROM screening s
LEFT JOIN screening_result r ON r.screening = s.id
LEFT JOIN care_case k ON k.id = s.kase
WHERE s.errored IS NULL AND s.complete = 1 AND s.scorable = 1
	AND (s.kase IS NULL OR k.errored IS NULL)
	AND s.child NOT IN (SELECT child FROM fact_uncounted)
GROUP BY s.id;

DROP VIEW fact_screen_domain;
CREATE VIEW fact_screen_domain AS
SELECT s.id AS screening, s.child AS child, s.done AS done,
	s.instrument AS instrument, r.domain AS domain, r.result AS result,
	r.class AS class, r.need AS need, s.age_months / 12 AS age
FROM screening s
JOIN screening_result r ON r.screening = s.id
LEFT JOIN care_case k ON k.id = s.kase
WHERE s.errored IS NULL AND s.complete = 1 AND s.scorable = 1
	AND (s.kase IS NULL OR k.errored IS NULL)
	AND s.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_contact;
CREATE VIEW fact_contact AS
SELECT t.id AS contact, min(k.child) AS child,
	count(DISTINCT k.child) AS children, t.happened AS happened,
	t.mode AS mode, t.party AS party, t.reached AS reached,
	t.minutes AS minutes, t.focus AS focus, t.activity AS activity,
	t.prevented AS prevented
FROM contact t
JOIN contact_case x ON x.contact = t.id
JOIN care_case k ON k.id = x.kase AND k.errored IS NULL
WHERE t.errored IS NULL AND k.child NOT IN (SELECT child FROM fact_uncounted)
GROUP BY t.id;

DROP VIEW fact_plan;
CREATE VIEW fact_plan AS
SELECT p.id AS plan, k.child AS child, p.version AS version,
	p.finalized AS finalized,
	(SELECT min(s.shared) FROM care_share s WHERE s.plan = p.id
		AND s.party = 'primary-care') AS shared,
	(SELECT min(s.confirmed) FROM care_share s WHERE s.plan = p.id
		AND s.party = 'primary-care') AS confirmed,
	(SELECT max(-1, substr(p.finalized, 1, 4) - substr(c.birth, 1, 4)
		- (substr(p.finalized, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = k.child) AS age
FROM care_plan p
JOIN care_case k ON k.id = p.kase
WHERE p.finalized IS NOT NULL AND k.errored IS NULL
	AND k.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_ed;
CREATE VIEW fact_ed AS
SELECT e.id AS episode, e.child AS child, e.visited AS visited,
	ifnull(e.discharged, e.visited) AS day0, e.behavioral AS behavioral,
	e.admitted AS admitted, e.criteria AS criteria,
	e.enrolled AS enrolled, e.enrolled_on AS enrolled_on,
	e.followed_up AS followed_up,
	CAST(julianday(e.visited) - julianday((SELECT max(b.visited)
		FROM ed_episode b WHERE b.child = e.child AND b.behavioral = 1
		AND b.errored IS NULL AND b.id <> e.id
		AND (b.visited < e.visited
			OR (b.visited = e.visited AND b.id < e.id))))
		AS INTEGER) AS days_before,
	CAST(julianday((SELECT min(n.visited)
		FROM ed_episode n WHERE n.child = e.child AND n.behavioral = 1
		AND n.errored IS NULL AND n.id <> e.id
		AND n.visited > ifnull(e.discharged, e.visited)))
		- julianday(ifnull(e.discharged, e.visited)) AS INTEGER)
		AS back,
	(SELECT max(-1, substr(e.visited, 1, 4) - substr(c.birth, 1, 4)
		- (substr(e.visited, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = e.child) AS age
FROM ed_episode e
WHERE e.errored IS NULL AND e.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_case;
CREATE VIEW fact_case AS
SELECT k.id AS kase, k.child AS child, k.day AS opened,
	k.source AS source, k.closed AS closed,
	k.close_reason AS close_reason, k.nth AS nth,
	(SELECT min(s.done) FROM screening s WHERE s.child = k.child
		AND s.errored IS NULL AND s.complete = 1
		AND s.done >= k.day) AS screened,
	(SELECT f.domain FROM case_focus f WHERE f.kase = k.id
		AND f.side = 'provider' ORDER BY f.rank LIMIT 1) AS expected,
	(SELECT f.domain FROM case_focus f WHERE f.kase = k.id
		AND f.side = 'family' ORDER BY f.rank LIMIT 1) AS wanted,
	(SELECT max(-1, substr(k.day, 1, 4) - substr(c.birth, 1, 4)
		- (substr(k.day, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = k.child) AS age
FROM (SELECT *, ifnull(intake, opened) AS day,
		row_number() OVER (
			PARTITION BY child, substr(ifnull(intake, opened), 1, 4)
			ORDER BY ifnull(intake, opened), id) AS nth
	FROM care_case WHERE errored IS NULL
		AND child NOT IN (SELECT child FROM fact_uncounted)) k;

DROP VIEW fact_survey;
CREATE VIEW fact_survey AS
SELECT s.id AS survey, k.child AS child, s.occasion AS occasion,
	s.asked AS asked, s.returned AS returned,
	s.satisfaction AS satisfaction, s.needs_met AS needs_met,
	(SELECT max(-1, substr(s.asked, 1, 4) - substr(c.birth, 1, 4)
		- (substr(s.asked, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = k.child) AS age
FROM survey s
JOIN care_case k ON k.id = s.kase
WHERE k.errored IS NULL
	AND k.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_transfer;
CREATE VIEW fact_transfer AS
SELECT t.id AS transition, t.child AS child, t.package AS package,
	t.first_visit AS first_visit, t.confirmed AS confirmed,
	(SELECT max(-1, substr(t.package, 1, 4) - substr(c.birth, 1, 4)
		- (substr(t.package, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = t.child) AS age
FROM transition t
WHERE t.package IS NOT NULL
	AND t.child NOT IN (SELECT child FROM fact_uncounted);

DROP VIEW fact_activity;
CREATE VIEW fact_activity AS
SELECT a.child AS child, a.day AS day,
	(SELECT max(-1, substr(a.day, 1, 4) - substr(c.birth, 1, 4)
		- (substr(a.day, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = a.child) AS age
FROM (SELECT k.child AS child, t.happened AS day
	FROM contact t
	JOIN contact_case x ON x.contact = t.id
	JOIN care_case k ON k.id = x.kase AND k.errored IS NULL
	WHERE t.errored IS NULL
	UNION ALL
	SELECT s.child, s.done
	FROM screening s
	JOIN care_case k ON k.id = s.kase AND k.errored IS NULL
	WHERE s.errored IS NULL
	UNION ALL
	SELECT k.child, r.sent
	FROM referral r
	JOIN need n ON n.id = r.need
	JOIN care_case k ON k.id = n.kase AND k.errored IS NULL
	WHERE r.state <> 'entered-in-error' AND +r.sent IS NOT NULL
	UNION ALL
	SELECT k.child, p.finalized
	FROM care_plan p
	JOIN care_case k ON k.id = p.kase AND k.errored IS NULL
	WHERE p.finalized IS NOT NULL) a
WHERE a.child NOT IN (SELECT child FROM fact_uncounted);
