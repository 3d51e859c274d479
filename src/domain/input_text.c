#include "input_text.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/format.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_BYTES_MAX (16 * 1024)

bool is_present(const char *text)
{
	return text && *text;
}

bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

struct party_problem *add_input_problem(struct input_checker *check, const char *field, const char *format, ...)
{
	struct party_problems *out = check->out;
	struct party_problem *problem = ARENA_PUSH(check->arena, out->items, out->count, out->capacity);

	problem->field = field;
	ARENA_VPRINTF(problem->message, check->arena, format);
	return problem;
}

void input_check_text(struct input_checker *check, const char *field, const char *what, const char *text)
{
	if (!is_present(text))
		return;
	if (strlen(text) > VALUE_BYTES_MAX)
		add_input_problem(check, field, "%s has %zu bytes; the maximum is %d", what, strlen(text),
				  VALUE_BYTES_MAX);
	else if (!text_is_valid(text, strlen(text)))
		add_input_problem(check, field, "%s is not valid UTF-8", what);
}

void input_check_name(struct input_checker *check, const char *what, const char *name, bool needed)
{
	if (!name && !needed)
		return;
	if (!name || is_blank(name))
		add_input_problem(check, "name", "%s is empty; enter a name", what);
	else
		input_check_text(check, "name", what, name);
}

void input_check_country(struct input_checker *check, const struct countries *countries, const char *country,
			 bool of_person)
{
	if (is_present(country) && !(of_person ? country_find_of_person : country_find)(countries, country))
		add_input_problem(check, "country",
				  "\"%s\" is not a country; write its code (PT or PRT) or its English name", country);
}

bool birth_date_is_too_old(const char *date, const char *today)
{
	struct arena arena = ARENA_INIT;
	const char *oldest =
		arena_printf(&arena, "%04d%s", (int)strtol(today, NULL, 10) - PERSON_AGE_MAX, today + strlen("YYYY"));
	const bool old = strncmp(date, oldest, strlen(date)) < 0;

	arena_release(&arena);
	return old;
}

void input_check_birth_date(struct input_checker *check, const char *field, const char *date, const char *today)
{
	if (!is_present(date))
		return;
	if (!birth_date_is_valid(date))
		add_input_problem(
			check, field,
			"The date of birth is not a date; write it as YYYY-MM-DD, like 1984-02-11, or as YYYY-MM "
			"or YYYY if no more is known");
	else if (strcmp(date, today) > 0)
		add_input_problem(check, field, "The date of birth is in the future");
	else if (birth_date_is_too_old(date, today))
		add_input_problem(check, field, TOO_OLD_SENTENCE);
}

void input_check_date(struct input_checker *check, const char *field, const char *what, const char *date,
		      const char *today)
{
	if (!is_present(date))
		return;
	if (!date_is_valid(date))
		add_input_problem(check, field, "%s is not a date; write it as YYYY-MM-DD, like 1984-02-11", what);
	else if (strcmp(date, today) > 0)
		add_input_problem(check, field, "%s is in the future", what);
}
