-- Clients' verbs: a session that its merchant wants to see no more.
ALTER TABLE session ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
