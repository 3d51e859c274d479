/* Shared by the functions that undo records (history.c, history_corrections.c). */
#ifndef KYB_DESK_READ_HISTORY_UNDO_H
#define KYB_DESK_READ_HISTORY_UNDO_H

#include "kybdesk/desk/read.h"

struct undo_run {
	struct arena *arena;
	const struct case_view *current_view;
	const struct history_audit_log *audit_log;
	const struct audit_event *item; /* the record to undo */
	const struct json_value *detail;
	struct history *history;
};

/* A text of the record's detail; "": none. */
const char *history_detail_text(const struct undo_run *undo_run, const char *key);
void history_undo_status(struct undo_run *undo_run);
/* Restores the status and the level before the decision of the record, and removes this decision. */
void history_undo_decision(struct undo_run *undo_run);

/* history_corrections.c */
void history_undo_request(struct undo_run *undo_run);
/* Undoes an answer, the acceptance of an answer, or the undo of an acceptance. */
void history_undo_correction(struct undo_run *undo_run);
void history_undo_withdrawal(struct undo_run *undo_run);
void history_undo_submission(struct undo_run *undo_run);
/* Restores a request for corrections that was undone within its grace time. */
void history_reopen_corrections(struct undo_run *undo_run);

#endif
