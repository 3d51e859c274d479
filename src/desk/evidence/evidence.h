/* Shared by the files of evidence/: the collected data of a case, and the page that shows them. */
#ifndef KYBDESK_SRC_DESK_EVIDENCE_EVIDENCE_H
#define KYBDESK_SRC_DESK_EVIDENCE_EVIDENCE_H

#include "kybdesk/desk/evidence.h"
#include "kybdesk/domain/session.h"

/* Names of archive members that the verifier reads. */
#define EVIDENCE_SUMS_FILE "SHA256SUMS"
#define EVIDENCE_RECORDS_FILE "records.ndjson"
#define EVIDENCE_CHECKPOINT_FILE "checkpoint"
#define EVIDENCE_DECISIONS_FOLDER "decisions/"
#define EVIDENCE_DOCUMENTS_FOLDER "documents/"
#define EVIDENCE_RULES_FOLDER "rules/"
#define EVIDENCE_SIGNERS_FILE "signers"
#define EVIDENCE_VALUES_FILE "values.ndjson"

struct evidence {
	const struct case_file *cases; /* the case, then the sessions of its parties */
	size_t case_count;
	const struct audit_event *records; /* audit records of these cases, ascending by seq */
	size_t record_count;
};
/* page.c: appends the page, HTML without scripts and without references to other files. */
void evidence_write_page(struct strbuf *out, struct arena *arena, const struct evidence *evidence);

#endif
