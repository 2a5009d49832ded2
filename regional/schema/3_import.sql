-- What was taken from elsewhere: which record here came from which resource
-- there. A row is written in the transaction that writes the record, so an
-- import that was stopped goes on where it was.
--
-- The hash is keyed with the node's audit key, so that it tells nothing about
-- a child to who has the file without the key. Erasing a child erases the rows
-- of its records too: source_id is an identifier.
CREATE TABLE imported (
	source TEXT NOT NULL,		-- '' unless the import named one
	type TEXT NOT NULL,		-- 'Patient'
	source_id TEXT NOT NULL CHECK (source_id <> ''),
	hash BLOB NOT NULL,		-- of what was taken of it
	local_table TEXT NOT NULL CHECK (local_table IN ('child',
		'organization', 'service', 'need', 'referral')),
	local_id INTEGER NOT NULL,
	PRIMARY KEY (source, type, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_by_record ON imported (local_table, local_id);

-- Other names of the same resources: keyed hashes of their identifiers, for
-- references like "Organization?identifier=system|value".
CREATE TABLE import_alias (
	source TEXT NOT NULL,
	type TEXT NOT NULL,
	alias TEXT NOT NULL,
	source_id TEXT NOT NULL,
	PRIMARY KEY (source, type, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_alias_by_id ON import_alias (source, type, source_id);
