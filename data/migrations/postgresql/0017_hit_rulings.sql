-- What was said before of the same entry of a list, in whatever case: read whenever a hit is looked at.
CREATE INDEX hit_ruled ON hit (name, list, resolved_at) WHERE state <> 'open';
