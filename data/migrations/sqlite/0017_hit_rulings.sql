-- Earlier verdicts on the same list entry, in any case: shown with each hit.
CREATE INDEX hit_ruled ON hit (name, list, resolved_at) WHERE state <> 'open';
