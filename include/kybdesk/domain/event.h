/* Content of an outbox event (docs/webhooks.md "Message format") as plain data; the codec writes the body of the
 * event once. Contains no names, birth dates, tax ids, documents or notes. */
#ifndef KYBDESK_DOMAIN_EVENT_H
#define KYBDESK_DOMAIN_EVENT_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

/* A requested document (source document atelio-beneficial-owners: "required" or "submitted"). */
struct event_document {
	const char *type, *upload_link; /* upload_link "": the document has no separate link */
	bool submitted;
};

/* A sandbox order that has changed its state. */
struct event_order {
	const char *id, *type, *state, *account_id, *currency;
	const char *amount; /* digits of a JSON number */
	const char *reason; /* reason of a failure; "": none */
};

/* One attempt of a session at a level (source document avenia-kyb-level-1, "Poll the KYB Attempt"). */
struct event_attempt {
	const char *id, *level_name;
	enum final_decision result; /* FINAL_NONE: still open */
	const char *message;	    /* public text; "": none */
	bool retryable;
	int64_t created_at, updated_at;
};

struct event {
	enum event_kind kind;
	enum event_shape shape;
	const char *type; /* name of the event, from the profile */
	int64_t at;
	/* data */
	const char *uid, *session_id, *external_ref, *parent_id;
	enum session_kind session_kind;
	int64_t kyb_id, sequence;
	const char *previous_level, *level; /* both "" unless a level changed */
	enum session_status status;
	const char *custom_tags_json, *parent_custom_tags_json; /* parent: of a party's session; else "" or NULL */
	const char *reason_code;				/* the public code; "": none */
	bool retryable, has_retryable;
	const char *const *step_ids; /* event "corrections requested": ids of the steps to correct */
	size_t step_count;
	const char *const *requested_document_ids; /* ids of the documents to provide anew */
	size_t requested_document_count;
	/* optional members: "", NULL or 0 when unused */
	const char *reason_text;	      /* why a reviewer is needed, in the profile's words */
	const char *error_code, *description; /* for failures that the client can fix */
	const struct event_document *documents;
	size_t document_count;
	const struct event_attempt *attempt;
	const char *document_id, *document_type; /* the processed document, with all its sides */
	bool is_document_double_sided;
	const char *account_id, *currency; /* the account that was opened */
	const struct event_order *order;   /* NULL: none */
};

/* One stored event. */
struct event_item {
	const char *id, *type, *session_id; /* session_id "": the event has no session */
	int64_t created_at;
	const char *body; /* as stored: with placeholders for links */
	size_t body_length;
	const char *link_mark;
};
/* One delivery, as `webhook list` shows it. */
struct delivery_item {
	int64_t row;
	const char *id;		 /* "evt_…": the event's id, the same on every attempt */
	const char *delivery_id; /* the delivery's own id */
	const char *type, *session_id, *merchant, *endpoint_id, *endpoint_url, *note;
	enum delivery_state state;
	int64_t attempts, created_at, next_at;
	int64_t finished_at; /* TIME_NONE: not finished */
	/* the endpoint is paused until this time, after repeated failures; TIME_NONE: not paused */
	int64_t endpoint_paused_until;
};
struct delivery_attempt {
	int64_t number, started_at, duration_ms;
	int status;	      /* HTTP status of the response; 0: no response */
	const char *failure;  /* reason of the failure, or "" */
	const char *response; /* the first 4 KiB of the response, unsanitised, without NUL bytes */
};
struct endpoint {
	int64_t row;
	const char *id, *merchant, *url;
	const char **events; /* names, or "*" */
	size_t event_count;
	int64_t max_concurrency, deliveries_per_minute; /* limits of deliveries to this endpoint; 0: no limit */
	bool disabled;
	bool is_auto_disabled; /* disabled by the worker: after a 410, or five days of failures */
	const char *disabled_reason;
	/* the endpoint is paused until this time, after repeated failures; TIME_NONE: not paused */
	int64_t paused_until;
	/* until this time, messages are also signed with the old secret; TIME_NONE: no old secret */
	int64_t old_secret_until;
	int64_t created_at;
};

/* Numbers for the workbench's status bar. */
struct webhook_counts {
	int64_t due, dead; /* number of deliveries that are due or wait for a retry; number of dead deliveries */
	int64_t disabled;  /* number of endpoints disabled after a 410, or after days of failures */
};

/* Counts of a replay or of its dry run. */
struct replay_counts {
	int64_t events, deliveries;	/* created */
	int64_t in_progress_count;	/* skipped, since the event is being delivered to the same endpoint */
	int64_t disabled, unsubscribed; /* skipped: the endpoint is disabled; no endpoint is subscribed */
};

#endif
