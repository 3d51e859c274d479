/* Related parties: identity, shares, and the subsession that verifies a party; and documents. */
#include "session_read.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/percent_range.h"
#include "kybdesk/base/file.h"

#include <string.h>

static void expect_percent(struct reader *reader, const struct node *node, const char *percent)
{
	const char *fault = percent_range_fault(reader->arena, percent);
	if (fault)
		reader_refuse(reader, node, "is %s, which %s", quote_text(reader->arena, percent), fault);
	else if (!percent_range_is_share(percent))
		reader_refuse(reader, node, "is %s; a share must be at most 100", quote_text(reader->arena, percent));
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
	if (!expect_row_object(&row, also))
		return;
	row_columns_read(&row, "uuid", "fields");
	expect_email(reader, item, party->email);
	expect_country_of(session, item, party->country, party->kind == PARTY_INDIVIDUAL);
	const struct node elsewhere = node_member(item, "verified_elsewhere");
	if (elsewhere.value && expect_object(reader, &elsewhere)) {
		EXPECT_KEYS(reader, &elsewhere, "by", "reason");
		party->verified_elsewhere_by = read_required_text(reader, &elsewhere, "by");
		party->verified_elsewhere_reason = read_required_text(reader, &elsewhere, "reason");
	}
}

/* Derives the missing id of a party that a share names, because the share refers to the party by its id. The id is
 * derived from the party's position and the session's id, which may be derived, too. */
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

static const char *party_reference_read(struct session_reader *session, const struct node *node, struct case_file *file)
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
			reader_refuse(reader, node, "is %s, a name that several parties have; name the party by its id",
				      quote_text(reader->arena, text));
			return "";
		}
		named = &file->parties[i];
	}
	if (!named) {
		reader_refuse(reader, node,
			      "is %s, which is not a party of this session document; name a party by its id or its "
			      "exact name, or write null for the subject",
			      quote_text(reader->arena, text));
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
	share->owned_party_id = "";
	share->percent = "";
	if (!expect_object(reader, node))
		return;
	EXPECT_KEYS(reader, node, "of", "percent");
	share->owned_party_id = party_reference_read(session, MEMBER(node, "of"), file);
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
	const char *of = party_reference_read(session, MEMBER(item, "owner_of"), file);
	size_t count = expect_part_count(session, &owns, CASE_SHARES_MAX);
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
		party->shares[0] = (struct party_share){ .owned_party_id = of, .percent = percent };
		party->share_count = 1;
		return;
	}
	party->shares = arena_alloc_array(reader->arena, count, sizeof *party->shares);
	party->share_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_element(&owns, i);
		share_read(session, &node, file, &party->shares[i]);
		for (size_t j = 0; j < i && !reader->failed; j++)
			if (strcmp(party->shares[j].owned_party_id, party->shares[i].owned_party_id) == 0)
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
			      "is inside a subsession; import that subsession's parties in a separate session "
			      "document");
		return;
	}
	struct case_file *nested = arena_alloc(reader->arena, sizeof *nested);
	session_members_read(session, &node, party, nested);
	(*subsessions)[index] = nested;
	party->session_id = nested->session.id;
	party->session_workflow = nested->session.workflow;
	party->session_status = nested->session.status;
}

static void expect_computable_shares(struct reader *reader, const struct node *array, const struct case_file *file)
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
	file->party_count = expect_part_count(session, &array, CASE_PARTIES_MAX);
	file->parties = arena_alloc_array(reader->arena, file->party_count, sizeof *file->parties);
	if (subsessions)
		*subsessions = arena_alloc_array(reader->arena, file->party_count, sizeof **subsessions);
	for (size_t i = 0; i < file->party_count; i++)
		party_init(&file->parties[i]);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct node item = node_element(&array, i);
		party_read(session, &item, &file->parties[i]);
		for (size_t j = 0; j < i; j++)
			expect_unique_id(reader, &item, file->parties[i].id, file->parties[j].id);
	}
	for (size_t i = 0; i < file->party_count && !reader->failed; i++) {
		const struct node item = node_element(&array, i);
		shares_read(session, &item, file, &file->parties[i]);
		subsession_read(session, &item, &file->parties[i], subsessions, i);
	}
	if (!reader->failed)
		expect_computable_shares(reader, &array, file);
}

/* --- documents with their files; front and back of one document may be two entries --- */

/* One entry of the list, before the two entries of a double-sided document are joined. */
struct document_entry {
	struct document document;
	bool is_side; /* the entry has only one side, which its member "side" names */
	enum side side;
	bool joined; /* whether the entry was joined with an earlier entry */
};

/* Reads the path of a document's file, which must be below the folder of the imported file. */
static const char *file_path_read(struct reader *reader, const struct node *object)
{
	const struct node node = node_member(object, "file");
	const char *path = node_text(reader, &node);
	const char *shown = quote_text(reader->arena, path);
	if (*path == '/')
		reader_refuse(reader, &node, "is %s, an absolute path; write it relative to the imported file", shown);
	for (const char *part = path; *part;) {
		size_t length = strcspn(part, "/");
		if (length == 2 && memcmp(part, "..", 2) == 0) {
			reader_refuse(reader, &node, "is %s, which is outside the imported file's folder", shown);
			break;
		}
		part += length;
		part += strspn(part, "/");
	}
	if (*path && path[strlen(path) - 1] == '/')
		reader_refuse(reader, &node, "is %s, a folder; name a file", shown);
	return path;
}

/* The SHA-256 of a document's file. Without a file in the entry, the hash is ignored: an export wrote it for a file
 * that this input does not have. */
static const char *file_sha256_read(struct reader *reader, const struct node *object, const char *file)
{
	const struct node node = node_member(object, "sha256");
	const char *text = *file ? node_text(reader, &node) : "";
	if (*text && (strlen(text) != SHA256_HEX_SIZE - 1 || text[strspn(text, "0123456789abcdef")]))
		reader_refuse(reader, &node, "is %s; a SHA-256 has 64 digits from 0 to 9 and a to f",
			      quote_text(reader->arena, text));
	return text;
}

static bool read_side_name(struct reader *reader, const struct node *object, enum side *side)
{
	const struct node node = node_member(object, "side");
	NODE_WORD(reader, &node, side, side);
	return *node_text(reader, &node) != '\0';
}

/* The members of one side's file; `where`: path from the session. */
static struct document_side side_file_read(struct reader *reader, const struct node *object, const char *where)
{
	struct document_side side = { .import_path = where, .media_type = "", .marks = "", .sha256 = "" };
	side.file = file_path_read(reader, object);
	side.file_sha256 = file_sha256_read(reader, object, side.file);
	side.file_name = read_text(reader, object, "file_name");
	if (!*side.file_name && *side.file)
		side.file_name = arena_strdup(reader->arena, path_basename(side.file));
	side.upload = *side.file ? UPLOAD_READY : UPLOAD_REQUIRED;
	READ_WORD(reader, object, "upload", upload_state, &side.upload);
	return side;
}

/* Reads the list "sides" as the command show prints it. The entry itself repeats the members of the front side. */
static void sides_read(struct reader *reader, const struct node *item, size_t place, struct document *document)
{
	const struct node array = node_member(item, "sides");
	const size_t count = expect_list(reader, &array, SIDE_COUNT);
	bool is_read[SIDE_COUNT] = { false };
	if (count)
		document->double_sided = true;
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_element(&array, i);
		enum side at = SIDE_FRONT;
		struct document_side side;
		const char *id;
		if (!expect_object(reader, &node))
			return;
		EXPECT_KEYS(reader, &node, "side", "id", "file_name", "file", "upload", "sha256", "size_bytes",
			    "media_type", "marks");
		if (!read_side_name(reader, &node, &at) || is_read[at]) {
			reader_refuse(reader, &node,
				      "has no side, or a side that occurs twice; use front and back, each once");
			return;
		}
		is_read[at] = true;
		side = side_file_read(reader, &node,
				      arena_printf(reader->arena, "documents[%zu].sides[%zu]", place, i));
		id = read_uuid(reader, &node, "id");
		if (at == SIDE_BACK && *id && strcmp(id, document->id) != 0)
			document->back_side_id = id;
		document_set_side(document, at, &side);
	}
}

static void document_entry_read(struct session_reader *session, const struct node *item, size_t place,
				struct document_entry *entry)
{
	struct reader *reader = &session->reader;
	struct document *document = &entry->document;
	struct document_side side;
	const struct row_object row = { session, item, &document_columns, document };
	if (!expect_row_object(&row, NULL))
		return;
	row_columns_read(&row, "uuid", "step");
	entry->is_side = read_side_name(reader, item, &entry->side);
	side = side_file_read(reader, item, arena_printf(reader->arena, "documents[%zu]", place));
	document->double_sided = entry->is_side;
	document_set_side(document, entry->is_side ? entry->side : SIDE_FRONT, &side);
	sides_read(reader, item, place, document);
	if (document->double_sided && *document->import_path && *document->back.import_path)
		entry->is_side = false;
	row_columns_read(&row, "review", "review");
	row_columns_read(&row, "review_reason", "replaced");
}

/* Merges the data extracted from both sides; if a value differs, the value of the front is used. */
static const char *merge_extracted_data(struct arena *arena, const char *front, const char *back)
{
	json_t *out = json_loads(front, 0, NULL), *more = json_loads(back, 0, NULL);
	const char *text = front;
	if (out && more && !json_object_update_missing(out, more))
		text = json_compact_text(arena, out);
	json_decref(out);
	json_decref(more);
	return text;
}

/* Joins the reviews of both sides: the review of a document covers both sides, so a rejection of either side
 * rejects the document. */
static void merge_reviews(struct document *document, const struct document *back)
{
	const struct document *decisive = back->review == REVIEW_REJECTED ? back : document;
	if (document->review == back->review || document->review == REVIEW_REJECTED)
		return;
	document->review = decisive->review == REVIEW_REJECTED ? REVIEW_REJECTED : REVIEW_UNREVIEWED;
	document->review_reason = document->review == REVIEW_REJECTED ? decisive->review_reason : "";
	document->reviewed_by = document->review == REVIEW_REJECTED ? decisive->reviewed_by : "";
	document->reviewed_at = document->review == REVIEW_REJECTED ? decisive->reviewed_at : TIME_NONE;
}

/* The document keeps the front's id and records the back's original id. */
static void merge_sides(struct arena *arena, struct document *front, const struct document *back)
{
	document_set_side(front, SIDE_BACK, &back->back);
	if (!*front->id)
		front->id = back->id;
	else if (strcmp(front->id, back->id) != 0)
		front->back_side_id = back->id;
	if (!*front->category)
		front->category = back->category;
	if (!*front->step_id)
		front->step_id = back->step_id;
	if (front->uploaded_at == TIME_NONE || back->uploaded_at > front->uploaded_at)
		front->uploaded_at = back->uploaded_at;
	if (front->expires_on == TIME_NONE || (back->expires_on != TIME_NONE && back->expires_on < front->expires_on))
		front->expires_on = back->expires_on;
	front->extracted_json = merge_extracted_data(arena, front->extracted_json, back->extracted_json);
	merge_reviews(front, back);
}

/* The entry with the other side of this document: the entry with the same id, else the first entry of the same type
 * that is not joined yet. */
static struct document_entry *find_other_side(struct document_entry *entries, size_t count,
					      const struct document_entry *entry)
{
	struct document_entry *first = NULL;
	for (size_t i = 0; i < count; i++) {
		struct document_entry *other = &entries[i];
		if (other == entry || !other->is_side || other->joined || other->side == entry->side ||
		    strcmp(other->document.type, entry->document.type) != 0 ||
		    other->document.replaced != entry->document.replaced)
			continue;
		if (*entry->document.id && !strcmp(other->document.id, entry->document.id))
			return other;
		if (!first)
			first = other;
	}
	return first;
}

static void join_sides(struct arena *arena, struct document_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct document_entry *front = &entries[i], *back;
		if (!front->is_side || front->side != SIDE_FRONT)
			continue;
		back = find_other_side(entries, count, front);
		if (!back)
			continue;
		merge_sides(arena, &front->document, &back->document);
		/* The joined document stays at the position of the side that comes first in the list. */
		if (back < front) {
			back->document = front->document;
			front->joined = true;
		} else {
			back->joined = true;
		}
		front->is_side = back->is_side = false;
	}
}

static bool is_same_document(const struct document_entry *a, const struct document_entry *b)
{
	return a->is_side && b->is_side && a->side != b->side && !strcmp(a->document.type, b->document.type) &&
	       a->document.replaced == b->document.replaced;
}

/* The original id of a back side must not be the id of another document. */
static void expect_unique_back_ids(struct reader *reader, const struct node *array, const struct case_file *file)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const char *id = file->documents[i].back_side_id;
		for (size_t j = 0; *id && j < file->document_count; j++) {
			if (j != i && document_has_id(&file->documents[j], id))
				reader_refuse(reader, array,
					      "have the id %s twice: for a document and for the back side of another "
					      "document; use different ids",
					      id);
		}
	}
}

void documents_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "documents");
	const size_t count = expect_part_count(session, &array, CASE_DOCUMENTS_MAX);
	struct document_entry *entries = arena_alloc_array(reader->arena, count + 1, sizeof *entries);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		entries[i] = (struct document_entry){ 0 };
		document_init(&entries[i].document);
		document_entry_read(session, &item, i, &entries[i]);
		for (size_t j = 0; j < i; j++)
			if (!is_same_document(&entries[i], &entries[j]))
				expect_unique_id(reader, &item, entries[i].document.id, entries[j].document.id);
	}
	if (!reader->failed)
		join_sides(reader->arena, entries, count);
	file->documents = arena_alloc_array(reader->arena, count + 1, sizeof *file->documents);
	file->document_count = 0;
	for (size_t i = 0; i < count; i++)
		if (!entries[i].joined)
			file->documents[file->document_count++] = entries[i].document;
	expect_unique_back_ids(reader, &array, file);
}
