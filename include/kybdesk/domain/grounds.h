/* Reasons that the data of a case supports, for rejecting a case or resolving a hit: one pure function for the
 * screen, the commands, the API and the desk's checks, and one table of findings and reasons (data/findings.txt). Input:
 * the case and the confirmed matches that block it (not accepted by a lead), or the comparison of a hit (its card).
 * Output: which reasons fit the verdict, which contradict the data (refused, or accepted with a note only: the table, and
 * the profile's key `reasons`), the preset reason, whether a rejection may be retryable, whether a note is needed, and
 * whether masked values must be revealed first. */
#ifndef KYBDESK_DOMAIN_GROUNDS_H
#define KYBDESK_DOMAIN_GROUNDS_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"

/* A confirmed match that still blocks the case: a hit of the case, or of a session of its parties. */
struct match {
	const char *hit; /* id */
	const char *name, *list, *by;
	enum hit_class class_;		/* sanctions for every hit of an ofac check */
	const char *other_subject_name; /* subject of the related session with the hit; "": the case itself */
};
struct match_list {
	struct match *items;
	size_t count, capacity;
};
/* Whether the hit counts as a sanctions hit: its class is sanctions, or its check is an ofac check. */
bool hit_is_sanctions_hit(const struct check *check, const struct hit *hit);
/* Appends the matches of one session. session: the value for match.other_subject_name. only: the row of a
 * party's session, to add only matches on that party; 0: all matches. Call case_values_parse() and
 * judgements_set_standings() (facts.h) first. */
void matches_add(struct arena *arena, const struct case_file *file, const char *session, int64_t only,
		 struct match_list *out);
bool case_has_match(struct arena *arena, const struct case_file *file);
/* Whether a sanctions hit that nobody cleared names the party that the session verifies. */
bool case_has_sanctions_on(struct arena *arena, const struct case_file *file, int64_t session);
/* A text such as "Ines Duarte (OFAC SDN), a confirmed sanctions match, by rita". */
const char *match_text(struct arena *arena, const struct match *match);

enum verdict { VERDICT_REJECT, VERDICT_TRUE_MATCH, VERDICT_FALSE_POSITIVE, VERDICT_UNDETERMINED };
struct grounds_input {
	enum verdict verdict;
	const struct reasons *reasons;
	const struct profile *profile;
	/* VERDICT_REJECT: the matches, and rejection_findings(); NULL if a reason is held against matches only */
	const struct match_list *matches;
	const char *findings;
	bool hides_hits;	     /* a caller from outside must not learn of hits from an answer */
	const struct hit_card *card; /* card of the hit, for verdicts on a hit */
	bool sandbox;		     /* a contradicted reason needs a note, and is not refused */
	bool is_sanctions_hit;	     /* the hit is a sanctions hit */
	bool hits_revealed;	     /* the actor revealed the current hits of the case (audited) */
};

enum fit { FIT_YES, FIT_WITH_NOTE, FIT_NO };
struct ground {
	const struct reason *reason;
	enum fit fit;
	const char *contradicting_fact; /* the fact of the case that contradicts the reason; "": none */
	const char *finding;		/* the finding that decided; "": none */
	size_t block;			/* place of the reason's block in the table, for the order of offered reasons */
};
struct grounds {
	/* reasons of the verdict that the workflow allows, in the order of the file of reasons */
	struct ground *items;
	size_t count;
	const struct reason *preset; /* NULL: none */
	bool may_allow_retry;	     /* VERDICT_REJECT: the rejection may be retryable */
	bool needs_note;	     /* every reason needs a note */
	bool must_reveal_hits;
};
void grounds_find(struct arena *arena, const struct grounds_input *of, struct grounds *out);
const struct ground *ground_by_code(const struct grounds *grounds,
				    const char *code); /* NULL: not a reason of this verdict */
/* Whether the card alone supports the verdict, so that hits may be judged together: the field that the reason names
 * differs; if the reason names none, no fact contradicts it. A true match: no field differs. "": yes; else why not. */
const char *grounds_lack_on_card(struct arena *arena, const struct hit_card *card, const struct grounds *grounds,
				 enum verdict verdict, const char *code);
/* The findings of a case in the words of data/findings.txt, each with a space behind it: what blocks its approval, and the
 * state of its documents, parties, checks, duplicates and corrections. Call ownership_compute() first. */
const char *rejection_findings(struct arena *arena, const struct case_file *file, const struct gate_context *context);
/* ERR_BLOCKED, blocker "reason_contradicted", if the facts contradict the reason; else ERR_INVALID, field "reason" or
 * "note"; both with a sentence. Does not check whether the values were revealed. */
enum err grounds_require_reason(const struct grounds *grounds, enum verdict verdict, const char *code, const char *note,
				struct error *error);

#endif
