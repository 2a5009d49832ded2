-- Why a document was taken out of the record.
ALTER TABLE attachment ADD COLUMN erased_why TEXT;
