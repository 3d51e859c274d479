/* Checks the input for a subject, and applies it. */
#include "kybdesk/domain/subject.h"
#include "input_text.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/format.h"

#include <string.h>

#define UID_MOST 200

struct checking {
	struct arena *arena;
	const char *field, *message; /* the first fault; message NULL: none yet */
};

static void fault(struct checking *checking, const char *field, const char *message)
{
	if (checking->message)
		return;
	checking->field = field;
	checking->message = message;
}

static void check_text(struct checking *checking, const char *field, const char *what, const char *text)
{
	const char *wrong = input_text_fault(checking->arena, what, text);

	if (wrong)
		fault(checking, field, wrong);
}

static void check_uid(struct checking *checking, const char *uid)
{
	if (!is_present(uid))
		return;
	check_text(checking, "uid", "The uid", uid);
	if (is_blank(uid) || strlen(uid) > UID_MOST)
		fault(checking, "uid", arena_printf(checking->arena, "The uid must have 1 to %d bytes", UID_MOST));
}

static void check_name(struct checking *checking, const char *name, bool is_new)
{
	if (!name && !is_new)
		return;
	if (!name || is_blank(name))
		fault(checking, "name", "The name of the subject is empty; enter a name");
	else
		check_text(checking, "name", "The name of the subject", name);
}

static void check_country(struct checking *checking, const struct countries *countries, const char *country)
{
	if (is_present(country) && !country_find(countries, country))
		fault(checking, "country",
		      arena_printf(checking->arena,
				   "\"%s\" is not a country; write its code (PT or PRT) or its English name",
				   country));
}

static void check_date(struct checking *checking, const char *field, const char *what, const char *today,
		       const char *date)
{
	if (!is_present(date))
		return;
	if (!date_is_valid(date))
		fault(checking, field,
		      arena_printf(checking->arena, "%s is not a date; write it as YYYY-MM-DD, like 1984-02-11",
				   what));
	else if (strcmp(date, today) > 0)
		fault(checking, field, arena_printf(checking->arena, "%s is in the future", what));
}

/* A business has no birth date, a person no register number. */
static void check_kind(struct checking *checking, const struct subject_input *input)
{
	if (input->kind == SUBJECT_BUSINESS && is_present(input->date_of_birth))
		fault(checking, "date_of_birth", "A business has no date of birth; leave it out");
	if (input->kind == SUBJECT_BUSINESS && is_present(input->business))
		fault(checking, "business",
		      "A beneficial owner must be a person; add an owning business as a party of the session");
	if (input->kind == SUBJECT_INDIVIDUAL && is_present(input->registration_number))
		fault(checking, "registration_number", "A person has no registration number; leave it out");
	if (input->kind == SUBJECT_INDIVIDUAL && is_present(input->incorporated_on))
		fault(checking, "incorporated_on", "A person has no date of incorporation; leave it out");
}

static void check_website(struct checking *checking, const char *website)
{
	const char *url = website;

	if (!is_present(website))
		return;
	if (!strstr(website, "://"))
		url = arena_printf(checking->arena, "https://%s", website);
	if (!url_is_valid(url))
		fault(checking, "website", "The website is not valid; write it like https://harbourlane.example");
	check_text(checking, "website", "The website", website);
}

const char *subject_input_fault(struct arena *arena, const struct countries *countries, const char *today,
				const struct subject_input *input, bool is_new, const char **field)
{
	struct checking checking = { .arena = arena };

	check_uid(&checking, input->uid);
	check_name(&checking, input->name, is_new);
	check_country(&checking, countries, input->country);
	check_kind(&checking, input);
	check_text(&checking, "registration_number", "The registration number", input->registration_number);
	check_text(&checking, "tax_id", "The tax id", input->tax_id);
	check_date(&checking, "date_of_birth", "The date of birth", today, input->date_of_birth);
	check_date(&checking, "incorporated_on", "The date of incorporation", today, input->incorporated_on);
	check_website(&checking, input->website);
	if (is_present(input->email) && !email_is_valid(input->email))
		fault(&checking, "email", EMAIL_SENTENCE);
	check_text(&checking, "phone", "The phone number", input->phone);
	check_text(&checking, "address", "The address", input->address_json);
	*field = checking.field;
	return checking.message;
}

static void take(struct arena *arena, const char **member, const char *input)
{
	if (input)
		*member = arena_strdup(arena, input);
}

void subject_input_apply(struct arena *arena, const struct countries *countries, const struct subject_input *input,
			 struct subject *subject)
{
	const struct country *country = is_present(input->country) ? country_find(countries, input->country) : NULL;

	take(arena, &subject->name, input->name);
	if (input->country)
		subject->country = country ? country->alpha3 : "";
	take(arena, &subject->registration_number, input->registration_number);
	take(arena, &subject->tax_id, input->tax_id);
	take(arena, &subject->date_of_birth, input->date_of_birth);
	take(arena, &subject->incorporated_on, input->incorporated_on);
	take(arena, &subject->website, input->website);
	take(arena, &subject->email, input->email);
	take(arena, &subject->phone, input->phone);
	take(arena, &subject->address_json, input->address_json);
}

const char *alert_sentence(enum alert_kind kind)
{
	switch (kind) {
	case ALERT_RESTRICTED_REJECTION:
		return "rejected for a restricted reason while the user keeps its level or another approval";
	case ALERT_APPROVAL_IN_DOUBT:
		return "approved on facts that have changed";
	}
	return "";
}
