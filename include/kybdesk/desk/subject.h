/*
 * Looking at subjects and at alerts. They are changed by the verbs subject_add, subject_edit, subject_delete and
 * alert_close (desk/verbs.h). Reading changes nothing, but for reveals, which are audited.
 */
#ifndef KYBDESK_DESK_SUBJECT_H
#define KYBDESK_DESK_SUBJECT_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/subject.h"

struct subject_session_info {
	const char *id, *external_ref, *workflow, *parent_id;
	enum session_status status;
	int64_t created_at, decided_at;
};

/* A beneficial owner of a business. */
struct subject_owner {
	const char *uid, *name, *country;
	const char *session_id;	    /* the newest, "" none */
	enum session_status status; /* of it */
	bool verified;
};

struct subject_view {
	struct subject_record record; /* masked unless revealed */
	bool masked;
	/* Of a business with owners: all of them are. Of others: an approval stands, and no rejection came after it. */
	bool verified;
	bool accounts; /* accounts may be opened for it: some standing approval's workflow says so */
	struct subject_session_info *sessions; /* oldest first */
	size_t session_count;
	struct subject_owner *owners; /* not the deleted ones */
	size_t owner_count;
};
/* reference: UID or MERCHANT/UID; one that was deleted is found, and says when. reveal: unmasked; needs a reviewer who
 * holds one of its sessions, or a lead, and writes an audit event. */
enum err desk_subject(struct desk *desk, struct arena *arena, const char *reference, bool reveal,
		      struct subject_view *out, struct error *error) KYB_MUST_USE;

struct subject_query {
	const char *merchant; /* "" of all */
	const char *after;    /* the cursor of the page before, "" none */
	size_t limit;
	bool deleted_too;
	unsigned kinds;	      /* bits of enum subject_kind; 0: all */
	bool owners_left_out; /* without the beneficial owners of businesses */
};
struct subject_page {
	struct subject_record *items; /* masked */
	size_t count;
	const char *next; /* cursor of the next page, "" at the end */
};
/* In the order in which they were made. ERR_INVALID for a cursor that is none. */
enum err desk_subjects(struct desk *desk, struct arena *arena, const struct subject_query *query,
		       struct subject_page *out, struct error *error) KYB_MUST_USE;

struct alert_page {
	struct alert *items;
	size_t count;
	const char *next;
};
/* Open ones, oldest first. */
enum err desk_alerts(struct desk *desk, struct arena *arena, const char *after, size_t limit,
		     struct alert_page *out, struct error *error) KYB_MUST_USE;

#endif
