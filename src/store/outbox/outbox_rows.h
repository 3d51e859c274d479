/* Shared by the files of the outbox: merchants by name, endpoints switched off, deliveries as rows. */
#ifndef KYBDESK_STORE_OUTBOX_ROWS_H
#define KYBDESK_STORE_OUTBOX_ROWS_H

#include "kybdesk/store/outbox.h"

#define REFERENCE_LENGTH_MIN 4
#define CANDIDATES_MAX 10

/* ERR_NOT_FOUND with the nearest name, field "merchant". */
enum err outbox_merchant(struct store *store, const char *name, int64_t *row, struct error *error) KYB_MUST_USE;
/* What waits for an endpoint will not be sent. */
enum err outbox_unsend_pending(struct store *store, int64_t endpoint, const char *reason, int64_t now,
			       struct error *error) KYB_MUST_USE;

/* The first text that no longer begins with `prefix`: the end of a range in an index. */
char *reference_end(struct arena *arena, const char *prefix);
/* ERR_USAGE that names them. */
enum err reference_ambiguous(struct error *error, const char *what, const char *reference,
			     const char *const *candidates, size_t count) KYB_MUST_USE;

/* No lease is longer; one that reaches further was made by another clock. */
#define LEASE_MAX_MS (INT64_C(10) * 60 * 1000)
/* The clock that leases hold by: this start of the machine, the time since, and the end of the longest lease. */
struct boot_time {
	char id[WORLD_BOOT_ID_SIZE];
	int64_t now, furthest;
};
void boot_read(const struct store *store, struct boot_time *out);
/* As three parameters from `at` on; out must live until query_end. */
void boot_bind(struct query *query, int at, const struct boot_time *boot);

/* d delivery, ev outbox_event, m merchant, s session, e endpoint */
#define DELIVERY_COLUMNS                                                                                           \
	"d.id, ev.uuid, d.uuid, ev.type, s.uuid, m.name, e.url, d.note, d.state, d.attempts, d.created_at, "       \
	"d.next_at, d.lease_boot, d.lease_boot_ms"
#define DELIVERY_JOINS                                                                                             \
	"CROSS JOIN outbox_event AS ev ON ev.id = d.event_id CROSS JOIN merchant AS m ON m.id = ev.merchant_id "   \
	"LEFT JOIN session AS s ON s.id = d.session_id LEFT JOIN endpoint AS e ON e.id = d.endpoint_id"
/* Both clocks at one moment. */
struct delivery_clock {
	int64_t now;
	struct boot_time boot;
};
enum err delivery_read(struct store *store, struct query *query, struct arena *arena,
		       const struct delivery_clock *clock, struct delivery_item *out,
		       struct error *error) KYB_MUST_USE;

#endif
