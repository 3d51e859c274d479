/* Preconditions of the client's verbs: submit needs what the profile requires; resubmit is possible if the profile
 * allows it and the last decision was retryable; corrections can be submitted when every open item was answered.
 * Pure. The transition table checks the status. */
#ifndef KYBDESK_DOMAIN_SUBMIT_H
#define KYBDESK_DOMAIN_SUBMIT_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/rules.h"

/* Lists what a submission still needs. If the case awaits corrections: its present values must answer each item,
 * even an item that was answered before (blockers correction_open; ref: the item's id). Otherwise, if the profile
 * sets document_rules.submit_needs_mandatory: every mandatory type needs a ready file (both sides if double-sided);
 * every group of documents needs a file of one of its types; every party that is verified by a document needs the
 * ready document that its field names (blockers document_missing; ref: the type, the group or the party); and, if
 * the client declares the parties, a required control role needs a natural person (blocker party_missing) and the
 * owners of a company add up to at most 100 % (blocker ownership_invalid; ref: the company, or "parties"); every field
 * with the rule "required" needs a value (blocker field_invalid; ref: its path). Empty list: the case can be submitted.
 * Needs parsed values. */
void submit_check(struct arena *arena, const struct rules_input *input, struct blockers *out);

/* Whether the case has a current document of this type, with all its files. */
bool document_is_uploaded(const struct case_file *file, const char *type);

/* Whether a rejected case can be resubmitted as a new attempt: the profile's attempts.resubmit and attempts.max
 * allow it, and the last valid decision is a retryable rejection. Otherwise *sentence says why not. */
bool case_may_resubmit(struct arena *arena, const struct case_file *file, const struct profile *profile,
		       const char **sentence);

/* Whether the step is about the parties: it has no fields and no mandatory documents. */
bool step_is_about_parties(const struct profile *profile, const char *step_id);

#endif
