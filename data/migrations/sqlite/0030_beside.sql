-- The last result of another reporter, beside the worse one that counts.
ALTER TABLE check_result ADD COLUMN beside TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN beside_by TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN beside_at INTEGER;
