-- What was known on a day, and what came since, without reading any release;
-- when somebody saw the state's page last, without reading the whole audit.
CREATE INDEX release_came ON release (received_utc_ms, region, fact_table,
	closing, epoch, version);
CREATE INDEX audit_state ON audit (who, at_utc_ms) WHERE record = 'state';
