-- Who did what at the hub: sign-ins, views, exports, denials and changes, each
-- row bound to the one before it by its hash. No value is in it.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	record TEXT NOT NULL,
	id INTEGER NOT NULL,
	field TEXT NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
