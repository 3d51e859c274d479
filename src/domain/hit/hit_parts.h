/* Inside the comparison of hits: what is said on each side, and how alike two texts are. */
#ifndef KYBDESK_DOMAIN_HIT_PARTS_H
#define KYBDESK_DOMAIN_HIT_PARTS_H

#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/value.h"

/* One thing that is said, with the member that says it. */
struct card_value {
	const char *key, *text;
};
struct card_values {
	struct arena *arena;
	struct card_value *items;
	size_t count, capacity;
};
/* "" is not said, and the same text not twice. */
void card_value_add(struct card_values *list, const char *key, const char *text);
/* The texts and numbers of those members; of a list each, of an object in it the member that `inner` names. */
void card_value_take(struct card_values *list, const struct value *object, const char *const *keys,
		     const char *const *inner);
bool value_is_key(const char *const *keys, const char *key);

extern const char *const alias_keys[], *const birth_keys[];

enum likeness names_like(const char *listed, const char *ours, bool of_person);
/* YYYY, YYYY-MM, YYYY-MM-DD; of any other text the year that stands in it. */
enum likeness dates_like(const char *listed, const char *ours);
/* `same_kind`: two that differ contradict each other. */
enum likeness numbers_like(const char *listed, const char *ours, bool same_kind);
/* The better of the two: same, close, different, unknown. */
enum likeness likeness_best(enum likeness a, enum likeness b);

/* Likeness of the entry's names to a party of the session; party NULL: to its subject. */
enum likeness hit_names_like(const struct case_file *file, const struct party *party, const struct hit *hit);

#endif
