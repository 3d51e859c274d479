/* Copying a store: backup, move between a file and a server, restore of a backup (desk_copy). Admins only. A copy
 * contains the audit log, the documents and, on request, the key of clients' links. A copy delivers no webhooks
 * until an admin enables delivery. Also: upgrading an older store (desk_upgrade). */
#ifndef KYBDESK_DESK_COPY_H
#define KYBDESK_DESK_COPY_H

#include "kybdesk/desk/desk.h"

/* COPY: the audit log records the copy before it begins, so that the log of the new store identifies the store as a
 * copy. COPY_MOVE: also makes the source read-only: later changes of the source are refused with a message that
 * names the new store. All writers wait during the move. If the move fails or is killed, either the source is
 * unchanged or the new store delivers nothing. COPY_RESTORE: copies a backup (the desk's store, not changed), and
 * records the restore in the new audit log. */
enum copy_kind { COPY, COPY_MOVE, COPY_RESTORE };
struct copy_options {
	enum copy_kind kind;
	const char *target_path; /* path or address of the new store; "": the default one */
	bool include_key;	 /* copies the key that clients' links need */
	/* Called at intervals; returning false cancels the copy and removes the new store. May be NULL. */
	bool (*on_progress)(void *context, int64_t rows, int64_t documents);
	void *context;
};

/* Result of a copy. In the arena. */
struct copy_result {
	const char *target_path; /* path or address, without secrets */
	int64_t rows, documents, bytes;
	int64_t missing_count;		    /* documents not copied: their bytes are missing or altered in the source */
	const char *first_missing_document; /* the first missing document, and the reason; "": none */
	bool has_key, key_missing;	    /* the key was copied; the key was requested but is missing */
	bool audit_log_is_sound; /* verdict on the copy's audit log, which is identical to the source's log */
	const char *audit_log_reason;
	int64_t audit_log_record_count;
	const char *audit_log_head;
	/* whether the new store sends webhooks; a copy sends them only after an admin runs: store set deliver */
	bool sends_webhooks;
};

/* Copies the store; admins only. */
enum err desk_copy(struct desk *desk, const struct copy_options *how, struct arena *arena, struct copy_result *out,
		   struct error *error);

/* Upgrading an older store. desk_open() refuses an older production store with a sentence that names its admins. It
 * upgrades an older sandbox store itself, with a warning; if the store is a file, it first makes a backup next to
 * that file. Every upgrade is audited (store.upgrade). */
struct upgrade_plan {
	int64_t from, to;
	const char *const *steps; /* names of migrations */
	size_t count;
	const char *backup;	   /* "": none */
	const char *const *alerts; /* ids of approved cases that get an alert by the upgrade */
	size_t alert_count;
};
struct upgrade_options {
	bool dry_run; /* only reports the plan */
	/* for a store on a server, which the program does not back up: the caller has made a backup */
	bool has_backup;
	/* Called before the upgrade. */
	void (*on_plan)(void *context, const struct upgrade_plan *plan);
	void *context;
};
/* Upgrades the store; only by an admin, in a sandbox store by anyone. *done false: the schema is current, or
 * how->dry_run is set. */
enum err desk_upgrade(const struct desk_options *options, const struct upgrade_options *how, bool *done,
		      struct error *error);

#endif
