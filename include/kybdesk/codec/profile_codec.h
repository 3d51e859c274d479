/* Profiles, reasons and countries from their JSON files. All mistakes of a profile are reported at once, each with its
 * JSON path, the value found and the allowed values (with the nearest valid word). Unknown keys are mistakes. */
#ifndef KYBDESK_CODEC_PROFILE_CODEC_H
#define KYBDESK_CODEC_PROFILE_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"

struct profile_mistake {
	const char *path;    /* "documents[2].formats[0]" */
	const char *message; /* such as "is 'pfd'; allowed: pdf, …; did you mean 'pdf'?" */
};
/* If the profile has mistakes, *out is NULL and *mistake_count is not 0; a syntax error is one mistake with line
 * and column. reasons NULL: reason codes are not checked. */
void profile_read(struct arena *arena, const char *text, size_t length, const struct reasons *reasons,
		  struct profile **out, struct profile_mistake **mistakes, size_t *mistake_count);
/* All mistakes as one error: ERR_INVALID "FILE: path: message (and N more)". */
enum err profile_set_error(const char *file, const struct profile_mistake *mistakes, size_t count, struct error *error);

/* Reads one set of reasons from its file (a JSON array). */
enum err reasons_read(struct arena *arena, enum reason_set set, const struct json_source *source, struct reasons *out,
		      struct error *error);
/* Returns `own` (a sandbox's own countries) or, if `own` is NULL, the countries and subdivisions that ship with the
 * program. The shipped ones are read once, on the first call from any thread, and never freed. */
const struct countries *countries_in_force(const struct countries *own);
enum err countries_read(struct arena *arena, const struct json_source *source, struct countries *out,
			struct error *error);
/* Reads data/subdivisions.json into `countries`, which countries_read() has filled. */
enum err subdivisions_read(struct arena *arena, const struct json_source *source, struct countries *countries,
			   struct error *error);

#endif
