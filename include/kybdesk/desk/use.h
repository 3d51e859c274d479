/*
 * Doing something at the desk: one function for every verb of the table
 * (desk/verbs.h). A front end fills a struct use_in with what the verb asks for,
 * by designated initialisers, and reads struct use_out. Everything else,
 * who may, the lock, the version, the gate, the audit row, the webhook, is
 * the frame's (src/desk/use/use.c), so that every front end has it.
 *
 *   struct use_in in = { .verb = VERB_DOCUMENT_REJECT, .session = "RAL-1", .part = id, .reason = "blurry" };
 *   err = desk_do(desk, arena, &in, &out, error);
 *
 * One call is one transaction: the change, its audit rows, its outbox events.
 * On failure nothing has changed. ERR_FORBIDDEN names the role that may;
 * ERR_BLOCKED and ERR_CONFLICT carry blockers; the rest says which field.
 */
#ifndef KYBDESK_DESK_USE_H
#define KYBDESK_DESK_USE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/agreement.h"
#include "kybdesk/domain/event.h"
#include "kybdesk/domain/filter.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/domain/rules.h"
#include "kybdesk/domain/subject.h"

#define GRACE_DEFAULT_S 10

struct correction_request {
	const char *step_id;
	const char **field_ids;
	size_t field_count;
	const char **document_types;
	size_t document_type_count;
	const char *message;
};

/* Rules that were put in force (desk/rules.h). */
struct rule_change {
	const char *name;
	int64_t version, before_version;    /* before_version 0: there was none */
	const char *sha256, *before_sha256; /* "" none */
	bool unchanged;			    /* this very text is in force already; nothing was done */
	bool offered;			    /* not in force before another admin brings this text, too */
};

/* A session to be opened. "" and NULL are left out. */
struct session_input {
	const char *workflow, *merchant, *external_ref;
	const char *kind;	       /* "kyb" or "kyc"; left out: the first that the workflow has */
	const struct subject *subject; /* an existing uid, and what changed of it; or somebody new, with a name */
	const char *custom_tags_json;  /* left out: the workflow's */
	const char *metadata_json;     /* what its merchant keeps with it */
	int64_t life_hours;	       /* of its link; 0: as the workflow says */
	int risk_score;		       /* RISK_NONE: not known */
	const char *risk_factors_json;
};

/* What of an endpoint becomes otherwise; NULL, no events and negative numbers: stays. 0 is no limit. */
struct endpoint_change {
	const char *url;
	const char *const *events;
	size_t event_count;
	int64_t at_once, per_minute;
};

/* Which webhooks are sent again: one event, or all that fit. "" and NULL: any. */
struct replay_request {
	const char *event;				  /* its id or that of a delivery, or a unique beginning */
	const char *session, *merchant, *endpoint, *type; /* references; type is an event's name */
	int64_t from, until;				  /* when the event was made; 0 and TIME_NONE: any time */
	unsigned states;  /* bits of enum delivery_state: delivered, dead, unsent; 0: all three */
	int64_t expected; /* refuses when another number would go; negative: does not ask */
};
struct replayed {
	int64_t events, deliveries;
	int64_t under_way, disabled, nobody; /* left out, and why */
};

enum choice { CHOICE_DEFAULT, CHOICE_YES, CHOICE_NO };

/* What a verb is given. NULL texts are left out; which members a verb reads stands beside its function in src/desk. */
struct use_in {
	enum verb verb;
	enum capacity as;
	const char *session; /* id, unique prefix of four or more characters, or external_ref */
	int64_t row;	     /* instead of it, inside the desk */
	void *prepared; /* inside the desk: what the verb's look would have left, when somebody looked before */
	const char *
		part; /* the document, party, hit, correction, duplicate, subject, reviewer, merchant, endpoint it is about */
	const char *
		from; /* party_copy: the session that verified the person; party_own: the company ("" the subject) */
	enum check_kind check;
	const char *reason;   /* a code of data/reasons, or words of its own */
	const char *text;     /* what the client reads; a note's text */
	const char *note;     /* kept inside */
	int64_t seen_version; /* of the case as the caller saw it; 0: whatever is there now */
	bool own_grace;	      /* grace_s counts; else the default of ten seconds */
	int64_t grace_s;      /* 0: at once, no undo */
	enum choice retryable;
	bool all;		 /* confirm */
	const char *const *refs; /* confirm: of judgements, "KIND:ID" or ID; unique prefixes of the id */
	size_t ref_count;
	bool match;    /* hit_resolve */
	int64_t days;  /* more days for a link */
	int64_t hours; /* extend: instead of days; endpoint_rotate: how long both secrets sign */
	int64_t until; /* snooze */
	const struct party_input *party;
	const struct session_input *opens;
	/* A JSON object that is laid over the fields which are there (null ends one), and a list in the place of another. */
	const char *fields_json, *addresses_json;
	bool completes;	      /* step_save: the step is done with this */
	bool skip_validation; /* intake only: what breaks a rule is stored, too; it is shown, and blocks an approval */
	const struct subject_input *subject;
	const struct check *result;	       /* check_report */
	const char *results_json;	       /* results_report: an object with the seed's members */
	const struct case_file *imported_case; /* intake: what a line says of the case */
	enum session_status goes_to;	       /* carry */
	bool dry;	/* does it, and takes it back: whether it can be done, and why not; nothing is left of it */
	bool unsettled; /* within a transaction of several verbs: its end counts */
	const char *percent;
	const struct correction_request *requests;
	size_t request_count;
	struct list_query *query; /* next */
	struct strbuf *into;	  /* where a document's bytes, or a secret, go; wipe the latter */
	/* a document */
	const char *type, *side, *file_name;
	bool double_sided; /* document_record: it has a front and a back */
	const void *bytes;
	size_t length;
	/* administration */
	enum role role;
	bool supervised;
	unsigned permissions; /* of a key, bits of enum permission; 0: all */
	const char *url;
	const char *const *events;
	size_t event_count;
	const struct endpoint_change *changes;
	const struct replay_request *replay;
	bool with_key; /* store_copy */
};

/* In the arena. "" and TIME_NONE where there is nothing to say. */
struct use_out {
	const char *id;	     /* the session's full id */
	const char *part_id; /* of what was made or changed */
	const char *subsession_id;
	const char *word; /* of the audit row, "" when nothing was to do */
	int64_t version;  /* of the case as this left it; 0 where the UI action is about none */
	enum session_status from, to;
	const char *level_from, *level_to; /* "" unless a level changed */
	int64_t undo_until;		   /* TIME_NONE: can't be undone */
	const char *event;		   /* type written to the outbox, "" none */
	int64_t deliveries;
	const char *link; /* a new access link, shown this once; "" none */
	int64_t expires_at;
	struct rule_failures failures; /* validate */
	unsigned requested;	       /* validate: bits of enum check_kind */
	struct document document;      /* opened or saved */
	struct agree_values agrees;    /* document_open: what of the case to look for in it; unmasked */
	const char *api_code;
	struct endpoint endpoint;
	int64_t sessions; /* store_rebuild_search */
	int64_t unsent;	  /* endpoint_enable: deliveries that wait to be sent again by somebody */
	struct replayed replayed;
	struct rule_change rule;
	const char **erased; /* session_delete: everything that went, the session first */
	size_t erased_count;
	int64_t erased_documents, erased_parties;
	int64_t confirmed;		/* judgements */
	const char *undone;		/* review_undo: "acceptance of PROOF_OF_ADDRESS" */
	const char *const *unconfirmed; /* why others of those asked for were not */
	size_t unconfirmed_count;
};

enum err desk_do(struct desk *desk, struct arena *arena, const struct use_in *in, struct use_out *out,
		 struct error *error) KYB_MUST_USE;

/* Several verbs as one change: all of them or none. One that needs a case and names none means the one that was opened or
 * changed just before it. None that looks before the lock, or decides. outs: one for each. */
enum err desk_do_all(struct desk *desk, struct arena *arena, const struct use_in *ins, size_t count,
		     struct use_out *outs, struct error *error) KYB_MUST_USE;

#endif
