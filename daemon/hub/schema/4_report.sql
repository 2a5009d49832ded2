-- Reports to regions. A published one stays as it is for ever; a later change
-- is another version with a number of its own.
CREATE TABLE report (
	number INTEGER PRIMARY KEY,
	region TEXT NOT NULL REFERENCES region (id),
	quarter INTEGER NOT NULL,
	version INTEGER NOT NULL,
	html BLOB NOT NULL,
	json BLOB NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	published_utc_ms INTEGER NOT NULL,
	published_by TEXT NOT NULL,
	UNIQUE (region, quarter, version)
) STRICT;
CREATE TRIGGER report_stays BEFORE UPDATE ON report BEGIN
	SELECT raise(ABORT, 'a published report is kept as it is');
END;
CREATE TRIGGER report_remains BEFORE DELETE ON report BEGIN
	SELECT raise(ABORT, 'a published report is kept for ever');
END;

-- What the advisor and the center write beside the numbers.
CREATE TABLE report_text (
	region TEXT NOT NULL REFERENCES region (id),
	quarter INTEGER NOT NULL,
	notes TEXT NOT NULL,
	comment TEXT NOT NULL,
	edition INTEGER NOT NULL,
	PRIMARY KEY (region, quarter)
) STRICT, WITHOUT ROWID;
