-- Why a contact was put right, or found to be entered in error.
ALTER TABLE contact ADD COLUMN why TEXT;
