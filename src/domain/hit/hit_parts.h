/* Private to the comparison of hits: the values of each side, and the likeness of two texts. */
#ifndef KYBDESK_DOMAIN_HIT_PARTS_H
#define KYBDESK_DOMAIN_HIT_PARTS_H

#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/value.h"

/* One value with the name of its member. */
struct card_value {
	const char *key, *text;
};
struct card_values {
	struct arena *arena;
	struct card_value *items;
	size_t count, capacity;
};
/* Adds a value; skips "" and duplicates. */
void card_value_add(struct card_values *list, const char *key, const char *text);
/* Adds the texts and numbers of these members: each element of a list, and the members `inner` of an object. */
void card_values_collect(struct card_values *list, const struct value *object, const char *const *keys,
			 const char *const *inner);
bool keys_contain(const char *const *keys, const char *key);

extern const char *const alias_keys[], *const birth_keys[];

/* Compares dates YYYY, YYYY-MM or YYYY-MM-DD; compares only the year of other texts. */
enum likeness date_likeness(const char *listed, const char *ours);
/* Compares two numbers. same_kind: different numbers contradict each other. */
enum likeness number_likeness(const char *listed, const char *ours, bool same_kind);
/* The better of two likenesses, in the order same, close, different, unknown. */
enum likeness better_likeness(enum likeness a, enum likeness b);

/* Likeness of the entry's names to a party of the session; party NULL: to the session's subject. */
enum likeness hit_name_likeness(const struct case_file *file, const struct party *party, const struct hit *hit);

#endif
