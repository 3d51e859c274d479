/* The options of commands that choose cases: --inbox, --filter, --view. */
#ifndef KYBDESK_CLI_QUERY_H
#define KYBDESK_CLI_QUERY_H

#include "../cli_internal.h"

/* Reads these options into *query; a view also sets the order. */
enum err cli_read_query(struct cli *cli, struct list_query *query, struct error *error) KYB_MUST_USE;

#define INBOX_OPTION "inbox", "INBOX", OPTION_MANY, "only this inbox; may be repeated", inbox_words
#define FILTER_OPTION                                                                                              \
	"filter", "QUERY", 0, "only matching cases: words, key:value, key>value, key<value, -key:value"
#define VIEW_OPTION "view", "NAME", 0, "a named view: mine, overdue, waiting, held, or a view of your own"

#endif
