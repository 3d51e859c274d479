/* Functions that the files of the outbox share: find merchants, disable endpoints, read deliveries. */
#ifndef KYBDESK_STORE_OUTBOX_ROWS_H
#define KYBDESK_STORE_OUTBOX_ROWS_H

#include "kybdesk/store/outbox.h"

#define REFERENCE_LENGTH_MIN 4
#define CANDIDATES_MAX 10

/* Finds a merchant by name. ERR_NOT_FOUND with the nearest name, field "merchant". */
enum err outbox_find_merchant(struct store *store, const char *name, int64_t *row, struct error *error);
/* Sets the pending deliveries of an endpoint to unsent. */
enum err outbox_mark_unsent(struct store *store, int64_t endpoint, const char *reason, int64_t now,
			    struct error *error);

/* Settles the results of all attempts; call it within an open transaction. */
enum err settle_all_results(struct store *store, const char *owner, const struct settlement_and_lease *results,
			    int64_t now, struct error *error);

struct new_delivery {
	int64_t event, endpoint, session, now, due_at; /* endpoint and session 0: none */
	const char *state, *note;
};
enum err add_delivery(struct store *store, const struct new_delivery *delivery, struct error *error);

/* The rows that match a reference: the last row, and the ids of all rows, in `arena`. */
struct id_candidates {
	struct arena *arena;
	int64_t row;
	const char **ids;
	size_t count;
};
/* Finds the rows with an id that begins with the reference ($1 to $2); a reference that is too short matches no row. */
enum err id_candidates_read(struct store *store, const struct sql *sql, const char *reference,
			    struct id_candidates *out, struct error *error);
/* Sets ERR_USAGE; the message lists the candidates. */
enum err refuse_ambiguous_ref(struct error *error, const char *what, const char *reference,
			      const struct id_candidates *id_candidates);

/* After BREAKER_FAILURES failures in a row, an endpoint is held back: it gets no delivery for at most BREAKER_MAX_MS.
 * Both constants are parts of the texts of statements. */
#define BREAKER_FAILURES "5"
#define BREAKER_MAX_MS "900000"

/* Parts of statements' texts, for an endpoint: the number of deliveries that may be in flight at once, and the
 * times at which its rate and its failures allow the next delivery. $1 is now. Times further ahead than possible
 * come from another clock, and are ignored. */
#define AT_ONCE "(CASE WHEN failures >= " BREAKER_FAILURES " THEN 1 WHEN at_once > 0 THEN at_once ELSE 1000000 END)"
#define IN_FLIGHT "(SELECT count(*) FROM delivery AS l WHERE l.endpoint_id = endpoint.id AND l.state = 'leased')"
#define FIRST_AT "(SELECT min(d.next_at) FROM delivery AS d WHERE d.endpoint_id = endpoint.id AND d.state = 'pending')"
#define HELD_UNTIL                                                                                                     \
	"(CASE WHEN failures >= " BREAKER_FAILURES " AND held_until <= $1 + " BREAKER_MAX_MS                           \
	" THEN held_until ELSE 0 END)"
#define PACED_UNTIL                                                                                                    \
	"(CASE WHEN per_minute > 0 AND pace_at <= $1 + 120000 THEN "                                                   \
	"pace_at - {most 1000, 60000 / per_minute} + 60000 / per_minute ELSE 0 END)"
/* Maximum length of a lease. A lease that ends later was made by another clock. */
#define LEASE_MAX_MS (INT64_C(10) * 60 * 1000)
static inline int64_t time_plus_span(int64_t time, int64_t span)
{
	int64_t sum;

	return __builtin_add_overflow(time, span, &sum) ? INT64_MAX : sum;
}

/* The clock of the leases: the id of this machine's boot and the time since this boot (or the clock of a database
 * shared by several machines), and the end of the longest possible lease. */
struct boot_time {
	struct db_clock clock;
	int64_t lease_end_max;
};
enum err boot_time_read(const struct store *store, struct boot_time *out, struct error *error);
/* The state of one call of a worker, under the store's lock. */
struct lease_run {
	struct store *store;
	struct arena *arena;
	struct delivery_lease *wanted;
	struct {
		const struct delivery_result *results;
		size_t count;
	} settled;	       /* results settled in the same transaction */
	struct boot_time boot; /* read under the lock */
	size_t scan_rows_left; /* rows that may still be scanned */
	struct strbuf
		leased_ids; /* the ids of the leased deliveries: a JSON array, ended by outbox_lease_deliveries() */
	size_t count;
};
/* Sets *any if the scan finds a delivery that can be leased; moves the scan to this delivery. */
enum err outbox_find_leasable(struct lease_run *lease_run, bool *any, struct error *error);
/* Leases the deliveries that may be sent, and reads them as jobs. */
enum err outbox_lease_deliveries(struct lease_run *lease_run, struct error *error);
/* The members of a boot_time as three parameters; `boot` must live until query_end(). */
#define BOOT_PARAMS(boot) db_text((boot)->clock.id), db_int((boot)->clock.now), db_int((boot)->lease_end_max)

#endif
