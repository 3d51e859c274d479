/*
 * What happens to a case of the rule table, in words: "STATUS | WHO VERB …; WHO VERB … | WHAT=VALUE".
 *
 * STATUS  the case comes in ("" as its base says)
 * WHO     viewer reviewer lead admin; production (a reviewer in a production store); client merchant intake provider system
 * VERB    its name in desk/verbs.h, in small letters, and what it is about:
 *           corrections STEP | TYPE | STEP.FIELD    answer    save STEP {"field":"value"}    reject [retryable|final]
 *           document_add TYPE FORMAT [SIDE]    document_delete TYPE    document_accept TYPE    document_record TYPE
 *           results_report WORD    check_report KIND STATUS    check_waive KIND    party_add NAME    party_remove    subsession_add
 *           link [DAYS]    extend DAYS    reactivate DAYS    delete
 *         results_json {…}   the results as a provider writes them
 *         line PATH=VALUE    the line that brought the case comes again, with another value
 *         wait DAYS   time passes, and the system does what is due
 * WHAT    status inbox level attempt decision parties; step.ID: a step's status; documents.TYPE: how far its upload is;
 *         blocker.CODE: yes or no; there: whether the case is; link: valid, expired or none; first_link: open, expired or
 *         replaced, as its bearer finds it
 */
#ifndef KYBDESK_TESTS_RULE_SCRIPT_H
#define KYBDESK_TESTS_RULE_SCRIPT_H

#include "rule_door.h"

struct script {
	struct arrival arrival;
	bool done;	  /* the last verb went through */
	const char *what; /* "" when nothing is to be seen */
	const char *value;
	const char *link; /* the first that somebody got on the way; "" none */
};
/* Brings the case and does it all. Everything but the last must go through. */
void script_run(struct entrance *entrance, const struct rule_row *row, const char *value, bool with_endpoint,
		struct script *out, struct seen *seen);
/* What the script wants seen, as text. */
const char *script_look(struct entrance *entrance, const struct script *script);

#endif
