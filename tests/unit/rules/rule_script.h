/*
 * What happens to a case of the rule table, in words: "STATUS | ACTOR VERB …; ACTOR VERB … | ITEM=VALUE".
 *
 * STATUS  initial status of the case ("": that of its base)
 * ACTOR   viewer reviewer lead admin; production (a lead in production); client merchant intake provider system
 * VERB    its name in desk/verbs.h, in small letters, and its object:
 *           corrections STEP | TYPE | STEP.FIELD    answer    save STEP {"field":"value"}    reject [retryable|final]
 *           document_add TYPE FORMAT [SIDE]    document_delete TYPE    document_accept TYPE    document_record TYPE
 *           results_report WORD    check_report KIND STATUS    check_waive KIND    party_add NAME    party_remove
 *           subsession_add    link [DAYS]    extend DAYS    reactivate DAYS    delete
 *         results_json {…}   the results as a provider writes them
 *         line PATH=VALUE    imports the line of the case again, with another value
 *         wait DAYS   time passes, and the system does what is due
 * ITEM    status inbox level attempt decision parties; step.ID: a step's status; documents.TYPE: state of its upload;
 *         blocker.CODE: yes or no; there: whether the case exists; link: valid, expired or none; first_link: open,
 *         expired or replaced, as its bearer finds it
 */
#ifndef KYBDESK_TESTS_RULE_SCRIPT_H
#define KYBDESK_TESTS_RULE_SCRIPT_H

#include "rule_entrance.h"

struct script {
	struct arrival arrival;
	bool done;	  /* the last action succeeded */
	const char *what; /* the expected item; "" if the script has none */
	const char *value;
	const char *link; /* the first link that an action returned; "" if none */
};
/* Imports the case and runs the script. Everything but the last action must succeed. */
void script_run(struct entrance *entrance, const struct rule_row *row, const char *value, bool with_endpoint,
		struct script *out, struct seen *seen);
/* The actual value of the script's expected item, as text. */
const char *script_look(struct entrance *entrance, const struct script *script);

#endif
