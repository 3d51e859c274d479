/* Masking of personal data (tax ids, birth dates, document numbers). Only permitted roles can reveal the data; the
 * audit log records each reveal. */
#ifndef KYBDESK_DOMAIN_MASK_H
#define KYBDESK_DOMAIN_MASK_H

#include "kybdesk/domain/session.h"

/* "GB123456789" → "*******6789": shows the last four characters; a value of less than eight characters is masked
 * completely. */
char *mask_number(struct arena *arena, const char *value);
/* "1984-02-11" → "****-**-**". */
char *mask_date(struct arena *arena, const char *value);
/* For a text of unknown kind: dates and numbers as above; anything else becomes a mask that hides the length too. */
char *mask_text(struct arena *arena, const char *text);
/* Names, numbers and birth dates of the persons of a case. */
struct mask_words {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};
/* Collects the words of an unmasked case with parsed values. */
void mask_words_collect(struct mask_words *words, const struct case_file *file);
/* "ines duarte passport.pdf" → "******** passport.pdf": masks only the words in `words`; words NULL: masks the
 * whole name, "********.pdf". */
char *mask_file_name(struct arena *arena, const char *name, const struct mask_words *words);
/* Whether the key is the name of a field with personal data (tax_id, taxIdNumber, ssn, dob, dateOfBirth, …). */
bool mask_field_is_personal(const char *key);

#endif
