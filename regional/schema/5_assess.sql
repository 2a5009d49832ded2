-- What is found out about a child and who works for it: screenings, level of
-- need, staff, assignments and cover. Only adds to what is there.

-- Who found a need. Of the older ones only those that came from another system
-- are known to; a coordinator wrote the rest.
ALTER TABLE need ADD COLUMN source TEXT NOT NULL DEFAULT 'coordinator'
	CHECK (source <> '');
UPDATE need SET source = 'import' WHERE id IN (
	SELECT local_id FROM imported WHERE local_table = 'need');

CREATE TABLE screening (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	-- In whose course it was done, if there was a case.
	kase INTEGER REFERENCES care_case (id),
	instrument TEXT NOT NULL CHECK (instrument <> ''),
	-- Of the instrument's file, whose rules gave the results.
	version INTEGER NOT NULL CHECK (version > 0),
	form TEXT,
	done TEXT NOT NULL CHECK (done IS date(done, '+0 days')),
	-- Completed months on that day, as the rules read it.
	age_months INTEGER NOT NULL CHECK (age_months >= 0),
	respondent TEXT NOT NULL CHECK (respondent <> ''),
	complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
	scorable INTEGER NOT NULL CHECK (scorable IN (0, 1)),
	-- The day on which it was found to be entered in error.
	errored TEXT CHECK (errored IS date(errored, '+0 days'))
) STRICT;
CREATE INDEX screening_by_child ON screening (child, done, id);
CREATE INDEX screening_by_case ON screening (kase) WHERE kase IS NOT NULL;
CREATE INDEX screening_by_day ON screening (done, id);

-- Several answers to one item are joined by '+', in the instrument's order.
CREATE TABLE screening_answer (
	screening INTEGER NOT NULL REFERENCES screening (id),
	item TEXT NOT NULL,
	value TEXT NOT NULL CHECK (value <> ''),
	PRIMARY KEY (screening, item)
) STRICT, WITHOUT ROWID;

-- Scores and cut-offs in hundredths. A cut-off is there only where it came with
-- the licensed form.
CREATE TABLE screening_result (
	screening INTEGER NOT NULL REFERENCES screening (id),
	domain TEXT NOT NULL,
	score INTEGER,
	cutoff INTEGER,
	zone INTEGER,
	result TEXT NOT NULL CHECK (result <> ''),
	-- 'clear', 'watch', 'positive', 'none': what it means for the work.
	class TEXT NOT NULL CHECK (class <> ''),
	-- By the instrument's rule, or else as entered.
	by_rule INTEGER NOT NULL CHECK (by_rule IN (0, 1)),
	-- The need that a positive one proposes.
	need TEXT,
	PRIMARY KEY (screening, domain)
) STRICT, WITHOUT ROWID;

-- Needs that were made of positive screenings, or found to be there already.
CREATE TABLE screening_need (
	screening INTEGER NOT NULL REFERENCES screening (id),
	need INTEGER NOT NULL REFERENCES need (id),
	domain TEXT NOT NULL,
	PRIMARY KEY (screening, need)
) STRICT, WITHOUT ROWID;
CREATE INDEX screening_need_by_need ON screening_need (need);

-- One row an assessment; the newest by day holds, the others are its history.
CREATE TABLE need_level (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	medical TEXT NOT NULL CHECK (medical <> ''),
	method TEXT NOT NULL CHECK (method <> ''),
	method_version TEXT NOT NULL CHECK (method_version <> ''),
	social INTEGER NOT NULL CHECK (social BETWEEN 0 AND 3),
	-- What the rule gave, and from how many points; another social tier has
	-- a reason.
	points INTEGER NOT NULL CHECK (points >= 0),
	social_by_rule INTEGER NOT NULL CHECK (social_by_rule BETWEEN 0 AND 3),
	why TEXT,
	rules INTEGER NOT NULL CHECK (rules > 0),	-- version of levels.conf
	cshcn INTEGER NOT NULL CHECK (cshcn IN (0, 1)),
	level TEXT NOT NULL CHECK (level <> ''),
	CHECK (social = social_by_rule OR why IS NOT NULL)
) STRICT;
CREATE INDEX need_level_by_case ON need_level (kase, since, id);

CREATE TABLE staff (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL CHECK (name <> ''),
	role TEXT NOT NULL CHECK (role <> ''),
	started TEXT NOT NULL CHECK (started IS date(started, '+0 days')),
	ended TEXT CHECK (ended IS date(ended, '+0 days')
		AND ended >= started)
) STRICT;
CREATE INDEX staff_by_name ON staff (name COLLATE NOCASE, id);

-- Full-time equivalent in hundredths, from that day on.
CREATE TABLE staff_fte (
	staff INTEGER NOT NULL REFERENCES staff (id),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	fte INTEGER NOT NULL CHECK (fte BETWEEN 0 AND 200),
	PRIMARY KEY (staff, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_training (
	id INTEGER PRIMARY KEY,
	staff INTEGER NOT NULL REFERENCES staff (id),
	kind TEXT NOT NULL CHECK (kind IN ('training', 'credential')),
	title TEXT NOT NULL CHECK (title <> ''),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	expires TEXT CHECK (expires IS date(expires, '+0 days')
		AND expires >= since)
) STRICT;
CREATE INDEX staff_training_by_staff ON staff_training (staff, since, id);

CREATE TABLE assignment (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	staff INTEGER NOT NULL REFERENCES staff (id),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days') AND until >= since),
	-- What the program suggested that day, and on what grounds.
	suggested TEXT,
	reasons TEXT,
	why TEXT
) STRICT;
CREATE UNIQUE INDEX assignment_now ON assignment (kase) WHERE until IS NULL;
CREATE INDEX assignment_by_case ON assignment (kase, since, id);
CREATE INDEX assignment_by_staff ON assignment (staff, since);

-- @cover works for @staff on these days, both included; open until somebody
-- says when it ended.
CREATE TABLE cover (
	id INTEGER PRIMARY KEY,
	staff INTEGER NOT NULL REFERENCES staff (id),
	cover INTEGER NOT NULL REFERENCES staff (id),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days') AND until >= since),
	leave TEXT NOT NULL CHECK (leave <> ''),
	CHECK (staff <> cover)
) STRICT;
CREATE INDEX cover_by_staff ON cover (staff, since);
CREATE INDEX cover_by_cover ON cover (cover, since);
