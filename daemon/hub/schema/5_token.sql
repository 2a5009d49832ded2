-- Keys with which programs read the figures. Only a key's hash is here.
CREATE TABLE api_token (
	id INTEGER PRIMARY KEY,
	title TEXT NOT NULL CHECK (title <> ''),
	hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	made_utc_ms INTEGER NOT NULL,
	made_by TEXT NOT NULL,
	revoked_utc_ms INTEGER
) STRICT;
