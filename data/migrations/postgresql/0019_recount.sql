-- Cases with counters that the desk computes again when it is idle, because something that they count changed
-- without a change of the case.
CREATE TABLE recount (
	session_id BIGINT PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE
);
-- Lists showed an open party in these cases, although the party's session was imported as approved.
INSERT INTO recount (session_id) SELECT DISTINCT p.session_id FROM party p JOIN session s ON s.id = p.session_id
	JOIN session k ON k.id = p.subsession_id WHERE s.party_open = 1 AND k.status = 'approved';
