/*
 * Masking of personal data (tax ids, birth dates, document numbers). Only permitted roles can reveal it; a reveal is
 * an audit event.
 */
#ifndef KYBDESK_DOMAIN_MASK_H
#define KYBDESK_DOMAIN_MASK_H

#include "kybdesk/domain/session.h"

/* "GB123456789" → "*******6789": the last four of at least eight characters, all masked when shorter. */
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
/* Collects the words of an unmasked case with parsed values; `removed`: the removed parties of the case. */
void mask_words_of(struct mask_words *words, const struct case_file *file, const struct party *removed,
		   size_t removed_count);
/* "ines duarte passport.pdf" → "******** passport.pdf": masks only words of these persons; without words (NULL),
 * "********.pdf". */
char *mask_file_name(struct arena *arena, const char *name, const struct mask_words *words);
/* Keys of fields that hold personal data by name (tax_id, taxIdNumber, ssn, dob, dateOfBirth, …). */
bool mask_field_is_personal(const char *key);

#endif
