/* Subjects as separate rows, and alerts. All functions join the open transaction; results live in the arena
 * argument, personal data unmasked. */
#ifndef KYBDESK_STORE_SUBJECT_H
#define KYBDESK_STORE_SUBJECT_H

#include "kybdesk/domain/subject.h"
#include "kybdesk/store/store.h"

/* Inserts a subject; sets subject.row and, for a business, kyb_id. Merchant and uid must be unused. */
enum err store_subject_insert(struct store *store, struct subject_record *record, struct error *error);
enum err store_subject_update(struct store *store, const struct subject_record *record, struct error *error);
/* Loads the subject of this row. ERR_NOT_FOUND. */
enum err store_subject_load(struct store *store, struct arena *arena, int64_t row, struct subject_record *out,
			    struct error *error);
/* Finds a subject by UID, or by MERCHANT/UID if several merchants have the UID; also deleted subjects.
 * ERR_NOT_FOUND. ERR_USAGE: several subjects match; the message has their names. */
enum err store_subject_find(struct store *store, const char *reference, int64_t *row, struct error *error);
/* Finds a subject by merchant and uid; *row 0: none. */
enum err store_subject_by_uid(struct store *store, int64_t merchant_row, const char *uid, int64_t *row,
			      struct error *error);
/* A list of subjects in order of creation, after after_row (0: from the first), including deleted subjects. */
struct subject_filter {
	/* row of a business: lists all its beneficial owners, and ignores the other members; 0: any subject */
	int64_t business;
	const char *merchant; /* "": all */
	int64_t after_row;
	size_t limit;
};
struct subject_list {
	struct subject_record *items;
	size_t count;
};
enum err store_subject_list(struct store *store, struct arena *arena, const struct subject_filter *filter,
			    struct subject_list *out, struct error *error);
/* Updates the subject from this session, unless another identity of the subject is binding (struct
 * related_facts in related.h). */
enum err store_subject_update_from_session(struct store *store, int64_t session, struct error *error);

struct subject_sessions {
	struct subject_session *items;
	size_t count;
};
/* The sessions of a subject, oldest first. */
enum err store_subject_sessions(struct store *store, struct arena *arena, int64_t subject, struct subject_sessions *out,
				struct error *error);
/* The stored counters of a session, read before a recount replaces them; an approval was based on them. */
struct session_counters {
	int64_t parties_verified;
	bool hit_open;
};
enum err store_session_counters(struct store *store, int64_t session, struct session_counters *out,
				struct error *error);

/* row 0: raises the alert (reads session_row, kind, raised_at), and sets alert->row, unless an alert of this kind
 * is open already. Otherwise closes the alert (reads closed_at, closed_by, reason). */
enum err store_alert_put(struct store *store, struct alert *alert, struct error *error);
struct alert_filter {
	int64_t session; /* row of the session; 0: all */
	int64_t after_row;
	size_t limit;
};
struct alert_list {
	struct alert *items;
	size_t count;
};
/* Open alerts after after_row, in the order raised. */
enum err store_alert_list(struct store *store, struct arena *arena, const struct alert_filter *filter,
			  struct alert_list *out, struct error *error);

#endif
