-- Figures of the desk (docs/figures.md), and the audit log by its time.

CREATE INDEX audit_event_at ON audit_event (at, seq, actor, action);
-- Decisions made in this store that were not undone.
CREATE INDEX decision_made ON decision (decided_at, kind, role, first_approval, reason, decided_by, session_id)
	WHERE imported = 0 AND undone = 0;
CREATE INDEX hit_resolved ON hit (resolved_at, list, state) WHERE state <> 'open';
-- Undecided cases, with the time since which they wait. The index has no generated column, for which SQLite would
-- read the row.
CREATE INDEX session_ageing ON session (status, parent_id, submitted_at, created_at)
	WHERE status NOT IN ('approved', 'rejected');
