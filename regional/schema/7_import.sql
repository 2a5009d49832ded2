-- Imports bring more than children, organizations, services, needs and
-- referrals: `imported` names the record of any table. Nothing else changes.
ALTER TABLE imported RENAME TO imported_before;
DROP INDEX imported_by_record;
CREATE TABLE imported (
	source TEXT NOT NULL,		-- '' unless the import named one
	type TEXT NOT NULL,		-- 'Patient'
	source_id TEXT NOT NULL CHECK (source_id <> ''),
	hash BLOB NOT NULL,		-- of what was taken of it
	local_table TEXT NOT NULL CHECK (local_table <> ''),
	local_id INTEGER NOT NULL,
	PRIMARY KEY (source, type, source_id)
) STRICT, WITHOUT ROWID;
INSERT INTO imported SELECT source, type, source_id, hash, local_table,
	local_id FROM imported_before;
DROP TABLE imported_before;
CREATE INDEX imported_by_record ON imported (local_table, local_id);
