-- The search text has masked values as one token each, which only the whole value finds. The program writes the search
-- text of all sessions after this migration (src/store/migrate.c).
DELETE FROM session_text WHERE rowid NOT IN (SELECT id FROM session);
