-- Lists over all inboxes merge those of each inbox; a subject has few sessions.
DROP INDEX session_due;
DROP INDEX session_risk;
DROP INDEX session_updated;
DROP INDEX session_name;
DROP INDEX session_subject_status;
