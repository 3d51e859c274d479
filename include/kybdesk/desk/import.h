/*
 * Import (domain.md "Imports decide nothing", cli.md "import"): a stream of
 * session documents; each line is its own all-or-nothing; memory does not grow
 * with the input; interrupted and run again it completes. Sends no webhooks.
 */
#ifndef KYBDESK_DESK_IMPORT_H
#define KYBDESK_DESK_IMPORT_H

#include "kybdesk/desk/desk.h"

struct import_report {
	int64_t imported, updated, unchanged, rejected;
};
/* How much memory an import may be given. */
enum { IMPORT_MEMORY_LEAST_MIB = 32, IMPORT_MEMORY_MOST_MIB = 65536 };
struct import_options {
	int fd; /* of the input, stays the caller's */
	const char *
		folder; /* documents' files are below it; "" when there is no folder (standard input: the working folder) */
	const char *name;   /* for messages */
	int64_t memory_mib; /* that the program may take; 0: as little as it can */
	/* Each refused line: its number, the path of what is wrong, a sentence, and the line itself unchanged. */
	void (*on_rejected)(void *context, size_t line, const char *field, const char *message, const char *text,
			    size_t length);
	/* Now and then; returning false stops cleanly after the present line. */
	bool (*on_progress)(void *context, size_t bytes_read, const struct import_report *so_far);
	void *context;
};
/* ERR_OK also when lines were refused: the report says so. ERR_INVALID: the input cannot be read any further; what came
 * before stays. */
enum err desk_import(struct desk *desk, const struct import_options *options, struct import_report *report,
		     struct error *error) KYB_MUST_USE;

/* Format by content (PDF, Office, images), not by name: media type, FILE_FORMAT_COUNT when unknown. */
enum file_format desk_sniff(const void *bytes, size_t length, const char **media_type);

#endif
