-- What a file has besides its text, such as macros or JavaScript, found when it was uploaded; files of before are unmarked.
ALTER TABLE document ADD COLUMN marks TEXT NOT NULL DEFAULT ''; -- "macros,dde"
ALTER TABLE document ADD COLUMN back_marks TEXT NOT NULL DEFAULT '';
