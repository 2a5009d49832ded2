-- The cases of one region: children, their cases, needs and referrals, the
-- organizations they are referred to, and the audit of every change.
--
-- Dates are ISO text. What is not known is NULL, never ''. Rows are written by
-- regional/case only, which checks more than can be said here; the CHECKs are
-- the last line against a wrong program.

CREATE TABLE child (
	id INTEGER PRIMARY KEY,
	given TEXT,
	family TEXT,
	birth TEXT NOT NULL CHECK (birth IS date(birth, '+0 days')),
	sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
	zip TEXT,
	source_id TEXT,
	CHECK (given <> '' OR family <> '')
) STRICT;
-- NOCASE: the list is read by people.
CREATE INDEX child_by_name ON child (
	coalesce(family, given) COLLATE NOCASE, given COLLATE NOCASE, id);
CREATE INDEX child_by_source ON child (source_id) WHERE source_id IS NOT NULL;

CREATE TABLE care_case (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	opened TEXT NOT NULL CHECK (opened IS date(opened, '+0 days')),
	closed TEXT CHECK (closed IS date(closed, '+0 days')
		AND closed >= opened),
	-- The day on which it was found to be opened in error: it and all that
	-- hangs on it counts nowhere.
	errored TEXT CHECK (errored IS date(errored, '+0 days')),
	CHECK (errored IS NULL OR closed IS NOT NULL)
) STRICT;
CREATE INDEX care_case_by_child ON care_case (child, opened);
CREATE INDEX care_case_by_day ON care_case (opened, id);
CREATE UNIQUE INDEX care_case_open ON care_case (child) WHERE closed IS NULL;

CREATE TABLE need (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	domain TEXT NOT NULL CHECK (domain <> ''),
	found TEXT NOT NULL CHECK (found IS date(found, '+0 days')),
	closed TEXT CHECK (closed IS date(closed, '+0 days')
		AND closed >= found),
	state TEXT NOT NULL CHECK (state IN ('open', 'met', 'unmet')),
	reason TEXT,
	CHECK ((state = 'open') = (closed IS NULL)),
	CHECK ((state = 'unmet') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX need_by_case ON need (kase, found, id);

CREATE TABLE organization (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
	active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE service (
	id INTEGER PRIMARY KEY,
	organization INTEGER REFERENCES organization (id),
	name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
	active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX service_by_name ON service (
	ifnull(organization, 0), name);
CREATE INDEX service_by_organization ON service (organization);

-- The first dates stand on the row itself, kept by the call that adds to the
-- history below, so that facts need no search through it.
CREATE TABLE referral (
	id INTEGER PRIMARY KEY,
	need INTEGER NOT NULL REFERENCES need (id),
	organization INTEGER REFERENCES organization (id),
	service INTEGER REFERENCES service (id),
	state TEXT NOT NULL CHECK (state IN ('draft', 'requested', 'accepted',
		'rejected', 'cancelled', 'in-progress', 'on-hold', 'failed',
		'completed', 'entered-in-error')),
	moved TEXT NOT NULL CHECK (moved IS date(moved, '+0 days')),
	drafted TEXT NOT NULL CHECK (drafted IS date(drafted, '+0 days')),
	sent TEXT CHECK (sent IS date(sent, '+0 days') AND sent >= drafted),
	accepted TEXT CHECK (accepted IS date(accepted, '+0 days')
		AND accepted >= sent),
	ended TEXT CHECK (ended IS date(ended, '+0 days') AND ended >= drafted),
	capacity TEXT CHECK (capacity IN ('capacity', 'no-capacity',
		'waitlist', 'additional-assessment-required')),
	enrollment TEXT CHECK (enrollment IN ('enrolled', 'not-enrolled',
		'not-enrolled-on-waitlist')),
	answer TEXT CHECK (answer IN ('accepted', 'rejected', 'no-capacity',
		'waitlist', 'additional-assessment-required')),
	answered TEXT CHECK (answered IS date(answered, '+0 days')
		AND answered >= sent),
	contacted TEXT CHECK (contacted IS date(contacted, '+0 days')
		AND contacted >= sent),
	received TEXT CHECK (received IS date(received, '+0 days')
		AND received >= sent),
	addressed TEXT CHECK (addressed IS date(addressed, '+0 days')
		AND addressed >= sent),
	satisfied TEXT CHECK (satisfied IS date(satisfied, '+0 days')
		AND satisfied >= sent),
	reason TEXT,
	reason_on TEXT CHECK (reason_on IS date(reason_on, '+0 days')),
	-- Of the child on the day it was sent. Written by the program from
	-- proto/vocabulary.conf, not computed here: the bands then have one
	-- home, and a scan does no date arithmetic. A corrected birth date
	-- writes it again.
	age_band TEXT,
	CHECK ((answer IS NULL) = (answered IS NULL)),
	CHECK ((reason IS NULL) = (reason_on IS NULL)),
	CHECK ((sent IS NULL) = (age_band IS NULL)),
	CHECK (sent IS NOT NULL OR state IN ('draft', 'entered-in-error'))
) STRICT;
CREATE INDEX referral_by_need ON referral (need, id);
CREATE INDEX referral_by_state ON referral (state, drafted, id);
CREATE INDEX referral_by_day ON referral (drafted, id);
CREATE INDEX referral_by_sent ON referral (sent) WHERE sent IS NOT NULL;
CREATE INDEX referral_by_organization ON referral (organization);
CREATE INDEX referral_by_service ON referral (service);

CREATE TABLE referral_status (
	id INTEGER PRIMARY KEY,
	referral INTEGER NOT NULL REFERENCES referral (id),
	state TEXT NOT NULL,
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	why TEXT
) STRICT;
CREATE INDEX referral_status_by_referral ON referral_status (referral, id);

CREATE TABLE referral_answer (
	id INTEGER PRIMARY KEY,
	referral INTEGER NOT NULL REFERENCES referral (id),
	answered TEXT NOT NULL CHECK (answered IS date(answered, '+0 days')),
	capacity TEXT,
	enrollment TEXT,
	CHECK (capacity IS NOT NULL OR enrollment IS NOT NULL)
) STRICT;
CREATE INDEX referral_answer_by_referral ON referral_answer (referral, id);

CREATE TABLE referral_linkage (
	referral INTEGER NOT NULL REFERENCES referral (id),
	outcome TEXT NOT NULL,
	reached TEXT NOT NULL CHECK (reached IS date(reached, '+0 days')),
	PRIMARY KEY (referral, outcome)
) STRICT, WITHOUT ROWID;

-- Who changed what and when, chained by hash; never a value. Stays when a
-- child is erased.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	record TEXT NOT NULL,
	id INTEGER NOT NULL,
	field TEXT NOT NULL,
	value_hash BLOB NOT NULL CHECK (length(value_hash) = 32),
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What the value was before; an erasure empties it.
CREATE TABLE history (
	seq INTEGER PRIMARY KEY REFERENCES audit (seq),
	record TEXT NOT NULL,
	id INTEGER NOT NULL,
	field TEXT NOT NULL,
	was TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_record ON history (record, id);

-- What fact tables read. Stable: columns may be added, never changed. A row is
-- a referral that was sent; one entered in error, or whose case was, is none.
-- The plus sign keeps a scan of everything off the index on sent, which would
-- fetch row by row; a range of days still uses it.
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
	AND k.errored IS NULL;
