-- Technical assistance: what a region is helped with, why that began, what was
-- said and agreed, and whether it helped. Of regions, never of a child.

CREATE TABLE ta_item (
	id INTEGER PRIMARY KEY,
	region TEXT NOT NULL REFERENCES region (id),
	cause TEXT NOT NULL CHECK (cause IN
		('by_hand', 'signal', 'threshold', 'data_quality', 'silence')),
	measure TEXT NOT NULL DEFAULT '',
	topic TEXT NOT NULL CHECK (topic <> ''),
	why TEXT NOT NULL DEFAULT '',
	-- the newest month (of a silence: the day last heard) that it rests on
	evidence INTEGER NOT NULL DEFAULT 0,
	opened_on INTEGER NOT NULL,
	opened_by TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
	closed_on INTEGER,
	helped TEXT NOT NULL DEFAULT ''
		CHECK (helped IN ('', 'yes', 'partly', 'no', 'cannot_say')),
	lesson TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX ta_item_region ON ta_item (region, state);
-- What opens by itself opens once, and not again on what it rested on before.
CREATE UNIQUE INDEX ta_item_once ON ta_item (region, cause, measure)
	WHERE state = 'open' AND cause <> 'by_hand';

CREATE TABLE ta_entry (
	id INTEGER PRIMARY KEY,
	item INTEGER NOT NULL REFERENCES ta_item (id),
	kind TEXT NOT NULL CHECK (kind IN ('visit', 'call', 'advice', 'note')),
	on_day INTEGER NOT NULL,
	text TEXT NOT NULL CHECK (text <> ''),
	who TEXT NOT NULL,
	withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ta_entry_item ON ta_entry (item, on_day);

CREATE TABLE ta_action (
	id INTEGER PRIMARY KEY,
	item INTEGER NOT NULL REFERENCES ta_item (id),
	what TEXT NOT NULL CHECK (what <> ''),
	owner TEXT NOT NULL CHECK (owner <> ''),
	due INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'done', 'dropped')),
	state_on INTEGER NOT NULL
) STRICT;
CREATE INDEX ta_action_item ON ta_action (item, due);

-- A rate beyond which an item opens, in tenths of a percent.
CREATE TABLE ta_threshold (
	measure TEXT PRIMARY KEY,
	side TEXT NOT NULL CHECK (side IN ('below', 'above')),
	tenths INTEGER NOT NULL CHECK (tenths BETWEEN 0 AND 1000)
) STRICT;
