/*
 * CSV (RFC 4180) from a file descriptor, record by record. If a quotation mark is not closed, reading continues with
 * the next line.
 */
#ifndef KYBDESK_SRC_CODEC_CSV_H
#define KYBDESK_SRC_CODEC_CSV_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"

#define CSV_RECORD_MAX (256 * 1024) /* bytes */

struct csv_record {
	const char **cells;
	size_t count, capacity;
	size_t line; /* where the record begins, from 1 */
	const char *text;
	size_t length;
};
struct csv;
/* head: bytes that were already read from fd, at most CSV_RECORD_MAX. */
struct csv *csv_new(int fd, const char *head, size_t length);
void csv_free(struct csv *csv);
/* Cells are in the arena; the text is valid until the next call. *end: no record is left. ERR_INVALID: the
 * record's line is skipped. Empty lines are skipped. */
enum err csv_next(struct csv *csv, struct arena *arena, struct csv_record *out, bool *end,
		  struct error *error) KYB_MUST_USE;
size_t csv_offset(const struct csv *csv);

#endif
