-- Lists over all inboxes merge the indexes of each inbox, and a subject has few sessions: these indexes are not
-- needed.
DROP INDEX session_due;
DROP INDEX session_risk;
DROP INDEX session_updated;
DROP INDEX session_name;
DROP INDEX session_subject_status;

-- Cases by what they wait for, so that no other case is read.
DROP INDEX session_waiting;
CREATE INDEX session_waiting ON session (top, waiting) WHERE waiting <> 0;
