-- Lists over all inboxes merge those of each inbox; of a subject there are few sessions.
DROP INDEX session_due;
DROP INDEX session_risk;
DROP INDEX session_updated;
DROP INDEX session_name;
DROP INDEX session_subject_status;

-- Whom a case waits for, so that none of the others is read.
DROP INDEX session_waiting;
CREATE INDEX session_waiting ON session (top, waiting) WHERE waiting <> 0;
