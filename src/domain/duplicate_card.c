#include "kybdesk/domain/duplicate_card.h"

#include "kybdesk/base/text.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/value.h"

#include <string.h>

/* for each session: maximum number of shown parties that the other session does not have */
#define PARTIES_SHOWN 12

struct builder {
	struct arena *arena;
	const struct duplicate_card_input *sides;
	struct duplicate_card *out;
	size_t capacity;
};

static void add_line(struct builder *builder, const char *label, const char *here, const char *there, bool is_same)
{
	if (!*here && !*there)
		return;
	*ARENA_PUSH(builder->arena, builder->out->lines, builder->out->count, builder->capacity) =
		(struct comparison_line){ label, here, there, is_same };
	builder->out->same_line_count += is_same;
}

static bool is_same_text(const char *here, const char *there)
{
	return *here && text_equals_folded(here, there);
}

/* The registration number of one session may be the tax id of the other. */
static void add_id_number_lines(struct builder *builder)
{
	const struct duplicate_card_input *sides = builder->sides;
	const struct subject *here = &sides->this_case->session.subject, *there = &sides->other_case->session.subject,
			     *shown = &sides->this_case_shown->session.subject,
			     *other = &sides->other_case_shown->session.subject;

	add_line(builder, "reg. number", shown->registration_number, other->registration_number,
		 identity_numbers_agree(here->registration_number, there->registration_number));
	add_line(builder, "tax id", shown->tax_id, other->tax_id, identity_numbers_agree(here->tax_id, there->tax_id));
	if (identity_numbers_agree(here->registration_number, there->tax_id))
		add_line(builder, "as tax id", shown->registration_number, other->tax_id, true);
	if (identity_numbers_agree(here->tax_id, there->registration_number))
		add_line(builder, "as number", shown->tax_id, other->registration_number, true);
}

static void add_subject(struct builder *builder)
{
	const struct duplicate_card_input *sides = builder->sides;
	const struct subject *here = &sides->this_case->session.subject, *there = &sides->other_case->session.subject,
			     *shown = &sides->this_case_shown->session.subject,
			     *other = &sides->other_case_shown->session.subject;

	add_line(builder, "name", shown->name, other->name,
		 here->kind == there->kind &&
			 identity_names_agree(identity_of_subject(here).kind, here->name, there->name));
	add_line(builder, "country", shown->country, other->country, is_same_text(here->country, there->country));
	add_id_number_lines(builder);
	add_line(builder, "born", shown->date_of_birth, other->date_of_birth,
		 is_same_text(here->date_of_birth, there->date_of_birth));
	add_line(builder, "founded", shown->incorporated_on, other->incorporated_on,
		 is_same_text(here->incorporated_on, there->incorporated_on));
	add_line(builder, "user", shown->uid, other->uid, is_same_text(here->uid, there->uid));
	add_line(builder, "website", shown->website, other->website, is_same_text(here->website, there->website));
	add_line(builder, "email", shown->email, other->email, is_same_text(here->email, there->email));
	add_line(builder, "phone", shown->phone, other->phone, identity_numbers_agree(here->phone, there->phone));
}

static const char *address_member(const struct case_file *file, const char *key)
{
	return value_text(value_member(file->session.subject.address, key));
}

static void add_address(struct builder *builder)
{
	const struct duplicate_card_input *sides = builder->sides;
	const struct value *here = sides->this_case->session.subject.address,
			   *there = sides->other_case->session.subject.address;

	for (int side = 0; side < 2; side++) {
		const struct value *address = side ? there : here;

		for (size_t i = 0; address && address->kind == VALUE_OBJECT && i < address->count; i++) {
			const char *key = address->keys[i];

			if (side && value_member(here, key))
				continue;
			/* The key "country" is shown as "in country", because the country of the subject has its
			 * own row. */
			add_line(builder, strcmp(key, "country") == 0 ? "in country" : key,
				 address_member(sides->this_case_shown, key),
				 address_member(sides->other_case_shown, key),
				 is_same_text(address_member(sides->this_case, key),
					      address_member(sides->other_case, key)));
		}
	}
}

static const char *party_text(struct arena *arena, const struct case_file *shown, size_t index)
{
	const struct party *party = index < shown->party_count ? &shown->parties[index] : NULL;

	if (!party)
		return "";
	return arena_printf(arena, "%s%s%s%s%s", party->name, *party->country ? ", " : "", party->country,
			    *party->date_of_birth ? ", " : "", party->date_of_birth);
}

/* One name and birth date, or neither with a date; not two numbers. */
static bool is_same_party(const struct party *here, const struct party *there)
{
	const struct identity left = identity_of_party(here), right = identity_of_party(there);

	return !strcmp(here->date_of_birth, there->date_of_birth) &&
	       identity_names_agree(here->kind, here->name, there->name) &&
	       identity_compare(&left, &right) != IDENTITY_OTHER;
}

static void add_parties(struct builder *builder)
{
	const struct duplicate_card_input *sides = builder->sides;
	const struct case_file *here = sides->this_case, *there = sides->other_case;
	bool *taken = arena_alloc_array(builder->arena, there->party_count + 1, sizeof *taken);
	size_t alone = 0;

	for (size_t i = 0; i < there->party_count; i++)
		taken[i] = false;
	for (size_t i = 0; i < here->party_count; i++) {
		size_t match = 0;

		while (match < there->party_count &&
		       (taken[match] || !is_same_party(&here->parties[i], &there->parties[match])))
			match++;
		if (match < there->party_count) {
			taken[match] = true;
			add_line(builder, "party", party_text(builder->arena, sides->this_case_shown, i),
				 party_text(builder->arena, sides->other_case_shown, match), true);
		} else if (alone++ < PARTIES_SHOWN) {
			add_line(builder, "party", party_text(builder->arena, sides->this_case_shown, i), "", false);
		}
	}
	alone = 0;
	for (size_t i = 0; i < there->party_count; i++)
		if (!taken[i] && alone++ < PARTIES_SHOWN)
			add_line(builder, "party", "", party_text(builder->arena, sides->other_case_shown, i), false);
}

static bool has_same_bytes(const struct document *here, const struct document *there)
{
	const char *const theirs[] = { there->sha256, there->back.sha256 };

	for (size_t i = 0; i < 2; i++)
		if (*theirs[i] && (!strcmp(here->sha256, theirs[i]) || !strcmp(here->back.sha256, theirs[i])))
			return true;
	return false;
}

static const char *document_text(struct arena *arena, const struct case_file *shown, size_t index)
{
	const struct document *document = index < shown->document_count ? &shown->documents[index] : NULL;

	return document ? arena_printf(arena, "%s%s%s", document->type, *document->file_name ? " " : "",
				       document->file_name)
			: "";
}

static void add_documents(struct builder *builder)
{
	const struct duplicate_card_input *sides = builder->sides;

	for (size_t i = 0; i < sides->this_case->document_count; i++)
		for (size_t n = 0; n < sides->other_case->document_count; n++)
			if (has_same_bytes(&sides->this_case->documents[i], &sides->other_case->documents[n]))
				add_line(builder, "same file", document_text(builder->arena, sides->this_case_shown, i),
					 document_text(builder->arena, sides->other_case_shown, n), true);
	add_line(builder, "documents", arena_printf(builder->arena, "%zu", sides->this_case->document_count),
		 arena_printf(builder->arena, "%zu", sides->other_case->document_count), false);
}

/* The last decision that was not undone, for example "approve by lea: …". */
static const char *outcome(struct arena *arena, const struct case_file *file)
{
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];

		if (decision->undone || decision->kind == DECISION_UNDO)
			continue;
		return arena_printf(arena, "%s by %s%s%s", decision_kind_text(decision->kind), decision->by,
				    *decision->reason ? ": " : "", decision->reason);
	}
	return "none";
}

void duplicate_card_make(struct arena *arena, const struct duplicate_card_input *sides, struct duplicate_card *out)
{
	struct builder builder = { .arena = arena, .sides = sides, .out = out };
	const struct session *here = &sides->this_case->session, *there = &sides->other_case->session;

	*out = (struct duplicate_card){ 0 };
	add_line(&builder, "reference", here->external_ref, there->external_ref, false);
	add_subject(&builder);
	add_address(&builder);
	add_parties(&builder);
	add_documents(&builder);
	if (strcmp(here->merchant, there->merchant) != 0)
		add_line(&builder, "merchant", here->merchant, there->merchant, false);
	add_line(&builder, "workflow", here->workflow, there->workflow, false);
	add_line(&builder, "status", session_status_title(here->status), session_status_title(there->status), false);
	add_line(&builder, "outcome", outcome(arena, sides->this_case), outcome(arena, sides->other_case), false);
	add_line(&builder, "submitted", date_text(arena, here->submitted_at), date_text(arena, there->submitted_at),
		 false);
}
