-- What fact tables read, beside fact_referral of 1_case.sql. Views only.
--
-- Stable: columns may be added, never changed. Dates are ISO text, words are
-- proto/vocabulary.conf's. No name, no free text and no identifier from outside
-- is in any of them, and nothing that was entered in error. Ages are whole
-- years; -1: not born yet. The bands of ages have one home, the vocabulary: a
-- fact table gives years as its stratum and the reader of facts finds the band.

-- A need, with the first of each step of the referrals made for it.
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
WHERE k.errored IS NULL;

-- A screening that was completed and could be scored. class: the worst of its
-- domains', 'none' if no domain has a cut-off. initial, interview and autism
-- are the results of the M-CHAT-R/F's stages; NULL with other instruments. The
-- day of the interview is not on record.
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
GROUP BY s.id;

-- The result of one domain of such a screening. need: what it proposes if it is
-- positive.
CREATE VIEW fact_screen_domain AS
SELECT s.id AS screening, s.child AS child, s.done AS done,
	s.instrument AS instrument, r.domain AS domain, r.result AS result,
	r.class AS class, r.need AS need, s.age_months / 12 AS age
FROM screening s
JOIN screening_result r ON r.screening = s.id
LEFT JOIN care_case k ON k.id = s.kase
WHERE s.errored IS NULL AND s.complete = 1 AND s.scorable = 1
	AND (s.kase IS NULL OR k.errored IS NULL);

-- A contact. One that served several children is the first one's: it is one
-- contact, and fewer children than truly stand behind it are never a danger.
CREATE VIEW fact_contact AS
SELECT t.id AS contact, min(k.child) AS child,
	count(DISTINCT k.child) AS children, t.happened AS happened,
	t.mode AS mode, t.party AS party, t.reached AS reached,
	t.minutes AS minutes, t.focus AS focus, t.activity AS activity,
	t.prevented AS prevented
FROM contact t
JOIN contact_case x ON x.contact = t.id
JOIN care_case k ON k.id = x.kase AND k.errored IS NULL
WHERE t.errored IS NULL
GROUP BY t.id;

-- A version of a care plan that was finalized, and its way to primary care.
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
WHERE p.finalized IS NOT NULL AND k.errored IS NULL;

-- A visit to an emergency department. day0: the discharge, or the visit where
-- no discharge is known. days_before: since the child's behavioral visit
-- before it; back: days from day0 to the next behavioral visit.
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
WHERE e.errored IS NULL;

-- A case. nth: first, second ... of the child in its calendar year. screened:
-- first completed screening on or after the day it was opened; expected,
-- wanted: the first need domain of the referring provider and of the family.
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
	FROM care_case WHERE errored IS NULL) k;

-- The referrals of a case. ended: a reason or the receiver has ended it.
CREATE VIEW fact_case_referral AS
SELECT n.kase AS kase, r.id AS referral, r.sent AS sent,
	r.received AS received,
	min(ifnull(r.reason_on, '9999-12-31'), ifnull(r.ended, '9999-12-31'))
		AS ended
FROM need n
JOIN referral r ON r.need = n.id
WHERE r.state <> 'entered-in-error' AND +r.sent IS NOT NULL;

-- A survey that a family was asked to answer.
CREATE VIEW fact_survey AS
SELECT s.id AS survey, k.child AS child, s.occasion AS occasion,
	s.asked AS asked, s.returned AS returned,
	s.satisfaction AS satisfaction, s.needs_met AS needs_met,
	(SELECT max(-1, substr(s.asked, 1, 4) - substr(c.birth, 1, 4)
		- (substr(s.asked, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = k.child) AS age
FROM survey s
JOIN care_case k ON k.id = s.kase
WHERE k.errored IS NULL;

-- A young adult whose transfer package was sent.
CREATE VIEW fact_transfer AS
SELECT t.id AS transition, t.child AS child, t.package AS package,
	t.first_visit AS first_visit, t.confirmed AS confirmed,
	(SELECT max(-1, substr(t.package, 1, 4) - substr(c.birth, 1, 4)
		- (substr(t.package, 6) < substr(c.birth, 6)))
		FROM child c WHERE c.id = t.child) AS age
FROM transition t
WHERE t.package IS NOT NULL;

-- A day on which something was done for a child with a case: a contact, a
-- screening, a referral sent, a care plan finalized. Several rows a day.
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
	WHERE p.finalized IS NOT NULL) a;
