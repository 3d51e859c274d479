/*
 * Store data for domain/grounds.h: the confirmed matches of a case and of related sessions, and whether the actor
 * revealed a hit before the verdict. All within a transaction, on a loaded and marked case.
 */
#ifndef KYBDESK_SRC_DESK_USE_GROUNDS_H
#define KYBDESK_SRC_DESK_USE_GROUNDS_H

#include "kybdesk/domain/grounds.h"
#include "use/use.h"

/* The confirmed matches of the case, of the sessions that verify its parties, and of cases with a match that names the
 * party this session verifies. */
enum err matches_find(const struct use *use, struct match_list *out, struct error *error) KYB_MUST_USE;
/* The grounds of a rejection, with the matches. */
enum err grounds_of_rejection(const struct use *use, struct match_list *matches, struct grounds *out,
			      struct error *error) KYB_MUST_USE;

/* A verdict of the desk's actor on this hit. */
struct hit_question {
	const struct case_file *file;
	const struct profile *profile;
	const struct check *check;
	const struct hit *hit;
	struct hit_card *card; /* filled by hit_card_find() */
	enum verdict verdict;
};
/* The card of the hit, unmasked or masked, with the session of the case that the hit was compared with (read/hit.c). */
enum err hit_card_find(struct desk *desk, struct arena *arena, const struct hit_question *question, bool masked,
		       struct error *error) KYB_MUST_USE;
enum err grounds_of_hit(struct desk *desk, struct arena *arena, const struct hit_question *question,
			struct grounds *out, struct error *error) KYB_MUST_USE;
/* As grounds_of_hit(), for a hit of the case of `use`, with its card: the question contains check, hit and verdict. */
enum err grounds_of_verdict(const struct use *use, struct hit_question question, struct grounds *out,
			    struct error *error) KYB_MUST_USE;

/* SHA-256 of a case's sanctions hits and of the persons they were compared with; "" if the case has no such hit. The
 * audit record of a reveal stores this hash: while the hash is the same, the reviewer judges the revealed data. */
const char *hits_revealed_sha256(struct arena *arena, const struct case_file *file);

#endif
