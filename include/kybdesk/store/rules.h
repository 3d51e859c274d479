/* The rules in force: installed texts of workflows and of sets of reasons. The store keeps every text that was ever
 * in force; one text for each name is in force now (`current`). The workflow text that a session was created with
 * stays valid for the session, and is in a separate table (people.h). */
#ifndef KYBDESK_STORE_RULES_H
#define KYBDESK_STORE_RULES_H

#include "kybdesk/store/store.h"

enum rule_text_kind { RULE_TEXT_WORKFLOW, RULE_TEXT_REASONS }; /* "workflow" "reasons" */
const char *rule_text_kind_text(enum rule_text_kind kind);

struct rule_text {
	int64_t row;
	enum rule_text_kind kind;
	const char *name;
	int64_t version;
	char sha256[SHA256_HEX_SIZE]; /* hash of body */
	const char *body;	      /* "" in lists */
	size_t length;
	int64_t installed_at;
	const char *installed_by;
	bool current;
	bool is_proposal; /* the text waits for a second admin, as long as it is the latest text of its name */
};

/* Puts a text in force and keeps the previous one. text->is_proposal: only stores the text, which takes effect when
 * a second admin installs it too. Sets row, sha256 and current. */
enum err store_rule_install(struct store *store, struct rule_text *text, struct error *error);
/* *row: the row of the text in force; 0: none. Cheap, for caches. */
enum err store_rule_find_current(struct store *store, enum rule_text_kind kind, const char *name, int64_t *row,
				 struct error *error);
/* One text with its body. ERR_STORE: the body does not match its hash; ERR_NOT_FOUND. */
enum err store_rule_load(struct store *store, struct arena *arena, int64_t row, struct rule_text *out,
			 struct error *error);
/* All texts of a kind without bodies, by name, oldest first. */
struct rule_texts {
	struct rule_text *items;
	size_t count;
};
enum err store_rule_list(struct store *store, struct arena *arena, enum rule_text_kind kind, struct rule_texts *out,
			 struct error *error);

#endif
