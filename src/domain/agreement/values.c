/* The values of a case that are searched for in its documents. */
#include "kybdesk/domain/agreement.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/domain/value.h"

#include <stdlib.h>
#include <string.h>

#define DAY_AHEAD_MS (24 * 60 * 60 * INT64_C(1000)) /* the document's country may be a day ahead of UTC */

struct collector {
	struct arena *arena;
	struct doc_search_values *out;
	size_t capacity;
	unsigned expected_parts; /* bits of enum document_part */
};

static void add(struct collector *to, enum document_part part, struct doc_search_value value)
{
	value.required = to->expected_parts >> part & 1;
	if (value.text[0])
		*ARENA_PUSH(to->arena, to->out->items, to->out->count, to->capacity) = value;
}

/* Whether a member of an address is not searched for: documents often omit the state and the country, or write the
 * country in another way. */
static bool is_excluded(const char *member)
{
	return !strcmp(member, "state") || !strcmp(member, "subdivision") || strstr(member, "ountry");
}

static void add_address(struct collector *to, const struct value *address)
{
	for (size_t i = 0; address && address->kind == VALUE_OBJECT && i < address->count; i++) {
		const struct value *item = &address->items[i];
		if (!strcmp(address->keys[i], "country")) /* stored as a code, which documents do not show */
			continue;
		add(to, is_excluded(address->keys[i]) ? DOCUMENT_PART_COUNT : SHOWS_ADDRESS,
		    (struct doc_search_value){ .kind = DOC_SEARCH_NAME,
					       .name = text_with_spaces(to->arena, address->keys[i]),
					       .text = value_text(item) });
	}
}

/* The same day `months` months earlier, or the last day of that month if the month is shorter. */
static const char *months_before(struct arena *arena, int64_t now, int64_t months)
{
	const char *today = date_text(arena, now);
	int64_t all = strtoll(today, NULL, 10) * 12 + strtoll(today + 5, NULL, 10) - 1 - months;
	int64_t day = strtoll(today + 8, NULL, 10);
	const char *text;

	/* Every month has at least 28 days, so the search ends. */
	do {
		text = arena_printf(arena, "%04lld-%02lld-%02lld", (long long)(all / 12), (long long)(all % 12 + 1),
				    (long long)day);
	} while (!date_is_valid(text) && --day >= 28);
	return text;
}

static void add_period(struct collector *to, int64_t months, int64_t now)
{
	const struct doc_search_value period = { .kind = DOC_SEARCH_PERIOD,
						 .name = arena_printf(to->arena, "a date within the last %lld months",
								      (long long)months),
						 .text = months_before(to->arena, now, months),
						 .last_day = date_text(to->arena, now + DAY_AHEAD_MS),
						 .required = true };
	*ARENA_PUSH(to->arena, to->out->items, to->out->count, to->capacity) = period;
}

/* A register lists the direct owners and directors of the company, not indirect owners. */
static bool is_in_register(const struct party *party)
{
	bool direct = !party->share_count;
	for (size_t i = 0; i < party->share_count; i++)
		direct |= !party->shares[i].owned_party_id[0];
	return direct || party->roles & 1u << ROLE_DIRECTOR;
}

void doc_search_collect_values(struct arena *arena, const struct case_file *file, const struct document_spec *spec,
			       int64_t now, struct doc_search_values *out)
{
	struct collector to = { .arena = arena, .out = out, .expected_parts = spec ? spec->expected_parts : 0 };
	const struct subject *subject = &file->session.subject;
	bool person = subject->kind == SUBJECT_INDIVIDUAL;
	*out = (struct doc_search_values){ 0 };
	add(&to, SHOWS_NAME,
	    (struct doc_search_value){ person ? DOC_SEARCH_PERSON : DOC_SEARCH_NAME, .name = "name",
				       .text = subject->name });
	add(&to, SHOWS_REGISTRATION_NUMBER,
	    (struct doc_search_value){ DOC_SEARCH_NUMBER, .name = "registration number",
				       .text = subject->registration_number });
	add(&to, SHOWS_TAX_ID,
	    (struct doc_search_value){ DOC_SEARCH_NUMBER, .name = "tax id", .text = subject->tax_id });
	add(&to, SHOWS_BIRTH_DATE,
	    (struct doc_search_value){ DOC_SEARCH_DATE, .name = "birth date", .text = subject->date_of_birth });
	add(&to, SHOWS_INCORPORATED_ON,
	    (struct doc_search_value){ DOC_SEARCH_DATE, .name = "day of incorporation",
				       .text = subject->incorporated_on });
	add_address(&to, subject->address);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];
		bool natural = party->kind == PARTY_INDIVIDUAL;
		add(&to, is_in_register(party) ? SHOWS_PARTIES : DOCUMENT_PART_COUNT,
		    (struct doc_search_value){ natural ? DOC_SEARCH_PERSON : DOC_SEARCH_NAME, .name = party->name,
					       .text = party->name });
		add(&to, DOCUMENT_PART_COUNT,
		    (struct doc_search_value){ DOC_SEARCH_DATE,
					       .name = arena_printf(arena, "birth date of %s", party->name),
					       .text = party->date_of_birth });
	}
	if (spec && spec->max_age_months)
		add_period(&to, spec->max_age_months, now);
}
