/* Checks of the texts that a user types into a subject or a party. */
#ifndef KYB_DOMAIN_INPUT_TEXT_H
#define KYB_DOMAIN_INPUT_TEXT_H

#include "kybdesk/domain/party_input.h"

bool is_present(const char *text); /* present, and not "" */
bool is_blank(const char *text);   /* "" or only white space */

/* Collects the problems of texts. Each check below adds at most one problem, none for an absent text (NULL or "").
 * `what`: the name of the text in messages: "The tax id". */
struct input_checker {
	struct arena *arena;
	struct party_problems *out;
};

struct party_problem *add_input_problem(struct input_checker *check, const char *field, const char *format, ...)
	KYB_PRINTF(3, 4);
void input_check_text(struct input_checker *check, const char *field, const char *what, const char *text);
/* needed: an absent name (NULL) is a problem, too. */
void input_check_name(struct input_checker *check, const char *what, const char *name, bool needed);
/* of_person: also takes the codes of ICAO 9303. */
void input_check_country(struct input_checker *check, const struct countries *countries, const char *country,
			 bool of_person);
/* today: YYYY-MM-DD */
void input_check_birth_date(struct input_checker *check, const char *field, const char *date, const char *today);
void input_check_date(struct input_checker *check, const char *field, const char *what, const char *date,
		      const char *today);

#endif
