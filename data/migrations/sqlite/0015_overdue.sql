-- Overdue cases are counted before every frame of the workbench: an index of open cases with a running due time, by
-- that time.
CREATE INDEX session_overdue ON session (due_key)
	WHERE top = 1 AND due_paused_at IS NULL AND status NOT IN ('approved', 'rejected');
