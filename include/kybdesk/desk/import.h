/* Import: reads a stream of session documents. Each line succeeds or fails as a whole; memory does not grow with the
 * input; an interrupted import can be run again to complete it. An import decides nothing and sends no webhooks. */
#ifndef KYBDESK_DESK_IMPORT_H
#define KYBDESK_DESK_IMPORT_H

#include "kybdesk/codec/bods_read.h"
#include "kybdesk/desk/desk.h"

struct import_report {
	int64_t imported, updated, unchanged, rejected;
	int64_t unmatched_count; /* register data: entries of companies without a case */
	bool has_lost_facts;	 /* statements: a fact about a person, a company or an interest was not taken */
};
/* Limits of memory_mib. */
enum { IMPORT_MEMORY_LEAST_MIB = 32, IMPORT_MEMORY_MOST_MIB = 65536 };
/* Setting of the store: the SHA-256 of a file with decisions of another system. If a production store has several
 * admins, an admin may import such decisions only from this file. */
#define STORE_SETTING_IMPORTED_DECISIONS "imported_decisions"
#define IMPORTED_DECISIONS_NO "no"

struct import_options {
	int fd; /* the input; the caller closes it */
	/* folder with the documents' files; "": the working folder, for standard input; NULL: no files */
	const char *folder;
	const char *name;   /* name of the input, for messages */
	int64_t memory_mib; /* memory limit of the program; 0: as little as possible */
	/* Called for each refused line: its number, the path of the fault, a sentence, and the line itself,
	 * unchanged. */
	void (*on_rejected)(void *context, size_t line, const char *field, const char *message, const char *text,
			    size_t length);
	/* Called at intervals; returning false stops after the current line. */
	bool (*on_progress)(void *context, size_t bytes_read, const struct import_report *so_far);
	/* Called once after an import of statements, with the account of their values; valid until it returns. */
	void (*on_account)(void *context, const struct bods_account *account);
	void *context;
};
/* ERR_OK even if lines were refused; the report counts them. ERR_INVALID: the input cannot be read to its end; the
 * lines that were imported before stay imported. */
enum err desk_import(struct desk *desk, const struct import_options *options, struct import_report *report,
		     struct error *error);

/* Reads a file of a company register (codec/register_codec.h): its entries become register data of the businesses
 * that have a case, found by country and registration number or LEI. Creates no cases. The report counts cases as
 * updated and unchanged. ERR_INVALID: not a file of this register. */
enum err desk_import_register(struct desk *desk, const char *name, const struct import_options *options,
			      struct import_report *report, struct error *error);

/* Reads BODS statements (codec/bods_read.h) as related parties of an existing case, by the verbs PARTY_ADD and
 * PARTY_OWN of staff. The report counts parties: imported, unchanged; updated: new shares of existing parties. */
enum err desk_import_owners(struct desk *desk, const char *session, const struct import_options *options,
			    struct import_report *report, struct error *error);

/* Detects the format by content (PDF, Office, images), not by name; sets the media type. FILE_FORMAT_COUNT: unknown. */
enum file_format desk_detect_format(const void *bytes, size_t length, const char **media_type);
struct file_facts {
	const char *media_type;
	unsigned marks; /* bits of enum file_mark */
};
/* Checks the size of a file, its format (detected by content), and that the file name has the same format. Refuses what
 * needs a password to be opened, what has macros (Office Open XML), what is broken, and if the profile says so, what has
 * more than text and pictures. media_type is static text.
 * ERR_INVALID with the detected and the allowed formats, or with the fault. */
enum err document_file_check(const struct profile *profile, const char *type, const char *file_name, const void *bytes,
			     size_t length, struct file_facts *out, struct error *error);

#endif
