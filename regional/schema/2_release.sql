-- What this node is, what its closings counted, and what left it.
--
-- table_id is a fact table's id; months are numbered year * 12 + month - 1,
-- half-years month / 6.

CREATE TABLE node (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
	audit_key BLOB NOT NULL CHECK (length(audit_key) = 32),
	-- The first month that closes; NULL until the node has joined, unless
	-- history is brought.
	first_month INTEGER,
	history_in INTEGER NOT NULL CHECK (history_in IN (0, 1)),
	region TEXT,
	title TEXT,
	network BLOB CHECK (length(network) = 16),
	hub_sign_pk BLOB CHECK (length(hub_sign_pk) = 32),
	hub_box_pk BLOB CHECK (length(hub_box_pk) = 32),
	hub_addr TEXT,
	epoch INTEGER,
	-- The epoch in which the hub has last said what it holds. Another one
	-- than epoch: ask before anything closes.
	hello_epoch INTEGER,
	policy BLOB,
	policy_sig BLOB,
	-- This machine's clock minus the hub's, when last heard.
	hub_off_ms INTEGER NOT NULL DEFAULT 0,
	heard_utc_ms INTEGER NOT NULL DEFAULT 0,
	-- 1 while the daemon waits longer for an answer than its deadline.
	silent INTEGER NOT NULL DEFAULT 0 CHECK (silent IN (0, 1)),
	-- Why the hub does not talk to this node any more, or ''.
	trouble TEXT NOT NULL DEFAULT ''
) STRICT;

-- Every occurrence that a closing counted, as it counted it. A restated
-- half-year has revisions 0, 1, ...; a row stands for those from from_rev up
-- to, not with, to_rev (NULL: still). So every earlier version can be counted
-- again, as rule V of the gate demands.
CREATE TABLE counted (
	table_id TEXT NOT NULL,
	half INTEGER NOT NULL,
	occurrence INTEGER NOT NULL,
	from_rev INTEGER NOT NULL CHECK (from_rev >= 0),
	to_rev INTEGER CHECK (to_rev > from_rev),
	child INTEGER NOT NULL,
	closing INTEGER NOT NULL CHECK (closing / 6 = half),
	cell INTEGER NOT NULL CHECK (cell BETWEEN 0 AND 127),
	outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 31),
	PRIMARY KEY (table_id, half, occurrence, from_rev)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX counted_once ON counted (table_id, occurrence)
	WHERE to_rev IS NULL;

-- One row for each half-year of a fact table in which a month closed.
CREATE TABLE closing_state (
	table_id TEXT NOT NULL,
	half INTEGER NOT NULL,
	closed INTEGER NOT NULL CHECK (closed / 6 = half),
	-- Index of the trend's first step, fixed for the calendar year.
	trend_first INTEGER NOT NULL CHECK (trend_first >= 0),
	revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
	frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)),
	PRIMARY KEY (table_id, half)
) STRICT, WITHOUT ROWID;

-- Releases are small: kept for ever.
CREATE TABLE release (
	table_id TEXT NOT NULL,
	closing INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	version INTEGER NOT NULL,
	-- Of its half-year, when this was said.
	revision INTEGER NOT NULL DEFAULT 0,
	-- 1 held, 2 ready, 3 sent, 4 taken (enum release_state).
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
	-- 1: came back from the hub and waits to be replayed; 2: was.
	recovered INTEGER NOT NULL DEFAULT 0 CHECK (recovered BETWEEN 0 AND 2),
	made_utc_ms INTEGER NOT NULL,
	approved_by TEXT,
	receipt_utc_ms INTEGER NOT NULL DEFAULT 0,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	events INTEGER NOT NULL,
	occurrences INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	-- The hub's last refusal, and when to ask again.
	refused INTEGER NOT NULL DEFAULT 0,
	why TEXT NOT NULL DEFAULT '',
	retry_utc_ms INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (table_id, closing, epoch, version)
) STRICT;
CREATE INDEX release_waiting ON release (closing, table_id, epoch, version)
	WHERE state < 4;

-- Every release that left, in order, chained by hash. Never changed but for
-- the receipt.
CREATE TABLE ledger (
	seq INTEGER PRIMARY KEY CHECK (seq > 0),
	table_id TEXT NOT NULL,
	closing INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	version INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	head BLOB NOT NULL CHECK (length(head) = 32),
	left_utc_ms INTEGER NOT NULL,
	receipt BLOB,
	receipt_utc_ms INTEGER NOT NULL DEFAULT 0,
	UNIQUE (table_id, closing, epoch, version)
) STRICT;
