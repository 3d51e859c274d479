/* Ids and times in tables: short on a terminal, complete in other output. */
#ifndef KYBDESK_CLI_COLUMNS_H
#define KYBDESK_CLI_COLUMNS_H

#include "../cli_internal.h"

/* ids[at] or its shortest distinguishing prefix, which commands accept as well. */
const char *cli_short_id(struct cli *cli, const char *const *ids, size_t count, size_t at);
/* RFC 3339, or to the second with a space. */
const char *cli_when(struct cli *cli, int64_t ms);

#endif
