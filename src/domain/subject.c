/* Checks the input for a subject, and applies it. */
#include "kybdesk/domain/subject.h"
#include "input_text.h"
#include "kybdesk/domain/format.h"

#include <string.h>

#define UID_BYTES_MAX 200

static void check_uid(struct input_checker *check, const char *uid)
{
	if (!is_present(uid))
		return;
	input_check_text(check, "uid", "The uid", uid);
	if (is_blank(uid) || strlen(uid) > UID_BYTES_MAX)
		add_input_problem(check, "uid", "The uid must have 1 to %d bytes", UID_BYTES_MAX);
}

/* Refuses input that does not fit the kind: a business has no birth date and no owning business; a person has no
 * registration number and no date of incorporation. */
static void check_kind(struct input_checker *check, const struct subject_input *input)
{
	if (input->kind == SUBJECT_BUSINESS && is_present(input->date_of_birth))
		add_input_problem(check, "date_of_birth", "A business has no date of birth; leave it out");
	if (input->kind == SUBJECT_BUSINESS && is_present(input->business))
		add_input_problem(
			check, "business",
			"A beneficial owner must be a person; add an owning business as a party of the session");
	if (input->kind == SUBJECT_INDIVIDUAL && is_present(input->registration_number))
		add_input_problem(check, "registration_number", "A person has no registration number; leave it out");
	if (input->kind == SUBJECT_INDIVIDUAL && is_present(input->incorporated_on))
		add_input_problem(check, "incorporated_on", "A person has no date of incorporation; leave it out");
}

static void check_website(struct input_checker *check, const char *website)
{
	const char *url = website;

	if (!is_present(website))
		return;
	if (!strstr(website, "://"))
		url = arena_printf(check->arena, "https://%s", website);
	if (!url_is_valid(url))
		add_input_problem(check, "website",
				  "The website is not valid; write it like https://harbourlane.example");
	input_check_text(check, "website", "The website", website);
}

const char *subject_input_fault(struct arena *arena, const struct countries *countries, const char *today,
				const struct subject_input *input, bool is_new, const char **field)
{
	struct party_problems problems = { 0 };
	struct input_checker *check = &(struct input_checker){ arena, &problems };

	check_uid(check, input->uid);
	input_check_name(check, "The name of the subject", input->name, is_new);
	input_check_country(check, countries, input->country, input->kind == SUBJECT_INDIVIDUAL);
	check_kind(check, input);
	input_check_text(check, "registration_number", "The registration number", input->registration_number);
	input_check_text(check, "tax_id", "The tax id", input->tax_id);
	input_check_birth_date(check, "date_of_birth", input->date_of_birth, today);
	input_check_date(check, "incorporated_on", "The date of incorporation", input->incorporated_on, today);
	check_website(check, input->website);
	if (is_present(input->email) && !email_is_valid(input->email))
		add_input_problem(check, "email", EMAIL_SENTENCE);
	input_check_text(check, "phone", "The phone number", input->phone);
	input_check_text(check, "address", "The address", input->address_json);
	*field = problems.count ? problems.items[0].field : NULL;
	return problems.count ? problems.items[0].message : NULL;
}

static void copy_input(struct arena *arena, const char **member, const char *input)
{
	if (input)
		*member = arena_strdup(arena, input);
}

void subject_input_apply(struct arena *arena, const struct countries *countries, const struct subject_input *input,
			 struct subject *subject)
{
	const struct country *country =
		is_present(input->country) ? country_find_of_person(countries, input->country) : NULL;

	copy_input(arena, &subject->name, input->name);
	if (input->country)
		subject->country = country ? country->alpha3 : "";
	copy_input(arena, &subject->registration_number, input->registration_number);
	copy_input(arena, &subject->tax_id, input->tax_id);
	copy_input(arena, &subject->date_of_birth, input->date_of_birth);
	copy_input(arena, &subject->incorporated_on, input->incorporated_on);
	copy_input(arena, &subject->website, input->website);
	copy_input(arena, &subject->email, input->email);
	copy_input(arena, &subject->phone, input->phone);
	copy_input(arena, &subject->address_json, input->address_json);
}

const char *alert_sentence(enum alert_kind kind)
{
	return kind == ALERT_RESTRICTED_REJECTION
		       ? "rejected for a restricted reason while the user keeps its level or another approval"
		       : "approved on facts that have changed";
}
