/* All changes at the desk: one function runs every verb of the table (desk/verbs.h). A front end fills a struct
 * use_in with the inputs of the verb, by designated initialisers, and reads struct use_out. The frame
 * (src/desk/use/use.c) does the rest for every front end: permission, lock, version, gate, audit row, webhook.
 *
 *   struct use_in in = { .verb = VERB_DOCUMENT_REJECT, .session = "RAL-1", .part = id, .reason = "blurry" };
 *   err = desk_do(desk, arena, &in, &out, error);
 *
 * One call is one transaction: the change, its audit rows, its outbox events. On failure nothing has changed.
 * ERR_FORBIDDEN names the required role; ERR_BLOCKED and ERR_CONFLICT carry blockers; other errors name the field.
 */
#ifndef KYBDESK_DESK_USE_H
#define KYBDESK_DESK_USE_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/look.h"
#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/document_form.h"
#include "kybdesk/domain/event.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/domain/rules.h"
#include "kybdesk/domain/subject.h"
#include "kybdesk/sandbox/ledger.h"

#define GRACE_DEFAULT_S 10

struct correction_request {
	const char *step_id;
	const char **field_ids;
	size_t field_count;
	/* Types of documents to provide anew: of each type all rejected documents, else the unreviewed ones, else all,
	 * unless document_ids names documents of the type. */
	const char **document_types;
	size_t document_type_count;
	const char **document_ids; /* documents to provide anew: ids, or their first 8 or more characters */
	size_t document_id_count;
	const char *party_id; /* party that the correction is about; NULL and "": none */
	const char *message;
};

/* Rules put in force by a verb (desk/rules.h). */
struct rule_change {
	const char *name;
	int64_t version, before_version;    /* before_version 0: none */
	const char *sha256, *before_sha256; /* "": none */
	bool unchanged;			    /* the text was in force already; nothing was changed */
};

/* A session to open. "" and NULL: not set. */
struct session_input {
	const char *workflow, *merchant, *external_ref;
	const char *kind;	       /* "kyb" or "kyc"; default: the first kind of the workflow */
	const struct subject *subject; /* an existing uid with changes, or a new subject with a name */
	const char *custom_tags_json;  /* default: the tags of the workflow */
	const char *metadata_json;     /* the merchant's own data */
	int64_t lifetime_hours;	       /* lifetime of the client's link; 0: as in the workflow */
	int risk_score;		       /* RISK_NONE: unknown */
	const char *risk_factors_json;
};

enum choice { CHOICE_DEFAULT, CHOICE_YES, CHOICE_NO };

/* Changes of an endpoint; NULL, no events and negative numbers: unchanged. max_concurrency and deliveries_per_minute 0:
 * no limit. */
struct endpoint_change {
	const char *url;
	const char *const *events;
	size_t event_count;
	enum choice enabled;
	int64_t max_concurrency, deliveries_per_minute;
};

/* Webhooks to send again: one event, or all matches. "" and NULL: any. */
struct replay_request {
	const char *event;				  /* id of an event or a delivery, or a unique prefix */
	const char *session, *merchant, *endpoint, *type; /* references; type is an event's name */
	int64_t from, until;				  /* creation time of the event; 0 and TIME_NONE: any */
	unsigned states; /* bits of enum delivery_state: delivered, dead, unsent; 0: all three */
	/* expected number of matches: the replay is refused if another number matches; negative: not checked */
	int64_t expected_count;
};

/* Counts of a purge at its beginning (verb purge), or of one of its steps (verb purge_step). */
struct purge_counts {
	/* purge: no new purge has begun, because an earlier confirmed purge is unfinished */
	bool is_resumed;
	int64_t users, sessions; /* purge: numbers to erase; purge_step: numbers erased */
	int64_t documents, parties, skipped_user_count;
	/* purge_step: users still to be erased; the purge has ended if `remaining_user_count` and
	 * `remaining_part_count` are 0 */
	int64_t remaining_user_count;
	/* purge_step: number of documents with bytes still to be removed, plus 1 for the search index */
	int64_t remaining_part_count;
	bool is_index_step;	  /* purge_step: the step worked on the search index */
	bool wal_has_erased_data; /* the write-ahead log may still contain erased data; a step removes it */
};

/* An operation of the sandbox's money. NULL texts are not set. */
struct money_input {
	enum order_type type;
	const char *uid;     /* the account's user; NULL: any */
	const char *account; /* the account's full id */
	const char *amount;  /* "250.10" */
	const char *currency;
	const char *recipient;		  /* transfer: id of the receiving account */
	const char *iban, *holder, *bank; /* bank payout */
	const char *address, *coin;	  /* crypto payout */
	const char *reference, *code;	  /* code: six digits */
	/* payin: the outcome: complete, fail, or process (the order stays in processing) */
	enum order_action requested_action;
	const char *reason; /* reason of a failure */
};

/* Input of a verb. NULL texts are not set; the comment of each verb's function in src/desk lists the members that
 * it reads. */
struct use_in {
	enum verb verb;
	enum capacity capacity;
	const char *session;   /* id, unique prefix of four or more characters, or external_ref */
	int64_t row;	       /* inside the desk: the session's row, instead of `session` */
	void *prepared_result; /* inside the desk: result of the verb's prepare function, if it ran before */
	const char *part; /* the document, party, hit, correction, duplicate, subject, reviewer, merchant or endpoint */
	/* party_copy: session that verified the person; party_own: the owned company ("": subject) */
	const char *related_ref;
	enum check_kind check;
	const char *reason; /* a code of data/reasons, or free text */
	const char *text;   /* text for the client, or text of a note */
	const char *note;   /* internal */
	/* reject, corrections, template_set, document_add, step_edit: why a text that can tip off a client is sent (a lead) */
	const char *override;
	const char *document,
		*hit;	      /* the part that a note is about; document_add: the document that the file answers */
	int64_t seen_version; /* version of the case that the caller saw; 0: not checked */
	bool has_grace;	      /* true: grace_s counts; false: the desk's default (desk_set_grace()) */
	int64_t grace_s;      /* 0: effective at once, no undo */
	enum choice retryable;
	bool all; /* confirm */
	/* confirm: the judgements to confirm, as "KIND:ID" or ID; a unique prefix of the id is enough */
	const char *const *refs;
	size_t ref_count;
	bool is_match; /* hit_resolve: a true match; a false positive unless `verdict` is RESULT_UNDETERMINED */
	/* hit_resolve: number of hits that one verdict judges, each in its own call; the card of each must support it
	 * (grounds_lack_on_card()), and the record has the number. 0: this hit only */
	size_t together;
	enum result_verdict verdict; /* result_judge */
	int64_t days;		     /* days to add to the life of the link; reactivate: life of the link from now */
	int64_t hours; /* extend: hours to add, instead of days; endpoint_rotate: hours until the old secret ends */
	/* snooze: end of the snooze; purge: only cases due before this time (TIME_NONE or 0: before today) */
	int64_t until;
	bool revoke; /* suspicion_access */
	bool filed;  /* suspicion_close: the case was reported to the authorities */
	const struct party_input *party;
	const struct session_input *open_input;
	/* fields_json: an object that is merged into the existing fields (null removes a field). addresses_json:
	 * the new list of addresses. */
	const char *fields_json, *addresses_json;
	bool finish_step; /* step_save: also completes the step */
	/* intake only: also stores values that break a rule; the values are shown and block an approval */
	bool skip_validation;
	const struct subject_input *subject;
	const struct check *result;	       /* check_report */
	const char *results_json;	       /* results_report: the provider's results, a JSON object */
	const struct case_file *imported_case; /* intake: the case that an import line describes */
	enum session_status new_status;	       /* VERB_CARRY: the new status */
	/* runs the verb and rolls back, to find out whether the verb is possible */
	bool dry_run;
	/* does not settle the case (src/desk/use/settle.c): the caller runs several verbs, and settles the case at
	 * the end */
	bool skip_settling;
	const char *percent;
	const struct correction_request *requests;
	size_t request_count;
	struct list_query *query;   /* next */
	struct strbuf *content_out; /* receives a document's bytes, or a secret, which must be wiped */
	/* a document */
	const char *type, *side, *file_name;
	/* document_open: records this look, which has ended, and returns no bytes; NULL: fetches the bytes */
	const struct look *look;
	/* document_accept: also if the document was not shown to the actor (look.h); `reason` is recorded with it */
	bool unseen;
	bool double_sided; /* document_record: the document has a front and a back */
	const void *bytes;
	size_t length;
	/* administration */
	enum role role;
	bool supervised;
	unsigned permissions; /* permissions of a key, bits of enum permission; 0: KEY_PERMISSIONS_DEFAULT */
	int64_t lifetime_ms;  /* life of a key; 0: the key has no end */
	int64_t overlap_ms;   /* merchant_key_rotate: how long the previous key still works */
	unsigned checks;      /* kinds of checks that a provider's key may report, bits of enum check_kind */
	const char *url;
	const char *const *events;
	size_t event_count;
	const struct money_input *money;
	const struct endpoint_change *changes;
	const struct replay_request *replay;
	bool include_key; /* store_copy */
};

/* Result of a verb, in the arena. Unused members are "" and TIME_NONE. */
struct use_out {
	const char *id;	     /* the session's full id */
	const char *part_id; /* id of the part that was made or changed */
	const char *subsession_id;
	const char *audit_action; /* action of the audit record; "": the verb had nothing to do */
	bool has_new_bad_news;	  /* check_report: an adverse result or a new hit */
	int64_t version;	  /* version of the case after the change; 0: no case */
	enum session_status from, to;
	const char *level_from, *level_to;  /* "" unless the level changed */
	enum approval_stage approval_stage; /* approve */
	const char *first_approver;	    /* second approval: author and time of the first approval */
	int64_t first_approval_at;
	int64_t undo_until; /* TIME_NONE: cannot be undone */
	const char *event;  /* type of the event written to the outbox; "": none */
	int64_t deliveries;
	const char *link;	       /* a new access link, shown only once; "": none */
	int64_t expires_at;	       /* end of a link, or of a new key */
	int64_t old_key_until;	       /* merchant_key_rotate: end of the time in which the previous key works */
	struct rule_failures failures; /* validate */
	unsigned requested_check_bits; /* validate: kinds of checks that were requested, bits of enum check_kind */
	struct document document;      /* the opened or saved document */
	struct doc_search_values case_values; /* document_open: values of the case to find in the document; unmasked */
	struct document_form form;	      /* document_open: typed and extracted values side by side; unmasked */
	const char *api_code;
	struct endpoint endpoint;
	int64_t sessions;     /* store_rebuild_search */
	int64_t unsent_count; /* endpoint_enable: number of deliveries that need a manual replay */
	struct replay_counts replay_totals;
	struct rule_change rule;
	bool is_proposal;	 /* NEED_SECOND_ADMIN: takes effect when another admin makes the same change */
	const char **erased_ids; /* session_delete: ids of all erased sessions, the requested session first */
	size_t erased_count;
	int64_t erased_documents, erased_parties;
	struct purge_counts purge_counts;
	int64_t confirmed_count;		  /* judgements */
	const char *undone_change;		  /* review_undo: for example "acceptance of PROOF_OF_ADDRESS" */
	const char *const *unconfirmed_sentences; /* confirm: sentences about judgements that were not confirmed */
	size_t unconfirmed_count;
};

enum err desk_do(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
		 struct error *error);

/* Runs several verbs as one change: all or none. A verb that needs a case but names none uses the case that the
 * previous verb opened or changed. Verbs with a prepare function, and decisions, are not allowed. outs: one per
 * verb. */
enum err desk_do_all(struct desk *desk, struct arena *arena, const struct use_in *ins, size_t count,
		     struct use_out *outs, struct error *error);

#define REFER_TO_LEAD "lead" /* receiver of VERB_REFER: the lead with the fewest cases */
/* Renews the holder's claim on a case, at most once a minute, without an audit event. A claim ends after 30 idle
 * minutes (CLAIM_IDLE_MS); an assignment by a lead does not end. */
void desk_renew_claim(struct desk *desk, const char *id);

#endif
