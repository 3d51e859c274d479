#include "id_set.h"
#include "kybdesk/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

static void id_set_grow(struct id_set *set, size_t size)
{
	size_t room = set->size * 2 > size ? set->size * 2 : size;

	set->bits = xrealloc_array(set->bits, room, 1);
	memset(set->bits + set->size, 0, room - set->size);
	set->size = room;
}

void id_set_add(struct id_set *set, int64_t id)
{
	size_t at = (size_t)id / 8;
	uint8_t bit = (uint8_t)(1u << id % 8);

	if (id < 0)
		BUG("%lld is not a row id", (long long)id);
	if (at >= set->size)
		id_set_grow(set, at + 1);
	set->count += !(set->bits[at] & bit);
	set->bits[at] |= bit;
}

static void recount_bits(struct id_set *set)
{
	set->count = 0;
	for (size_t i = 0; i < set->size; i++)
		set->count += (size_t)__builtin_popcount(set->bits[i]);
}

void id_set_intersect(struct id_set *set, const struct id_set *other)
{
	for (size_t i = 0; i < set->size; i++)
		set->bits[i] &= i < other->size ? other->bits[i] : 0;
	recount_bits(set);
}

void id_set_subtract(struct id_set *set, const struct id_set *other)
{
	for (size_t i = 0; i < set->size && i < other->size; i++)
		set->bits[i] &= (uint8_t)~other->bits[i];
	recount_bits(set);
}

void id_set_union(struct id_set *set, const struct id_set *other)
{
	if (set->size < other->size)
		id_set_grow(set, other->size);
	for (size_t i = 0; i < other->size; i++)
		set->bits[i] |= other->bits[i];
	recount_bits(set);
}

void id_set_write_json(const struct id_set *set, struct strbuf *out)
{
	char glue = '[';

	for (size_t i = 0; i < set->size; i++)
		for (unsigned bit = 0; set->bits[i] >> bit; bit++)
			if (set->bits[i] & 1u << bit) {
				strbuf_addf(out, "%c%zu", glue, i * 8 + bit);
				glue = ',';
			}
	strbuf_adds(out, set->count ? "]" : "[]");
}

void id_set_release(struct id_set *set)
{
	free(set->bits);
	*set = (struct id_set)ID_SET_INIT;
}
