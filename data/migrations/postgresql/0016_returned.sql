-- mark:returned is read by its own index, as the other marks are.
CREATE INDEX session_returned ON session (top) WHERE returned = 1;
