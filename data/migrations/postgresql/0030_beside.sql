-- The last result of another reporter, if the stored result is worse and therefore counts.
ALTER TABLE check_result ADD COLUMN beside TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN beside_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN beside_at BIGINT;
