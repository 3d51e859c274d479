/* Reads of subjects and alerts. The verbs subject_add, subject_edit, subject_delete and alert_close (desk/verbs.h)
 * change them. Reads change nothing, except that a reveal is audited. */
#ifndef KYBDESK_DESK_SUBJECT_H
#define KYBDESK_DESK_SUBJECT_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/subject.h"

/* A beneficial owner of a business. */
struct subject_owner {
	const char *uid, *name, *country;
	const char *session_id;	    /* the owner's newest session; "": none */
	enum session_status status; /* status of the owner's newest session */
	bool verified;
};

struct subject_view {
	struct subject_record record; /* masked unless revealed */
	bool masked;
	/* A business with owners: all owners are verified, and no deleted owner was rejected. Other subjects: a
	 * valid approval, and no later rejection. */
	bool verified;
	bool may_open_accounts;		  /* accounts may be opened: the workflow of a valid approval allows it */
	struct subject_session *sessions; /* oldest first */
	size_t session_count;
	struct subject_owner *owners; /* without deleted owners */
	size_t owner_count;
};
/* reference: UID or MERCHANT/UID; also finds a deleted subject, with the time of its deletion. reveal: unmasked;
 * only for a reviewer that holds a session of the subject, or a lead; writes an audit event. A caller from outside
 * (caller.h) gets one of its own users by UID, unmasked, but no deleted user. ERR_NOT_FOUND. */
enum err desk_subject(struct desk *desk, struct arena *arena, const char *reference, bool reveal,
		      struct subject_view *out, struct error *error);

struct subject_query {
	const char *merchant; /* "": all */
	const char *after;    /* cursor of the previous page; "": none */
	size_t limit;
	bool include_deleted;
	unsigned kinds;	  /* bits of enum subject_kind; 0: all */
	bool omit_owners; /* without beneficial owners of businesses */
};
struct subject_page {
	struct subject_record *items; /* masked, except for a caller from outside */
	size_t count;
	const char *next; /* cursor of the next page; "": this is the last page */
};
/* A page of subjects, in order of creation; a caller from outside gets only its own users, unmasked. ERR_INVALID:
 * query->after is not a valid cursor. */
enum err desk_subjects(struct desk *desk, struct arena *arena, const struct subject_query *query,
		       struct subject_page *out, struct error *error);

struct alert_page {
	struct alert *items;
	size_t count;
	const char *next;
};
/* Open alerts, oldest first. */
enum err desk_alerts(struct desk *desk, struct arena *arena, const char *after, size_t limit, struct alert_page *out,
		     struct error *error);

#endif
