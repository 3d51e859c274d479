#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/domain/value.h"

struct document *builder_add_document(struct builder *builder, const char *id, const char *type)
{
	struct document *document = &builder->documents[builder->file.document_count++];

	document_init(document);
	document->id = id;
	document->type = type;
	document->upload = UPLOAD_READY;
	document->review = REVIEW_ACCEPTED;
	return document;
}

struct party *builder_add_party(struct builder *builder, const char *id, const char *name)
{
	size_t at = builder->file.party_count++;
	struct party *party = &builder->parties[at];

	party_init(party);
	party->id = id;
	party->name = name;
	party->shares = &builder->shares[at];
	return party;
}

static void add_share(struct party *party, const char *percent)
{
	party->shares[0] = (struct party_share){ .owned_party_id = "", .percent = percent };
	party->share_count = 1;
}

struct check *builder_add_check(struct builder *builder, enum check_kind kind, enum check_status status)
{
	struct check *check = &builder->checks[builder->file.check_count++];

	check_init(check);
	check->kind = kind;
	check->status = status;
	return check;
}

struct correction *builder_add_correction(struct builder *builder, enum correction_state state)
{
	struct correction *correction = &builder->corrections[builder->file.correction_count++];

	correction_init(correction);
	correction->id = "c0";
	correction->step_id = "company_info";
	correction->state = state;
	return correction;
}

static void init_profile(struct builder *builder)
{
	builder->document_specs[0] =
		(struct document_spec){ .type = "ARTICLES", .title = "", .step_id = "company_info", .mandatory = true };
	builder->document_specs[1] =
		(struct document_spec){ .type = "NUMBER", .title = "Business number", .mandatory = true };
	builder->document_specs[2] = (struct document_spec){ .type = "LICENSE", .title = "" };
	builder->step_specs[0] = (struct step_spec){ .id = "company_info", .title = "Company information" };
	builder->profile = (struct profile){
		.four_eyes_from_risk = RISK_NONE,
		.name = "strict",
		.steps = builder->step_specs,
		.step_count = 1,
		.documents = builder->document_specs,
		.document_count = 3,
		.manual_review = true,
		.parties = { .required = true,
			     .control_role_required = true,
			     .owner_threshold_percent = "25",
			     .threshold_inclusive = true,
			     .individual_verification = VERIFY_SESSION,
			     .company_verification = VERIFY_NONE },
		.checks = { .required_kind_bits = 1u << CHECK_WATCHLIST | 1u << CHECK_WEB },
	};
}

void builder_init(struct builder *builder)
{
	struct session *session = &builder->file.session;
	struct party *party;
	struct check *check;

	*builder = (struct builder){ 0 };
	init_profile(builder);
	case_file_init(&builder->file);
	session->id = "s0";
	session->status = SESSION_MANUAL_REVIEW;
	session->version = 5;
	session->subject.name = "Harbour Lane";
	step_init(&builder->steps[0]);
	builder->steps[0].id = "company_info";
	builder->steps[0].status = STEP_COMPLETED;
	builder->file.steps = builder->steps;
	builder->file.step_count = 1;
	builder->file.documents = builder->documents;
	builder->file.parties = builder->parties;
	builder->file.checks = builder->checks;
	builder->file.corrections = builder->corrections;
	builder_add_document(builder, "d0", "ARTICLES");
	builder_add_document(builder, "d1", "NUMBER")->file_name = "number.pdf";
	builder_add_document(builder, "d2", "LICENSE");
	party = builder_add_party(builder, "p0", "Ines Duarte");
	party->control_role = "CEO";
	party->roles = 1u << ROLE_UBO;
	party->session_id = "sub0";
	party->session_status = SESSION_APPROVED;
	add_share(party, "80");
	party = builder_add_party(builder, "p1", "Lane Holdings BV");
	party->kind = PARTY_COMPANY;
	add_share(party, "20");
	check = builder_add_check(builder, CHECK_WATCHLIST, CHECK_HIT);
	hit_init(&builder->hits[0]);
	builder->hits[0].id = "h0";
	builder->hits[0].name = "Inês Duarte";
	builder->hits[0].list = "OFAC SDN";
	builder->hits[0].class_ = HIT_PEP;
	builder->hits[0].state = HIT_FALSE_POSITIVE;
	check->hits = builder->hits;
	check->hit_count = 1;
	builder_add_check(builder, CHECK_WEB, CHECK_PASSED);
	builder->context = (struct gate_context){
		.profile = &builder->profile,
		.actor = "ana",
		.role = ROLE_REVIEWER,
		.now = BUILDER_NOW,
		.seen_version = 5,
		.last_decision_by = "",
		.last_decision_at = TIME_NONE,
	};
	builder_judge(builder);
}

static const struct value *about_subject(struct builder *builder)
{
	static const char *const keys[] = { "name", "country", "date_of_birth", "registration_number", "tax_id" };
	const struct subject *subject = &builder->file.session.subject;
	const char *const texts[] = { subject->name, subject->country, subject->date_of_birth,
				      subject->registration_number, subject->tax_id };
	size_t count = sizeof keys / sizeof *keys;
	struct value *items = arena_alloc_array(&builder->arena, count, sizeof *items);
	struct value *about = arena_alloc(&builder->arena, sizeof *about);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct value){ .kind = VALUE_TEXT, .text = texts[i] };
	*about = (struct value){ .kind = VALUE_OBJECT, .text = "", .items = items, .keys = keys, .count = count };
	return about;
}

void builder_judge(struct builder *builder)
{
	const struct facts_input of = { .profile = &builder->profile };
	struct judgements judgements;

	for (size_t i = 0; i < builder->file.party_count; i++) {
		struct party *party = &builder->parties[i];

		/* The session that verifies the party has the party's name, unless a test sets another name. */
		if ((party->session_row || *party->session_id) && !*party->session_name)
			party->session_name = party->name;
	}
	for (size_t i = 0; i < builder->file.check_count; i++) {
		if (!builder->checks[i].checked_subject)
			builder->checks[i].checked_subject = about_subject(builder);
	}
	judgements_list(&builder->arena, &builder->file, &of, &judgements);
	for (size_t i = 0; i < judgements.count; i++)
		if (!*judgements.items[i].confirm_refusal)
			judgement_set_basis(&builder->file, &of, &judgements.items[i]);
	judgements_set_standings(&builder->arena, &builder->file, &of);
}

struct blockers builder_check(struct builder *builder)
{
	struct blockers blockers;

	builder_judge(builder);
	gate_check(&builder->arena, &builder->file, &builder->context, GATE_APPROVAL, &blockers);
	return blockers;
}

const char *builder_codes(struct builder *builder)
{
	struct blockers blockers = builder_check(builder);
	char *codes = arena_strdup(&builder->arena, "");

	for (size_t i = 0; i < blockers.count; i++)
		codes = arena_printf(&builder->arena, "%s%s%s", codes, i ? " " : "",
				     blocker_code_text(blockers.items[i].code));
	return codes;
}

void builder_expect_one(struct builder *builder, enum blocker_code code, const char *ref, const char *part)
{
	struct blockers found = builder_check(builder);

	cr_assert_eq(found.count, 1, "%s", builder_codes(builder));
	cr_expect_eq(found.items[0].code, code);
	cr_expect_str_eq(found.items[0].ref, ref);
	cr_expect(strstr(found.items[0].message, part), "%s", found.items[0].message);
}

struct builder built;

void builder_set_up(void)
{
	builder_init(&built);
}

void builder_tear_down(void)
{
	arena_release(&built.arena);
}
