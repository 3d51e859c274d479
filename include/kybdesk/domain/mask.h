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
/* Keys of fields that hold personal data by name (tax_id, taxIdNumber, ssn, dob, dateOfBirth, …). */
bool mask_field_is_personal(const char *key);
/* Masks a whole case in place (strings in the arena). JSON members are masked by the codec when it writes them. */
void mask_case(struct arena *arena, struct case_file *file);

#endif
