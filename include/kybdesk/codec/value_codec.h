/* JSON text → struct value (domain/value.h), for the rules engine and the gate, which read no JSON text themselves.
 * Call case_values_parse() after a case was loaded or changed; case_values_normalise() before a case is stored. */
#ifndef KYBDESK_CODEC_VALUE_CODEC_H
#define KYBDESK_CODEC_VALUE_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/domain/value.h"

/* NULL with ERR_INVALID if the text is not JSON. Numbers become text: integers exactly, fractions with 17 digits. */
const struct value *value_read(struct arena *arena, const char *text, size_t length, struct error *error);
/* Converts JSON that a front end has already parsed. */
const struct value *value_of_json(struct arena *arena, const struct json_value *json);

/* Parses the JSON texts of a case for the rules engine: values of steps and parties, addresses, subjects of checks,
 * details of hits. Must be called after a case was loaded or changed, before the gate reads the case. Invalid JSON
 * counts as empty; the store contains no invalid JSON. */
void case_values_parse(struct arena *arena, struct case_file *file);

/* Converts texts to the stored form that the profile sets (docs/profiles.md, key `store`): capitals, or alpha-3 for a
 * country. Converts the fields of steps and parties, and the members of the subject or party that are listed in the
 * field's key `from`. If all these members are empty, copies the field's value to the first of them. Sets a
 * document's missing category and step by its type. For imports and forms, before the case is stored. Ends with
 * case_values_parse(). */
void case_values_normalise(struct arena *arena, const struct profile *profile, const struct countries *countries,
			   struct case_file *file);

#endif
