/*
 * Upgrading an older store. desk_open() refuses an older production store with a sentence that names its admins,
 * and upgrades an older sandbox store itself, with a backup next to it and a warning. Every upgrade is audited
 * (store.upgrade).
 */
#ifndef KYBDESK_DESK_UPGRADE_H
#define KYBDESK_DESK_UPGRADE_H

#include "kybdesk/desk/desk.h"

struct desk_upgrading {
	bool dry;	/* only reports the plan */
	bool backed_up; /* the caller has a backup: the program makes none of a store on a server */
	/* Called before the upgrade; steps are names of migrations. */
	void (*on_plan)(void *context, int64_t from, int64_t to, const char *const *steps, size_t count,
			const char *backup);
	void *context;
};
/* Upgrades the store; only by an admin, in a sandbox store by anyone. *done false: the schema is current, or
 * how->dry. */
enum err desk_upgrade(const struct desk_options *options, const struct desk_upgrading *how, bool *done,
		      struct error *error) KYB_MUST_USE;

#endif
