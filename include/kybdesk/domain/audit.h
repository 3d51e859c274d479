/* A record of the audit log, and the result of verifying the whole log. */
#ifndef KYBDESK_DOMAIN_AUDIT_H
#define KYBDESK_DOMAIN_AUDIT_H

#include "kybdesk/base/digest.h"

/* Last member of the detail of a record about a session: the number of the session's record before it, 0: none. */
#define AUDIT_PREVIOUS_RECORD "previous_record"
struct audit_event {
	int64_t seq, at;
	const char *actor, *role, *action;
	const char *session_id;		 /* "": none */
	int64_t session_version;	 /* 0: none */
	const char *detail;		 /* JSON */
	char hash[SHA256_HEX_SIZE];	 /* empty until the transaction is committed */
	char rows_hash[SHA256_HEX_SIZE]; /* hash of the record's row commitments; "" in older records */
};

#define CLOCK_SPREAD_MAX_MS (5 * 60 * (int64_t)1000) /* between clocks of machines that share a store */
struct audit_verdict {
	bool sound;
	int64_t rows, head_seq;
	char head_hash[SHA256_HEX_SIZE];
	int64_t bad_seq;    /* if not sound: number of the first bad record; 0: only a checkpoint differs */
	const char *reason; /* such as "record 7 was changed" or "records 4 to 6 are missing" */
	/* Records keep the clock's time, and their order is their number. How many are over CLOCK_SPREAD_MAX_MS
	 * earlier than the record before; the number of the last one, and by how much: the clock was set back then. */
	int64_t clock_steps, clock_step_seq, clock_step_ms;
};

#endif
