/* Draws cases and compares each reason of a rejection with a judge that follows the rule in words: a reason that the
 * case supports is never refused, a reason that the case contradicts never needs less than a note. */
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
static const char *const papers[] = {
	"accepted", "missing", "unreviewed", "expired", "blurry", "other name", "forged"
};
enum owner { VERIFIED, OPEN_OWNER, REJECTED_OWNER, NO_OWNER };
static const char *const owners[] = { "verified", "open", "rejected", "missing" };
enum shares { COMPLETE, OVER, GAP };
static const char *const share_texts[] = { "complete", "115 %", "gap" };
enum entry { NOT_ASKED, ACTIVE, NOT_FOUND, INACTIVE };
static const char *const entries[] = { "not asked", "active", "not found", "inactive" };
enum data { ABSENT, PASSED, FAILED };
static const char *const data_texts[] = { "absent", "passed", "failed" };
enum listed { NO_HIT, OPEN_HIT, CLEARED };
static const char *const listed_texts[] = { "none", "open", "cleared" };
enum twin { NO_TWIN, OPEN_TWIN, LINKED, DISMISSED };
static const char *const twins[] = { "none", "open", "linked", "dismissed" };
enum asked { NOTHING, ASKED, REMINDED, ANSWERED };
static const char *const asked_texts[] = { "none", "open", "open after all reminders", "answered" };

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
	/* in short */
	size_t count[PAPER_COUNT];
	bool all_accepted, has_rejected, data_failed, owners_done;
} d;

enum judged {
	REFUTED,      /* beyond doubt: refused; in a sandbox with a note */
	CONTRADICTED, /* never without a note */
	UNKNOWN,      /* the desk may not know the fact: with a note */
	UNDECIDED,    /* the words do not say */
	POSSIBLE,     /* never refused */
	SUPPORTED,    /* as it is */
	JUDGED_COUNT
};
static const char *const judged_texts[] = { "refuted", "contradicted", "unknown", "open", "possible", "supported" };
static const char *const fits[] = { "taken", "taken with a note", "refused" };

/* The judge: from here on each rule has its sentence, and none reads the program. */
static enum judged judge_papers(const char *code)
{
	bool unread = d.count[UNREVIEWED] > 0, none = d.count[MISSING] == PAPERS;
	/* What was asked of the client, or is of a party, may be about any paper. */
	bool elsewhere = d.asked != NOTHING || !d.owners_done;

	if (!strcmp(code, "missing_document")) {
		/* A mandatory document without a file is missing. */
		if (d.papers[0] == MISSING || d.papers[1] == MISSING)
			return SUPPORTED;
		/* An optional one, one to be sent again, or a register of owners may be what is missing. */
		if (d.count[MISSING] || d.has_rejected || d.count[EXPIRED] || elsewhere || d.shares != COMPLETE)
			return UNDECIDED;
		/* All documents are there; if all are accepted, nothing is missing. */
		return d.all_accepted ? REFUTED : CONTRADICTED;
	}
	/* A document was rejected: it cannot be used; as forged: it is forged. */
	if (!strcmp(code, "invalid_document") && d.has_rejected)
		return SUPPORTED;
	if (!strcmp(code, "forged_document") && d.count[FORGED])
		return SUPPORTED;
	/* The day of expiry has passed. */
	if (!strcmp(code, "expired_document") && d.count[EXPIRED])
		return SUPPORTED;
	/* The check that compares data and documents failed. */
	if (!strcmp(code, "data_mismatch") && d.cross == FAILED)
		return SUPPORTED;
	/* Nobody has said anything of an unreviewed document: the reviewer may have seen the fault now. */
	if (unread && (strcmp(code, "expired_document") || (d.papers[0] == UNREVIEWED && !d.dated[0]) ||
		       (d.papers[1] == UNREVIEWED && !d.dated[1]) || (d.papers[2] == UNREVIEWED && !d.dated[2])))
		return POSSIBLE;
	/* An expired document cannot be used; neither can one that no program could read. */
	if (!strcmp(code, "invalid_document") && (d.count[EXPIRED] || d.extraction == FAILED))
		return POSSIBLE;
	/* Another name in a document: of another person, or not as typed. */
	if (d.count[OTHER_NAME] && (!strcmp(code, "data_mismatch") || !strcmp(code, "unrelated_document")))
		return POSSIBLE;
	if (unread || d.has_rejected || d.count[EXPIRED] || d.data_failed || elsewhere)
		return UNDECIDED;
	/* Data may disagree with the ownership, the register, or a document still to come. */
	if (!strcmp(code, "data_mismatch") && (d.shares != COMPLETE || d.entry > ACTIVE || !d.all_accepted))
		return UNDECIDED;
	/* Without a document none is unfit, and the accepted ones may be not all. */
	if (none || !d.all_accepted)
		return CONTRADICTED;
	/* An accepted document without a day may have one in the picture; a forgery may be found later; nobody compared
	 * the data: a note. */
	if ((!strcmp(code, "expired_document") && !(d.dated[0] && d.dated[1] && d.dated[2])) ||
	    !strcmp(code, "forged_document") || (!strcmp(code, "data_mismatch") && d.cross != PASSED))
		return CONTRADICTED;
	return REFUTED; /* "115 % ownership with five accepted papers cannot be rejected as …" */
}

static enum judged judge_company(const char *code)
{
	bool unsure = d.asked != NOTHING || d.data_failed || d.entry > ACTIVE || !d.owners_done || !d.all_accepted;

	if (!strcmp(code, "party_rejected")) {
		/* Its KYC was rejected; or it is not verified yet. */
		if (!d.person && (d.owner == REJECTED_OWNER || d.owner == OPEN_OWNER))
			return d.owner == REJECTED_OWNER ? SUPPORTED : POSSIBLE;
		if (d.person || d.owner == NO_OWNER || d.asked != NOTHING || d.listed[0] == OPEN_HIT ||
		    d.listed[1] == OPEN_HIT || d.listed[2] == OPEN_HIT)
			return d.person ? CONTRADICTED : UNDECIDED;
		return d.shares == COMPLETE ? REFUTED : CONTRADICTED; /* all are verified */
	}
	if (d.person)
		return REFUTED; /* A person has no owners, directors or entry in a register of companies. */
	/* The shares do not add up, leave room for an owner, or nobody is declared. */
	if (!strcmp(code, "ownership_not_established"))
		return d.shares != COMPLETE || d.owner == NO_OWNER ? SUPPORTED : unsure ? UNDECIDED : REFUTED;
	/* No natural person with a control role is declared. */
	if (!strcmp(code, "control_not_established"))
		return !d.has_control || d.owner == NO_OWNER ? SUPPORTED
		       : unsure				     ? UNDECIDED
		       : d.shares != COMPLETE		     ? CONTRADICTED
							     : REFUTED;
	if (d.entry == NOT_ASKED)
		return UNKNOWN; /* "a register nobody asked" */
	if (d.entry == ACTIVE)
		return REFUTED; /* The register has the company, as active. */
	if (!strcmp(code, "company_not_active"))
		return d.entry == INACTIVE ? SUPPORTED : UNDECIDED; /* not found: perhaps struck off */
	return d.entry == NOT_FOUND ? SUPPORTED : CONTRADICTED;	    /* an inactive company is in the register */
}

static enum judged judge(const char *code)
{
	static const char *const of_papers[] = { "missing_document", "invalid_document",   "expired_document",
						 "data_mismatch",    "unrelated_document", "forged_document" };
	static const char *const of_company[] = { "party_rejected", "ownership_not_established",
						  "control_not_established", "company_not_active",
						  "company_not_found_in_registry" };
	static const char *const of_class[] = { "sanctions_match", "pep_unacceptable", "adverse_media" };

	for (size_t i = 0; i < sizeof of_papers / sizeof *of_papers; i++)
		if (!strcmp(code, of_papers[i]))
			return judge_papers(code);
	for (size_t i = 0; i < sizeof of_company / sizeof *of_company; i++)
		if (!strcmp(code, of_company[i]))
			return judge_company(code);
	/* An open hit may be the match; a cleared one is another person; "a match reported by telephone". */
	for (size_t i = 0; i < sizeof of_class / sizeof *of_class; i++)
		if (!strcmp(code, of_class[i]))
			return d.listed[i] == OPEN_HIT ? POSSIBLE : d.listed[i] == CLEARED ? CONTRADICTED : UNKNOWN;
	/* Known or linked; found to be another applicant; "another application". */
	if (!strcmp(code, "duplicate_application"))
		return d.twin == OPEN_TWIN || d.twin == LINKED ? SUPPORTED
		       : d.twin == DISMISSED		       ? CONTRADICTED
							       : UNKNOWN;
	if (!strcmp(code, "client_unresponsive")) {
		/* Asked, and silent after all reminders; asked; something of the client is lacking. */
		if (d.asked == REMINDED || d.asked == ASKED)
			return d.asked == REMINDED ? SUPPORTED : POSSIBLE;
		if (!d.all_accepted || !d.owners_done || d.shares != COMPLETE)
			return UNDECIDED;
		return CONTRADICTED; /* The client has answered, or nothing was asked of it. */
	}
	/* A country that the desk prohibits; of other countries, activities and fraud the reviewer knows more. */
	if (!strcmp(code, "unsupported_country") && d.prohibited)
		return SUPPORTED;
	return strcmp(code, "other") ? POSSIBLE : SUPPORTED; /* "other is never contradicted" */
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
	d = (struct facts){ .sandbox = !roll(4), .person = !roll(5), .has_control = draw(2, 1), .all_accepted = true };
	d.prohibited = draw(2, 0);
	for (size_t i = 0; i < PAPERS; i++) {
		d.papers[i] = (enum paper)draw(PAPER_COUNT, ACCEPTED);
		d.dated[i] = d.papers[i] == EXPIRED || draw(2, roll(8) > 0);
		d.count[d.papers[i]]++;
		d.all_accepted = d.all_accepted && d.papers[i] == ACCEPTED;
		d.has_rejected = d.has_rejected || d.papers[i] >= BLURRY;
	}
	d.owner = d.person ? VERIFIED : (enum owner)draw(4, VERIFIED);
	d.shares = d.person || d.owner == NO_OWNER ? COMPLETE : (enum shares)draw(3, COMPLETE);
	d.entry = d.person ? NOT_ASKED : (enum entry)draw(4, roll(2) ? ACTIVE : NOT_ASKED);
	d.cross = (enum data)draw(3, roll(2) ? PASSED : ABSENT);
	d.extraction = (enum data)draw(3, roll(2) ? PASSED : ABSENT);
	for (size_t i = 0; i < 3; i++)
		d.listed[i] = (enum listed)draw(3, NO_HIT);
	d.twin = (enum twin)draw(4, NO_TWIN);
	d.asked = (enum asked)draw(4, NOTHING);
	d.data_failed = d.cross == FAILED || d.extraction == FAILED;
	d.owners_done = d.person || (d.owner == VERIFIED && d.has_control);
}

static const char *facts_text(void)
{
	return arena_printf(
		&built.arena,
		"%s, %s; papers %s%s, %s%s, %s%s; parties %s, %s; shares %s; register %s; cross_validation %s, "
		"extraction %s; sanctions %s, PEP %s, media %s; duplicate %s; correction %s; country %s",
		d.sandbox ? "sandbox" : "production", d.person ? "person" : "company", papers[d.papers[0]],
		d.dated[0] ? "" : " (undated)", papers[d.papers[1]], d.dated[1] ? "" : " (undated)",
		papers[d.papers[2]], d.dated[2] ? "" : " (undated)", d.person ? "none" : owners[d.owner],
		d.has_control ? "control" : "no control", share_texts[d.shares], entries[d.entry], data_texts[d.cross],
		data_texts[d.extraction], listed_texts[d.listed[0]], listed_texts[d.listed[1]],
		listed_texts[d.listed[2]], twins[d.twin], asked_texts[d.asked],
		d.prohibited ? "prohibited" : "allowed");
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
		hit->state = d.listed[i] == OPEN_HIT ? HIT_OPEN : HIT_FALSE_POSITIVE;
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

/* The codes of the file of reasons, in its order. */
static size_t read_reasons(struct arena *arena, struct reason *out)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	size_t count = 0;
	enum err err = file_read(KYB_SOURCE_DIR "/data/reasons/session.json", 1 << 20, &text, &error);

	cr_assert_eq(err, ERR_OK, "%s", error.message);
	for (const char *at = text.buf; (at = strstr(at, "\"code\": \"")) && count < REASONS_MAX; count++) {
		at += strlen("\"code\": \"");
		out[count] = (struct reason){ .code = arena_strndup(arena, at, strcspn(at, "\"")),
					      .label = "",
					      .message = "" };
	}
	strbuf_release(&text);
	return count;
}

static bool agrees(enum judged judged, enum fit fit)
{
	if (d.sandbox && fit == FIT_NO)
		return false; /* "in a sandbox a contradicted reason asks a note instead of being refused" */
	switch (judged) {
	case REFUTED:
		return fit == (d.sandbox ? FIT_WITH_NOTE : FIT_NO);
	case CONTRADICTED:
		return fit != FIT_YES;
	case UNKNOWN:
		return fit == FIT_WITH_NOTE;
	case POSSIBLE:
		return fit != FIT_NO;
	case SUPPORTED:
		return fit == FIT_YES;
	default:
		return true;
	}
}

/* Disagreements of one kind: the first case, and how many. */
static struct kind {
	unsigned count;
	const char *first;
} kinds[REASONS_MAX][JUDGED_COUNT][3];
static bool seen[REASONS_MAX][JUDGED_COUNT];

static size_t reasons_seen(enum judged first, enum judged last)
{
	size_t count = 0;

	for (size_t i = 0; i < REASONS_MAX; i++) {
		bool any = false;

		for (size_t j = first; j <= (size_t)last; j++)
			any = any || seen[i][j];
		count += any;
	}
	return count;
}

Test(rejection, every_reason_agrees_with_the_judge_in_drawn_cases, .timeout = 600)
{
	struct arena kept = { 0 };
	struct reason items[REASONS_MAX];
	size_t count = read_reasons(&kept, items);
	const struct reasons reasons = { .items = { [REASONS_SESSION] = items },
					 .counts = { [REASONS_SESSION] = count } };
	const struct match_list none = { 0 };
	uint64_t seed = test_seed();

	state = seed * 2 + 1;
	for (unsigned number = 0; number < CASES; number++) {
		struct grounds grounds;

		draw_facts();
		builder_init(&built);
		build_papers();
		build_parties();
		build_checks();
		build_rest();
		builder_judge(&built);
		ownership_compute(&built.arena, &built.file, &built.profile, NULL);
		grounds_find(&built.arena,
			     &(const struct grounds_input){ .verdict = VERDICT_REJECT,
							    .reasons = &reasons,
							    .profile = &built.profile,
							    .matches = &none,
							    .file = &built.file,
							    .context = &built.context,
							    .sandbox = d.sandbox },
			     &grounds);
		for (size_t i = 0; i < count; i++) {
			const struct ground *ground = ground_by_code(&grounds, items[i].code);
			enum judged judged = judge(items[i].code);
			struct kind *kind;

			cr_assert_not_null(ground, "%s", items[i].code);
			seen[i][judged] = true;
			cr_expect(ground->fit != FIT_NO || *ground->contradicting_fact,
				  "KYBDESK_TEST_SEED=%llu: %s is refused without a fact", (unsigned long long)seed,
				  items[i].code);
			if (agrees(judged, ground->fit))
				continue;
			kind = &kinds[i][judged][ground->fit];
			if (!kind->count++)
				kind->first = arena_printf(&kept, "case %u (%s); the fact: %s", number, facts_text(),
							   ground->contradicting_fact);
		}
		arena_release(&built.arena);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < JUDGED_COUNT; j++)
			for (size_t fit = 0; fit < 3; fit++)
				cr_expect_eq(kinds[i][j][fit].count, 0,
					     "KYBDESK_TEST_SEED=%llu: %s, %s, is %s in %u cases: %s",
					     (unsigned long long)seed, items[i].code, judged_texts[j], fits[fit],
					     kinds[i][j][fit].count, kinds[i][j][fit].first);
	cr_expect_geq(reasons_seen(REFUTED, CONTRADICTED), 13);
	cr_expect_geq(reasons_seen(POSSIBLE, SUPPORTED), 18);
	cr_expect_geq(reasons_seen(UNKNOWN, UNDECIDED), 10);
	arena_release(&kept);
	tried("%d cases with %zu reasons each, seed %llu", CASES, count, (unsigned long long)seed);
}

/* --- the table --- */

static const char *read_source(struct arena *arena, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	enum err err = file_read(arena_printf(arena, "%s/%s", KYB_SOURCE_DIR, path), 1 << 20, &text, &error);

	cr_assert_eq(err, ERR_OK, "%s", error.message);
	return strbuf_finish(&text, arena);
}

/* Whether the words of the table have this one, in a line that takes a reason for a rejection. */
static bool supports_a_reason(const char *table, const char *word)
{
	const char *end = strstr(table, "\nclear ");

	for (const char *at = table; (at = strstr(at, word)) && at < end; at++) {
		const char *line = at;

		while (line[-1] != '\n')
			line--;
		if (line[2] == 't' && at[-1] == ' ' && strchr(" \n", at[strlen(word)]))
			return true;
	}
	return false;
}

/* A blocker has a reason of its own, or one of a word that says more; the others are not facts of the client. */
Test(rejection, each_finding_of_the_gate_has_a_reason)
{
	static const char *const more[BLOCKER_CODE_COUNT] = {
		[BLOCKER_STATUS] = "",
		[BLOCKER_DOCUMENT_NOT_ACCEPTED] = "document_unreviewed",
		[BLOCKER_BASIS_CHANGED] = "document_unreviewed",
		[BLOCKER_CORRECTION_OPEN] = "client_silent",
		[BLOCKER_HIT_OPEN] = "sanctions_open",
		[BLOCKER_CHECK_FAILED] = "data_failed",
		[BLOCKER_CHECK_STALE] = "",
		[BLOCKER_HELD] = "",
		[BLOCKER_SUSPICION_OPEN] = "",
		[BLOCKER_SECOND_REVIEWER] = "",
		[BLOCKER_CLAIMED_BY_OTHER] = "",
		[BLOCKER_CHANGED] = "",
	};
	struct arena arena = { 0 };
	const char *table = read_source(&arena, "data/findings.txt");

	for (size_t i = 0; i < BLOCKER_CODE_COUNT; i++) {
		const char *word = more[i] ? more[i] : blocker_code_text((enum blocker_code)i);

		cr_expect(!*word || supports_a_reason(table, word), "%s", word);
	}
	arena_release(&arena);
}

/* A word that nothing writes would never decide; a line that contradicts a rejection says with what. */
Test(rejection, each_word_of_the_table_is_a_finding)
{
	struct arena arena = { 0 };
	const char *table = read_source(&arena, "data/findings.txt");
	const char *sources = arena_printf(&arena,
					   "%s sanctions_open sanctions_cleared pep_open pep_cleared "
					   "adverse_media_open adverse_media_cleared otherwise number_same "
					   "number_different birth_date_same birth_date_different founding_date_same "
					   "founding_date_different country_same country_different name_same "
					   "name_different name_close ",
					   read_source(&arena, "src/domain/gate/rejection.c"));
	bool rejects = false;
	size_t words = 0;

	for (const char *line = table, *next; *line; line = next) {
		size_t length = strcspn(line, ":\n");

		next = line + strcspn(line, "\n") + 1;
		rejects = *line == ' ' ? rejects : !strncmp(line, "reject ", 7);
		if (*line != ' ')
			continue;
		cr_expect(!rejects || line[2] == 't' || line[length] == ':', "%.*s", (int)length, line);
		for (const char *at = line + 2 + strcspn(line + 2, " "); at < line + length; words++) {
			const char *word = arena_strndup(&arena, at + 1, strcspn(at + 1, " :\n"));
			enum blocker_code code;

			cr_expect(blocker_code_parse(word, &code) || strstr(sources, arena_printf(&arena, "%s ", word)),
				  "%s", word);
			at += 1 + strlen(word);
		}
	}
	cr_expect_geq(words, 90);
	arena_release(&arena);
}
