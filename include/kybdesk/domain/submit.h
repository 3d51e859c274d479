/*
 * What the client's verbs ask before they change anything (domain.md "Verbs"): submit needs what the profile says,
 * resubmit is there where the profile has it and the last decision was retryable, and corrected work is submitted when
 * every open item was really answered. Pure. Whether the status allows the action is the transition table's business.
 */
#ifndef KYBDESK_DOMAIN_SUBMIT_H
#define KYBDESK_DOMAIN_SUBMIT_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/rules.h"

/* What is missing for submit: with the profile's document_rules.submit_needs_mandatory every mandatory type needs a
 * ready file, and the other side of one that has two; every party that a document verifies needs the ready one that its
 * field names. All of them are document_missing (ref: the type, or the party); empty: it may be submitted. */
void submit_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
		  struct blockers *out);

/* Whether a rejected case may come back as a new attempt: the profile's attempts.resubmit and attempts.max, and the
 * last decision that stands is a retryable rejection. Else *sentence says why not. */
bool resubmit_allowed(struct arena *arena, const struct case_file *file, const struct profile *profile,
		      const char **sentence);

/*
 * Whether the client answered an item: every field it names has another value than when it was asked about, every type
 * of document another file, and an item that names neither has anything new in its step (a value, a file of one of the
 * step's types) or a party that was not there; or the client said in words why not. Asks state nothing: an item that
 * is closed is answered. Needs the values of the case parsed (codec/value_codec.h, case_values_parse()).
 *
 * As it was: correction.before_json, {"fields":{…},"documents":[{"type","sha256"}],"parties":[id …]}; without it any
 * value counts, and a file that came after asked_at: whoever brings a correction fills it in. The words: correction.after_json, {"words":"…"}.
 */
bool correction_is_answered(struct arena *arena, const struct rules_input *input,
			    const struct correction *correction, const char **missing);
/* All items that are open or answered and, as the case stands, are not: correction_open, with the item's id. */
void hand_in_check(struct arena *arena, const struct rules_input *input, struct blockers *out);

#endif
