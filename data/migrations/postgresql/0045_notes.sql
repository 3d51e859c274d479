-- Notes: mentioned reviewers that have not answered, the document or hit that a note is about, pinned notes.
ALTER TABLE note ADD COLUMN mentioned TEXT COLLATE "C" NOT NULL DEFAULT ''; -- "/ana//bo/"
ALTER TABLE note ADD COLUMN document TEXT COLLATE "C" NOT NULL DEFAULT ''; -- id
ALTER TABLE note ADD COLUMN hit TEXT COLLATE "C" NOT NULL DEFAULT ''; -- id
ALTER TABLE note ADD COLUMN pinned_by TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX note_mentioned ON note (mentioned, session_id) WHERE mentioned <> '';
