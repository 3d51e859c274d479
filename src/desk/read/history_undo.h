/* Shared by the functions that undo records (history.c, history_corrections.c). */
#ifndef KYB_DESK_READ_HISTORY_UNDO_H
#define KYB_DESK_READ_HISTORY_UNDO_H

#include "kybdesk/codec/json.h"
#include "kybdesk/desk/read.h"

struct undoing {
	struct arena *arena;
	const struct case_view *now;
	const struct history_audit_log *audit_log;
	const struct audit_event *item; /* the record to undo */
	const struct json_value *detail;
	struct history *history;
};

/* A text of the record's detail; "" none. */
const char *history_text(const struct undoing *undoing, const char *key);
void history_undo_status(struct undoing *undoing);
/* Restores the status, the level and the decision that the record of a decision names. */
void history_undo_decision(struct undoing *undoing);

/* history_corrections.c */
void history_undo_request(struct undoing *undoing);
/* Undoes an answer, the acceptance of an answer, or the undo of an acceptance. */
void history_undo_correction(struct undoing *undoing);
void history_undo_withdrawal(struct undoing *undoing);
void history_undo_hand_in(struct undoing *undoing);
/* Restores a request for corrections that was undone within its grace time. */
void history_reopen_corrections(struct undoing *undoing);

#endif
