/* Holds the reasons of a verdict on a hit (data/findings.txt) against a judge, which was written from the words of the domain
 * by a person that had not seen the program: each card, with each verdict and reason, alone, in bulk, and in a sandbox. */
#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/grounds.h"
#include "support/tried.h"

enum answer { TAKEN = 1, NOTED = 2, REFUSED = 4 }; /* bits: the answers that the words allow */

static struct reason hit_reasons[] = {
	{ .code = "different_name", .label = "", .message = "" },
	{ .code = "different_birth_date", .label = "", .message = "" },
	{ .code = "different_country", .label = "", .message = "" },
	{ .code = "different_identifier", .label = "", .message = "" },
	{ .code = "same_person", .label = "", .message = "" },
	{ .code = "list_entry_removed", .label = "", .message = "" },
	{ .code = "other", .label = "", .message = "" },
};
#define REASON_COUNT (sizeof hit_reasons / sizeof *hit_reasons)
static const struct reasons reasons = { .items = { [REASONS_HIT] = hit_reasons },
					.counts = { [REASONS_HIT] = REASON_COUNT } };
static const struct profile plain = { .contradicted_hit_policy = CONTRADICTED_REFUSE };
static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(card_judge, .fini = tear_down);

static unsigned answer_of(enum fit fit)
{
	return fit == FIT_YES ? TAKEN : fit == FIT_WITH_NOTE ? NOTED : REFUSED;
}

static const char *answers_text(unsigned answers)
{
	return arena_printf(&arena, "%s%s%s", answers & TAKEN ? "taken " : "", answers & NOTED ? "noted " : "",
			    answers & REFUSED ? "refused " : "");
}

struct drawn_card {
	bool company;
	enum likeness name, born, country, number; /* LIKENESS_UNKNOWN: missing on a side */
};

static bool agrees(enum likeness likeness)
{
	return likeness == LIKENESS_SAME || likeness == LIKENESS_CLOSE;
}

/* The field that a reason to clear a hit names. */
static enum likeness named_field(const struct drawn_card *card, const char *reason)
{
	return !strcmp(reason, "different_name")	 ? card->name
	       : !strcmp(reason, "different_birth_date") ? card->born
	       : !strcmp(reason, "different_country")	 ? card->country
							 : card->number;
}

static unsigned judge_match(const struct drawn_card *card, const char *reason)
{
	bool agree = agrees(card->born) || agrees(card->number);
	bool differ = card->born == LIKENESS_DIFFERENT || card->number == LIKENESS_DIFFERENT;

	if (strcmp(reason, "same_person") != 0)
		return REFUSED |
		       (strncmp(reason, "different", 9) ? NOTED : 0); /* what parts the two confirms nothing */
	if (differ)
		return agree ? NOTED | TAKEN | REFUSED : REFUSED; /* unsure: one agrees and one differs */
	if (agree)
		return TAKEN | (card->name == LIKENESS_DIFFERENT ? NOTED : 0);
	return card->name == LIKENESS_SAME ? NOTED | TAKEN : REFUSED | NOTED; /* only the name; nothing agrees */
}

static unsigned judge_card(const struct drawn_card *card, enum verdict verdict, const char *reason, bool bulk)
{
	bool born_agrees = agrees(card->born), number_agrees = agrees(card->number);
	enum likeness field = named_field(card, reason);

	if (!strcmp(reason, "other")) {
		bool identical = (born_agrees || number_agrees) && card->born != LIKENESS_DIFFERENT &&
				 card->number != LIKENESS_DIFFERENT && card->name == LIKENESS_SAME &&
				 card->country != LIKENESS_DIFFERENT;

		return TAKEN | (verdict == VERDICT_FALSE_POSITIVE && identical ? NOTED | REFUSED : 0);
	}
	if (verdict == VERDICT_TRUE_MATCH)
		return judge_match(card, reason);
	if (!strcmp(reason, "same_person"))
		return REFUSED;
	if (!strcmp(reason, "list_entry_removed"))
		return NOTED | REFUSED; /* the card does not say whether it is still on the list */
	if (!strcmp(reason, "different_birth_date") && card->company)
		return REFUSED;
	if (field == LIKENESS_UNKNOWN)
		return bulk ? REFUSED : NOTED | REFUSED;
	if (field != LIKENESS_DIFFERENT)
		return REFUSED;
	if (!strcmp(reason, "different_identifier"))
		return TAKEN | (born_agrees ? NOTED : 0);
	if (!strcmp(reason, "different_birth_date"))
		return number_agrees ? NOTED | TAKEN | REFUSED : TAKEN;
	if (!born_agrees && !number_agrees)
		return TAKEN;
	return NOTED | TAKEN | (number_agrees || !strcmp(reason, "different_country") ? REFUSED : 0);
}

static void compare_card(const struct drawn_card *drawn, enum verdict verdict, bool bulk, bool sandbox)
{
	const struct card_line lines[] = { { CARD_NAME, drawn->name, "a", "b" },
					   { CARD_BORN, drawn->born, "a", "b" },
					   { CARD_COUNTRY, drawn->country, "a", "b" },
					   { CARD_NUMBERS, drawn->number, "a", "b" } };
	struct hit_card card = { .name = "Ines Duarte", .is_person = !drawn->company };
	struct grounds grounds;

	for (size_t i = 0; i < 4; i++)
		if (lines[i].likeness != LIKENESS_UNKNOWN)
			card.lines[card.line_count++] = lines[i];
	grounds_find(
		&arena,
		&(const struct grounds_input){
			.verdict = verdict, .reasons = &reasons, .profile = &plain, .card = &card, .sandbox = sandbox },
		&grounds);
	for (size_t i = 0; i < REASON_COUNT; i++) {
		const char *reason = hit_reasons[i].code;
		const struct ground *ground = ground_by_code(&grounds, reason);
		unsigned allowed = judge_card(drawn, verdict, reason, bulk);
		unsigned answer = ground ? answer_of(ground->fit) : REFUSED;

		if (bulk && *grounds_lack_on_card(&arena, &card, &grounds, verdict, reason))
			answer = REFUSED;
		/* A verdict on many hits takes no note for one of them, and confirms none with any difference. */
		if (bulk && answer == REFUSED && (allowed != TAKEN || verdict == VERDICT_TRUE_MATCH))
			continue;
		/* A reason of the other verdict does not belong to this one, in a sandbox, too. */
		if (sandbox && ground && allowed & REFUSED)
			allowed = (allowed & ~(unsigned)REFUSED) | NOTED;
		cr_expect(answer & allowed, "%s %s%s is %s, the judge says %s: name %d, born %d, country %d, number %d",
			  reason, verdict == VERDICT_TRUE_MATCH ? "confirms" : "clears", bulk ? " in bulk" : "",
			  answers_text(answer), answers_text(allowed), drawn->name, drawn->born, drawn->country,
			  drawn->number);
		cr_expect(answer != NOTED || *ground->contradicting_fact, "%s without a fact", reason);
	}
}

Test(card_judge, each_card_of_a_hit_with_each_reason_agrees_with_the_judge)
{
	static const enum likeness names[] = { LIKENESS_SAME, LIKENESS_DIFFERENT };
	static const enum likeness likenesses[] = { LIKENESS_UNKNOWN, LIKENESS_SAME, LIKENESS_DIFFERENT,
						    LIKENESS_CLOSE };
	size_t count = 0;

	for (size_t i = 0; i < (size_t)2 * 3 * 3 * 4 * 8; i++) {
		struct drawn_card card = { .name = names[i % 2],
					   .country = likenesses[i / 2 % 3],
					   .number = likenesses[i / 6 % 3],
					   .born = likenesses[i / 18 % 4],
					   .company = i / 72 % 2 };
		enum verdict verdict = i / 144 % 2 ? VERDICT_TRUE_MATCH : VERDICT_FALSE_POSITIVE;

		if (card.company)
			card.born = LIKENESS_UNKNOWN;
		compare_card(&card, verdict, i / 288 % 2, false);
		compare_card(&card, verdict, false, true);
		count += 2 * REASON_COUNT;
	}
	tried("%zu verdicts on cards of hits", count);
}
