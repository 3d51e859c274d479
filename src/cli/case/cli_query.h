/* The options of commands that choose cases: --inbox, --filter, --view. */
#ifndef KYBDESK_CLI_QUERY_H
#define KYBDESK_CLI_QUERY_H

#include "../cli_internal.h"

/* Reads them; a view also sets the order. */
enum err cli_read_query(struct cli *cli, struct list_query *query, struct error *error) KYB_MUST_USE;

#define INBOX_OPTION                                                                                               \
	{                                                                                                          \
		"inbox", 0, "INBOX", OPTION_MANY, inbox_words, "only this inbox; may be repeated"                  \
	}
#define FILTER_OPTION                                                                                              \
	{                                                                                                          \
		"filter", 0, "QUERY", 0, NULL,                                                                     \
			"only what matches: words, key:value, key>value, key<value, -key:value"                    \
	}
#define VIEW_OPTION                                                                                                \
	{                                                                                                          \
		"view", 0, "NAME", 0, NULL, "a view by its name: mine, overdue, waiting, held, or one of yours"    \
	}

#endif
