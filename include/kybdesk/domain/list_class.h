/*
 * The class that the name of a list implies: a hit on "OFAC SDN" is a sanctions hit whatever its provider calls it. Names
 * are compared folded, without spaces and punctuation. The table is data/lists.json (codec/lists_codec.h). Pure.
 */
#ifndef KYBDESK_DOMAIN_LIST_CLASS_H
#define KYBDESK_DOMAIN_LIST_CLASS_H

#include "kybdesk/domain/session.h"

struct list_rule {
	const char *words;    /* folded, each word with a space before and after it: " ofac sdn " */
	const char *squeezed; /* the same without spaces: "ofacsdn" */
	bool anywhere;	      /* it counts inside other words, too */
	enum hit_class class_;
};
struct list_rules {
	struct list_rule *items;
	size_t count;
};

struct list_rule list_rule_make(struct arena *arena, const char *name, bool anywhere, enum hit_class class_);
/* The gravest of the class that the provider said, that its list implies, and that its check implies (ofac: sanctions). */
enum hit_class list_class(const struct list_rules *rules, enum check_kind check, const char *list,
			  enum hit_class reported);

#endif
