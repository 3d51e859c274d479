/*
 * Preconditions of the client's verbs: submit needs what the profile requires; resubmit is possible if the profile
 * allows it and the last decision was retryable; corrections can be submitted when every open item was answered.
 * Pure. The transition table checks the status.
 */
#ifndef KYBDESK_DOMAIN_SUBMIT_H
#define KYBDESK_DOMAIN_SUBMIT_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/rules.h"

/* What submit still needs. With the profile's document_rules.submit_needs_mandatory every mandatory type needs a
 * ready file, on both sides if it has two; every party verified by a document needs the ready document that its
 * field names. All are blockers document_missing (ref: the type, or the party); empty: it can be submitted. */
void submit_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
		  struct blockers *out);

/* Whether a rejected case can be resubmitted as a new attempt: the profile's attempts.resubmit and attempts.max
 * allow it, and the last valid decision is a retryable rejection. Otherwise *sentence says why not. */
bool resubmit_allowed(struct arena *arena, const struct case_file *file, const struct profile *profile,
		      const char **sentence);

/*
 * Whether the client answered a correction: every named field has a new value and every named type of document a new
 * file; a correction that names neither has any change in its step (a value, or a file of one of the step's types) or
 * a new party; or the client explained in words why not. Ignores the item's state, except that a closed one is
 * answered. Needs parsed values (codec/value_codec.h, case_values_parse()).
 *
 * The earlier values are in correction.before_json, {"fields":{…},"documents":[{"type","sha256"}],"parties":[id …]}.
 * Without it any value counts, and any file later than asked_at; so code that creates a correction must fill it in.
 * The client's words are in correction.after_json, {"words":"…"}.
 */
bool correction_is_answered(struct arena *arena, const struct rules_input *input,
			    const struct correction *correction, const char **missing);
/* All items that are open or answered but not really answered by the present case: blocker correction_open with
 * the item's id. */
void hand_in_check(struct arena *arena, const struct rules_input *input, struct blockers *out);

#endif
