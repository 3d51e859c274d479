/* Ids at the front ends: UUIDs as lower-case text (RFC 9562). New ids are version 7 (ordered by time, which keeps
 * indexes compact); ids derived from the content of an imported session document are version 5, so that a second
 * import of a file changes nothing. */
#ifndef KYBDESK_BASE_UUID_H
#define KYBDESK_BASE_UUID_H

#include "kybdesk/base/world.h"

#define UUID_TEXT_SIZE 37

void uuid_new(const struct world *world, char out[UUID_TEXT_SIZE]);
/* Makes a version 5 UUID in kybdesk's own namespace from at most `count` parts; a NULL ends the list earlier. The
 * parts are joined with U+001F, so that ("ab","c") and ("a","bc") differ. */
void uuid_derive(char out[UUID_TEXT_SIZE], const char *const *parts, size_t count);
void uuid_format(const uint8_t bytes[16], char out[UUID_TEXT_SIZE]);
bool uuid_is_valid(const char *text);
/* Copies a UUID in lower case; false: the text is not a UUID. */
bool uuid_normalise(const char *text, char out[UUID_TEXT_SIZE]);

#endif
