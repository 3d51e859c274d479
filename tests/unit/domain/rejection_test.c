/* Holds the table of findings and reasons (data/findings.txt) against a judge, which was written from the words of the
 * domain by a person that had not seen the program (reasons_judge.txt): each fact with each reason, and drawn cases. A reason
 * that the facts contradict is never taken, and a reason that they support is never refused. */
#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/register.h"
#include "kybdesk/domain/value.h"
#include "support/tried.h"

#define CASES 2000
#define PAPERS 3 /* two mandatory documents and an optional one */
#define REASONS_MAX 40
#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

enum paper { ACCEPTED, MISSING, UNREVIEWED, EXPIRED, BLURRY, OTHER_NAME, FORGED, PAPER_COUNT };
enum owner { VERIFIED, OPEN_OWNER, REJECTED_OWNER, NO_OWNER };
enum shares { COMPLETE, OVER, GAP };
enum entry { NOT_ASKED, ACTIVE, NOT_FOUND, INACTIVE };
enum data { ABSENT, PASSED, FAILED };
enum listed { NO_HIT, OPEN_HIT, CLEARED, CONFIRMED, UNDETERMINED, LISTED_COUNT };
enum twin { NO_TWIN, OPEN_TWIN, LINKED, DISMISSED };
enum asked { NOTHING, ASKED, REMINDED, ANSWERED };

static struct facts {
	bool sandbox, person, has_control, prohibited;
	enum paper papers[PAPERS];
	bool dated[PAPERS];
	enum owner owner;
	enum shares shares;
	enum entry entry;
	enum data cross, extraction;
	enum listed listed[3]; /* by class */
	enum twin twin;
	enum asked asked;
} d;

/* --- the judge --- */

enum answer { TAKEN = 1, NOTED = 2, REFUSED = 4 }; /* bits */
#define FACTS_MAX 60

static struct arena kept;
static const char *judge_text; /* reasons_judge.txt */
static const char *facts[FACTS_MAX];
static size_t fact_count;

static void add_fact(const char *fact)
{
	cr_assert_lt(fact_count, FACTS_MAX);
	facts[fact_count++] = fact;
}

static bool has_fact(const char *entry, size_t length)
{
	for (size_t i = 0; i < fact_count; i++)
		if (!strncmp(facts[i], entry, length) && (!facts[i][length] || facts[i][length] == ':'))
			return true;
	return false;
}

/* A condition that is met is a fact, too. */
static bool is_met(const char *entry, size_t length)
{
	return length > 4 && !strncmp(entry, "met:", 4) && !has_fact(entry + 4, length - 4);
}

/* Whether a line of this kind has a fact; *grey: only behind "~". */
static bool judge_line(const char *reason, const char *kind, bool *grey)
{
	const char *start = arena_printf(&kept, "\n%s %s ", reason, kind);
	bool found = false;

	*grey = true;
	for (const char *at = judge_text; (at = strstr(at, start));) {
		at += strlen(start) - 1;
		while (*at == ' ') {
			size_t tilde = at[1] == '~', length = strcspn(at + 1 + tilde, " \n");
			const char *entry = at + 1 + tilde;

			if (has_fact(entry, length) || is_met(entry, length)) {
				found = true;
				*grey = *grey && tilde;
			}
			at = entry + length;
		}
	}
	return found;
}

static const char *class_reason(size_t class_)
{
	static const char *const own[] = { "sanctions_match", "pep_unacceptable", "adverse_media" };

	return own[class_];
}

/* The classes with a confirmed match, as bits. */
static unsigned confirmed_classes(void)
{
	static const char *const matches[] = {
		"hit_open:sanctions:true_match",     "hit_open:pep:true_match",
		"hit_open:adverse_media:true_match", "check_failed:watchlist:confirmed",
		"check_failed:ofac:confirmed",	     "check_failed:adverse_media:confirmed"
	};
	unsigned bits = 0;

	for (size_t i = 0; i < 6; i++)
		if (has_fact(matches[i], strlen(matches[i])))
			bits |= i < 3 ? 1u << i : i == 5 ? 4u : 1u;
	return bits;
}

static unsigned judge_facts(const char *reason)
{
	static const char *const policy[] = { "unsupported_country", "unsupported_activity", "suspected_fraud",
					      "other" };
	const char *without = strstr(judge_text, arena_printf(&kept, "\n%s without ", reason));
	bool is_policy = false, grey;

	for (size_t i = 0; i < 4; i++)
		is_policy = is_policy || !strcmp(reason, policy[i]);
	if (judge_line(reason, "supports", &grey))
		return TAKEN | (grey ? NOTED : 0);
	if (judge_line(reason, "denies", &grey))
		return REFUSED | (grey ? NOTED : 0);
	if (judge_line(reason, "note", &grey))
		return NOTED | (grey ? TAKEN : 0) | (grey && !is_policy ? REFUSED : 0);
	if (judge_line(reason, "refutes", &grey))
		return REFUSED | (grey ? NOTED : 0);
	cr_assert_not_null(without, "%s", reason);
	without += strlen(reason) + strlen("\n without ");
	grey = *without == '~';
	switch (without[grey]) {
	case 't':
		return TAKEN | (grey ? NOTED : 0);
	case 'n':
		return NOTED | (grey && is_policy ? TAKEN : 0) | (grey && !is_policy ? REFUSED : 0);
	default:
		return REFUSED | (grey ? NOTED : 0);
	}
}

/* The answers that the words allow. */
static unsigned judge(const char *reason, bool sandbox)
{
	unsigned answers = strcmp(reason, "other") ? judge_facts(reason) : TAKEN, confirmed = confirmed_classes();
	bool is_own = false;

	for (size_t i = 0; i < 3; i++)
		is_own = is_own || (confirmed & 1u << i && !strcmp(reason, class_reason(i)));
	if (confirmed && !is_own && answers & TAKEN)
		answers |= NOTED;
	if (confirmed && is_own && confirmed & (confirmed - 1))
		answers |= NOTED; /* several matches: the gravest has the reason */
	if (sandbox && answers & REFUSED)
		answers = (answers & ~(unsigned)REFUSED) | NOTED;
	return answers;
}

/* The draw. */
static uint64_t state;
static unsigned noise; /* how often a fact is not the usual one, in percent */

static unsigned roll(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % limit);
}

static unsigned draw(unsigned limit, unsigned usual)
{
	return roll(100) < noise ? roll(limit) : usual;
}

static void draw_facts(void)
{
	noise = (unsigned[]){ 0, 10, 25, 60 }[roll(4)];
	d = (struct facts){ .sandbox = !roll(4), .person = !roll(5), .has_control = draw(2, 1) };
	d.prohibited = draw(2, 0);
	for (size_t i = 0; i < PAPERS; i++) {
		d.papers[i] = (enum paper)draw(PAPER_COUNT, ACCEPTED);
		d.dated[i] = d.papers[i] == EXPIRED || draw(2, roll(8) > 0);
	}
	d.owner = d.person ? VERIFIED : (enum owner)draw(4, VERIFIED);
	d.shares = d.person || d.owner == NO_OWNER ? COMPLETE : (enum shares)draw(3, COMPLETE);
	d.entry = d.person ? NOT_ASKED : (enum entry)draw(4, roll(2) ? ACTIVE : NOT_ASKED);
	d.cross = (enum data)draw(3, roll(2) ? PASSED : ABSENT);
	d.extraction = (enum data)draw(3, roll(2) ? PASSED : ABSENT);
	for (size_t i = 0; i < 3; i++)
		d.listed[i] = (enum listed)draw(LISTED_COUNT, NO_HIT);
	d.twin = (enum twin)draw(4, NO_TWIN);
	d.asked = (enum asked)draw(4, NOTHING);
}

static void add_paper_facts(void)
{
	static const char *const words[] = { [UNREVIEWED] = "document_not_accepted:unreviewed",
					     [BLURRY] = "document_not_accepted:rejected:blurry",
					     [OTHER_NAME] = "document_not_accepted:rejected:name_mismatch",
					     [FORGED] = "document_not_accepted:rejected:suspected_forgery" };
	size_t later = 0, there = 0;

	for (size_t i = 0; i < PAPERS; i++) {
		if (d.papers[i] == MISSING) {
			if (i < 2)
				add_fact("document_missing");
			continue;
		}
		there++;
		later += d.dated[i] && d.papers[i] != EXPIRED;
		if (d.papers[i] == EXPIRED) {
			add_fact("basis_changed:document_expired");
			add_fact("document_fact:expired");
		} else if (words[d.papers[i]]) {
			add_fact(words[d.papers[i]]);
		}
	}
	if (there && later == there)
		add_fact("document_fact:valid_until_later");
}

/* The drawn case in the words of the judge. */
static void name_facts(void)
{
	static const char *const classes[] = { "sanctions", "pep", "adverse_media" };
	static const char *const verdicts[] = { [OPEN_HIT] = "open",
						[CLEARED] = "false_positive",
						[CONFIRMED] = "true_match",
						[UNDETERMINED] = "undetermined" };
	static const char *const of_owner[] = { NULL, "party_not_verified:pending", "party_not_verified:rejected",
						"party_missing:none" };
	static const char *const of_shares[] = { NULL, "ownership_invalid:over_100", "ownership_gap" };
	static const char *const of_entry[] = { NULL, "check:register:passed", "check_failed:register:not_found",
						"check_failed:register:not_active" };
	static const char *const of_twin[] = { NULL, "duplicate_open:number", "duplicate:linked",
					       "duplicate:dismissed" };
	bool hits = false;

	fact_count = 0;
	add_paper_facts();
	add_fact(d.person ? "subject:individual" : "subject:business");
	if (!d.person && of_owner[d.owner])
		add_fact(of_owner[d.owner]);
	if (!d.person && !d.has_control && d.owner != NO_OWNER)
		add_fact("party_missing:control_role");
	if (of_shares[d.shares])
		add_fact(of_shares[d.shares]);
	if (of_entry[d.entry])
		add_fact(of_entry[d.entry]);
	if (d.cross == FAILED)
		add_fact("check_failed:cross_validation:failed");
	if (d.extraction == FAILED)
		add_fact("check_failed:extraction:failed");
	for (size_t i = 0; i < 3; i++)
		if (d.listed[i] != NO_HIT) {
			add_fact(arena_printf(&kept, "%s:%s:%s", d.listed[i] == CLEARED ? "hit" : "hit_open",
					      classes[i], verdicts[d.listed[i]]));
			hits = true;
		}
	if (!hits)
		add_fact("check:watchlist:passed");
	if (of_twin[d.twin])
		add_fact(of_twin[d.twin]);
	if (d.asked == ASKED || d.asked == REMINDED) {
		add_fact("status:awaiting_client_correction");
		add_fact("correction_open:field");
	}
	if (d.asked == REMINDED)
		add_fact("unresponsive");
	if (d.asked == ANSWERED)
		add_fact("returned");
	if (d.prohibited)
		add_fact("desk_rule:prohibited_countries");
}

static const char *facts_text(void)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, d.sandbox ? "sandbox:" : "production:");
	for (size_t i = 0; i < fact_count; i++)
		strbuf_addf(&text, " %s", facts[i]);
	return strbuf_finish(&text, &kept);
}

static void build_papers(void)
{
	static const char *const faults[] = {
		[BLURRY] = "blurry", [OTHER_NAME] = "name_mismatch", [FORGED] = "suspected_forgery"
	};
	size_t kept = 0;

	for (size_t i = 0; i < PAPERS; i++) {
		struct document document = built.documents[i];

		document.file_name = "paper.pdf";
		document.sha256 = "aa";
		document.size_bytes = 1000;
		document.uploaded_at = BUILDER_NOW - DAY_MS;
		document.expires_on =
			d.dated[i] ? BUILDER_NOW + (d.papers[i] == EXPIRED ? -40 : 400) * DAY_MS : TIME_NONE;
		if (d.papers[i] == UNREVIEWED)
			document.review = REVIEW_UNREVIEWED;
		if (d.papers[i] >= BLURRY) {
			document.review = REVIEW_REJECTED;
			document.review_reason = faults[d.papers[i]];
		}
		if (d.papers[i] != MISSING)
			built.documents[kept++] = document;
	}
	built.file.document_count = kept;
}

static void build_parties(void)
{
	static const enum session_status statuses[] = { [VERIFIED] = SESSION_APPROVED,
							[OPEN_OWNER] = SESSION_ACTIVE,
							[REJECTED_OWNER] = SESSION_REJECTED,
							[NO_OWNER] = SESSION_APPROVED };

	built.parties[0].session_status = statuses[d.owner];
	built.parties[0].session_was_rejected = d.owner == REJECTED_OWNER;
	built.shares[0].percent = d.shares == OVER ? "95" : d.shares == GAP ? "55" : "80";
	if (!d.has_control)
		built.parties[0].control_role = "";
	if (d.person || d.owner == NO_OWNER)
		built.file.party_count = 0;
	if (d.person) {
		built.file.session.kind = built.profile.kind = KIND_KYC;
		built.file.session.subject.kind = SUBJECT_INDIVIDUAL;
		built.profile.parties = (struct party_rules){ 0 };
	}
}

static void build_checks(void)
{
	static const char *const keys[] = { REGISTER_MEMBER_TITLE, "name", REGISTER_MEMBER_ACTIVE };
	static const struct value active[] = { { .kind = VALUE_TEXT, .text = "Trade register" },
					       { .kind = VALUE_TEXT, .text = "Harbour Lane" },
					       { .kind = VALUE_BOOL, .text = "", .boolean = true } };
	static const struct value inactive[] = { { .kind = VALUE_TEXT, .text = "Trade register" },
						 { .kind = VALUE_TEXT, .text = "Harbour Lane" },
						 { .kind = VALUE_BOOL, .text = "", .boolean = false } };
	static const struct value listed = {
		.kind = VALUE_OBJECT, .text = "", .items = active, .keys = keys, .count = 3
	};
	static const struct value left = {
		.kind = VALUE_OBJECT, .text = "", .items = inactive, .keys = keys, .count = 3
	};
	static const enum check_status results[] = { CHECK_PENDING, CHECK_PASSED, CHECK_FAILED };
	static const enum hit_state states[] = { [OPEN_HIT] = HIT_OPEN,
						 [CLEARED] = HIT_FALSE_POSITIVE,
						 [CONFIRMED] = HIT_TRUE_MATCH,
						 [UNDETERMINED] = HIT_UNDETERMINED };
	struct check *check = &built.checks[0];

	check->hit_count = 0;
	for (size_t i = 0; i < 3; i++) {
		struct hit *hit = &built.hits[check->hit_count];

		if (d.listed[i] == NO_HIT)
			continue;
		hit_init(hit);
		hit->id = arena_printf(&built.arena, "h%zu", i);
		hit->name = "Inês Duarte";
		hit->list = "EU";
		hit->class_ = (enum hit_class)i;
		hit->state = states[d.listed[i]];
		check->hit_count++;
	}
	check->status = check->hit_count ? CHECK_HIT : CHECK_PASSED;
	if (d.cross != ABSENT)
		builder_add_check(&built, CHECK_CROSS_VALIDATION, results[d.cross]);
	if (d.extraction != ABSENT)
		builder_add_check(&built, CHECK_EXTRACTION, results[d.extraction]);
	if (d.entry == NOT_ASKED)
		return;
	check = builder_add_check(&built, CHECK_REGISTER, d.entry == ACTIVE ? CHECK_PASSED : CHECK_FAILED);
	check->detail = d.entry == ACTIVE ? &listed : d.entry == INACTIVE ? &left : NULL;
}

static void build_rest(void)
{
	static const char *const prohibited[] = { "PRK" };
	static struct duplicate other;
	struct session *session = &built.file.session;

	other = (struct duplicate){ .id = "s9",
				    .external_ref = "RAL-9",
				    .workflow = "",
				    .parent_id = "",
				    .merchant = "",
				    .name = "Harbour Lane",
				    .country = "",
				    .registration_number = "",
				    .tax_id = "",
				    .date_of_birth = "",
				    .incorporated_on = "",
				    .uid = "",
				    .same_bits = SAME_TAX_ID,
				    .shared_parts = "",
				    .dismissed_by = d.twin >= LINKED ? "bo" : "",
				    .dismissed_reason = d.twin >= LINKED ? "compared both" : "",
				    .dismissed_at = d.twin >= LINKED ? BUILDER_NOW - DAY_MS : TIME_NONE,
				    .basis = "",
				    .standing = { .valid = d.twin >= LINKED, .change_text = "" } };
	if (d.twin >= LINKED)
		other.dismissed_same_bits = SAME_TAX_ID | (d.twin == LINKED ? SAME_APPLICANT : 0);
	built.context.duplicates = &other;
	built.context.duplicate_count = d.twin != NO_TWIN;
	built.context.sandbox = d.sandbox;
	built.context.desk_rules.prohibited_countries = prohibited;
	built.context.desk_rules.prohibited_country_count = 1;
	session->subject.country = d.prohibited ? "PRK" : "PRT";
	if (d.asked == NOTHING)
		return;
	builder_add_correction(&built, d.asked == ANSWERED ? CORRECTION_ANSWERED : CORRECTION_OPEN);
	session->returned = d.asked == ANSWERED;
	session->unresponsive = d.asked == REMINDED;
	session->reminders = d.asked == REMINDED ? 3 : 0;
	if (d.asked != ANSWERED)
		session->status = SESSION_AWAITING_CLIENT_CORRECTION;
}

static const char *read_source(struct arena *arena, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	enum err err = file_read(arena_printf(arena, "%s/%s", KYB_SOURCE_DIR, path), 1 << 20, &text, &error);

	cr_assert_eq(err, ERR_OK, "%s", error.message);
	return strbuf_finish(&text, arena);
}

/* The built-in reasons of a set, in the order of its file. */
static size_t read_reasons(const char *path, struct reason *out)
{
	size_t count = 0;

	for (const char *at = read_source(&kept, path); (at = strstr(at, "\"code\": \"")) && count < REASONS_MAX;
	     count++) {
		size_t length = strcspn(at += strlen("\"code\": \""), "\"");
		const char *disclosure = strstr(at, "\"disclosure\": \"");

		out[count] = (struct reason){ .code = arena_strndup(&kept, at, length), .label = "", .message = "" };
		if (disclosure && !strncmp(disclosure + strlen("\"disclosure\": \""), "restricted", 10))
			out[count].disclosure = DISCLOSURE_RESTRICTED;
	}
	return count;
}

static unsigned answer_of(enum fit fit)
{
	return fit == FIT_YES ? TAKEN : fit == FIT_WITH_NOTE ? NOTED : REFUSED;
}

static const char *answers_text(unsigned answers)
{
	return arena_printf(&kept, "%s%s%s", answers & TAKEN ? "taken " : "", answers & NOTED ? "noted " : "",
			    answers & REFUSED ? "refused " : "");
}

static size_t contradictions_taken, supported_refused, differences;

/* Compares one answer with the judge, and counts by kind. */
static void compare(const char *reason, enum fit fit, bool sandbox, const char *where)
{
	unsigned answer = answer_of(fit), allowed = judge(reason, sandbox);

	contradictions_taken += answer == TAKEN && !(allowed & TAKEN);
	supported_refused += answer == REFUSED && !(allowed & REFUSED);
	differences += !(answer & allowed);
	cr_expect(answer & allowed, "%s is %s, the judge says %s: %s", reason, answers_text(answer),
		  answers_text(allowed), where);
}

static struct reason items[REASONS_MAX];
static struct reasons reasons;
static const struct profile plain = { .contradicted_reason_policy = CONTRADICTED_NOTE,
				      .contradicted_hit_policy = CONTRADICTED_REFUSE };

static void set_up(void)
{
	judge_text = read_source(&kept, "tests/unit/domain/reasons_judge.txt");
	reasons.items[REASONS_SESSION] = items;
	reasons.counts[REASONS_SESSION] = read_reasons("data/reasons/session.json", items);
	cr_assert_geq(reasons.counts[REASONS_SESSION], 20);
}

static void tear_down(void)
{
	arena_release(&kept);
}
TestSuite(rejection, .init = set_up, .fini = tear_down);

/* The finding of the program for a fact of the judge; NULL: what looks, converters and providers' readings know, and
 * the gate does not. */
static const char *word_of_fact(const char *fact)
{
	static const char *const same[][2] = { { "basis_changed:document_expired", "document_fact:expired" },
					       { "basis_changed:party_rejected", "party_not_verified:rejected" },
					       { "party_not_verified:failed", "party_not_verified:rejected" },
					       { "document_fact:expired", "document_fact:expired" },
					       { "document_fact:valid_until_later",
						 "document_fact:valid_until_later" } };

	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (!strcmp(fact, same[i][0]))
			return same[i][1];
	return !strncmp(fact, "document_fact:", 14) ? NULL : fact;
}

/* The answers of the table for these findings, each with a space behind it, and of the judge for its own facts. */
static void compare_words(const char *words, bool sandbox)
{
	struct grounds grounds;
	struct match match = { .hit = "h", .name = "Ines Duarte", .list = "EU", .by = "", .other_subject_name = "" };
	unsigned confirmed = confirmed_classes();

	while (confirmed && !(confirmed & 1u << match.class_))
		match.class_++;
	grounds_find(&kept,
		     &(const struct grounds_input){
			     .verdict = VERDICT_REJECT,
			     .reasons = &reasons,
			     .profile = &plain,
			     .matches = &(const struct match_list){ .items = &match, .count = confirmed != 0 },
			     .findings = arena_printf(&kept, "%s ", words),
			     .sandbox = sandbox },
		     &grounds);
	for (size_t i = 0; i < grounds.count; i++)
		compare(grounds.items[i].reason->code, grounds.items[i].fit, sandbox, facts_text());
}

/* Each fact that the judge names, alone, with each reason, in a production store and in a sandbox. */
Test(rejection, each_fact_with_each_reason_agrees_with_the_judge)
{
	size_t count = 0, skipped = 0;

	for (const char *at = judge_text; (at = strstr(at, "\nfacts ")); at++) {
		char *rest = NULL, *line = arena_strndup(&kept, at + 7, strcspn(at + 7, "\n"));

		for (const char *fact = strtok_r(line, " ", &rest); fact; fact = strtok_r(NULL, " ", &rest)) {
			const char *word = word_of_fact(fact);

			skipped += !word;
			for (unsigned sandbox = 0; word && sandbox < 2;
			     sandbox++, count += reasons.counts[REASONS_SESSION]) {
				fact_count = 1;
				facts[0] = fact;
				compare_words(word, sandbox);
			}
		}
	}
	cr_expect_geq(count, 5000);
	tried("%zu pairs of a fact and a reason; %zu facts are not known to the gate", count, skipped);
}

/* The cases that the judge wrote by hand: the answers of the issue. */
Test(rejection, the_cases_of_the_judge_are_answered_as_it_says)
{
	size_t count = 0;

	for (const char *at = judge_text; (at = strstr(at, "\ncase ")); count++) {
		char *line = arena_strndup(&kept, at + 6, strcspn(at + 6, "\n")), *rest = NULL;
		bool sandbox = !strcmp(strtok_r(line, " ", &rest), "sandbox");
		const char *expected = strtok_r(NULL, " ", &rest), *reason = strtok_r(NULL, " ", &rest);
		unsigned answer = *expected == 't' ? TAKEN : *expected == 'n' ? NOTED : REFUSED;
		const char *words = "";
		bool knows = true;

		at++;
		fact_count = 0;
		for (const char *fact = strtok_r(NULL, " ", &rest); fact; fact = strtok_r(NULL, " ", &rest)) {
			add_fact(fact);
			knows = knows && word_of_fact(fact);
			words = arena_printf(&kept, "%s%s ", words, knows ? word_of_fact(fact) : "");
		}
		cr_expect(judge(reason, sandbox) & answer, "the copy of the judge: %s, %s", reason, facts_text());
		if (knows)
			compare_words(words, sandbox);
	}
	cr_expect_geq(count, 120);
}

Test(rejection, every_reason_agrees_with_the_judge_in_drawn_cases, .timeout = 600)
{
	uint64_t seed = test_seed();
	size_t alone = 0, taken = 0;

	state = seed * 2 + 1;
	for (unsigned number = 0; number < CASES; number++) {
		struct grounds grounds;
		struct match_list matches = { 0 };
		size_t supported = 0;

		draw_facts();
		name_facts();
		builder_init(&built);
		built.profile.contradicted_reason_policy = CONTRADICTED_NOTE; /* the default of data/workflows */
		build_papers();
		build_parties();
		build_checks();
		build_rest();
		builder_judge(&built);
		ownership_compute(&built.arena, &built.file, &built.profile, NULL);
		matches_add(&built.arena, &built.file, "", 0, &matches);
		grounds_find(&built.arena,
			     &(const struct grounds_input){
				     .verdict = VERDICT_REJECT,
				     .reasons = &reasons,
				     .profile = &built.profile,
				     .matches = &matches,
				     .findings = rejection_findings(&built.arena, &built.file, &built.context),
				     .sandbox = d.sandbox },
			     &grounds);
		cr_assert_eq(grounds.count, reasons.counts[REASONS_SESSION]);
		for (size_t i = 0; i < grounds.count; i++) {
			const struct ground *ground = &grounds.items[i];

			compare(ground->reason->code, ground->fit, d.sandbox,
				arena_printf(&kept, "KYBDESK_TEST_SEED=%llu, case %u, %s; %s", (unsigned long long)seed,
					     number, facts_text(), ground->contradicting_fact));
			cr_expect(ground->fit == FIT_YES || *ground->contradicting_fact, "%s without a fact",
				  ground->reason->code);
			taken += ground->fit == FIT_YES;
			supported += ground->fit == FIT_YES && *ground->finding;
		}
		alone += !supported;
		arena_release(&built.arena);
	}
	tried("%d cases with %zu reasons each: %zu contradictions taken, %zu supported reasons refused, %zu other "
	      "differences; other is %.1f %% of what is taken, and in %.1f %% of the cases no finding supports a "
	      "reason; seed "
	      "%llu",
	      CASES, reasons.counts[REASONS_SESSION], contradictions_taken, supported_refused,
	      differences - contradictions_taken - supported_refused, 100.0 * CASES / (double)taken,
	      100.0 * (double)alone / CASES, (unsigned long long)seed);
}

/* --- the table --- */

/* Whether a word of the table stands for the fact. */
static bool is_of_word(const char *fact, const char *word)
{
	return !strncmp(fact, word, strlen(word)) && strchr(":", fact[strlen(word)]);
}

/* Calls `with` for each word of the blocks of rejections: whether its line takes the reason. */
static size_t each_word(void (*with)(const char *word, bool takes))
{
	const char *table = read_source(&kept, "data/findings.txt"), *end = strstr(table, "\nclear ");
	size_t count = 0;

	for (const char *line = strstr(table, "\nreject ") + 1; line < end; line += strcspn(line, "\n") + 1) {
		char *text = arena_strndup(&kept, line, strcspn(line, "\n")), *fact = strstr(text, ": "), *rest = NULL;

		if (*text != ' ')
			continue;
		cr_expect(text[2] == 't' || fact, "contradicts with no fact: %s", text);
		if (fact)
			*fact = '\0';
		for (strtok_r(text, " ", &rest), fact = strtok_r(NULL, " ", &rest); fact; count++) {
			with(fact, text[2] == 't');
			fact = strtok_r(NULL, " ", &rest);
		}
	}
	return count;
}

static void expect_fact(const char *word, bool takes)
{
	bool known = !strcmp(word, "otherwise") || !strcmp(word, "document_not_accepted:unreviewed:undated");
	const char *at = judge_text;

	(void)takes;
	while (!known && (at = strstr(at, "\nfacts "))) {
		char *rest = NULL, *line = arena_strndup(&kept, at + 7, strcspn(at + 7, "\n"));

		for (const char *fact = strtok_r(line, " ", &rest); fact; fact = strtok_r(NULL, " ", &rest))
			known = known || is_of_word(fact, word);
		at++;
	}
	cr_expect(known, "%s", word);
}

/* A word that names no fact would never decide. A line that contradicts a reason says with what. */
Test(rejection, each_word_of_the_table_is_a_fact)
{
	cr_expect_geq(each_word(expect_fact), 120);
}

static bool code_has_reason[BLOCKER_CODE_COUNT];

static void note_code(const char *word, bool takes)
{
	enum blocker_code code;

	if (takes && blocker_code_parse(arena_strndup(&kept, word, strcspn(word, ":")), &code))
		code_has_reason[code] = true;
}

/* Each code of the gate supports a reason of its own, but for codes that say nothing of the client: for these "other"
 * and the reasons of the desk's policy are left. */
Test(rejection, each_finding_of_the_gate_has_a_reason)
{
	static const bool is_of_the_desk[BLOCKER_CODE_COUNT] = {
		[BLOCKER_CHECK_STALE] = true,	 [BLOCKER_DESK_RULE] = true,	   [BLOCKER_HELD] = true,
		[BLOCKER_SUSPICION_OPEN] = true, [BLOCKER_SECOND_REVIEWER] = true, [BLOCKER_CLAIMED_BY_OTHER] = true,
		[BLOCKER_CHANGED] = true,
	};

	each_word(note_code);
	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++)
		cr_expect_neq(code_has_reason[i], is_of_the_desk[i], "%s", blocker_code_text((enum blocker_code)i));
}
