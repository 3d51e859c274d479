/*
 * JSON of two flat shapes, a list of strings and an object of plain values:
 * all that the store itself writes as JSON. Everything else passes through it
 * as text; the codec is above.
 */
#ifndef KYBDESK_STORE_FLAT_JSON_H
#define KYBDESK_STORE_FLAT_JSON_H

#include "kybdesk/base/strbuf.h"

void flat_add_text(struct strbuf *out, const char *text); /* quoted and escaped */
void flat_add_list(struct strbuf *out, const char *const *items, size_t count);
/* false when the text is no list of strings. */
bool flat_read_list(struct arena *arena, const char *json, const char ***items, size_t *count);
/* The value of a member: a string's text, or a number, true, false, null as they are written.
 * NULL when it is absent, a list or an object itself, or the text is no object. */
const char *flat_read_member(struct arena *arena, const char *json, const char *key);

#endif
