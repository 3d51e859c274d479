-- Cases whose counters the desk makes anew when it is idle: what they count came without a change of theirs.
CREATE TABLE recount (
	session_id INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE
);
-- Of these lists said that a party is open, where its session had come approved with them.
INSERT INTO recount (session_id) SELECT DISTINCT p.session_id FROM party p JOIN session s ON s.id = p.session_id
	JOIN session k ON k.id = p.subsession_id WHERE s.party_open = 1 AND k.status = 'approved';
