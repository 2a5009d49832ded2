-- Work that somebody put off, and lists of cases that somebody keeps.

-- The newest row of a piece of work holds; undoing takes it away again, and the
-- one before holds as it did.
CREATE TABLE later (
	id INTEGER PRIMARY KEY,
	kase INTEGER NOT NULL REFERENCES care_case (id),
	-- A piece of work: what kind (today_list.h) and which record.
	kind TEXT NOT NULL CHECK (kind <> ''),
	record INTEGER NOT NULL,
	put_off TEXT NOT NULL CHECK (put_off IS date(put_off, '+0 days')),
	until TEXT NOT NULL CHECK (until IS date(until, '+0 days')
		AND until > put_off),
	who TEXT NOT NULL CHECK (who <> '')
) STRICT;
CREATE INDEX later_by_work ON later (record, kind, id);
CREATE INDEX later_by_case ON later (kase);

-- A list of cases under a name. who: the account whose it is.
CREATE TABLE saved_view (
	id INTEGER PRIMARY KEY,
	who TEXT NOT NULL CHECK (who <> ''),
	name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
	query TEXT NOT NULL,
	UNIQUE (who, name)
) STRICT;
