/*
 * The rules that count (trust.md "Custody of the rules"): texts of workflows and
 * of sets of reasons, as they were installed. Every text that ever was in force
 * stays; one of each name is current. Beside them stands the table of texts that
 * sessions were created with (people.h), which is what a session goes on under.
 */
#ifndef KYBDESK_STORE_RULES_H
#define KYBDESK_STORE_RULES_H

#include "kybdesk/base/digest.h"
#include "kybdesk/store/store.h"

enum rule_text_kind { RULE_TEXT_WORKFLOW, RULE_TEXT_REASONS }; /* "workflow" "reasons" */
const char *rule_text_kind_text(enum rule_text_kind kind);

struct rule_text {
	int64_t row;
	enum rule_text_kind kind;
	const char *name;
	int64_t version;
	char sha256[SHA256_HEX_SIZE]; /* of body */
	const char *body;	      /* "" in lists */
	size_t length;
	int64_t installed_at;
	const char *installed_by;
	bool current;
	bool offered; /* it waits for another admin, as long as it is the last of its name */
};

/* Puts a text in force; the one before it stays, and no longer counts. Sets row, sha256 and current. */
enum err store_rule_install(struct store *store, struct rule_text *text, struct error *error) KYB_MUST_USE;
/* Keeps a text that is not in force before another admin brings it, too. Sets row, sha256 and offered. */
enum err store_rule_offer(struct store *store, struct rule_text *text, struct error *error) KYB_MUST_USE;
/* The row in force, 0 when there is none: cheap, for caches. */
enum err store_rule_current(struct store *store, enum rule_text_kind kind, const char *name, int64_t *row,
			    struct error *error) KYB_MUST_USE;
/* One text, whole. ERR_STORE when the body is not what its hash says; ERR_NOT_FOUND. */
enum err store_rule_load(struct store *store, struct arena *arena, int64_t row, struct rule_text *out,
			 struct error *error) KYB_MUST_USE;
/* All of a kind without their bodies, by name, the oldest first. */
struct rule_texts {
	struct rule_text *items;
	size_t count;
};
enum err store_rule_list(struct store *store, struct arena *arena, enum rule_text_kind kind, struct rule_texts *out,
			 struct error *error) KYB_MUST_USE;

#endif
