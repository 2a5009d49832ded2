-- What snapshots, years and the numbers that are not of children read. Views
-- only; see 8_facts.sql for what holds of all of them. fact_plain_* are of
-- organizations and staff, and published without a minimum: no column of them
-- counts or names a child.

-- The day of birth, for ages on other days than those the other views have. Each
-- snapshot joins it, and so leaves out who does not count.
CREATE VIEW fact_child AS
SELECT c.id AS child, c.birth AS born FROM child c
WHERE c.merged_into IS NULL AND c.id NOT IN (SELECT child FROM fact_uncounted);

-- A contact or try, once for each child it served.
CREATE VIEW fact_contact_child AS
SELECT k.child AS child, x.kase AS kase, t.happened AS happened,
	t.reached AS reached
FROM care_case k
JOIN contact_case x ON x.kase = k.id
JOIN contact t ON t.id = x.contact AND t.errored IS NULL
WHERE k.errored IS NULL;

-- Whose a case was, by role, and the role that was suggested for it then.
CREATE VIEW fact_lead AS
SELECT a.kase AS kase, a.since AS since, a.until AS until, s.role AS role,
	a.suggested AS suggested
FROM assignment a
JOIN staff s ON s.id = a.staff;

-- When a referral that was sent ended, if it did: by its state, or because the
-- service was received or a reason why not is on record.
CREATE VIEW fact_referral_end AS
SELECT r.id AS referral, k.child AS child, r.sent AS sent,
	min(ifnull(r.ended, '9999-12-31'), ifnull(r.received, '9999-12-31'),
		ifnull(r.reason_on, '9999-12-31'),
		ifnull(k.closed, '9999-12-31')) AS ended
FROM referral r
JOIN need n ON n.id = r.need
JOIN care_case k ON k.id = n.kase
WHERE +r.sent IS NOT NULL AND r.state <> 'entered-in-error'
	AND k.errored IS NULL;

-- A day on which something became known of a referral.
CREATE VIEW fact_referral_news AS
SELECT s.referral AS referral, s.since AS day FROM referral_status s
UNION ALL
SELECT a.referral, a.answered FROM referral_answer a
UNION ALL
SELECT l.referral, l.reached FROM referral_linkage l;

-- A child's primary care practice.
CREATE VIEW fact_medical_home AS
SELECT p.child AS child, p.since AS since, p.until AS until
FROM child_practice p;

-- Readiness for adult care assessed; a plan for it made; a preventive visit
-- with the three items of the national measure.
CREATE VIEW fact_readiness AS
SELECT t.child AS child, a.assessed AS assessed
FROM transition_readiness a
JOIN transition t ON t.id = a.transition;

CREATE VIEW fact_transition_plan AS
SELECT t.child AS child, t.planned AS planned FROM transition t
WHERE t.planned IS NOT NULL
UNION ALL
SELECT t.child, e.reached
FROM transition_element e
JOIN transition t ON t.id = e.transition
WHERE e.element = 'planning';

CREATE VIEW fact_transition_visit AS
SELECT t.child AS child, v.visited AS visited, v.alone AS alone,
	v.skills AS skills, v.discussed AS discussed
FROM transition_visit v
JOIN transition t ON t.id = v.transition;

-- From when until when a practice had a child with an open case.
CREATE VIEW fact_plain_practice AS
SELECT DISTINCT p.practice AS practice,
	max(ifnull(p.since, k.opened), k.opened) AS since,
	min(ifnull(p.until, '9999-12-31'), ifnull(k.closed, '9999-12-31'))
		AS until
FROM child_practice p
JOIN care_case k ON k.child = p.child AND k.errored IS NULL;

-- Members of the region's collaboratives, and the days they came to a meeting.
CREATE VIEW fact_plain_member AS
SELECT m.organization AS organization, m.sector AS sector,
	m.joined AS joined, m.departed AS departed
FROM collaborative_member m;

CREATE VIEW fact_plain_attendance AS
SELECT m.organization AS organization, g.met AS met
FROM collaborative_attendance a
JOIN collaborative_meeting g ON g.id = a.meeting
JOIN collaborative_member m ON m.id = a.member;

CREATE VIEW fact_plain_meeting AS
SELECT g.id AS meeting, g.met AS met FROM collaborative_meeting g;
