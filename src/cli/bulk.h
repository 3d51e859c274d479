/*
 * One command for all cases that a filter matches: with --dry-run tried and taken back, with --expect N refused when another
 * number matches. Each case is its own transaction; a case that may not be changed is named and the others go on.
 */
#ifndef KYBDESK_CLI_BULK_H
#define KYBDESK_CLI_BULK_H

#include "cli_internal.h"
#include "kybdesk/desk/use.h"

struct bulk {
	const char *done;	 /* completes "23 cases would be …": "assigned to ana" */
	const struct use_in *in; /* what is done to each; the session is filled in */
	/* What to print beside a case, in its arena, "" mostly; NULL: nothing. */
	const char *(*note)(struct arena *arena, const struct use_out *out);
};

#define BULK_OPTIONS                                                                                               \
	{ "filter", 0, "QUERY", 0, NULL, "instead of SESSION: every case that matches" },                          \
		{ "dry-run", 0,	   NULL,                                                                           \
		  0,	     NULL, "with --filter: try it on each, say which would be refused, change nothing" },  \
	{                                                                                                          \
		"expect", 0, "N", 0, NULL, "with --filter: refuse when another number matches"                     \
	}
#define BULK_SESSION_ARGUMENT                                                                                      \
	{                                                                                                          \
		"SESSION", ARGUMENT_OPTIONAL, NULL,                                                                \
			"the session: its id, a unique beginning of it, or its external reference"                 \
	}

/* Whether a filter stands for the session; *is_bulk. ERR_USAGE when both or neither is given. */
enum err bulk_wanted(const struct cli *cli, bool is_session_named, bool *is_bulk, struct error *error) KYB_MUST_USE;
enum err bulk_run(struct cli *cli, const struct bulk *bulk, struct error *error) KYB_MUST_USE;

#endif
