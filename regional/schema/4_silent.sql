-- 1 while the daemon waits longer for an answer of the hub than its deadline.
ALTER TABLE node ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
