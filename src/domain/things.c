#include "kybdesk/domain/things.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/facts.h"

#include <string.h>

static bool field_accepts_both(const struct field_spec *fields, size_t count, const char *a, const char *b)
{
	for (size_t i = 0; i < count; i++) {
		const struct field_rule *rule = field_rule_find(&fields[i], RULE_DOCUMENT);

		if (rule && texts_contain(rule->words, rule->word_count, a) &&
		    texts_contain(rule->words, rule->word_count, b))
			return true;
	}
	return false;
}

bool document_types_are_alternatives(const struct profile *profile, const char *a, const char *b)
{
	if (!strcmp(a, b))
		return true;
	for (size_t i = 0; i < profile->group_count; i++) {
		if (document_group_has_type(&profile->groups[i], a) && document_group_has_type(&profile->groups[i], b))
			return true;
	}
	for (size_t i = 0; i < profile->step_count; i++) {
		if (field_accepts_both(profile->steps[i].fields, profile->steps[i].field_count, a, b))
			return true;
	}
	return field_accepts_both(profile->parties.fields, profile->parties.field_count, a, b);
}

bool correction_names_document_of_type(const struct case_file *file, const struct correction *correction,
				       const char *type)
{
	for (size_t i = 0; i < correction->document_id_count; i++) {
		const struct document *document = case_document(file, correction->document_ids[i]);

		if (document && !strcmp(document->type, type))
			return true;
	}
	return false;
}

bool correction_means_document(const struct case_file *file, const struct correction *correction,
			       const struct document *document)
{
	if (correction_has_type(correction, document->type) &&
	    !correction_names_document_of_type(file, correction, document->type))
		return true;
	/* A chain of replacements is not longer than the list of documents. */
	for (size_t i = 0; document && i <= file->document_count; i++) {
		if (correction_has_document(correction, document->id))
			return true;
		document = case_document_by_row(file, document->replaces_row);
	}
	return false;
}

static bool is_present_file(const struct document *document)
{
	return !document->replaced && document_has_bytes(document);
}

bool correction_type_is_ambiguous(const struct case_file *file, const struct correction *correction, const char *type)
{
	size_t count = 0;

	for (size_t i = 0; i < file->document_count; i++)
		count += is_present_file(&file->documents[i]) && !strcmp(file->documents[i].type, type);
	return count > 1 && correction_has_type(correction, type) &&
	       !correction_names_document_of_type(file, correction, type);
}

const struct correction *correction_for_document(const struct case_file *file, const struct document *document)
{
	for (size_t i = file->correction_count; i-- > 0;) {
		const struct correction *correction = &file->corrections[i];

		if (correction->state != CORRECTION_WITHDRAWN &&
		    (correction_has_document(correction, document->id) ||
		     correction_type_is_ambiguous(file, correction, document->type)))
			return correction;
	}
	return NULL;
}

void things_of_type(const struct case_file *file, const char *type, const char **ids, size_t *count)
{
	static const enum review_state order[] = { REVIEW_REJECTED, REVIEW_UNREVIEWED, REVIEW_ACCEPTED };
	size_t before = *count;

	for (size_t o = 0; o < sizeof order / sizeof *order && *count == before; o++) {
		for (size_t i = 0; i < file->document_count; i++) {
			const struct document *document = &file->documents[i];

			if (is_present_file(document) && document->review == order[o] && !strcmp(document->type, type))
				ids[(*count)++] = document->id;
		}
	}
}

bool document_needs_new_file(const struct document *document)
{
	bool refused = false;

	for (size_t i = 0; i < document_side_count(document); i++) {
		const struct document_side side = document_side(document, i);

		refused = refused || (*side.sha256 && side.upload != UPLOAD_READY);
	}
	return refused || (document->review == REVIEW_REJECTED && document_has_bytes(document));
}

static bool is_named(const struct case_file *file, const struct document *document)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (correction_is_unsettled(&file->corrections[i]) &&
		    correction_has_document(&file->corrections[i], document->id))
			return true;
	}
	return false;
}

static bool has_only_accepted(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (is_present_file(document) && document->review != REVIEW_ACCEPTED && !strcmp(document->type, type))
			return false;
	}
	return true;
}

/* How well a new file of this type suits the document; 0: not at all. */
static int answer_rank(const struct case_file *file, const struct profile *profile, const struct document *document,
		       const char *type)
{
	bool same_type = !strcmp(document->type, type), named = is_named(file, document);

	if (document->replaced || !document_needs_new_file(document) ||
	    (!same_type && (!named || !document_types_are_alternatives(profile, document->type, type))))
		return 0;
	if (!named && document->review == REVIEW_ACCEPTED && !has_only_accepted(file, type))
		return 0;
	return 1 + 4 * same_type + 2 * named + (document->review == REVIEW_REJECTED);
}

const struct document *next_answered_document(const struct case_file *file, const struct profile *profile,
					      const char *type, const struct document *record)
{
	const struct document *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		int rank = document == record ? 0 : answer_rank(file, profile, document, type);

		if (rank > best_rank) {
			best_rank = rank;
			best = document;
		}
	}
	return best;
}

const struct document *document_successor(const struct case_file *file, const struct document *document)
{
	for (size_t steps = 0; document->replaced && steps < file->document_count; steps++) {
		const struct document *next = NULL;

		for (size_t i = 0; !next && i < file->document_count; i++) {
			if (document->row && file->documents[i].replaces_row == document->row)
				next = &file->documents[i];
		}
		if (!next)
			break;
		document = next;
	}
	return document;
}

/* Whether the correction asks for a file of this type, without naming the document that it replaces. */
static bool asks_for_any(const struct case_file *file, const struct profile *profile,
			 const struct correction *correction, const char *type)
{
	const struct document_spec *spec = profile_document(profile, type);

	if (correction_has_type(correction, type))
		return !correction_names_document_of_type(file, correction, type);
	return correction_is_of_step(correction) && spec && !strcmp(spec->step_id, correction->step_id);
}

bool document_answers_nothing(const struct case_file *file, const struct profile *profile,
			      const struct document *document)
{
	bool names_another = false;

	if (document->replaced || document->replaces_row || document->review != REVIEW_UNREVIEWED ||
	    !document_has_bytes(document))
		return false;
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (!correction_is_unsettled(correction) || document->uploaded_at < correction->requested_at ||
		    correction_has_document(correction, document->id))
			continue;
		if (asks_for_any(file, profile, correction, document->type))
			return false;
		for (size_t d = 0; d < correction->document_id_count; d++) {
			const struct document *requested = case_document(file, correction->document_ids[d]);

			names_another = names_another ||
					(requested &&
					 document_types_are_alternatives(profile, document->type, requested->type));
		}
	}
	return names_another;
}

/* The party that the document identifies, also if a later file replaced the document; NULL: none. */
static const struct party *document_party(const struct case_file *file, const struct profile *profile,
					  const struct document *document)
{
	const struct document *present = document_successor(file, document);

	for (size_t i = 0; i < file->party_count; i++) {
		if (document_identifies(present, profile, &file->parties[i]))
			return &file->parties[i];
	}
	return NULL;
}

size_t field_path_party(const char *path, const char **id)
{
	static const char prefix[] = "parties[";
	size_t length;

	*id = "";
	if (strncmp(path, prefix, sizeof prefix - 1) != 0)
		return 0;
	*id = path + sizeof prefix - 1;
	length = strcspn(*id, "]");
	return (*id)[length] == ']' && ((*id)[length + 1] == '.' || !(*id)[length + 1]) ? length : 0;
}

bool correction_means_party(const struct case_file *file, const struct profile *profile,
			    const struct correction *correction, const struct party *party)
{
	const char *id;

	if (!strcmp(correction->party_id, party->id))
		return true;
	for (size_t i = 0; i < correction->field_count; i++) {
		size_t length = field_path_party(correction->field_ids[i], &id);

		if (length && strlen(party->id) == length && !strncmp(id, party->id, length))
			return true;
	}
	for (size_t i = 0; i < correction->document_id_count; i++) {
		const struct document *document = case_document(file, correction->document_ids[i]);

		if (document && document_party(file, profile, document) == party)
			return true;
	}
	return false;
}

bool correction_names_party(const struct correction *correction)
{
	const char *id;

	for (size_t i = 0; i < correction->field_count; i++) {
		if (field_path_party(correction->field_ids[i], &id))
			return true;
	}
	return *correction->party_id != '\0';
}

/* The text of one member of a party: its column and its field, which may hold the same fact; "": all members. */
static void add_member(struct strbuf *out, const struct party *party, const char *member)
{
	for (const struct column *c = NULL; (c = columns_next(&party_columns, c, COLUMN_INTAKE));) {
		if (c->word && (c->type == COLUMN_TEXT || c->type == COLUMN_DATE || c->type == COLUMN_JSON) &&
		    (!*member || !strcmp(c->word, member)))
			strbuf_addf(out, "%s=%s\n", c->word, column_text(c, party));
	}
	if (*member)
		value_write(out, value_member(party->values, member));
	for (size_t i = 0; !*member && i < party->share_count; i++)
		strbuf_addf(out, "share %s=%s\n", party->shares[i].owned_party_id, party->shares[i].percent);
}

const char *party_member_mark(struct arena *arena, const struct party *party, const char *member)
{
	struct strbuf text = STRBUF_INIT;
	const char *mark;

	add_member(&text, party, member);
	mark = sha256_text(arena, text.buf ? text.buf : "", text.len);
	strbuf_release(&text);
	return mark;
}

const char *document_thing_text(struct arena *arena, const struct case_file *file, const struct profile *profile,
				const struct document *document, const char *title)
{
	const struct party *party = document_party(file, profile, document);
	size_t count = 0;

	if (party && *party->name)
		return arena_printf(arena, "%s of %s", title, party->name);
	for (size_t i = 0; i < file->document_count; i++)
		count += is_present_file(&file->documents[i]) && !strcmp(file->documents[i].type, document->type);
	return count > 1 && *document->file_name ? arena_printf(arena, "%s (%s)", title, document->file_name) : title;
}
