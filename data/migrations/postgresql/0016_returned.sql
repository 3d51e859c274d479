-- An index for the filter mark:returned, as for the other marks.
CREATE INDEX session_returned ON session (top) WHERE returned = 1;
