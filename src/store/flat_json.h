/* JSON of two flat shapes, a list of strings and an object of plain values: the store itself writes only this JSON.
 * All other JSON is plain text to the store; the codec, in a layer above, reads it. */
#ifndef KYBDESK_STORE_FLAT_JSON_H
#define KYBDESK_STORE_FLAT_JSON_H

#include "kybdesk/base/strbuf.h"

void flat_add_text(struct strbuf *out, const char *text); /* quoted and escaped */
void flat_add_list(struct strbuf *out, const char *const *items, size_t count);
/* Reads a list of strings; returns false if the text is not such a list. */
bool flat_read_list(struct arena *arena, const char *json, const char ***items, size_t *count);
/* The value of a member: the text of a string; a number, true, false or null as written. NULL if the member is
 * absent, a list or an object, or if the text is not an object. */
const char *flat_read_member(struct arena *arena, const char *json, const char *key);

#endif
