-- What the pages of the coordinators read: an index of the words by which a
-- child is found, and a line of each open case. All of it follows from the
-- record (regional/case/derive.h) and may be made anew at any time; so nothing
-- here is a foreign key, audited, or merged.
--
-- A child about whom something changed stands in derive_queue until the end of
-- the transaction, whoever changed it. what: 1 its words, 2 its open case.
CREATE TABLE derive_queue (
	what INTEGER NOT NULL CHECK (what IN (1, 2)),
	child INTEGER NOT NULL,
	PRIMARY KEY (what, child)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_now (
	kase INTEGER PRIMARY KEY,
	child INTEGER NOT NULL,
	sort TEXT NOT NULL,	-- family and given name, folded
	staff INTEGER NOT NULL,	-- 0: nobody
	opened TEXT NOT NULL,
	level TEXT NOT NULL,	-- '': none yet
	stage TEXT NOT NULL CHECK (stage IN ('intake', 'assess', 'plan',
		'work', 'close')),
	needs TEXT NOT NULL,	-- open ones: ',food,housing,'
	language TEXT NOT NULL,	-- of the main home, '' not asked
	zip TEXT NOT NULL,	-- of the main home, else the child's; or ''
	last TEXT,		-- newest contact or attempt
	due TEXT		-- the first thing to be done
) STRICT;
CREATE INDEX case_now_by_child ON case_now (child);
CREATE INDEX case_now_by_staff ON case_now (staff, sort, kase);
CREATE INDEX case_now_by_name ON case_now (sort, kase);
CREATE INDEX case_now_by_due ON case_now (ifnull(due, '9999'), kase);
CREATE INDEX case_now_by_opened ON case_now (opened, kase);
CREATE INDEX case_now_by_last ON case_now (ifnull(last, ''), kase);

-- term: a folded word of a name; '=2019-04-03' a birth date; '#' and the digits
-- of a telephone number from the last to the first; '@' and a record number
-- elsewhere. find_near: what a misspelled word may have in common with it
-- (regional/case/find.h).
CREATE TABLE find_term (
	id INTEGER PRIMARY KEY,
	term TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE find_near (
	near TEXT NOT NULL,
	term INTEGER NOT NULL,
	PRIMARY KEY (near, term)
) STRICT, WITHOUT ROWID;
CREATE INDEX find_near_by_term ON find_near (term);
-- whose: enum find_whose.
CREATE TABLE find_posting (
	child INTEGER NOT NULL,
	term INTEGER NOT NULL,
	whose INTEGER NOT NULL,
	PRIMARY KEY (child, term, whose)
) STRICT, WITHOUT ROWID;
-- Own names come first where there are too many.
CREATE INDEX find_posting_by_term ON find_posting (term, whose, child);

INSERT INTO derive_queue SELECT 1, id FROM child;
INSERT INTO derive_queue SELECT 2, child FROM care_case WHERE closed IS NULL;

-- Who is told of a change. A change of a name is told to brothers and sisters.
CREATE TRIGGER child_derive_insert AFTER INSERT ON child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.id;
END;
CREATE TRIGGER child_derive_update AFTER UPDATE OF given, family, birth, zip, source_id, merged_into ON child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = new.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = new.id;
END;
CREATE TRIGGER child_derive_delete AFTER DELETE ON child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, b.child FROM family_child a
		JOIN family_child b ON b.family = a.family
		WHERE a.child = old.id;
END;
CREATE TRIGGER family_child_derive_insert AFTER INSERT ON family_child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = new.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = new.family;
END;
CREATE TRIGGER family_child_derive_update AFTER UPDATE ON family_child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = old.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = old.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = new.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = new.family;
END;
CREATE TRIGGER family_child_derive_delete AFTER DELETE ON family_child
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = old.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = old.family;
END;
CREATE TRIGGER family_derive_update AFTER UPDATE OF name, language, zip ON family
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = new.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM family_child WHERE family = new.id;
END;
CREATE TRIGGER caregiver_derive_insert AFTER INSERT ON caregiver
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = new.family;
END;
CREATE TRIGGER caregiver_derive_update AFTER UPDATE ON caregiver
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = old.family;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = new.family;
END;
CREATE TRIGGER caregiver_derive_delete AFTER DELETE ON caregiver
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, child FROM family_child WHERE family = old.family;
END;
CREATE TRIGGER reach_derive_insert AFTER INSERT ON reach
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.child WHERE new.child IS NOT NULL;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, f.child FROM caregiver c
		JOIN family_child f ON f.family = c.family
		WHERE c.id = new.caregiver;
END;
CREATE TRIGGER reach_derive_update AFTER UPDATE ON reach
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.child WHERE old.child IS NOT NULL;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, f.child FROM caregiver c
		JOIN family_child f ON f.family = c.family
		WHERE c.id = old.caregiver;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, new.child WHERE new.child IS NOT NULL;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, f.child FROM caregiver c
		JOIN family_child f ON f.family = c.family
		WHERE c.id = new.caregiver;
END;
CREATE TRIGGER reach_derive_delete AFTER DELETE ON reach
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, old.child WHERE old.child IS NOT NULL;
	INSERT OR IGNORE INTO derive_queue
		SELECT 1, f.child FROM caregiver c
		JOIN family_child f ON f.family = c.family
		WHERE c.id = old.caregiver;
END;
CREATE TRIGGER care_case_derive_insert AFTER INSERT ON care_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.child;
END;
CREATE TRIGGER care_case_derive_update AFTER UPDATE ON care_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.child;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, new.child;
END;
CREATE TRIGGER care_case_derive_delete AFTER DELETE ON care_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, old.child;
END;
CREATE TRIGGER assignment_derive_insert AFTER INSERT ON assignment
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER assignment_derive_update AFTER UPDATE ON assignment
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER assignment_derive_delete AFTER DELETE ON assignment
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER need_level_derive_insert AFTER INSERT ON need_level
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER need_level_derive_update AFTER UPDATE ON need_level
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER need_level_derive_delete AFTER DELETE ON need_level
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER contact_planned_derive_insert AFTER INSERT ON contact_planned
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER contact_planned_derive_update AFTER UPDATE ON contact_planned
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER contact_planned_derive_delete AFTER DELETE ON contact_planned
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER care_plan_derive_insert AFTER INSERT ON care_plan
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER care_plan_derive_update AFTER UPDATE ON care_plan
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER care_plan_derive_delete AFTER DELETE ON care_plan
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER need_derive_insert AFTER INSERT ON need
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER need_derive_update AFTER UPDATE ON need
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER need_derive_delete AFTER DELETE ON need
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER contact_case_derive_insert AFTER INSERT ON contact_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER contact_case_derive_update AFTER UPDATE ON contact_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = new.kase;
END;
CREATE TRIGGER contact_case_derive_delete AFTER DELETE ON contact_case
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, child FROM care_case WHERE id = old.kase;
END;
CREATE TRIGGER contact_derive_update AFTER UPDATE OF happened, errored ON contact
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM contact_case c
		JOIN care_case k ON k.id = c.kase WHERE c.contact = old.id;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM contact_case c
		JOIN care_case k ON k.id = c.kase WHERE c.contact = new.id;
END;
CREATE TRIGGER care_action_derive_insert AFTER INSERT ON care_action
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM care_goal g
		JOIN care_plan p ON p.id = g.plan
		JOIN care_case k ON k.id = p.kase WHERE g.id = new.goal;
END;
CREATE TRIGGER care_action_derive_update AFTER UPDATE ON care_action
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM care_goal g
		JOIN care_plan p ON p.id = g.plan
		JOIN care_case k ON k.id = p.kase WHERE g.id = old.goal;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM care_goal g
		JOIN care_plan p ON p.id = g.plan
		JOIN care_case k ON k.id = p.kase WHERE g.id = new.goal;
END;
CREATE TRIGGER care_action_derive_delete AFTER DELETE ON care_action
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM care_goal g
		JOIN care_plan p ON p.id = g.plan
		JOIN care_case k ON k.id = p.kase WHERE g.id = old.goal;
END;
CREATE TRIGGER referral_derive_insert AFTER INSERT ON referral
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM need n
		JOIN care_case k ON k.id = n.kase WHERE n.id = new.need;
END;
CREATE TRIGGER referral_derive_update AFTER UPDATE OF need, state, sent, answered ON referral
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM need n
		JOIN care_case k ON k.id = n.kase WHERE n.id = old.need;
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM need n
		JOIN care_case k ON k.id = n.kase WHERE n.id = new.need;
END;
CREATE TRIGGER referral_derive_delete AFTER DELETE ON referral
BEGIN
	INSERT OR IGNORE INTO derive_queue
		SELECT 2, k.child FROM need n
		JOIN care_case k ON k.id = n.kase WHERE n.id = old.need;
END;
