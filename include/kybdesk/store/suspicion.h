/* Suspicions (domain/suspicion.h). All functions join the open transaction. */
#ifndef KYBDESK_STORE_SUSPICION_H
#define KYBDESK_STORE_SUSPICION_H

#include "kybdesk/domain/suspicion.h"
#include "kybdesk/store/store.h"

/* row 0: opens a suspicion on the session, and sets suspicion->row; if a suspicion is open already, only sets
 * suspicion->row. Otherwise writes closed_at, closed_by and filed. */
enum err store_suspicion_put(struct store *store, struct suspicion *suspicion, struct error *error);
enum err store_suspicion_add_entry(struct store *store, int64_t suspicion, const struct suspicion_entry *entry,
				   struct error *error);
/* The suspicions of a session, or SUSPICIONS_ALL, oldest first, with their entries; session 0: all open suspicions, in
 * the order in which they are due, without entries. */
#define SUSPICIONS_ALL (-1)
enum err store_suspicion_list(struct store *store, struct arena *arena, int64_t session, struct suspicion_list *out,
			      struct error *error);
/* Sets *allowed if the access of the person was changed, to the last change; else leaves it. */
enum err store_suspicion_check_access(struct store *store, int64_t suspicion, const char *person, bool *allowed,
				      struct error *error);

/* State of the suspicions of a session and of the sessions that verify its parties. */
struct suspicion_state {
	bool open;
	bool session_has_suspicion; /* the session itself has a suspicion, open or closed */
	/* An open one is on the access list of `person`; an open one is not kept from `person`; any one is kept. */
	bool is_open_allowed, is_open_unkept, is_kept;
	int64_t closed_at; /* when `person` last closed a suspicion; TIME_NONE: never */
};
enum err store_suspicion_state_read(struct store *store, int64_t session, const char *person,
				    struct suspicion_state *out, struct error *error);

#endif
