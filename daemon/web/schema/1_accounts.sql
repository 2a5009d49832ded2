-- Who may sign in to the pages of a node or a hub. Nothing of the record is
-- here but what a person had typed into a form that was not sent (draft), and
-- that is sealed. Times are UTC milliseconds.

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	-- as it is typed; small letters
	name TEXT NOT NULL UNIQUE CHECK (name <> '' AND name = lower(name)),
	title TEXT NOT NULL CHECK (title <> ''),
	roles TEXT NOT NULL CHECK (roles <> ''),
	staff INTEGER,
	lang TEXT NOT NULL DEFAULT 'en' CHECK (lang IN ('en', 'es')),
	-- Argon2id, as libsodium writes it; NULL: none was chosen yet
	password TEXT,
	-- the secret of time codes, sealed; NULL: not used. The newest step
	-- that was taken: each code counts once.
	totp BLOB,
	totp_step INTEGER NOT NULL DEFAULT 0,
	-- what a reverse proxy calls the person
	sso TEXT UNIQUE CHECK (sso <> ''),
	disabled_utc_ms INTEGER,
	made_utc_ms INTEGER NOT NULL,
	signed_in_utc_ms INTEGER
) STRICT;

-- A session is found by the hash of its token. An ended one is kept for a
-- while, so that what was typed in it can be given to whom it belongs.
CREATE TABLE session (
	hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
	account INTEGER NOT NULL REFERENCES account (id),
	made_utc_ms INTEGER NOT NULL,
	seen_utc_ms INTEGER NOT NULL,
	ended_utc_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account);

-- Password right, time code still to come.
CREATE TABLE half_session (
	hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
	account INTEGER NOT NULL REFERENCES account (id),
	made_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A link that works once: to choose a password, or, without an account, to
-- make the first one.
CREATE TABLE link (
	hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
	account INTEGER REFERENCES account (id),
	made_utc_ms INTEGER NOT NULL,
	until_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed attempts of an account ("name:ann") or an address ("address:...").
CREATE TABLE throttle (
	key TEXT PRIMARY KEY,
	failures INTEGER NOT NULL,
	at_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
	account INTEGER NOT NULL REFERENCES account (id),
	form TEXT NOT NULL,
	sealed BLOB NOT NULL,
	at_utc_ms INTEGER NOT NULL,
	PRIMARY KEY (account, form)
) STRICT, WITHOUT ROWID;
