/*
 * One command for all cases that a filter matches. --dry-run tries the change and rolls it back; --expect N refuses
 * another number of matches. Each case is its own transaction: a refused case is reported and the others continue.
 */
#ifndef KYBDESK_CLI_BULK_H
#define KYBDESK_CLI_BULK_H

#include "../cli_internal.h"
#include "kybdesk/desk/use.h"

struct bulk {
	const char *done;	 /* completes "23 cases would be …": "assigned to ana" */
	const struct use_in *in; /* the change for each case; the session is filled in */
	/* Text to print beside a case, in its arena, mostly ""; NULL: no text. */
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

/* Whether a filter replaces the session; *is_bulk. ERR_USAGE if both or neither are present. */
enum err bulk_wanted(const struct cli *cli, bool is_session_named, bool *is_bulk, struct error *error) KYB_MUST_USE;
enum err bulk_run(struct cli *cli, const struct bulk *bulk, struct error *error) KYB_MUST_USE;

#endif
