/* Bad news about a case: every adverse fact about anyone in it (the subject, its parties, removed parties, persons
 * unknown) that was not judged to be about somebody else. The one question behind the gate, the checklist, the banner,
 * the grace time, alerts, deletion and recognition. Call judgements_set_standings() (facts.h) first. Pure. */
#ifndef KYBDESK_DOMAIN_BAD_NEWS_H
#define KYBDESK_DOMAIN_BAD_NEWS_H

#include "kybdesk/domain/session.h"

/* Below NEWS_CONFIRMED, a person must still judge it. */
enum news_state {
	NEWS_UNJUDGED,	   /* no person judged it */
	NEWS_OUTDATED,	   /* cleared or accepted, for facts that have changed since */
	NEWS_UNDETERMINED, /* a person could not decide it */
	NEWS_CONFIRMED,	   /* judged: it holds the case, and needs no verdict */
	NEWS_ACCEPTED	   /* a confirmed match that a lead accepted: it holds nothing */
};
/* One adverse fact; of hit, result and party one is set. */
struct news {
	enum news_state state;
	bool is_sanctions;
	const struct check *check; /* of the hit or result */
	const struct hit *hit;
	const struct result *result; /* an adverse result that lists no hit */
	const struct party *party;   /* its KYC has unjudged news */
};
/* Hits, the gravest first; then results; then parties, removed parties last. */
struct news_list {
	struct news *items;
	size_t count, capacity;
};
void bad_news(struct arena *arena, const struct case_file *file, struct news_list *out);
/* Whether the case has unjudged news; stored as the counter hit_open. */
bool case_has_bad_news(const struct case_file *file);

#endif
