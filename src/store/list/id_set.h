/* A set of row ids as bits, one per possible id: a million possible ids take 125 KB, however many ids are in the
 * set. */
#ifndef KYBDESK_STORE_ID_SET_H
#define KYBDESK_STORE_ID_SET_H

#include <stddef.h>
#include <stdint.h>

struct strbuf;
struct id_set {
	uint8_t *bits; /* id 8 is bit 0 of byte 1 */
	size_t size, count;
};
#define ID_SET_INIT                                                                                                    \
	{                                                                                                              \
		.bits = NULL                                                                                           \
	}

void id_set_add(struct id_set *set, int64_t id); /* ids of the store are never negative */
/* The next three functions change *set to its intersection, difference or union with the other set. */
void id_set_intersect(struct id_set *set, const struct id_set *other);
void id_set_subtract(struct id_set *set, const struct id_set *other);
void id_set_union(struct id_set *set, const struct id_set *other);
void id_set_write_json(const struct id_set *set, struct strbuf *out); /* "[3,17]" */
void id_set_release(struct id_set *set);

#endif
