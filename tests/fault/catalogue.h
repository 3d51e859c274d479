/* All commands, read from the program's own reference, so that tests cover new ones, too. */
#ifndef KYB_TESTS_FAULT_CATALOGUE_H
#define KYB_TESTS_FAULT_CATALOGUE_H

#include "fault/site.h"

enum { MOST_COMMANDS = 400, MOST_OPTIONS = 24 };

struct option {
	char name[32], value[24]; /* "--note", "TEXT"; value "" when it takes none */
	bool required;
};
struct command {
	char name[48];
	char arguments[4][24];
	bool optional[4];
	size_t argument_count;
	struct option options[MOST_OPTIONS];
	size_t option_count;
	bool json, ndjson, csv;
};
struct catalogue {
	struct command commands[MOST_COMMANDS];
	size_t count;
};
void catalogue_read(const struct site *site, struct catalogue *catalogue);

#endif
