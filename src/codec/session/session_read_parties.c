/* Related parties: identity, shares, and the subsession that verifies a party. */
#include "session_read.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/domain/ownership.h"
#include <string.h>

static void expect_percent(struct reader *reader, const struct node *node, const char *percent)
{
	struct decimal *value = decimal_new(), *hundred = decimal_new();
	const char *fault = ownership_percent_fault(reader->arena, percent);
	if (fault)
		reader_refuse(reader, node, "is %s, which %s", quoted(reader->arena, percent), fault);
	else if (!decimal_parse(value, percent))
		BUG("a valid percentage must be a number");
	else if (decimal_parse(hundred, "100") && decimal_compare(value, hundred) > 0)
		reader_refuse(reader, node, "is %s; a share is at most 100", quoted(reader->arena, percent));
	decimal_free(hundred);
	decimal_free(value);
}

static const char *percent_read(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *percent = node_decimal(reader, &node, "percentages", "60");
	if (*percent)
		expect_percent(reader, &node, percent);
	return percent;
}

static void party_read(struct session_reader *session, const struct node *item, struct party *party)
{
	struct reader *reader = &session->reader;
	static const char *const also[] = { "ownership_percent", "owner_of", NULL };
	const struct row_object row = { session, item, &party_columns, party };
	if (!row_object_expected(&row, also))
		return;
	row_columns_read(&row, "uuid", "fields");
	expect_email(reader, item, party->email);
	const struct node elsewhere = node_member(item, "verified_elsewhere");
	if (elsewhere.value && expect_object(reader, &elsewhere)) {
		EXPECT_KEYS(reader, &elsewhere, "by", "reason");
		party->verified_elsewhere_by = read_required_text(reader, &elsewhere, "by");
		party->verified_elsewhere_reason = read_required_text(reader, &elsewhere, "reason");
	}
}

/* Derives the missing id of a party that a share names, because the reference needs the id now. As for all missing
 * ids, from the session's id, which may be derived too, and the party's position. */
static void derive_id(struct session_reader *session, const struct case_file *file, struct party *party)
{
	const struct session *of = &file->session;
	struct arena *arena = session->reader.arena;
	char session_id[UUID_TEXT_SIZE], id[UUID_TEXT_SIZE];
	const char *const whole[] = { "session", of->merchant, of->workflow, of->external_ref };
	uuid_derive(session_id, whole, sizeof whole / sizeof *whole);
	const char *const part[] = { "party", *of->id ? of->id : session_id,
				     arena_printf(arena, "%zu", (size_t)(party - file->parties)) };
	uuid_derive(id, part, sizeof part / sizeof *part);
	party->id = arena_strdup(arena, id);
}

static const char *reference_read(struct session_reader *session, const struct node *node, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const char *text = node_text(reader, node);
	char id[UUID_TEXT_SIZE];
	if (!*text)
		return "";
	if (uuid_normalise(text, id))
		for (size_t i = 0; i < file->party_count; i++)
			if (strcmp(file->parties[i].id, id) == 0)
				return file->parties[i].id;
	struct party *named = NULL;
	for (size_t i = 0; i < file->party_count; i++) {
		if (strcmp(file->parties[i].name, text) != 0)
			continue;
		if (named) {
			reader_refuse(reader, node,
				      "is %s, a name that several parties have; name the party by its id",
				      quoted(reader->arena, text));
			return "";
		}
		named = &file->parties[i];
	}
	if (!named) {
		reader_refuse(reader, node,
			      "is %s, which is not a party of this document; name one by its id or its exact name, "
			      "or write null for the subject",
			      quoted(reader->arena, text));
		return "";
	}
	if (!*named->id)
		derive_id(session, file, named);
	return named->id;
}

static void share_read(struct session_reader *session, const struct node *node, struct case_file *file,
		       struct party_share *share)
{
	struct reader *reader = &session->reader;
	share->of_party_id = "";
	share->percent = "";
	if (!expect_object(reader, node))
		return;
	EXPECT_KEYS(reader, node, "of", "percent");
	share->of_party_id = reference_read(session, MEMBER(node, "of"), file);
	const struct node percent = node_member(node, "percent");
	if (!percent.value)
		reader_refuse(reader, &percent, "is required");
	share->percent = percent_read(reader, node, "percent");
}

/* Called after all parties are read, because a share may name a later party. */
static void shares_read(struct session_reader *session, const struct node *item, struct case_file *file,
			struct party *party)
{
	struct reader *reader = &session->reader;
	const struct node owns = node_member(item, "owns");
	const struct node short_percent = node_member(item, "ownership_percent");
	const char *percent = percent_read(reader, item, "ownership_percent");
	const char *of = reference_read(session, MEMBER(item, "owner_of"), file);
	size_t count = parts_expected(session, &owns, SHARES_MOST);
	if (owns.value && *percent) {
		reader_refuse(reader, &short_percent, "cannot be combined with owns; use one of them");
		return;
	}
	if (*of && !*percent) {
		reader_refuse(reader, &short_percent, "is required together with owner_of");
		return;
	}
	if (*percent) {
		party->shares = arena_alloc_array(reader->arena, 1, sizeof *party->shares);
		party->shares[0] = (struct party_share){ .of_party_id = of, .percent = percent };
		party->share_count = 1;
		return;
	}
	party->shares = arena_alloc_array(reader->arena, count, sizeof *party->shares);
	party->share_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_element(&owns, i);
		share_read(session, &node, file, &party->shares[i]);
		for (size_t j = 0; j < i && !reader->failed; j++)
			if (strcmp(party->shares[j].of_party_id, party->shares[i].of_party_id) == 0)
				reader_refuse(reader, &node,
					      "names the same company as owns[%zu]; combine the two shares", j);
	}
}

static void subsession_read(struct session_reader *session, const struct node *item, struct party *party,
			    struct case_file ***subsessions, size_t index)
{
	struct reader *reader = &session->reader;
	const struct node node = node_member(item, "session");
	if (!node.value)
		return;
	if (!subsessions) {
		reader_refuse(reader, &node,
			      "is inside a subsession; import that subsession's parties in a separate document");
		return;
	}
	struct case_file *nested = arena_alloc(reader->arena, sizeof *nested);
	session_members_read(session, &node, party, nested);
	(*subsessions)[index] = nested;
	party->session_id = nested->session.id;
	party->session_workflow = nested->session.workflow;
	party->session_status = nested->session.status;
}

static void expect_fitting(struct reader *reader, const struct node *array, const struct case_file *file)
{
	struct ownership_excess excess;
	if (ownership_is_computable(reader->arena, file, &excess))
		return;
	const struct node party = node_element(array, excess.party == SIZE_MAX ? 0 : excess.party);
	const struct node owns = node_member(&party, node_member(&party, "owns").value ? "owns" : "owner_of");
	reader_refuse(reader, excess.party == SIZE_MAX ? array : &owns, "%s", excess.message);
}

void parties_read(struct session_reader *session, const struct node *object, struct case_file *file,
		  struct case_file ***subsessions)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "parties");
	file->party_count = parts_expected(session, &array, PARTIES_MOST);
	file->parties = arena_alloc_array(reader->arena, file->party_count, sizeof *file->parties);
	if (subsessions)
		*subsessions = arena_alloc_array(reader->arena, file->party_count, sizeof **subsessions);
	for (size_t i = 0; i < file->party_count; i++)
		party_init(&file->parties[i]);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct node item = node_element(&array, i);
		party_read(session, &item, &file->parties[i]);
		for (size_t j = 0; j < i; j++)
			expect_own_id(reader, &item, file->parties[i].id, file->parties[j].id);
	}
	for (size_t i = 0; i < file->party_count && !reader->failed; i++) {
		const struct node item = node_element(&array, i);
		shares_read(session, &item, file, &file->parties[i]);
		subsession_read(session, &item, &file->parties[i], subsessions, i);
	}
	if (!reader->failed)
		expect_fitting(reader, &array, file);
}
