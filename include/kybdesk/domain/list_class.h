/* The class that the name of a list implies: a hit on "OFAC SDN" is a sanctions hit even if the provider reports
 * another class. Names are compared folded, without spaces and punctuation. The table is data/lists.json
 * (codec/lists_codec.h). The same rules find phrases that tip off a client in a message (data/phrases.json). Pure. */
#ifndef KYBDESK_DOMAIN_LIST_CLASS_H
#define KYBDESK_DOMAIN_LIST_CLASS_H

#include "kybdesk/domain/session.h"

struct list_rule {
	const char *name;	   /* as the table has it */
	const char *words;	   /* folded, with a space before and after each word, such as " ofac sdn " */
	const char *unspaced_text; /* `words` without spaces, such as "ofacsdn" */
	bool matches_in_words;	   /* also matches as a part of another word */
	enum hit_class class_;
};
struct list_rules {
	struct list_rule *items;
	size_t count;
};

struct list_rule list_rule_make(struct arena *arena, const char *name, bool matches_in_words, enum hit_class class_);
/* The most severe of three classes: the provider's, the list's, and the check's (ofac: sanctions). */
enum hit_class list_classify(const struct list_rules *rules, enum check_kind check, const char *list,
			     enum hit_class reported);
/* The name of a rule that matches the text: a phrase in a message; "": none. */
const char *list_rules_find(const struct list_rules *rules, const char *text);

#endif
