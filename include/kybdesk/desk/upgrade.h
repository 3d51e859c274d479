/*
 * An older store and a newer program. desk_open() refuses an older production store with a sentence that names its admins, and
 * upgrades an older sandbox store by itself, with a backup beside it and a warning that says so. An upgrade is on record
 * (store.upgrade).
 */
#ifndef KYBDESK_DESK_UPGRADE_H
#define KYBDESK_DESK_UPGRADE_H

#include "kybdesk/desk/desk.h"

struct desk_upgrading {
	bool dry;	/* says what would be done */
	bool backed_up; /* its caller has a backup of a store on a server, of which none is made here */
	/* What will be done, before it is; steps are names of migrations. */
	void (*on_plan)(void *context, int64_t from, int64_t to, const char *const *steps, size_t count,
			const char *backup);
	void *context;
};
/* An admin's; in a sandbox store anybody's. *done false: the store has the schema of this program already, or it was dry. */
enum err desk_upgrade(const struct desk_options *options, const struct desk_upgrading *how, bool *done,
		      struct error *error) KYB_MUST_USE;

#endif
