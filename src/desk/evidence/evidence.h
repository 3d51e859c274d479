/* Inside the evidence of a case: what was collected, and the page about it. */
#ifndef KYBDESK_SRC_DESK_EVIDENCE_EVIDENCE_H
#define KYBDESK_SRC_DESK_EVIDENCE_EVIDENCE_H

#include "kybdesk/desk/evidence.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/audit.h"

/* Names of members that the verifier reads. */
#define EVIDENCE_SUMS "SHA256SUMS"
#define EVIDENCE_RECORDS "records.ndjson"
#define EVIDENCE_CHECKPOINT "checkpoint"
#define EVIDENCE_DECISIONS "decisions/"
#define EVIDENCE_DOCUMENTS "documents/"
#define EVIDENCE_RULES "rules/"
#define EVIDENCE_SIGNERS "signers"

struct evidence {
	const struct case_file *cases; /* the case, then the sessions of its parties */
	size_t case_count;
	const struct audit_event *records; /* ascending by seq; of these cases */
	size_t record_count;
};
/* page.c: appends the page, HTML without scripts and without anything from elsewhere. */
void evidence_page(struct strbuf *out, struct arena *arena, const struct evidence *evidence);

#endif
