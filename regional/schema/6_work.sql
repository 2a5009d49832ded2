-- The work itself: care plans, contacts, what is known of services, emergency
-- department episodes, transition to adult care, what families say, and the
-- collaborative of the region. Only adds.
--
-- Texts that are codes are words of proto/vocabulary.conf, checked by the
-- program; yes-no columns are 0 and 1, NULL where nobody said.

-- A version is a draft until it is finalized, and immutable from then on; the
-- next begins as a copy of it.
CREATE TABLE care_plan (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	version INTEGER NOT NULL CHECK (version > 0),
	started TEXT NOT NULL CHECK (started IS date(started, '+0 days')),
	wishes TEXT,
	agreed TEXT CHECK (agreed IS date(agreed, '+0 days')),
	agreed_by TEXT,
	finalized TEXT CHECK (finalized IS date(finalized, '+0 days')
		AND finalized >= started AND finalized >= agreed),
	CHECK ((agreed IS NULL) = (agreed_by IS NULL)),
	CHECK (finalized IS NULL OR agreed IS NOT NULL),
	UNIQUE (kase, version)
) STRICT;
CREATE UNIQUE INDEX care_plan_draft ON care_plan (kase)
	WHERE finalized IS NULL;
CREATE INDEX care_plan_by_day ON care_plan (finalized)
	WHERE finalized IS NOT NULL;

-- origin: the first version's row of the same goal or action.
CREATE TABLE care_goal (
	id INTEGER PRIMARY KEY,
	plan INTEGER NOT NULL REFERENCES care_plan (id),
	need INTEGER REFERENCES need (id),
	goal TEXT NOT NULL CHECK (goal <> ''),
	state TEXT NOT NULL CHECK (state IN ('open', 'reached', 'partly',
		'dropped')),
	ended TEXT CHECK (ended IS date(ended, '+0 days')),
	origin INTEGER REFERENCES care_goal (id),
	CHECK ((state = 'open') = (ended IS NULL))
) STRICT;
CREATE INDEX care_goal_by_plan ON care_goal (plan, id);
CREATE INDEX care_goal_by_need ON care_goal (need);
CREATE INDEX care_goal_by_origin ON care_goal (origin);

CREATE TABLE care_action (
	id INTEGER PRIMARY KEY,
	goal INTEGER NOT NULL REFERENCES care_goal (id),
	action TEXT NOT NULL CHECK (action <> ''),
	owner TEXT NOT NULL CHECK (owner <> ''),
	due TEXT CHECK (due IS date(due, '+0 days')),
	state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
	ended TEXT CHECK (ended IS date(ended, '+0 days')),
	origin INTEGER REFERENCES care_action (id),
	CHECK ((state = 'open') = (ended IS NULL))
) STRICT;
CREATE INDEX care_action_by_goal ON care_action (goal, id);
CREATE INDEX care_action_by_due ON care_action (due) WHERE state = 'open';
CREATE INDEX care_action_by_origin ON care_action (origin);

CREATE TABLE care_share (
	id INTEGER PRIMARY KEY,
	plan INTEGER NOT NULL REFERENCES care_plan (id),
	party TEXT NOT NULL,
	recipient TEXT,
	what TEXT NOT NULL CHECK (what IN ('plan', 'summary', 'goals')),
	way TEXT NOT NULL,
	shared TEXT NOT NULL CHECK (shared IS date(shared, '+0 days')),
	confirmed TEXT CHECK (confirmed IS date(confirmed, '+0 days')
		AND confirmed >= shared),
	confirmed_by TEXT
) STRICT;
CREATE INDEX care_share_by_plan ON care_share (plan, id);

-- Nothing touches what the family agreed to. An erasure may delete it, and a
-- merge of children move it to another case.
CREATE TRIGGER care_plan_stays BEFORE UPDATE OF version, started, wishes,
	agreed, agreed_by, finalized ON care_plan
WHEN old.finalized IS NOT NULL
BEGIN SELECT raise(ABORT, 'a finalized care plan does not change'); END;
CREATE TRIGGER care_goal_stays BEFORE UPDATE ON care_goal
WHEN (SELECT finalized FROM care_plan WHERE id = old.plan) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a finalized care plan does not change'); END;
CREATE TRIGGER care_goal_not_more BEFORE INSERT ON care_goal
WHEN (SELECT finalized FROM care_plan WHERE id = new.plan) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a finalized care plan does not change'); END;
CREATE TRIGGER care_action_stays BEFORE UPDATE ON care_action
WHEN (SELECT p.finalized FROM care_goal g JOIN care_plan p ON p.id = g.plan
	WHERE g.id = old.goal) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a finalized care plan does not change'); END;
CREATE TRIGGER care_action_not_more BEFORE INSERT ON care_action
WHEN (SELECT p.finalized FROM care_goal g JOIN care_plan p ON p.id = g.plan
	WHERE g.id = new.goal) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a finalized care plan does not change'); END;

-- One contact may serve several children: contact_case says whose.
CREATE TABLE contact (
	id INTEGER PRIMARY KEY,
	happened TEXT NOT NULL CHECK (happened IS date(happened, '+0 days')),
	mode TEXT NOT NULL,
	party TEXT NOT NULL,
	person TEXT,
	reached INTEGER NOT NULL CHECK (reached IN (0, 1)),
	minutes INTEGER CHECK (minutes BETWEEN 0 AND 1440),
	focus TEXT,
	activity TEXT,
	prevented TEXT,
	made_by TEXT NOT NULL CHECK (made_by <> ''),
	note TEXT,
	errored TEXT CHECK (errored IS date(errored, '+0 days')),
	CHECK (reached = 1 OR prevented IS NULL)
) STRICT;
CREATE INDEX contact_by_day ON contact (happened, id);

CREATE TABLE contact_case (
	contact INTEGER NOT NULL REFERENCES contact (id),
	kase INTEGER NOT NULL REFERENCES care_case (id),
	PRIMARY KEY (contact, kase)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_case_by_case ON contact_case (kase, contact);

CREATE TABLE contact_achieved (
	contact INTEGER NOT NULL REFERENCES contact (id),
	achieved TEXT NOT NULL,
	PRIMARY KEY (contact, achieved)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_planned (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	due TEXT NOT NULL CHECK (due IS date(due, '+0 days')),
	purpose TEXT NOT NULL CHECK (purpose <> ''),
	mode TEXT,
	party TEXT,
	owner TEXT,
	contact INTEGER REFERENCES contact (id),
	dropped TEXT CHECK (dropped IS date(dropped, '+0 days')),
	why TEXT,
	CHECK (contact IS NULL OR dropped IS NULL),
	CHECK ((dropped IS NULL) = (why IS NULL))
) STRICT;
CREATE INDEX contact_planned_by_case ON contact_planned (kase, due);
CREATE INDEX contact_planned_by_due ON contact_planned (due)
	WHERE contact IS NULL AND dropped IS NULL;
CREATE INDEX contact_planned_by_contact ON contact_planned (contact);

-- The directory: what is known of organizations and services.
ALTER TABLE organization ADD COLUMN sector TEXT;
ALTER TABLE organization ADD COLUMN phone TEXT;
ALTER TABLE organization ADD COLUMN web TEXT;
ALTER TABLE organization ADD COLUMN note TEXT;
ALTER TABLE service ADD COLUMN eligibility TEXT;
ALTER TABLE service ADD COLUMN age_from INTEGER
	CHECK (age_from BETWEEN 0 AND 25);
ALTER TABLE service ADD COLUMN age_to INTEGER CHECK (age_to BETWEEN 0 AND 25);
ALTER TABLE service ADD COLUMN phone TEXT;
ALTER TABLE service ADD COLUMN note TEXT;
ALTER TABLE service ADD COLUMN verified TEXT
	CHECK (verified IS date(verified, '+0 days'));
ALTER TABLE service ADD COLUMN verified_by TEXT;

CREATE TABLE service_need (
	service INTEGER NOT NULL REFERENCES service (id),
	need TEXT NOT NULL,
	PRIMARY KEY (service, need)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_need_by_need ON service_need (need, service);

-- Towns, as people write them.
CREATE TABLE service_place (
	service INTEGER NOT NULL REFERENCES service (id),
	place TEXT NOT NULL COLLATE NOCASE CHECK (place <> ''),
	PRIMARY KEY (service, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE service_language (
	service INTEGER NOT NULL REFERENCES service (id),
	language TEXT NOT NULL,
	PRIMARY KEY (service, language)
) STRICT, WITHOUT ROWID;

-- Openings and waitlist on a day; the newest is what holds.
CREATE TABLE service_opening (
	id INTEGER PRIMARY KEY,
	service INTEGER NOT NULL REFERENCES service (id),
	seen TEXT NOT NULL CHECK (seen IS date(seen, '+0 days')),
	openings INTEGER CHECK (openings >= 0),
	waiting INTEGER CHECK (waiting >= 0),
	wait_days INTEGER CHECK (wait_days >= 0),
	told_by TEXT,
	CHECK (coalesce(openings, waiting, wait_days) IS NOT NULL)
) STRICT;
CREATE INDEX service_opening_by_service ON service_opening (service, seen, id);

CREATE VIEW service_listing AS
SELECT s.id AS id, s.organization AS organization, o.name AS offered_by,
	s.name AS name, o.sector AS sector, s.age_from AS age_from,
	s.age_to AS age_to, s.verified AS verified, p.seen AS seen,
	p.openings AS openings, p.waiting AS waiting, p.wait_days AS wait_days
FROM service s
LEFT JOIN organization o ON o.id = s.organization
LEFT JOIN service_opening p ON p.id = (SELECT id FROM service_opening
	WHERE service = s.id ORDER BY seen DESC, id DESC LIMIT 1)
WHERE s.active = 1 AND ifnull(o.active, 1) = 1;

-- A visit to an emergency department, and enhanced care coordination after it.
CREATE TABLE ed_episode (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	visited TEXT NOT NULL CHECK (visited IS date(visited, '+0 days')),
	facility TEXT,
	behavioral INTEGER NOT NULL CHECK (behavioral IN (0, 1)),
	admitted INTEGER CHECK (admitted IN (0, 1)),
	discharged TEXT CHECK (discharged IS date(discharged, '+0 days')
		AND discharged >= visited),
	criteria INTEGER CHECK (criteria IN (0, 1)),
	enrolled TEXT CHECK (enrolled IN ('accepted', 'declined')),
	enrolled_on TEXT CHECK (enrolled_on IS date(enrolled_on, '+0 days')
		AND enrolled_on >= visited),
	crisis_plan TEXT CHECK (crisis_plan IS date(crisis_plan, '+0 days')
		AND crisis_plan >= visited),
	followed_up TEXT CHECK (followed_up IS date(followed_up, '+0 days')
		AND followed_up >= visited),
	source_id TEXT,
	note TEXT,
	errored TEXT CHECK (errored IS date(errored, '+0 days')),
	CHECK ((enrolled IS NULL) = (enrolled_on IS NULL)),
	CHECK (enrolled IS NULL OR criteria = 1)
) STRICT;
CREATE INDEX ed_episode_by_child ON ed_episode (child, visited);
CREATE INDEX ed_episode_by_day ON ed_episode (visited, id);
CREATE UNIQUE INDEX ed_episode_by_source ON ed_episode (child, source_id)
	WHERE source_id IS NOT NULL AND errored IS NULL;

-- Derived: day 0 is the discharge, or the visit where no discharge is known.
-- A revisit is the next behavioral visit of the child after day 0.
CREATE VIEW ed_outcome AS
SELECT e.id AS id, e.child AS child, e.visited AS visited,
	e.behavioral AS behavioral, e.criteria AS criteria,
	e.enrolled AS enrolled, e.admitted AS admitted,
	ifnull(e.discharged, e.visited) AS day0,
	CAST(julianday(e.followed_up)
		- julianday(ifnull(e.discharged, e.visited)) AS INTEGER)
		AS follow_up_days,
	(SELECT CAST(julianday(min(n.visited))
		- julianday(ifnull(e.discharged, e.visited)) AS INTEGER)
		FROM ed_episode n WHERE n.child = e.child AND n.behavioral = 1
		AND n.errored IS NULL AND n.id <> e.id
		AND n.visited > ifnull(e.discharged, e.visited))
		AS revisit_days
FROM ed_episode e
WHERE e.errored IS NULL;

-- The way of a youth into adult care.
CREATE TABLE transition (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL UNIQUE REFERENCES child (id),
	begun TEXT NOT NULL CHECK (begun IS date(begun, '+0 days')),
	adult_provider TEXT,
	expected TEXT CHECK (expected IS date(expected, '+0 days')),
	planned TEXT CHECK (planned IS date(planned, '+0 days')),
	summary TEXT CHECK (summary IS date(summary, '+0 days')),
	package TEXT CHECK (package IS date(package, '+0 days')),
	first_visit TEXT CHECK (first_visit IS date(first_visit, '+0 days')),
	confirmed TEXT CHECK (confirmed IS date(confirmed, '+0 days')
		AND confirmed >= first_visit),
	confirmed_by TEXT,
	note TEXT,
	CHECK (package IS NULL OR adult_provider IS NOT NULL),
	CHECK (confirmed IS NULL OR first_visit IS NOT NULL)
) STRICT;

CREATE TABLE transition_element (
	id INTEGER PRIMARY KEY,
	transition INTEGER NOT NULL REFERENCES transition (id),
	element TEXT NOT NULL,
	reached TEXT NOT NULL CHECK (reached IS date(reached, '+0 days')),
	note TEXT,
	UNIQUE (transition, element)
) STRICT;

CREATE TABLE transition_readiness (
	id INTEGER PRIMARY KEY,
	transition INTEGER NOT NULL REFERENCES transition (id),
	assessed TEXT NOT NULL CHECK (assessed IS date(assessed, '+0 days')),
	tool TEXT NOT NULL CHECK (tool <> ''),
	answered_by TEXT CHECK (answered_by IN ('youth', 'caregiver', 'both')),
	score INTEGER,
	most INTEGER,
	next_step TEXT,
	CHECK (score BETWEEN 0 AND most OR (score IS NULL AND most IS NULL))
) STRICT;
CREATE INDEX transition_readiness_by_day ON transition_readiness (
	transition, assessed);

-- The three items of the national transition measure, at a preventive visit.
CREATE TABLE transition_visit (
	id INTEGER PRIMARY KEY,
	transition INTEGER NOT NULL REFERENCES transition (id),
	visited TEXT NOT NULL CHECK (visited IS date(visited, '+0 days')),
	alone INTEGER CHECK (alone IN (0, 1)),
	skills INTEGER CHECK (skills IN (0, 1)),
	discussed INTEGER CHECK (discussed IN (0, 1)),
	UNIQUE (transition, visited)
) STRICT;

-- What families say.
CREATE TABLE survey (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	occasion TEXT NOT NULL CHECK (occasion IN ('first-contact', 'periodic',
		'close')),
	asked TEXT NOT NULL CHECK (asked IS date(asked, '+0 days')),
	way TEXT,
	returned TEXT CHECK (returned IS date(returned, '+0 days')
		AND returned >= asked),
	satisfaction INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
	needs_met TEXT CHECK (needs_met IN ('yes', 'partly', 'no')),
	comment TEXT,
	CHECK (returned IS NOT NULL
		OR coalesce(satisfaction, needs_met, comment) IS NULL)
) STRICT;
CREATE INDEX survey_by_case ON survey (kase, asked);
CREATE INDEX survey_by_day ON survey (asked, id);

CREATE TABLE survey_factor (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	seen TEXT NOT NULL CHECK (seen IS date(seen, '+0 days')),
	factor TEXT NOT NULL,
	standing TEXT NOT NULL CHECK (standing IN ('strength', 'growing',
		'concern')),
	what_helps TEXT,
	noted_by TEXT
) STRICT;
CREATE INDEX survey_factor_by_case ON survey_factor (kase, seen);

-- kase: of the family that took part, NULL for an event of several.
CREATE TABLE survey_engagement (
	id INTEGER PRIMARY KEY,
	kase INTEGER REFERENCES care_case (id),
	happened TEXT NOT NULL CHECK (happened IS date(happened, '+0 days')),
	engagement TEXT NOT NULL,
	families INTEGER CHECK (families >= 0),
	note TEXT,
	noted_by TEXT
) STRICT;
CREATE INDEX survey_engagement_by_day ON survey_engagement (happened, id);
CREATE INDEX survey_engagement_by_case ON survey_engagement (kase);

-- The collaborative of the region. No text here names a child.
CREATE TABLE collaborative (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
	begun TEXT NOT NULL CHECK (begun IS date(begun, '+0 days')),
	ended TEXT CHECK (ended IS date(ended, '+0 days') AND ended >= begun)
) STRICT;

CREATE TABLE collaborative_member (
	id INTEGER PRIMARY KEY,
	collaborative INTEGER NOT NULL REFERENCES collaborative (id),
	organization INTEGER NOT NULL REFERENCES organization (id),
	sector TEXT NOT NULL,
	joined TEXT NOT NULL CHECK (joined IS date(joined, '+0 days')),
	departed TEXT CHECK (departed IS date(departed, '+0 days')
		AND departed >= joined),
	person TEXT
) STRICT;
CREATE UNIQUE INDEX collaborative_member_now ON collaborative_member (
	collaborative, organization) WHERE departed IS NULL;
CREATE INDEX collaborative_member_by_organization ON collaborative_member (
	organization);

CREATE TABLE collaborative_meeting (
	id INTEGER PRIMARY KEY,
	collaborative INTEGER NOT NULL REFERENCES collaborative (id),
	met TEXT NOT NULL CHECK (met IS date(met, '+0 days')),
	place TEXT,
	topic TEXT,
	UNIQUE (collaborative, met)
) STRICT;

CREATE TABLE collaborative_attendance (
	meeting INTEGER NOT NULL REFERENCES collaborative_meeting (id),
	member INTEGER NOT NULL REFERENCES collaborative_member (id),
	PRIMARY KEY (meeting, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX collaborative_attendance_by_member ON collaborative_attendance (
	member);

CREATE TABLE collaborative_discussion (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES collaborative_meeting (id),
	age_band TEXT,
	need TEXT,
	question TEXT NOT NULL CHECK (question <> ''),
	advice TEXT
) STRICT;
CREATE INDEX collaborative_discussion_by_meeting ON collaborative_discussion (
	meeting, id);

CREATE TABLE collaborative_gap (
	id INTEGER PRIMARY KEY,
	collaborative INTEGER NOT NULL REFERENCES collaborative (id),
	meeting INTEGER REFERENCES collaborative_meeting (id),
	raised TEXT NOT NULL CHECK (raised IS date(raised, '+0 days')),
	need TEXT NOT NULL,
	gap TEXT NOT NULL CHECK (gap <> ''),
	status TEXT NOT NULL CHECK (status IN ('open', 'working', 'closed',
		'set-aside')),
	owner TEXT,
	started TEXT,
	started_on TEXT CHECK (started_on IS date(started_on, '+0 days')
		AND started_on >= raised),
	followed TEXT,
	followed_on TEXT CHECK (followed_on IS date(followed_on, '+0 days')
		AND followed_on >= raised),
	CHECK ((started IS NULL) = (started_on IS NULL)),
	CHECK ((followed IS NULL) = (followed_on IS NULL)),
	CHECK (status <> 'closed' OR followed IS NOT NULL)
) STRICT;
CREATE INDEX collaborative_gap_by_day ON collaborative_gap (
	collaborative, raised, id);
CREATE INDEX collaborative_gap_by_meeting ON collaborative_gap (meeting);
