/*
 * Runs one command on all cases that a filter matches. --dry-run tries the change and rolls it back; --expect N refuses
 * to run when the number of matches is not N. Each case is a transaction of its own: a refused case is reported, and
 * the remaining cases are processed.
 */
#ifndef KYBDESK_CLI_BULK_H
#define KYBDESK_CLI_BULK_H

#include "../cli_internal.h"

struct bulk {
	const char *done;	 /* completes "23 cases would be …": "assigned to ana" */
	const struct use_in *in; /* the change for each case; the session is filled in */
	/* Returns a remark to print after the case's name, allocated in the arena; "": no remark. NULL: no remarks. */
	const char *(*note)(struct arena *arena, const struct use_out *out);
};

#define BULK_OPTIONS                                                                                               \
	{ "filter", "QUERY", 0, "in place of SESSION: every case that matches" },                                  \
		{ "dry-run", NULL, 0, "with --filter: try every case, print refusals, change nothing" },           \
	{                                                                                                          \
		"expect", "N", 0, "with --filter: change nothing unless exactly N cases match"                     \
	}
#define BULK_SESSION_ARGUMENT                                                                                      \
	"SESSION", ARGUMENT_OPTIONAL, "the session: id, unique id prefix, or external reference"

/* *is_bulk: whether --filter is used in place of a session. ERR_USAGE: both or neither are present. */
enum err bulk_is_requested(const struct cli *cli, bool is_session_named, bool *is_bulk,
			   struct error *error) KYB_MUST_USE;
enum err bulk_run(struct cli *cli, const struct bulk *bulk, struct error *error) KYB_MUST_USE;

#endif
