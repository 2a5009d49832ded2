-- The state's hub: who belongs to the network, and every release that was
-- taken. Releases and receipts are added, never changed: the state's figures
-- can be worked out again for any day. Times are UTC milliseconds.

CREATE TABLE network (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	id BLOB NOT NULL CHECK (length(id) = 16),
	made_utc_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE policy (
	number INTEGER PRIMARY KEY CHECK (number >= 1),
	bytes BLOB NOT NULL,
	sig BLOB NOT NULL CHECK (length(sig) = 64),
	at_utc_ms INTEGER NOT NULL
) STRICT;

-- A region is for ever; who runs it is a node. The epoch only grows.
CREATE TABLE region (
	id TEXT PRIMARY KEY CHECK (id <> ''),
	title TEXT NOT NULL CHECK (title <> ''),
	epoch INTEGER NOT NULL DEFAULT 0,
	added_utc_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE invite (
	id INTEGER PRIMARY KEY,
	region TEXT NOT NULL REFERENCES region (id),
	hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	state TEXT NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'used', 'burned')),
	attempts INTEGER NOT NULL DEFAULT 0,
	made_utc_ms INTEGER NOT NULL,
	expires_utc_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX invite_open ON invite (region) WHERE state = 'open';

CREATE TABLE node (
	sign_pk BLOB PRIMARY KEY CHECK (length(sign_pk) = 32),
	box_pk BLOB NOT NULL CHECK (length(box_pk) = 32),
	region TEXT NOT NULL REFERENCES region (id),
	state TEXT NOT NULL CHECK (state IN ('active', 'replaced')),
	invite INTEGER NOT NULL REFERENCES invite (id),
	joined_utc_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX node_active ON node (region) WHERE state = 'active';

-- What a region said last of itself.
CREATE TABLE contact (
	region TEXT PRIMARY KEY REFERENCES region (id),
	heard_utc_ms INTEGER NOT NULL,
	clock_off_ms INTEGER NOT NULL DEFAULT 0,
	waiting INTEGER NOT NULL DEFAULT 0,
	version TEXT NOT NULL DEFAULT '',
	-- when its whole inventory was compared last
	compared_utc_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Hellos heard: the bus repeats, and a hello that comes again grants nothing.
CREATE TABLE hello (
	region TEXT NOT NULL REFERENCES region (id),
	request BLOB NOT NULL CHECK (length(request) = 16),
	PRIMARY KEY (region, request)
) STRICT, WITHOUT ROWID;

CREATE TABLE release (
	id INTEGER PRIMARY KEY,
	region TEXT NOT NULL REFERENCES region (id),
	fact_table TEXT NOT NULL,
	closing INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	version INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	bytes BLOB NOT NULL,
	received_utc_ms INTEGER NOT NULL,
	UNIQUE (region, fact_table, closing, epoch, version)
) STRICT;
CREATE TRIGGER release_stays BEFORE UPDATE ON release BEGIN
	SELECT raise(ABORT, 'a release is kept as it came');
END;
CREATE TRIGGER release_remains BEFORE DELETE ON release BEGIN
	SELECT raise(ABORT, 'a release is kept for ever');
END;

-- What each release holds, by view of its fact table.
CREATE TABLE release_sum (
	release INTEGER NOT NULL REFERENCES release (id),
	view INTEGER NOT NULL,
	events INTEGER NOT NULL,
	occurrences INTEGER NOT NULL,
	PRIMARY KEY (release, view)
) STRICT, WITHOUT ROWID;

-- The place in the node's ledger for which a release was receipted.
CREATE TABLE receipt (
	release INTEGER NOT NULL REFERENCES release (id),
	ledger_seq INTEGER NOT NULL,
	ledger_head BLOB NOT NULL CHECK (length(ledger_head) = 32),
	at_utc_ms INTEGER NOT NULL,
	PRIMARY KEY (release, ledger_seq, ledger_head)
) STRICT, WITHOUT ROWID;

-- The newest release by (epoch, version) of each closing.
CREATE TABLE current (
	region TEXT NOT NULL REFERENCES region (id),
	fact_table TEXT NOT NULL,
	closing INTEGER NOT NULL,
	release INTEGER NOT NULL REFERENCES release (id),
	PRIMARY KEY (region, fact_table, closing)
) STRICT, WITHOUT ROWID;

-- Refusals, and alarms that somebody should look at; the same one again is
-- counted, so that a node that asks for ever does not fill the disk.
CREATE TABLE trouble (
	id INTEGER PRIMARY KEY,
	region TEXT NOT NULL REFERENCES region (id),
	kind TEXT NOT NULL CHECK (kind IN ('refusal', 'alarm')),
	what TEXT NOT NULL,
	times INTEGER NOT NULL DEFAULT 1,
	first_utc_ms INTEGER NOT NULL,
	last_utc_ms INTEGER NOT NULL,
	UNIQUE (region, kind, what)
) STRICT;
