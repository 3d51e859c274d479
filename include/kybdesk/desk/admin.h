/* Administration and the audit log: reviewers, merchants, endpoints, deliveries, audit, workflows, health. All
 * results are in the arena. */
#ifndef KYBDESK_DESK_ADMIN_H
#define KYBDESK_DESK_ADMIN_H

#include "kybdesk/domain/audit.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/message.h"
#include "kybdesk/domain/ssh_key.h"

struct reviewer_info {
	const char *name;
	enum role role;
	bool supervised, disabled;
	int64_t created_at;
	int64_t key_created_at; /* when the API key was made; TIME_NONE: no key */
};
enum err desk_reviewers(struct desk *desk, struct arena *arena, struct reviewer_info **items, size_t *count,
			struct error *error);

/* Access over SSH (docs/access.md): lists the keys of a reviewer, even of a disabled one; reviewer "": the keys of
 * all reviewers. VERB_ACCESS_ADD and VERB_ACCESS_REMOVE change the keys. */
enum err desk_access_keys(struct desk *desk, struct arena *arena, const char *reviewer, struct access_key **items,
			  size_t *count, struct error *error);
/* As desk_access_keys(), but only keys of active reviewers. Used for sshd, under the account that owns the store;
 * opens the store without an actor. */
enum err desk_access_keys_of_store(const struct desk_options *options, struct arena *arena, const char *reviewer,
				   struct access_key **items, size_t *count, struct error *error);
/* Whether the address of a store on a server contains a password; other options do not count. */
bool desk_address_has_password(const char *address);

struct merchant_info {
	const char *name, *api_code;
	int64_t created_at;
};
enum err desk_merchants(struct desk *desk, struct arena *arena, struct merchant_info **items, size_t *count,
			struct error *error);

struct merchant_key_info {
	const char *merchant, *name;
	unsigned permissions; /* bits of enum permission */
	const char *checks;   /* provider's key: checks that it may report, comma-separated; "": merchant's key */
	int64_t created_at;
	int64_t used_at; /* last use, rounded to the minute; TIME_NONE: never used */
	int64_t ends_at; /* TIME_NONE: never */
	bool is_valid;
	/* "works", "overlap" (rotated, but works until ends_at), "expired", "rotated", "revoked", "replaced" */
	const char *state;
};
/* Keys of all merchants and their providers, sorted by merchant and name. Ended keys stay listed for at least 30
 * days. */
enum err desk_merchant_keys(struct desk *desk, struct arena *arena, struct merchant_key_info **items, size_t *count,
			    struct error *error);

enum err desk_endpoints(struct desk *desk, struct arena *arena, const char *merchant, struct endpoint **items,
			size_t *count, struct error *error);

struct webhook_query {
	const char *session, *merchant; /* "": all; session: an id, id prefix or external_ref */
	unsigned states;		/* bits of enum delivery_state; 0: all */
	const char *after;		/* cursor */
	size_t limit;
};
enum err desk_webhooks(struct desk *desk, struct arena *arena, const struct webhook_query *query,
		       struct delivery_item **items, size_t *count, const char **next, struct error *error);
struct webhook_view {
	struct delivery_item *deliveries;
	size_t count;
	struct delivery_attempt **attempts; /* an array for each delivery */
	size_t *attempt_counts;
	const char *body;
	size_t body_length;
};
/* The deliveries of an event with their attempts. A caller from outside (caller.h) can read only its own events, by
 * full id. Such a caller gets no deliveries to hooks (the desk's own endpoints) and no reasons that staff wrote. In a
 * sandbox the caller also gets no responses, since an endpoint may be on the server's own machine. */
enum err desk_webhook(struct desk *desk, struct arena *arena, const char *reference, struct webhook_view *out,
		      struct error *error);
/* Masks personal members of the body and of JSON responses in place. Returns whether a member was masked. */
bool mask_webhook(struct arena *arena, struct webhook_view *view);
/* The deliveries of all webhooks of a sandbox order, oldest first, without bodies. order: its full id. */
enum err desk_order_webhooks(struct desk *desk, struct arena *arena, const char *order, struct webhook_view *out,
			     struct error *error);
enum err desk_webhook_counts(struct desk *desk, struct webhook_counts *out, struct error *error);

/* Previews VERB_WEBHOOK_REPLAY. */
enum err desk_webhook_replay_preview(struct desk *desk, struct arena *arena, const struct replay_request *request,
				     struct replay_counts *out, struct error *error);

struct audit_query {
	const char *session; /* a reference; "" or NULL: all */
	int64_t after_seq;   /* `next_after_seq` of the previous page; 0: the first page */
	size_t limit;
	/* Filters, as in struct audit_search. NULL or "": no filter; 0: no bound. */
	const char *actor, *action;
	int64_t since, until;
};
struct audit_page {
	const struct audit_event *items; /* newest first */
	size_t count;
	int64_t next_after_seq; /* `after_seq` of the next page; 0: this is the last page */
};
enum err desk_audit_list(struct desk *desk, struct arena *arena, const struct audit_query *query,
			 struct audit_page *out, struct error *error);
/* One record by its number. ERR_NOT_FOUND: the message names the number of the last record. */
enum err desk_audit_find_record(struct desk *desk, struct arena *arena, int64_t seq, struct audit_event *out,
				struct error *error);
enum err desk_audit_verify(struct desk *desk, struct arena *arena, struct audit_verdict *out, struct error *error);
#define AUDIT_DIFFERENCES_MAX 100 /* at most this many differences get a sentence; `count` counts all */
struct audit_differences {
	/* parallel arrays; sessions: UUID of the session; "": the difference is not about one session */
	const char **sentences, **sessions;
	size_t sentence_count;
	int64_t count;
	int64_t sessions_compared, decisions_compared, rows_compared, files_compared;
	/* number of rows that are unchanged since an upgrade recorded their hashes; upgrade_seq: number of the
	 * upgrade's audit record; 0: none */
	int64_t rows_upgraded, upgrade_seq;
};
/* Compares decided sessions, decisions and levels with their last audit records, and then each row of every table
 * with its last row commitment. on_progress (may be NULL) is called at intervals. */
struct audit_compare_options {
	void (*on_progress)(void *context, int64_t rows, int64_t commitments);
	void *context;
	bool compare_files; /* also compares documents' bytes and the search index */
};
enum err desk_audit_compare(struct desk *desk, struct arena *arena, const struct audit_compare_options *how,
			    struct audit_differences *out, struct error *error);
/* Writes every record as one JSON line to fd, oldest first. */
enum err desk_audit_export(struct desk *desk, int fd, struct error *error);

struct workflow_info {
	const char *name, *title;
	const char *origin; /* "built in", "installed" (differs from this program's text), or the file (in a sandbox) */
	int64_t version;
	const char *problem;		   /* why the workflow cannot be used; "": it can be used */
	const char *sha256, *installed_by; /* "" for a file (installed_at: TIME_NONE) */
	int64_t installed_at;
};
enum err desk_workflows(struct desk *desk, struct arena *arena, struct workflow_info **items, size_t *count,
			struct error *error);
/* Checks a file with a workflow (`workflow check FILE`); path "-": standard input. Needs no store. ERR_INVALID,
 * with lines[0] as the message: the file has mistakes. */
struct workflow_check_result {
	const struct profile *profile; /* NULL: the file has mistakes */
	const char **lines;	       /* "path: message" */
	size_t count;
};
enum err desk_workflow_check(const struct world *world, struct arena *arena, const char *path,
			     struct workflow_check_result *out, struct error *error);

struct doctor_finding {
	bool is_damage; /* true: the store is damaged (exit code 8); false: a warning, or a passed check */
	const char *message, *advice;
};
enum err desk_run_doctor(struct desk *desk, struct arena *arena, struct doctor_finding **items, size_t *count,
			 struct error *error); /* problems, and passed checks (advice "") */
const char *desk_library_version(struct desk *desk,
				 struct arena *arena); /* as store_describe_library(); desk may be NULL */

/* Templates of messages to clients (domain/message.h). A lead changes them by VERB_TEMPLATE_SET and
 * VERB_TEMPLATE_REMOVE; everyone reads them. */
enum err desk_templates(struct desk *desk, struct arena *arena, struct message_templates *out, struct error *error);
/* Finds the template with this name. ERR_NOT_FOUND: the message names the nearest name. */
enum err template_find(const struct message_templates *all, const char *name, const struct message_template **out,
		       struct error *error);

/* The actor's own views, drafts, settings and keys, which the store keeps if the actor works over SSH. They are not
 * evidence, so the audit log does not record their changes. */
#define OWN_TEXT_MAX (1024 * 1024) /* bytes */

/* kind: "view", "draft", "setting" or "key". Appends the stored text; appends nothing if no text is stored. */
enum err desk_read_own_text(struct desk *desk, const char *kind, struct strbuf *out, struct error *error);
/* Replaces the stored text, which must equal `before` ("": no text is stored). ERR_CONFLICT: the stored text differs
 * from `before`. ERR_FORBIDDEN: the store is read-only, or the actor is disabled. ERR_INVALID: the text is too long. */
enum err desk_own_text_set(struct desk *desk, const char *kind, const char *before, const char *text,
			   struct error *error);

#endif
