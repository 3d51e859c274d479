/* Files of company registers: data/registers/NAME.json maps the columns or members of a file to the values of an entry.
 * A file is CSV (the first line names the columns), JSON lines, a JSON array, or a JSON object with an array. */
#ifndef KYBDESK_CODEC_REGISTER_CODEC_H
#define KYBDESK_CODEC_REGISTER_CODEC_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/register.h"

/* The entry as JSON, for the detail of a check. */
const char *register_entry_write(struct arena *arena, const struct register_entry *entry);

/* The built-in registers: "companies-house", "gleif". */
#define REGISTER_COUNT 2
extern const char *const register_names[REGISTER_COUNT];

struct register_line {
	size_t number; /* line number of the entry's start in the file */
	const char *text;
	size_t length;
};
struct register_input {
	const char *name; /* name of the register */
	int fd;
	const struct countries *countries;
	/* Called for each entry. entry NULL: the entry is unusable, and *error has the reason, with the column in
	 * `field`; on_entry() releases the error to continue with the next entry. An error that on_entry() returns ends
	 * the reading. Texts are valid until on_entry() returns. */
	enum err (*on_entry)(struct register_input *input, const struct register_line *line,
			     const struct register_entry *entry, struct error *error);
	void *context;
	bool should_stop; /* set by on_entry() to end the reading without an error */
	size_t offset;	  /* bytes read so far, for progress */
};
/* Reads all entries. ERR_INVALID: the file's first line does not name the columns that the register needs.
 * ERR_INTERNAL: the input cannot be read. */
enum err register_file_read(struct register_input *input, struct error *error);

#endif
