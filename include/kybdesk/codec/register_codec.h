/*
 * Files of company registers: data/registers/NAME.json maps the columns or members of a file to the values of an
 * entry. A file is CSV (the first line names the columns), JSON lines, a JSON array, or a JSON object with an array.
 */
#ifndef KYBDESK_CODEC_REGISTER_CODEC_H
#define KYBDESK_CODEC_REGISTER_CODEC_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/register.h"

/* The entry as JSON, for the detail of a check. */
const char *register_entry_write(struct arena *arena, const struct register_entry *entry);

/* Names of the built-in registers: "companies-house", "gleif". */
const char *const *register_names(size_t *count);

struct register_file;
/* ERR_INVALID: the file's first line does not name the columns that the register needs. The caller still owns fd. */
enum err register_file_open(const char *name, int fd, const struct countries *countries, struct register_file **out,
			    struct error *error) KYB_MUST_USE;
void register_file_close(struct register_file *file); /* accepts NULL */
struct register_line {
	size_t number; /* line number of the entry's start in the file */
	const char *text;
	size_t length;
};
/* Reads the next entry. *end: no entry is left. ERR_INVALID with the column in `field`: this entry is unusable; the
 * next call continues after it. ERR_INTERNAL: the input cannot be read. Texts are valid until the next call. */
enum err register_file_next(struct register_file *file, struct arena *arena, struct register_line *line,
			    struct register_entry *out, bool *end, struct error *error) KYB_MUST_USE;
size_t register_file_offset(const struct register_file *file); /* bytes read, for progress */

#endif
