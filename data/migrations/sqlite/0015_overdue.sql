-- What is over due is counted before every frame of the workbench: of the open cases whose time runs, by when it ends.
CREATE INDEX session_overdue ON session (due_key)
	WHERE top = 1 AND due_paused_at IS NULL AND status NOT IN ('approved', 'rejected');
