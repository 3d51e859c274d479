/*
 * Personal data (tax ids, birth dates, document numbers) is masked until
 * revealed by someone who may; a reveal is an audit event (quality.md).
 */
#ifndef KYBDESK_DOMAIN_MASK_H
#define KYBDESK_DOMAIN_MASK_H

#include "kybdesk/domain/session.h"

/* "GB123456789" → "*******6789": the last four of at least eight characters, all masked when shorter. */
char *mask_number(struct arena *arena, const char *value);
/* "1984-02-11" → "****-**-**". */
char *mask_date(struct arena *arena, const char *value);
/* Of a text whose kind is not known: a date and a number as above, of anything else nothing, not its length either. */
char *mask_text(struct arena *arena, const char *text);
/* "ines duarte passport.pdf" → "********.pdf" */
char *mask_whole_file_name(struct arena *arena, const char *name);
/* The names, numbers and birth dates of a case's persons. */
struct mask_words {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};
/* Of an unmasked case whose values are parsed; `removed`: parties that were taken off it. */
void mask_words_of(struct mask_words *words, const struct case_file *file, const struct party *removed,
		   size_t removed_count);
/* "ines duarte passport.pdf" → "******** passport.pdf": nothing but what tells about one of them. */
char *mask_file_name(struct arena *arena, const char *name, const struct mask_words *words);
/* Keys of fields that hold personal data by name (tax_id, taxIdNumber, ssn, dob, dateOfBirth, …). */
bool mask_field_is_personal(const char *key);

#endif
