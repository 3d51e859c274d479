#include "columns.h"
#include "kybdesk/base/text.h"

#include <string.h>

const char *cli_short_id(struct cli *cli, const char *const *ids, size_t count, size_t at)
{
	if (!cli->out.terminal)
		return ids[at];
	/* The prefix "evt_" distinguishes no events. */
	size_t length = cli_short_length(ids, count) + (text_has_prefix(ids[at], "evt_") ? 4 : 0);
	return arena_printf(&cli->arena, "%.*s", (int)length, ids[at]);
}

const char *cli_when(struct cli *cli, int64_t ms)
{
	char *text = time_text(&cli->arena, ms);
	if (!cli->out.terminal || strlen(text) < 19)
		return text;
	text[10] = ' ';
	text[19] = '\0';
	return text;
}
