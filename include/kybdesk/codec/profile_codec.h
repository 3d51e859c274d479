/*
 * Profiles, reasons and countries from their JSON files. A profile's mistakes
 * are all found at once, each with file, JSON path, what was found and what is
 * allowed (with the nearest valid word). Unknown keys are mistakes.
 */
#ifndef KYBDESK_CODEC_PROFILE_CODEC_H
#define KYBDESK_CODEC_PROFILE_CODEC_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"

struct profile_mistake {
	const char *path;    /* "documents[2].formats[0]" */
	const char *message; /* "is 'pfd'; allowed: pdf, …; did you mean 'pdf'?" */
};
/* NULL in *out and a non-empty list when there are mistakes; syntax errors are one mistake with line and column.
 * reasons may be NULL (then reason codes are not checked). */
void profile_read(struct arena *arena, const char *text, size_t length, const struct reasons *reasons,
		  struct profile **out, struct profile_mistake **mistakes, size_t *mistake_count);
/* All mistakes as one error: ERR_INVALID "FILE: path: message (and N more)". */
enum err profile_error(const char *file, const struct profile_mistake *mistakes, size_t count, struct error *error);

/* One set from its file (a JSON array); origin names the file in errors. */
enum err reasons_read(struct arena *arena, enum reason_set set, const char *text, size_t length, const char *origin,
		      struct reasons *out, struct error *error) KYB_MUST_USE;
/* With their subdivisions, as they ship with the program: read once, with the first question, from whichever thread that comes.
 * They are never freed. */
const struct countries *countries_shipped(void);
/* A sandbox's own; NULL: those that ship. */
const struct countries *countries_in_force(const struct countries *own);
enum err countries_read(struct arena *arena, const char *text, size_t length, const char *origin,
			struct countries *out, struct error *error) KYB_MUST_USE;
/* data/subdivisions.json: fills the subdivisions of countries read before. */
enum err subdivisions_read(struct arena *arena, const char *text, size_t length, const char *origin,
			   struct countries *countries, struct error *error) KYB_MUST_USE;

#endif
