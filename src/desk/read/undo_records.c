#include "read/read.h"

#define PAGE 200
#define CONFIRM_REF "ref" /* member of a judgement.confirm record that names the part */

static const struct {
	enum verb verb;
	const char *kind, *what, *noun;
} undoable[] = {
	{ VERB_DOCUMENT_ACCEPT, "document", "acceptance of", "document verdict" },
	{ VERB_DOCUMENT_REJECT, "document", "rejection of", "document verdict" },
	{ VERB_HIT_RESOLVE, "hit", "verdict on the hit", "hit verdict" },
	{ VERB_HIT_ACCEPT, "hit", "acceptance of the match", "hit acceptance" },
	{ VERB_CORRECTION_ACCEPT, "correction", "acceptance of the answer to", "answer acceptance" },
	{ VERB_PARTY_REMOVE, "party", "removal of", "removal" },
	{ VERB_SUBSESSION_REMOVE, "party", "removal of the KYC session of", "removal" },
};
#define UNDOABLE_COUNT (sizeof undoable / sizeof *undoable)

/* Members of a record's detail that can contain the id of a part. */
static const char *const part_keys[] = { "document", "hit", "correction", "party", CONFIRM_REF };
#define PART_KEY_COUNT (sizeof part_keys / sizeof *part_keys)

const char *undo_item_text(struct arena *arena, const struct undo_item *item)
{
	for (size_t i = 0; i < UNDOABLE_COUNT; i++) {
		if (undoable[i].verb == item->verb)
			return arena_printf(arena, "%s %s", undoable[i].what, item->name);
	}
	return item->name;
}

const char *undo_noun(enum verb verb)
{
	for (size_t i = 0; i < UNDOABLE_COUNT; i++) {
		if (undoable[i].verb == verb)
			return undoable[i].noun;
	}
	return NULL;
}

/* --- reading --- */

struct undo_scan {
	struct arena *arena;
	struct undo_records *out;
	int64_t *undone; /* numbers (seq) of the records that were undone */
	size_t undone_count, undone_capacity;
};

static bool was_undone(const struct undo_scan *undo_scan, int64_t seq)
{
	for (size_t i = 0; i < undo_scan->undone_count; i++) {
		if (undo_scan->undone[i] == seq)
			return true;
	}
	return false;
}

static enum verb verb_of(const char *word, const char *kind)
{
	for (size_t i = 0; i < UNDOABLE_COUNT; i++) {
		if (!strcmp(use_cases[undoable[i].verb].audit_action, word) && !strcmp(undoable[i].kind, kind))
			return undoable[i].verb;
	}
	return VERB_COUNT;
}

static void add_item(struct undo_scan *undo_scan, const struct audit_event *event, const char *kind, const char *ref)
{
	struct arena *arena = undo_scan->arena;
	struct undo_records *out = undo_scan->out;

	if (!ref || !*ref || ITEM_WITH_TEXT(out->items, out->count, ref, ref))
		return;
	*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
		(struct undo_item){ .seq = event->seq,
				    .at = event->at,
				    .by = event->actor,
				    .audit_action = event->action,
				    .verb = verb_of(event->action, kind),
				    .kind = kind,
				    .ref = arena_strdup(arena, ref),
				    .name = "",
				    .detail = event->detail };
}

/* Whether the action only reads, such as opening or saving a document. */
static bool is_read_action(const char *word)
{
	return !strcmp(word, use_cases[VERB_DOCUMENT_OPEN].audit_action) ||
	       !strcmp(word, use_cases[VERB_DOCUMENT_SAVE].audit_action);
}

static void add_event(struct undo_scan *undo_scan, const struct audit_event *event)
{
	struct json_value *detail = NULL;
	int64_t undone = 0;

	if (is_read_action(event->action) || was_undone(undo_scan, event->seq) ||
	    json_read(event->detail, strlen(event->detail), &detail, NULL) != ERR_OK)
		return;
	if (!strcmp(event->action, use_cases[VERB_REVIEW_UNDO].audit_action) &&
	    json_get_int(detail, "undone", &undone)) {
		*ARENA_PUSH(undo_scan->arena, undo_scan->undone, undo_scan->undone_count, undo_scan->undone_capacity) =
			undone;
	} else {
		for (size_t i = 0; i < PART_KEY_COUNT; i++)
			add_item(undo_scan, event, part_keys[i], json_get_text(detail, part_keys[i]));
	}
	json_free(detail);
}

enum err undo_records_read(struct desk *desk, struct arena *arena, const char *session_id, const char *ref,
			   struct undo_records *out, struct error *error)
{
	struct undo_scan undo_scan = { .arena = arena, .out = out };
	struct audit_filter filter = { .session_id = session_id, .limit = PAGE };
	struct audit_list page = { .count = PAGE };
	enum err err = ERR_OK;

	*out = (struct undo_records){ 0 };
	for (size_t read = 0; !err && page.count == PAGE &&
			      (*ref ? !ITEM_WITH_TEXT(out->items, out->count, ref, ref) : read < UNDO_RECORDS_MAX);
	     read += page.count) {
		err = store_audit_list(desk->store, arena, &filter, &page, error);
		for (size_t i = 0; !err && i < page.count; i++) {
			filter.after_seq = page.items[i].seq;
			add_event(&undo_scan, &page.items[i]);
		}
	}
	return err;
}

/* --- whether a part is unchanged since its record --- */

static bool has_text(const struct json_value *detail, const char *key, const char *value)
{
	const char *text = json_get_text(detail, key);

	return !strcmp(text ? text : "", value);
}

static bool has_basis(struct arena *arena, const struct json_value *detail, const char *basis)
{
	return has_text(detail, "basis_sha256", *basis ? facts_sha256(arena, basis) : "");
}

static bool document_is_unchanged(struct arena *arena, const struct document *document, const struct undo_item *item,
				  const struct json_value *detail)
{
	return document && !document->replaced && document->upload == UPLOAD_READY &&
	       has_text(detail, "to", review_state_text(document->review)) &&
	       !strcmp(document->reviewed_by, item->by) && has_text(detail, "reason", document->review_reason) &&
	       has_text(detail, "sha256", document->sha256) &&
	       has_text(detail, "back_sha256", document->double_sided ? document->back.sha256 : "") &&
	       has_basis(arena, detail, document->basis);
}

static bool hit_is_unchanged(struct arena *arena, const struct hit *hit, const struct undo_item *item,
			     const struct json_value *detail)
{
	if (!hit || !has_text(detail, "to", hit_state_text(hit->state)))
		return false;
	if (item->verb == VERB_HIT_ACCEPT)
		return !strcmp(hit->accepted_by, item->by) && has_basis(arena, detail, hit->accept_basis);
	return !strcmp(hit->resolved_by, item->by) && has_text(detail, "reason", hit->reason) &&
	       has_basis(arena, detail, hit->basis);
}

/* Whether nothing changed since the party was removed. Does not compare the KYC session if the removal erased it:
 * the undo then reports the erasure. */
static bool removal_is_unchanged(const struct case_file *file, const struct undo_item *item,
				 const struct json_value *detail)
{
	const struct party *party = parties_find(file->removed.items, file->removed.count, item->ref);
	bool erased = false;

	(void)json_get_bool(detail, "erased", &erased);
	return party && !strcmp(party->removed_by, item->by) &&
	       (erased || has_text(detail, "subsession", party->session_id));
}

static bool is_unchanged(struct arena *arena, const struct case_file *file, const struct undo_item *item,
			 const struct json_value *detail)
{
	const struct correction *correction;
	const struct party *party;

	switch (item->verb) {
	case VERB_DOCUMENT_ACCEPT:
	case VERB_DOCUMENT_REJECT:
		return document_is_unchanged(arena, case_document(file, item->ref), item, detail);
	case VERB_HIT_RESOLVE:
	case VERB_HIT_ACCEPT:
		return hit_is_unchanged(arena, case_hit(file, item->ref, NULL), item, detail);
	case VERB_CORRECTION_ACCEPT:
		correction = case_correction(file, item->ref);
		return correction && correction->state == CORRECTION_ACCEPTED &&
		       has_basis(arena, detail, correction->accept_basis);
	case VERB_PARTY_REMOVE:
		return removal_is_unchanged(file, item, detail);
	case VERB_SUBSESSION_REMOVE:
		party = case_party(file, item->ref);
		return party && !party->session_row;
	default:
		return false;
	}
}

bool undo_item_is_unchanged(struct arena *arena, const struct case_file *file, const struct undo_item *item)
{
	struct json_value *detail = NULL;
	bool so = false;

	if (json_read(item->detail, strlen(item->detail), &detail, NULL) == ERR_OK)
		so = is_unchanged(arena, file, item, detail);
	json_free(detail);
	return so;
}

const char *undo_item_name(const struct case_file *file, const struct undo_item *item)
{
	const struct document *document = case_document(file, item->ref);
	const struct correction *correction = case_correction(file, item->ref);
	const struct hit *hit = case_hit(file, item->ref, NULL);
	const struct party *party = case_party_or_removed(file, item->ref);

	return document	    ? document->type
	       : correction ? correction->step_id
	       : hit	    ? hit->name
	       : party	    ? party->name
			    : "";
}

void undo_records_keep_undoable(const struct desk *desk, struct arena *arena, const struct case_file *file,
				struct undo_records *records)
{
	size_t kept = 0;

	for (size_t i = 0; i < records->count; i++) {
		struct undo_item item = records->items[i];

		if (item.verb == VERB_COUNT || strcmp(item.by, desk->actor) != 0 ||
		    !undo_item_is_unchanged(arena, file, &item))
			continue;
		item.name = undo_item_name(file, &item);
		records->items[kept++] = item;
	}
	records->count = kept;
}
