/* The checks of the client's verbs before any change. */
#include "rule_bench.h"
#include "kybdesk/domain/submit.h"
#include <criterion/criterion.h>
#include <string.h>

static struct bench bench;
static struct profile *profile;
static struct case_file file;
static struct step step;
static struct document documents[4];
static struct party party;
static struct correction correction;
static struct decision decisions[3];
static struct rules_input input;

static void set_up(void)
{
	static const char text[] =
		"{\"name\":\"p\",\"title\":\"P\",\"kind\":\"kyb\",\"subject_kinds\":[\"business\"],"
		"\"steps\":[{\"id\":\"company\",\"title\":\"Company\",\"fields\":[{\"id\":\"activity\",\"title\":"
		"\"Activity\",\"rules\":[{\"rule\":\"required\"},{\"rule\":\"length\",\"max\":9}]},{\"id\":\"site\","
		"\"from\":\"subject.website\"},{\"id\":\"places\"}]}],"
		"\"document_rules\":{\"submit_needs_mandatory\":true},"
		"\"documents\":[{\"type\":\"DEED\",\"title\":\"Deed\",\"step\":\"company\",\"mandatory\":true},{"
		"\"type\":"
		"\"CARD\",\"title\":\"Card\",\"mandatory\":true,\"double_sided\":true},{\"type\":\"MAP\",\"title\":"
		"\"Map\"}],\"parties\":{\"by_client\":true},\"attempts\":{\"resubmit\":true,\"max\":2}}";
	struct profile_mistake *mistakes;
	size_t count;

	bench_init(&bench);
	profile_read(&bench.kept, text, strlen(text), NULL, &profile, &mistakes, &count);
	cr_assert_not_null(profile, "%s: %s", mistakes[0].path, mistakes[0].message);
	case_file_init(&file);
	step_init(&step);
	step.id = "company";
	step.fields_json = "{\"activity\":\"Fish\",\"places\":[{\"city\":\"Porto\"}]}";
	file.session.subject.website = "https://a.example";
	file.steps = &step;
	file.step_count = 1;
	for (size_t i = 0; i < 4; i++) {
		document_init(&documents[i]);
		documents[i].upload = UPLOAD_READY;
		documents[i].type = i ? "CARD" : "DEED";
		documents[i].sha256 = i ? "11" : "00";
	}
	documents[1].double_sided = true;
	documents[1].front_upload = documents[1].back.upload = UPLOAD_READY;
	documents[1].back.sha256 = "22";
	file.documents = documents;
	file.document_count = 2;
	party_init(&party);
	party.id = "p0";
	file.parties = &party;
	file.party_count = 1;
	correction_init(&correction);
	correction.id = "c0";
	correction.step_id = "company";
	correction.requested_at = BENCH_NOW;
	correction.before_json =
		"{\"fields\":{\"activity\":\"Fish\",\"site\":\"https://a.example\",\"places\":[{\"city\":"
		"\"Porto\"}]},\"documents\":[{\"type\":\"DEED\",\"sha256\":\"00\"}],\"parties\":[\"p0\"]}";
	file.corrections = &correction;
	file.correction_count = 1;
	input = (struct rules_input){
		.file = &file, .profile = profile, .countries = &bench.countries, .today = "2026-11-02"
	};
}

static void tear_down(void)
{
	bench_release(&bench);
}
TestSuite(submit, .init = set_up, .fini = tear_down);
TestSuite(resubmit, .init = set_up, .fini = tear_down);
TestSuite(hand_in, .init = set_up, .fini = tear_down);

/* "ref message|…" */
static const char *listed(const struct blockers *blockers)
{
	const char *all = "";

	for (size_t i = 0; i < blockers->count; i++)
		all = arena_printf(&bench.arena, "%s%s%s: %s", all, i ? "|" : "", blockers->items[i].ref,
				   blockers->items[i].message);
	return all;
}

static enum blocker_code wanted_code = BLOCKER_DOCUMENT_MISSING;

static const char *submitting(void)
{
	const struct rules_input input = { .file = &file, .profile = profile, .today = "" };
	struct blockers blockers;

	case_values_parse(&bench.arena, &file);
	submit_check(&bench.arena, &input, &blockers);
	for (size_t i = 0; i < blockers.count; i++)
		cr_expect_eq(blockers.items[i].code, wanted_code);
	return listed(&blockers);
}

Test(submit, needs_every_mandatory_document_ready)
{
	static const enum upload_state states[] = { UPLOAD_REQUIRED, UPLOAD_WAITING, UPLOAD_PROCESSING,
						    UPLOAD_REJECTED };

	cr_expect_str_empty(submitting());
	for (size_t i = 0; i < 4; i++) {
		documents[0].upload = states[i];
		cr_expect_str_eq(submitting(), "DEED: Deed is missing: upload it before you submit");
	}
	documents[0].upload = UPLOAD_READY;
	documents[0].replaced = true;
	cr_expect_str_eq(submitting(), "DEED: Deed is missing: upload it before you submit");
	file.document_count = 0;
	cr_expect_str_eq(submitting(), "DEED: Deed is missing: upload it before you submit|CARD: Card is missing: "
				       "upload it before you submit");
}

Test(submit, needs_each_required_field_and_shares_of_at_most_100_percent)
{
	struct party_share shares[2] = { { .owned_party_id = "", .percent = "60" },
					 { .owned_party_id = "", .percent = "40.1" } };
	struct party owners[2] = { party, party };

	wanted_code = BLOCKER_FIELD_INVALID;
	step.fields_json = "{}";
	cr_expect_str_eq(submitting(), "steps.company.activity: Activity is missing; it is required");
	step.fields_json = "{\"activity\":\"Fish and chips\"}";
	cr_expect_str_empty(submitting(), "a value was checked when it was saved");
	wanted_code = BLOCKER_OWNERSHIP_INVALID;
	for (size_t i = 0; i < 2; i++) {
		owners[i].name = i ? "Bo" : "Al";
		owners[i].shares = &shares[i];
		owners[i].share_count = 1;
	}
	file.session.subject.name = "ACME";
	file.parties = owners;
	file.party_count = 2;
	cr_expect_str_eq(submitting(), "parties: The owners of ACME add up to 100.1 % (Al 60 %, Bo 40.1 %); at most "
				       "100 % is possible");
	cr_expect_str_empty(owners[0].effective_percent, "the case is not changed");
	shares[0].percent = "59.9";
	cr_expect_str_empty(submitting());
	owners[0].name = owners[1].name = "Al Reis";
	owners[0].date_of_birth = "1984-02-11";
	cr_expect_str_empty(submitting(), "only a reviewer can say whether two rows are one person");
	file.party_count = 1;
	profile->parties.owner_threshold_percent = "25";
	shares[0].percent = "20-30";
	cr_expect_str_empty(submitting(), "only a reviewer can narrow a range, or treat the person as an owner");
}

Test(submit, needs_the_back_of_what_has_a_front)
{
	struct document_side back = documents[1].back, none = { .sha256 = "", .upload = UPLOAD_WAITING };
	struct document_side front = document_side(&documents[1], SIDE_FRONT);

	document_set_side(&documents[1], SIDE_BACK, &none);
	cr_expect_str_eq(submitting(), "CARD: Card (back) is missing: upload it before you submit");
	document_set_side(&documents[1], SIDE_BACK, &back);
	document_set_side(&documents[1], SIDE_FRONT, &none);
	cr_expect_str_eq(submitting(), "CARD: Card (front) is missing: upload it before you submit");
	document_set_side(&documents[1], SIDE_FRONT, &front);
	cr_expect_str_empty(submitting());
}

/* One group needs MAP or PLAN, the other PLAN or CODE; a rejected document does not count for its groups. */
Test(submit, needs_one_document_of_each_group_that_binds)
{
	static const char *const ids[] = { "MAP", "PLAN", "CODE" };
	static struct document_group groups[2] = {
		{ .id = "PLACE", .title = "Place", .choices = "Map or Plan", .type_count = 2 },
		{ .id = "RULES", .title = "Rules", .choices = "Plan or Code", .type_count = 2 },
	};
	static struct rule_condition when = { .field = "subject.country", .kind = CONDITION_IS, .word_count = 1 };
	static const char *country = "PRT";
	struct document *map = &documents[2];

	groups[0].types = (const char **)&ids[0];
	groups[1].types = (const char **)&ids[1];
	profile->groups = groups;
	profile->group_count = 2;
	cr_expect_str_eq(submitting(),
			 "PLACE: Place is missing: upload it before you submit. Any of these will do: Map or Plan|"
			 "RULES: Rules is missing: upload it before you submit. Any of these will do: Plan or Code");
	file.document_count = 3;
	map->type = "PLAN"; /* in both groups */
	cr_expect_str_empty(submitting());
	map->review = REVIEW_REJECTED;
	cr_expect(strstr(submitting(), "PLACE: ") && strstr(submitting(), "RULES: "), "%s", submitting());
	map->review = REVIEW_UNREVIEWED;
	map->type = "MAP";
	cr_expect(!strstr(submitting(), "PLACE: ") && strstr(submitting(), "RULES: "), "%s", submitting());
	map->replaced = true;
	cr_expect(strstr(submitting(), "PLACE: "), "%s", submitting());
	map->replaced = false;
	map->upload = UPLOAD_WAITING;
	cr_expect(strstr(submitting(), "PLACE: "), "%s", submitting());
	map->double_sided = true;
	cr_expect(strstr(submitting(), "PLACE: Map (back) is missing"), "%s", submitting());
	when.words = &country;
	groups[0].when = groups[1].when = &when;
	groups[0].when_count = groups[1].when_count = 1;
	cr_expect_str_empty(submitting());
	file.session.subject.country = "PRT";
	cr_expect(strstr(submitting(), "PLACE: "), "%s", submitting());
}

Test(submit, needs_nothing_where_the_profile_does_not_say_so)
{
	profile->submit_needs_mandatory = false;
	file.document_count = 0;
	cr_expect_str_empty(submitting());
}

static void rejected(bool retryable)
{
	file.session.status = SESSION_REJECTED;
	file.session.attempt_number = 1;
	decision_init(&decisions[0]);
	decisions[0].kind = DECISION_REJECT;
	decisions[0].retryable = retryable;
	file.decisions = decisions;
	file.decision_count = 1;
}

static const char *resubmitting(void)
{
	const char *sentence;
	bool allowed = case_may_resubmit(&bench.arena, &file, profile, &sentence);

	cr_expect_eq(allowed, !*sentence);
	return sentence;
}

Test(resubmit, follows_a_retryable_rejection)
{
	rejected(true);
	cr_expect_str_empty(resubmitting());
	rejected(false);
	cr_expect(strstr(resubmitting(), "The rejection is final"));
	file.session.retryable = true;
	cr_expect(strstr(resubmitting(), "The rejection is final"), "the decision counts, not what a row says");
	file.decision_count = 0;
	cr_expect_str_empty(resubmitting());
}

Test(resubmit, looks_at_the_decision_that_stands)
{
	rejected(true);
	decisions[1] = decisions[0];
	decisions[1].retryable = false;
	file.decision_count = 2;
	cr_expect(strstr(resubmitting(), "The rejection is final"));
	decisions[1].undone = true;
	decisions[2] = decisions[0];
	decisions[2].kind = DECISION_UNDO;
	file.decision_count = 3;
	cr_expect_str_empty(resubmitting());
}

Test(resubmit, is_there_where_the_profile_has_it)
{
	rejected(true);
	profile->attempts.resubmit = false;
	cr_expect_str_eq(resubmitting(), "The workflow p has no second attempt after a rejection; open a new case");
}

Test(resubmit, ends_with_the_last_attempt)
{
	rejected(true);
	file.session.attempt_number = 2;
	cr_expect_str_eq(resubmitting(), "All 2 attempts of this case are used up; open a new case");
}

Test(resubmit, is_of_a_rejected_case)
{
	rejected(true);
	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		file.session.status = (enum session_status)status;
		cr_expect_eq(*resubmitting() == '\0', status == SESSION_REJECTED);
	}
}

static const char *handing_in(void)
{
	struct blockers blockers;

	file.session.status = SESSION_AWAITING_CLIENT_CORRECTION;
	case_values_parse(&bench.arena, &file);
	submit_check(&bench.arena, &input, &blockers);
	for (size_t i = 0; i < blockers.count; i++)
		cr_expect_eq(blockers.items[i].code, BLOCKER_CORRECTION_OPEN);
	return listed(&blockers);
}

#define UNANSWERED(what)                                                                                               \
	cr_expect_str_eq(handing_in(), "c0: The correction of Company is not answered: " what                          \
				       "; make the change, or explain in your own words why not")

static void about_field(const char *field)
{
	static const char *fields[1];

	fields[0] = field;
	correction.field_ids = fields;
	correction.field_count = 1;
}

static void about_document(const char *type)
{
	static const char *types[1];

	types[0] = type;
	correction.document_types = types;
	correction.document_type_count = 1;
}

Test(hand_in, a_field_needs_another_value)
{
	about_field("activity");
	UNANSWERED("Activity is unchanged");
	step.fields_json = "{\"activity\":\"\"}";
	UNANSWERED("Activity is empty");
	step.fields_json = "{\"activity\":\"Meat\"}";
	cr_expect_str_empty(handing_in());
}

Test(hand_in, a_field_may_stand_with_the_subject)
{
	about_field("site");
	UNANSWERED("site is unchanged");
	file.session.subject.website = "https://b.example";
	cr_expect_str_empty(handing_in());
}

Test(hand_in, of_a_list_any_element_may_change)
{
	about_field("places[0].city");
	UNANSWERED("places is unchanged");
	step.fields_json = "{\"places\":[{\"zip\":null,\"city\":\"Porto\"}]}";
	UNANSWERED("places is unchanged");
	step.fields_json = "{\"places\":[{\"city\":\"Braga\"}]}";
	cr_expect_str_empty(handing_in());
}

Test(hand_in, a_document_needs_another_file)
{
	about_document("DEED");
	UNANSWERED("no new file of Deed was uploaded");
	documents[0].id = "another-id";
	documents[0].file_name = "renamed.pdf";
	UNANSWERED("no new file of Deed was uploaded");
	documents[3].type = "DEED";
	documents[3].sha256 = "33";
	file.document_count = 4;
	documents[3].upload = UPLOAD_WAITING;
	UNANSWERED("no new file of Deed was uploaded");
	documents[3].upload = UPLOAD_READY;
	cr_expect_str_empty(handing_in());
	documents[3].type = "MAP";
	UNANSWERED("no new file of Deed was uploaded");
}

Test(hand_in, everything_that_was_named_is_asked_for)
{
	about_field("activity");
	about_document("DEED");
	step.fields_json = "{\"activity\":\"Meat\"}";
	UNANSWERED("no new file of Deed was uploaded");
	documents[0].sha256 = "33";
	cr_expect_str_empty(handing_in());
	step.fields_json = "{\"activity\":\"Fish\"}";
	UNANSWERED("Activity is unchanged");
}

Test(hand_in, the_clients_words_are_an_answer)
{
	about_field("activity");
	correction.after_json = "{\"words\":\" \"}";
	UNANSWERED("Activity is unchanged");
	correction.after_json = "{\"words\":\"It is fish, and nothing else\"}";
	cr_expect_str_empty(handing_in());
}

Test(hand_in, a_step_as_a_whole_needs_something_new)
{
	UNANSWERED("nothing was changed in this step");
	step.fields_json = "{\"activity\":\"Meat\",\"places\":[{\"city\":\"Porto\"}]}";
	cr_expect_str_empty(handing_in());
	step.fields_json = "{\"activity\":\"Fish\"}";
	documents[0].sha256 = "33";
	documents[0].uploaded_at = BENCH_NOW - 1;
	UNANSWERED("nothing was changed in this step");
	documents[0].uploaded_at = BENCH_NOW + 1;
	cr_expect_str_empty(handing_in());
	documents[0].sha256 = "00";
	UNANSWERED("nothing was changed in this step");
	/* The correction needs the company's values and documents; a new party does not resolve it. */
	party.id = "p1";
	UNANSWERED("nothing was changed in this step");
}

Test(hand_in, a_step_about_people_is_answered_by_somebody_new)
{
	step.id = correction.step_id = "people";
	cr_expect_str_eq(handing_in(),
			 "c0: The correction of people is not answered: nothing was changed in this step; "
			 "make the change, or explain in your own words why not");
	party.id = "p1";
	cr_expect_str_empty(handing_in());
}

Test(hand_in, being_called_answered_is_no_answer)
{
	about_field("activity");
	correction.state = CORRECTION_ANSWERED;
	UNANSWERED("Activity is unchanged");
	correction.state = CORRECTION_ACCEPTED;
	cr_expect_str_empty(handing_in());
	correction.state = CORRECTION_WITHDRAWN;
	cr_expect_str_empty(handing_in());
}

Test(hand_in, what_is_not_known_is_judged_by_its_time)
{
	about_document("DEED");
	correction.before_json = "";
	UNANSWERED("no new file of Deed was uploaded");
	documents[0].uploaded_at = BENCH_NOW - 1;
	UNANSWERED("no new file of Deed was uploaded");
	documents[0].uploaded_at = BENCH_NOW;
	cr_expect_str_empty(handing_in());
}
