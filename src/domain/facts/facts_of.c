/* The facts of each kind of judgement. */
#include "facts/facts_text.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/things.h"
#include "kybdesk/domain/value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The values that identify a person or a company. */
struct person {
	const char *texts[PERSON_FACT_COUNT];
};

static const char *const person_members[PERSON_FACT_COUNT] = { [PERSON_NAME] = "name",
							       [PERSON_COUNTRY] = "country",
							       [PERSON_BORN] = "date_of_birth",
							       [PERSON_REGISTRATION] = "registration_number",
							       [PERSON_TAX] = "tax_id" };

static void add_person(struct strbuf *text, const char *owner, struct person person)
{
	for (size_t i = 0; i < PERSON_FACT_COUNT; i++)
		facts_add(text, owner, person_members[i], person.texts[i]);
}

static struct person subject_person(const struct subject *subject)
{
	return (struct person){ { subject->name, subject->country, subject->date_of_birth, subject->registration_number,
				  subject->tax_id } };
}

static struct person party_person(const struct party *party)
{
	return (struct person){ { party->name, party->country, party->date_of_birth, party->registration_number,
				  party->tax_id } };
}

static struct person kyc_person(const struct party *party)
{
	return (struct person){ { party->session_name, party->session_country, party->session_birth_date,
				  party->session_registration_number, party->session_tax_id } };
}

const char *facts_subject(struct arena *arena, const struct subject *subject)
{
	struct strbuf text = STRBUF_INIT;

	add_person(&text, "subject", subject_person(subject));
	return strbuf_finish(&text, arena);
}

static const char *facts_party(struct arena *arena, const struct party *party)
{
	struct strbuf text = STRBUF_INIT;

	facts_add(&text, "party", "id", party->id);
	add_person(&text, "party", party_person(party));
	return strbuf_finish(&text, arena);
}

static const char *checked_member(const struct value *checked, const char *member)
{
	return value_text(value_member(checked, member));
}

static const char *facts_checked_subject(struct arena *arena, const struct value *checked)
{
	const char *id = checked_member(checked, "party"), *owner = *id ? "party" : "subject";
	struct strbuf text = STRBUF_INIT;

	if (*id)
		facts_add(&text, owner, "id", id);
	for (size_t i = 0; i < PERSON_FACT_COUNT; i++)
		facts_add(&text, owner, person_members[i], checked_member(checked, person_members[i]));
	return strbuf_finish(&text, arena);
}

bool checked_subject_is_current(struct arena *arena, const struct case_file *file, const struct value *checked,
				const char **changed)
{
	const char *id = checked_member(checked, "party"), *about = facts_checked_subject(arena, checked);
	const struct party *party = *id ? case_party(file, id) : NULL;

	if (!checked || !checked->count)
		*changed = "its subject was not recorded";
	else if (!*id)
		*changed = facts_changes_text(arena, about, facts_subject(arena, &file->session.subject));
	else if (party)
		*changed = facts_changes_text(arena, about, facts_party(arena, party));
	else
		*changed = "the party was removed from the case";
	return *changed && !**changed;
}

/* A value that is missing on one side is not a contradiction. */
static bool texts_contradict(const char *a, const char *b)
{
	return *a && *b && strcmp(a, b) != 0;
}

struct kyc_facts facts_kyc(struct arena *arena, const struct party *party)
{
	const struct person here = party_person(party), there = kyc_person(party);
	struct person agreed = here;
	struct strbuf facts = STRBUF_INIT, subject = STRBUF_INIT, before = STRBUF_INIT, now = STRBUF_INIT;

	facts_add(&facts, "KYC", "id", party->session_id);
	facts_add(&facts, "KYC", "approval", arena_printf(arena, "%lld", (long long)party->session_approval_number));
	add_person(&facts, "KYC", there);
	add_person(&facts, "party", here);
	add_person(&subject, "subject", there);
	for (size_t i = 0; i < PERSON_FACT_COUNT; i++)
		if (i == PERSON_NAME ? !text_equals_folded(here.texts[i], there.texts[i])
				     : texts_contradict(here.texts[i], there.texts[i]))
			agreed.texts[i] = there.texts[i];
	add_person(&before, "party", agreed);
	add_person(&now, "party", here);
	return (struct kyc_facts){ .facts = strbuf_finish(&facts, arena),
				   .subject = strbuf_finish(&subject, arena),
				   .differences = facts_changes_text(arena, strbuf_finish(&before, arena),
								     strbuf_finish(&now, arena)) };
}

unsigned facts_kyc_difference_bits(const struct party *party)
{
	const struct person here = party_person(party), there = kyc_person(party);
	unsigned differs = 0;

	for (unsigned i = 0; i < PERSON_FACT_COUNT; i++)
		differs |= strcmp(here.texts[i], there.texts[i]) != 0 ? 1u << i : 0;
	return differs;
}

const char *facts_trade_name(const struct case_file *file)
{
	for (size_t i = 0; i < file->step_count; i++) {
		const char *name = value_text(value_member(file->steps[i].values, "tradeName"));

		if (*name && !text_equals_folded(name, file->session.subject.name))
			return name;
	}
	return "";
}

bool document_must_show_name(const struct profile *profile, const struct document *document)
{
	const struct document_spec *spec = profile ? profile_document(profile, document->type) : NULL;

	return spec && spec->expected_parts & 1u << SHOWS_NAME;
}

const char *facts_document(struct arena *arena, const struct case_file *file, const struct facts_input *of,
			   const struct document *document)
{
	struct strbuf text = STRBUF_INIT;
	size_t parties = 0;
	facts_add(&text, "document", "sha256", document->sha256);
	facts_add(&text, "document", "type", document->type);
	/* A single-sided document has an empty "side" instead of the back's hash. */
	if (document->double_sided)
		facts_add(&text, "document", "back", document->back.sha256);
	else
		facts_add(&text, "document", "side", "");
	facts_add(&text, "document", "expires_on", date_text(arena, document->expires_on));
	for (size_t i = 0; i < file->party_count; i++) {
		if (!document_identifies(document, of->profile, &file->parties[i]))
			continue;
		parties++;
		add_person(&text, parties == 1 ? "party" : arena_printf(arena, "party %zu", parties),
			   party_person(&file->parties[i]));
	}
	if (!parties)
		add_person(&text, "subject", subject_person(&file->session.subject));
	/* Adds the trade name only if it exists, so that the stored facts of other cases do not change. */
	if (!parties && *facts_trade_name(file) && document_must_show_name(of->profile, document))
		facts_add(&text, "subject", "trade_name", facts_trade_name(file));
	return strbuf_finish(&text, arena);
}

const char *facts_external_verification(struct arena *arena, const struct party *party)
{
	struct strbuf text = STRBUF_INIT;

	facts_add(&text, "party", "kind", party_kind_text(party->kind));
	add_person(&text, "party", party_person(party));
	facts_add(&text, "mark", "reason", party->verified_elsewhere_reason);
	return strbuf_finish(&text, arena);
}

const char *facts_pair(struct arena *arena, const struct party *left, const struct party *right)
{
	const bool in_order = strcmp(left->id, right->id) < 0;
	const struct party *const pair[] = { in_order ? left : right, in_order ? right : left };
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		facts_add(&text, "party", "kind", party_kind_text(pair[i]->kind));
		add_person(&text, "party", party_person(pair[i]));
	}
	return strbuf_finish(&text, arena);
}

static const char *score_text(struct arena *arena, double score)
{
	return score < 0 ? "" : arena_printf(arena, "%.6f", score);
}

/* Includes the party that the hit names, else the subject, because the card of the hit compares the list entry with
 * this party or subject. */
const char *facts_hit(struct arena *arena, const struct case_file *file, const struct check *check,
		      const struct hit *hit)
{
	const struct party *party = hit_find_subject(file, check, hit).party;
	struct strbuf text = STRBUF_INIT;

	facts_add(&text, "hit", "kind", check_kind_text(check->kind));
	facts_add(&text, "hit", "list", hit->list);
	facts_add(&text, "hit", "name", hit->name);
	facts_add(&text, "hit", "class", hit_class_text(hit->class_));
	facts_add(&text, "hit", "score", score_text(arena, hit->score));
	facts_add(&text, "hit", "detail", hit->detail_json);
	if (party)
		add_person(&text, "party", party_person(party));
	else
		add_person(&text, "subject", subject_person(&file->session.subject));
	return strbuf_finish(&text, arena);
}

const char *facts_waiver(struct arena *arena, const struct check *check)
{
	struct strbuf text = STRBUF_INIT;

	facts_add(&text, "check", "kind", check_kind_text(check->kind));
	facts_add(&text, "check", "result", check_status_text(check->reported_status));
	facts_add(&text, "check", "score", score_text(arena, check->score));
	facts_add(&text, "check", "checked_at",
		  check->checked_at != TIME_NONE ? time_text(arena, check->checked_at) : "");
	facts_add(&text, "check", "detail", check->detail_json);
	return strbuf_finish(&text, arena);
}

const char *facts_result(struct arena *arena, const struct case_file *file, const struct result *result)
{
	const struct party *party = case_party(file, result->person);

	if (!strcmp(result->person, RESULT_ABOUT_SUBJECT))
		return facts_subject(arena, &file->session.subject);
	return party ? facts_party(arena, party) : "";
}

static void add_duplicate_side(struct strbuf *text, struct arena *arena, const char *id, struct person person)
{
	const char *owner = arena_printf(arena, "case %.8s", id);

	for (size_t i = 0; i < PERSON_FACT_COUNT; i++)
		if (i != PERSON_BORN)
			facts_add(text, owner, person_members[i], person.texts[i]);
}

/* Returns the same text for both cases of the pair. */
const char *facts_duplicate(struct arena *arena, const struct session *session, const struct duplicate *duplicate)
{
	const struct person here = subject_person(&session->subject);
	const struct person there = { { duplicate->name, duplicate->country, duplicate->date_of_birth,
					duplicate->registration_number, duplicate->tax_id } };
	bool first = strcmp(session->id, duplicate->id) < 0;
	struct strbuf text = STRBUF_INIT;

	add_duplicate_side(&text, arena, first ? session->id : duplicate->id, first ? here : there);
	add_duplicate_side(&text, arena, first ? duplicate->id : session->id, first ? there : here);
	/* An old dismissal, and a dismissal for equal numbers, has no line "shared" in its basis. */
	if (*duplicate->shared_parts)
		facts_add(&text, "both cases", "shared", duplicate->shared_parts);
	return strbuf_finish(&text, arena);
}

static const char *owned_party_name(const struct case_file *file, const char *id)
{
	const struct party *party = *id ? case_party(file, id) : NULL;

	return party ? party->name : *id ? id : "the subject";
}

/* Adds for example "Vela BV (company): 60 % of the subject, 20 % of Ost GmbH", with the shares sorted. */
static void add_owner(struct strbuf *text, struct arena *arena, const struct case_file *file, const struct party *party)
{
	const char **shares = arena_alloc_array(arena, party->share_count + 1, sizeof *shares);
	struct strbuf value = STRBUF_INIT;

	for (size_t i = 0; i < party->share_count; i++)
		shares[i] = arena_printf(arena, "%s %% of %s", party->shares[i].percent,
					 owned_party_name(file, party->shares[i].owned_party_id));
	qsort(shares, party->share_count, sizeof *shares, text_compare);
	strbuf_addf(&value, "%s (%s): ", party->name, party_kind_text(party->kind));
	for (size_t i = 0; i < party->share_count; i++)
		strbuf_addf(&value, "%s%s", i ? ", " : "", shares[i]);
	if (!party->share_count)
		strbuf_adds(&value, "nothing");
	facts_add(text, "ownership", arena_printf(arena, "owner.%s", party->id), value.buf);
	strbuf_release(&value);
}

const char *facts_gap(struct arena *arena, const struct case_file *file, const struct profile *profile)
{
	struct strbuf text = STRBUF_INIT;
	struct ownership_gap gap;

	ownership_gap_find(arena, file, profile, &gap);
	facts_add(&text, "ownership", "missing", gap.is_computed ? gap.percent : "");
	for (size_t i = 0; i < file->party_count; i++)
		add_owner(&text, arena, file, &file->parties[i]);
	return strbuf_finish(&text, arena);
}

static void add_answer(struct strbuf *text, const char *field, const struct value *value)
{
	struct strbuf written = STRBUF_INIT;

	value_write(&written, value);
	facts_add(text, "answer to", field, written.buf ? written.buf : "");
	strbuf_release(&written);
}

const char *facts_correction(struct arena *arena, const struct case_file *file, const struct correction *correction)
{
	struct strbuf text = STRBUF_INIT;
	const struct step *step = case_step(file, correction->step_id);
	const struct value *fields = step ? step->values : NULL;

	facts_add(&text, "answer", "sha256",
		  sha256_text(arena, correction->after_json, strlen(correction->after_json)));
	for (size_t i = 0; i < correction->field_count; i++) {
		const char *field = correction->field_ids[i];

		/* A correction may name "addresses[0].zip_code"; the fact is the whole list. */
		field = arena_strndup(arena, field, strcspn(field, ".["));
		add_answer(&text, field, value_member(fields, field));
	}
	for (size_t i = 0; correction_is_of_step(correction) && fields && i < fields->count; i++)
		add_answer(&text, fields->keys[i], &fields->items[i]);
	for (size_t t = 0; t < correction->document_type_count; t++) {
		for (size_t i = 0; i < file->document_count; i++) {
			const struct document *document = &file->documents[i];

			/* a file of another type that answers for a document of these types comes first */
			bool answers = !t && !correction_has_type(correction, document->type) &&
				       correction_means_document(file, correction, document);

			if (document->replaced || !document_has_bytes(document) ||
			    (!answers && strcmp(document->type, correction->document_types[t]) != 0))
				continue;
			facts_add(&text, "file", arena_printf(arena, "sha256.%s.%s", document->type, document->id),
				  document->sha256);
			if (document->double_sided)
				facts_add(&text, "file",
					  arena_printf(arena, "back.%s.%s", document->type, document->id),
					  document->back.sha256);
		}
	}
	return strbuf_finish(&text, arena);
}

/* --- the document that identifies a party, by the profile's field --- */

static bool has_rule_type(const struct field_rule *rule, const struct document *document)
{
	return !rule->word_count || texts_contain(rule->words, rule->word_count, document->type);
}

static bool is_named(const struct document *document, const struct field_rule *rule, const char *id)
{
	return *id && !document->replaced &&
	       (!strcasecmp(document->id, id) || !strcasecmp(document->back_side_id, id)) &&
	       has_rule_type(rule, document);
}

/* The id that the party's field names, and the field's rule; "": none. */
static const char *identity_document_id(const struct profile *profile, const struct party *party,
					const struct field_rule **rule)
{
	const struct party_rules *rules = &profile->parties;

	if (rules->field_kind_bits && !(rules->field_kind_bits & (1u << party->kind)))
		return "";
	for (size_t i = 0; i < rules->field_count; i++) {
		*rule = field_rule_find(&rules->fields[i], RULE_DOCUMENT);
		const struct value *value = *rule ? value_member(party->values, rules->fields[i].id) : NULL;

		if (value && value->kind == VALUE_TEXT)
			return value->text;
	}
	return "";
}

bool document_identifies(const struct document *document, const struct profile *profile, const struct party *party)
{
	const struct field_rule *rule = NULL;
	const char *id = identity_document_id(profile, party, &rule);

	return is_named(document, rule, id);
}

const struct document *party_identity_document(const struct case_file *file, const struct profile *profile,
					       const struct party *party)
{
	const struct field_rule *rule = NULL;
	const char *id = identity_document_id(profile, party, &rule);

	for (size_t i = 0; *id && i < file->document_count; i++) {
		if (is_named(&file->documents[i], rule, id))
			return &file->documents[i];
	}
	return NULL;
}

static bool is_accepted(const struct document *document)
{
	return !document->replaced && document->upload == UPLOAD_READY && document->review == REVIEW_ACCEPTED &&
	       document->standing.valid;
}

const char *party_identity_document_fault(const struct case_file *file, const struct profile *profile,
					  const struct party *party)
{
	const struct document *document = party_identity_document(file, profile, party);

	if (!document)
		return "the identification is not an identity document of the case; request a correction";
	for (size_t i = 0; i < file->party_count; i++) {
		if (&file->parties[i] != party && document_identifies(document, profile, &file->parties[i]))
			return "the identification is also used for another party; request a separate document";
	}
	if (document_lacks_side(document))
		return "a side of the identification is missing";
	if (!is_accepted(document))
		return "accept an identification document of this party";
	return "";
}
