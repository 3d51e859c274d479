#include "fault/catalogue.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void add_option(struct command *command, const char *text, bool required)
{
	struct option *option = &command->options[command->option_count++];
	cr_assert(command->option_count < MOST_OPTIONS);
	*option = (struct option){ .required = required };
	(void)sscanf(text, "%31s %23[A-Z]", option->name, option->value);
}

/* Parses a line such as "kybdesk document add SESSION TYPE FILE [--side SIDE] [--name NAME]". */
static void read_usage(struct command *command, char *line)
{
	for (char *at = line + strlen("kybdesk "); *at;) {
		at += strspn(at, " ");
		size_t length = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, " ");
		char word[160];
		(void)snprintf(word, sizeof word, "%.*s", (int)length, at);
		at += length;
		at += strspn(at, ".");
		bool optional = word[0] == '[';
		char *text = optional ? word + 1 : word;
		text[strcspn(text, "]")] = '\0';
		if (strncmp(text, "--", 2) == 0 && !optional) {
			at += strspn(at, " ");
			size_t value = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
			char both[200];
			(void)snprintf(both, sizeof both, "%s %.*s", text, (int)value, at);
			add_option(command, both, true);
			at += value;
			at += strspn(at, ".");
		} else if (text[0] == '-') {
			add_option(command, text, false);
		} else if (text[0] >= 'A' && text[0] <= 'Z') {
			cr_assert(command->argument_count < 4);
			command->optional[command->argument_count] = optional;
			(void)snprintf(command->arguments[command->argument_count++], 24, "%.23s", text);
		} else if (*text) {
			size_t used = strlen(command->name);
			(void)snprintf(command->name + used, sizeof command->name - used, "%s%s", used ? " " : "",
				       text);
		}
	}
}

void catalogue_read(const struct site *site, struct catalogue *catalogue)
{
	char *text = site_output(site, "info", "--reference", "markdown", NULL), *rest = text;
	struct command *command = NULL;
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (strncmp(line, "kybdesk ", 8) == 0) {
			cr_assert(catalogue->count < MOST_COMMANDS);
			command = &catalogue->commands[catalogue->count++];
			*command = (struct command){ 0 };
			read_usage(command, line);
		} else if (command && strstr(line, "Prints: ")) {
			command->json = strstr(line, "`--json`") != NULL;
			command->ndjson = strstr(line, "`--ndjson`") != NULL;
			command->csv = strstr(line, "`--csv`") != NULL;
		}
	}
	cr_assert(catalogue->count > 40, "only %zu commands are in the reference", catalogue->count);
}
