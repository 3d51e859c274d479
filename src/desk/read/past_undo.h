/* What the functions that undo records share (past.c, past_corrections.c). */
#ifndef KYB_DESK_READ_PAST_UNDO_H
#define KYB_DESK_READ_PAST_UNDO_H

#include "kybdesk/codec/json.h"
#include "kybdesk/desk/past.h"

struct undoing {
	struct arena *arena;
	const struct case_view *now;
	const struct past_trail *trail;
	const struct audit_item *item; /* that is being undone */
	const struct json_value *detail;
	struct past *past;
};

/* A text of the record's detail; "" none. */
const char *past_said(const struct undoing *undoing, const char *key);
void past_undo_status(struct undoing *undoing);
/* The status, the level, and the decision that the record names. */
void past_undo_decision(struct undoing *undoing);

/* past_corrections.c */
void past_undo_request(struct undoing *undoing);
void past_undo_answer(struct undoing *undoing);
void past_undo_acceptance(struct undoing *undoing);
void past_undo_acceptance_undo(struct undoing *undoing);
void past_undo_withdrawal(struct undoing *undoing);
void past_undo_hand_in(struct undoing *undoing);
/* A request that was taken back within its grace time stands again. */
void past_ask_once_more(struct undoing *undoing);
/* Whether a question that is open names the type. */
bool past_is_asked_for(const struct case_file *file, const char *document_type);

#endif
