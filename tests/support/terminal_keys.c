#include "support/terminal_keys.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Terminfo's spelling: \E, \s, \^, ^? and ^A. */
static void spell(const char *text, struct terminal_sequence *key)
{
	for (const char *c = text; *c; c++) {
		if (key->length + 1 >= sizeof key->bytes)
			abort();
		char byte = *c;
		if (*c == '\\') {
			c++;
			byte = *c == 'E' ? 27 : *c == 's' ? ' ' : *c;
		} else if (*c == '^') {
			c++;
			byte = *c == '?' ? 127 : (char)(*c & 0x1f);
		}
		key->bytes[key->length++] = byte;
	}
}

size_t terminal_keys_read(const char *path, struct terminal_sequence out[TERMINAL_KEYS_MAX])
{
	FILE *file = fopen(path, "r");
	char line[128], bytes[64];
	size_t count = 0;
	if (!file)
		abort();
	while (fgets(line, sizeof line, file)) {
		if (line[0] == '#')
			continue;
		struct terminal_sequence *key = &out[count++];
		memset(key, 0, sizeof *key);
		if (count >= TERMINAL_KEYS_MAX || sscanf(line, "%23s %7s %63s", key->terminal, key->name, bytes) != 3)
			abort();
		spell(bytes, key);
	}
	if (fclose(file))
		abort();
	return count;
}

static bool means_something(const struct terminal_sequence *key)
{
	static const char *const names[] = { "kent", "kbs", "kdch1", "kspd", "kmous" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(key->name, names[i]))
			return true;
	/* ESC TAB has the same bytes as the keys Esc and Tab. */
	return key->length < 2 || !strcmp(key->bytes, "\033\t");
}

size_t terminal_keys_harmless(const char *path, struct terminal_sequence out[TERMINAL_KEYS_MAX])
{
	size_t read = terminal_keys_read(path, out), count = 0;
	for (size_t i = 0; i < read; i++) {
		bool leave_out = means_something(&out[i]);
		for (size_t k = 0; k < count && !leave_out; k++)
			leave_out = !strcmp(out[k].bytes, out[i].bytes);
		if (!leave_out)
			out[count++] = out[i];
	}
	return count;
}
