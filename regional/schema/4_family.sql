-- The family around a child, what it has consented to, the documents it gave,
-- and what a case says of its beginning and end.
--
-- As in 1_case.sql: dates are ISO text, what is not known is NULL, words are of
-- proto/vocabulary.conf, and regional/case checks more than is said here. A
-- dated row stands from since (NULL: always) through until (NULL: still).
--
-- A table that refers to a child or a case does so by a foreign key, and its key
-- is an integer, or that reference and an integer: merging children finds its
-- rows by that (regional/case/merge.c).

ALTER TABLE child ADD COLUMN ethnicity TEXT;
ALTER TABLE child ADD COLUMN heard TEXT;
-- The record in which this one has gone up; it is in no list.
ALTER TABLE child ADD COLUMN merged_into INTEGER REFERENCES child (id);

CREATE TABLE child_race (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	race TEXT NOT NULL,
	UNIQUE (child, race)
) STRICT;

-- One household. A child of two homes is in two of them.
CREATE TABLE family (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL CHECK (name <> ''),
	language TEXT,
	interpreter INTEGER NOT NULL CHECK (interpreter IN (0, 1)),
	address TEXT,
	zip TEXT
) STRICT;
CREATE INDEX family_by_name ON family (name COLLATE NOCASE, id);

CREATE TABLE family_child (
	id INTEGER PRIMARY KEY,
	family INTEGER NOT NULL REFERENCES family (id),
	child INTEGER NOT NULL REFERENCES child (id),
	main INTEGER NOT NULL CHECK (main IN (0, 1)),
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days'))
) STRICT;
CREATE INDEX family_child_by_family ON family_child (family);
CREATE INDEX family_child_by_child ON family_child (child);
CREATE UNIQUE INDEX family_child_once ON family_child (family, child)
	WHERE until IS NULL;
CREATE UNIQUE INDEX family_child_main ON family_child (child)
	WHERE main = 1 AND until IS NULL;

CREATE TABLE caregiver (
	id INTEGER PRIMARY KEY,
	family INTEGER NOT NULL REFERENCES family (id),
	given TEXT,
	surname TEXT,
	-- NULL: as the family.
	language TEXT,
	interpreter INTEGER CHECK (interpreter IN (0, 1)),
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	CHECK (given <> '' OR surname <> '')
) STRICT;
CREATE INDEX caregiver_by_family ON caregiver (family);

-- What a caregiver is to a child, and whether they may sign: authority NULL is
-- no. Without a caregiver it is the youth, in the youth's own right.
CREATE TABLE custody (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	caregiver INTEGER REFERENCES caregiver (id),
	relation TEXT NOT NULL,
	custody TEXT NOT NULL,
	authority TEXT,
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days')),
	CHECK (caregiver IS NOT NULL OR authority IS 'youth')
) STRICT;
CREATE INDEX custody_by_child ON custody (child);
CREATE INDEX custody_by_caregiver ON custody (caregiver);

-- A telephone number, an address: of a caregiver or of the youth.
CREATE TABLE reach (
	id INTEGER PRIMARY KEY,
	caregiver INTEGER REFERENCES caregiver (id),
	child INTEGER REFERENCES child (id),
	way TEXT NOT NULL,
	value TEXT NOT NULL CHECK (value <> ''),
	safe INTEGER NOT NULL CHECK (safe IN (0, 1)),
	message INTEGER NOT NULL CHECK (message IN (0, 1)),
	preferred INTEGER NOT NULL CHECK (preferred IN (0, 1)),
	hours TEXT,
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	CHECK ((caregiver IS NULL) <> (child IS NULL)),
	CHECK (preferred = 0 OR (safe = 1 AND active = 1))
) STRICT;
CREATE INDEX reach_by_caregiver ON reach (caregiver);
CREATE INDEX reach_by_child ON reach (child);
CREATE UNIQUE INDEX reach_preferred ON reach (
	ifnull(caregiver, 0), ifnull(child, 0)) WHERE preferred = 1;

CREATE TABLE coverage (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	kind TEXT NOT NULL,
	payer TEXT,
	member TEXT,
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days'))
) STRICT;
CREATE INDEX coverage_by_child ON coverage (child);

-- Of one child, or of the whole family.
CREATE TABLE benefit (
	id INTEGER PRIMARY KEY,
	child INTEGER REFERENCES child (id),
	family INTEGER REFERENCES family (id),
	kind TEXT NOT NULL,
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days')),
	CHECK ((child IS NULL) <> (family IS NULL))
) STRICT;
CREATE INDEX benefit_by_child ON benefit (child);
CREATE INDEX benefit_by_family ON benefit (family);

CREATE TABLE practice (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
	phone TEXT,
	fax TEXT,
	address TEXT,
	zip TEXT,
	medical_home INTEGER NOT NULL CHECK (medical_home IN (0, 1)),
	active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE practice_outreach (
	id INTEGER PRIMARY KEY,
	practice INTEGER NOT NULL REFERENCES practice (id),
	day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
	how TEXT NOT NULL,
	with_whom TEXT,
	minutes INTEGER CHECK (minutes BETWEEN 0 AND 1440),
	what TEXT
) STRICT;
CREATE INDEX practice_outreach_by_practice ON practice_outreach (
	practice, day);

CREATE TABLE child_practice (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	practice INTEGER NOT NULL REFERENCES practice (id),
	clinician TEXT,
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days'))
) STRICT;
CREATE INDEX child_practice_by_child ON child_practice (child);
CREATE INDEX child_practice_by_practice ON child_practice (practice);
CREATE UNIQUE INDEX child_practice_now ON child_practice (child)
	WHERE until IS NULL;

-- A child's own key, wrapped with the node's (regional/case/seal.h). Deleting
-- the row makes all that is sealed with it unreadable.
CREATE TABLE child_key (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX child_key_by_child ON child_key (child);

-- child_key is no foreign key: the number stays when the key has gone.
CREATE TABLE attachment (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	child_key INTEGER NOT NULL,
	document TEXT NOT NULL,
	title TEXT,
	type TEXT NOT NULL CHECK (type IN ('pdf', 'png', 'jpeg', 'text')),
	size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 10485760),
	-- Keyed with the node's audit key: it tells nothing about the content.
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	added TEXT NOT NULL CHECK (added IS date(added, '+0 days')),
	erased TEXT CHECK (erased IS date(erased, '+0 days'))
) STRICT;
CREATE INDEX attachment_by_child ON attachment (child);

CREATE TABLE attachment_content (
	attachment INTEGER PRIMARY KEY REFERENCES attachment (id),
	sealed BLOB NOT NULL
) STRICT;

CREATE TABLE consent (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	-- The receiver; neither: whoever is needed for what is consented to.
	organization INTEGER REFERENCES organization (id),
	practice INTEGER REFERENCES practice (id),
	since TEXT NOT NULL CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days') AND until >= since),
	signed TEXT NOT NULL CHECK (signed IS date(signed, '+0 days')),
	signer INTEGER REFERENCES caregiver (id), -- NULL: the youth
	authority TEXT NOT NULL,
	attachment INTEGER REFERENCES attachment (id),
	renews INTEGER REFERENCES consent (id),
	withdrawn TEXT CHECK (withdrawn IS date(withdrawn, '+0 days')),
	withdrawn_why TEXT,
	-- Whether the child is still counted after this was withdrawn. What the
	-- network's policy says of it sets this; until it says something: yes.
	counted INTEGER NOT NULL DEFAULT 1 CHECK (counted IN (0, 1)),
	CHECK (organization IS NULL OR practice IS NULL)
) STRICT;
CREATE INDEX consent_by_child ON consent (child);

CREATE TABLE consent_scope (
	consent INTEGER NOT NULL REFERENCES consent (id),
	scope TEXT NOT NULL,
	PRIMARY KEY (consent, scope)
) STRICT, WITHOUT ROWID;

-- For fact tables, should the policy say that withdrawal ends counting: a row
-- for every child that does not count any more.
CREATE VIEW child_uncounted AS
SELECT DISTINCT child FROM consent
WHERE withdrawn IS NOT NULL AND counted = 0;

ALTER TABLE care_case ADD COLUMN intake TEXT;
ALTER TABLE care_case ADD COLUMN source TEXT;
ALTER TABLE care_case ADD COLUMN source_name TEXT;
ALTER TABLE care_case ADD COLUMN close_reason TEXT;
ALTER TABLE care_case ADD COLUMN moved_region TEXT;

-- The need domains that the referring provider expected, or that the family
-- put first, in their order.
CREATE TABLE case_focus (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	side TEXT NOT NULL CHECK (side IN ('provider', 'family')),
	domain TEXT NOT NULL,
	rank INTEGER NOT NULL CHECK (rank > 0),
	UNIQUE (kase, side, domain)
) STRICT;

-- Coordinators of other programs. No row leads: this center does.
CREATE TABLE case_coordinator (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	name TEXT NOT NULL CHECK (name <> ''),
	program TEXT NOT NULL CHECK (program <> ''),
	reach TEXT,
	leads INTEGER NOT NULL CHECK (leads IN (0, 1)),
	since TEXT CHECK (since IS date(since, '+0 days')),
	until TEXT CHECK (until IS date(until, '+0 days'))
) STRICT;
CREATE INDEX case_coordinator_by_case ON case_coordinator (kase);
CREATE UNIQUE INDEX case_coordinator_leads ON case_coordinator (kase)
	WHERE leads = 1 AND until IS NULL;

CREATE TABLE case_reopening (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	closed TEXT NOT NULL,
	close_reason TEXT,
	reopened TEXT NOT NULL CHECK (reopened IS date(reopened, '+0 days')),
	why TEXT
) STRICT;
CREATE INDEX case_reopening_by_case ON case_reopening (kase);

-- Children that were recorded twice, and every value that changed when they
-- were made one, so that it can be undone.
CREATE TABLE child_merge (
	id INTEGER PRIMARY KEY,
	kept INTEGER NOT NULL REFERENCES child (id),
	gone INTEGER NOT NULL REFERENCES child (id),
	merged TEXT NOT NULL CHECK (merged IS date(merged, '+0 days')),
	undone TEXT CHECK (undone IS date(undone, '+0 days')),
	CHECK (kept <> gone)
) STRICT;

CREATE TABLE child_merge_step (
	id INTEGER PRIMARY KEY,
	child_merge INTEGER NOT NULL REFERENCES child_merge (id),
	record TEXT NOT NULL,
	row INTEGER NOT NULL,
	field TEXT NOT NULL,
	was TEXT,
	now TEXT
) STRICT;
CREATE INDEX child_merge_step_by_merge ON child_merge_step (child_merge, id);

CREATE TABLE child_merge_import (
	child_merge INTEGER NOT NULL REFERENCES child_merge (id),
	source TEXT NOT NULL,
	type TEXT NOT NULL,
	source_id TEXT NOT NULL,
	PRIMARY KEY (child_merge, source, type, source_id)
) STRICT, WITHOUT ROWID;
