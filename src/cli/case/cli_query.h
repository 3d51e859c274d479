/* The options of commands that choose cases: --inbox, --filter, --view. */
#ifndef KYBDESK_CLI_QUERY_H
#define KYBDESK_CLI_QUERY_H

#include "../cli_internal.h"

/* Reads these options into *query; a view also sets the order. */
enum err cli_read_query(struct cli *cli, struct list_query *query, struct error *error) KYB_MUST_USE;

#define INBOX_OPTION                                                                                               \
	{                                                                                                          \
		"inbox", 0, "INBOX", OPTION_MANY, inbox_words, "only this inbox; may be repeated"                  \
	}
#define FILTER_OPTION                                                                                              \
	{                                                                                                          \
		"filter", 0, "QUERY", 0, NULL,                                                                     \
			"only matching cases: words, key:value, key>value, key<value, -key:value"                  \
	}
#define VIEW_OPTION                                                                                                \
	{                                                                                                          \
		"view", 0, "NAME", 0, NULL, "a named view: mine, overdue, waiting, held, or a view of your own"    \
	}

#endif
