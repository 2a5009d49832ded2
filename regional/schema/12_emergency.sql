-- Emergency access: who opened the record of a child of somebody else's
-- caseload, why, until when, and what a supervisor found about it. Times are
-- UTC milliseconds; names are those of accounts.
CREATE TABLE emergency (
	id INTEGER PRIMARY KEY,
	child INTEGER NOT NULL REFERENCES child (id),
	who TEXT NOT NULL CHECK (who <> ''),
	reason TEXT NOT NULL CHECK (reason <> ''),
	since_utc_ms INTEGER NOT NULL,
	until_utc_ms INTEGER NOT NULL CHECK (until_utc_ms >= since_utc_ms),
	reviewed_by TEXT,
	reviewed_utc_ms INTEGER,
	finding TEXT CHECK (finding IN ('needed', 'not-needed')),
	note TEXT,
	CHECK ((reviewed_by IS NULL) = (reviewed_utc_ms IS NULL)),
	CHECK ((reviewed_by IS NULL) = (finding IS NULL)),
	CHECK (reviewed_by <> who)
) STRICT;
CREATE INDEX emergency_by_who ON emergency (who, child, until_utc_ms);
CREATE INDEX emergency_by_child ON emergency (child);
CREATE INDEX emergency_open ON emergency (since_utc_ms)
	WHERE reviewed_by IS NULL;
