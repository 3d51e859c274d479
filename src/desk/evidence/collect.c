/* Collects the evidence of a case in one snapshot, and writes the archive. */
#include "evidence/evidence.h"
#include "kybdesk/base/tar.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "use/use.h"

#include <stdlib.h>

#define RECORDS_PER_PAGE 200

struct collect_run {
	struct desk *desk;
	struct arena *arena;
	const struct evidence_request *request;
	struct strbuf *archive, hash_list, signers;
	struct evidence_result *result;
	struct evidence evidence;
	struct case_file *cases;
	size_t case_capacity;
	struct audit_event *records;
	struct audit_proof *proofs;
	const char **written_hashes; /* hashes of files in the archive, and of files listed as absent */
	size_t written_hash_count, written_hash_capacity;
};

static void add_member(struct collect_run *to, const char *name, const void *bytes, size_t length)
{
	tar_add_member(to->archive, name, bytes, length);
	strbuf_addf(&to->hash_list, "%s  %s\n", sha256_text(to->arena, bytes, length), name);
	to->result->members++;
}

static void add_text(struct collect_run *to, const char *name, const char *text)
{
	add_member(to, name, text, strlen(text));
}

/* Whether no member with this hash was written yet; from now on the hash counts as written. */
static bool mark_hash_if_new(struct collect_run *to, const char *sha256)
{
	if (!*sha256 || texts_contain(to->written_hashes, to->written_hash_count, sha256))
		return false;
	*ARENA_PUSH(to->arena, to->written_hashes, to->written_hash_count, to->written_hash_capacity) = sha256;
	return true;
}

/* --- cases and decisions --- */

static void add_case(struct collect_run *to, size_t at)
{
	const struct session_write_options options = { .now = TIME_NONE };
	struct json_value *document = session_write(&to->cases[at], &options);
	struct strbuf text = STRBUF_INIT;

	json_write(&text, document, JSON_PRETTY_LAYOUT, true);
	json_free(document);
	add_member(to, at ? arena_printf(to->arena, "kyc/%s/case.json", to->cases[at].session.id) : "case.json",
		   text.buf, text.len);
	strbuf_wipe(&text);
}

/* Finds a text of the rules by its hash: the session's own workflow text, or an installed text. */
static enum err find_rules(struct collect_run *to, const struct session *session, const char *sha256, const char **body,
			   struct error *error)
{
	struct store *store = to->desk->store;
	char own[SHA256_HEX_SIZE] = "";
	enum err err = session->workflow_row ? store_workflow_hash(store, session->workflow_row, own, error) : ERR_OK;

	*body = NULL;
	if (!err && !strcmp(own, sha256))
		return store_workflow_body(store, to->arena, session->workflow_row, body, error);
	for (int kind = RULE_TEXT_WORKFLOW; !err && !*body && kind <= RULE_TEXT_REASONS; kind++) {
		struct rule_texts texts;
		struct rule_text text;

		err = store_rule_list(store, to->arena, (enum rule_text_kind)kind, &texts, error);
		for (size_t i = 0; !err && !*body && i < texts.count; i++) {
			if (strcmp(texts.items[i].sha256, sha256) != 0)
				continue;
			err = store_rule_load(store, to->arena, texts.items[i].row, &text, error);
			*body = text.body;
		}
	}
	return err;
}

static enum err add_rules(struct collect_run *to, const struct session *session, const char *sha256,
			  struct error *error)
{
	const char *body = NULL;
	enum err err = ERR_OK;

	if (!mark_hash_if_new(to, sha256))
		return ERR_OK;
	err = find_rules(to, session, sha256, &body, error);
	if (!err && body)
		add_text(to, arena_printf(to->arena, EVIDENCE_RULES_FOLDER "%s.json", sha256), body);
	return err;
}

/* Adds the texts that a decision's evidence names: its workflow and its sets of reasons. */
static enum err add_evidence_rules(struct collect_run *to, const struct session *session, const char *evidence,
				   struct error *error)
{
	struct json_value *seen = NULL;
	enum err err = json_read(evidence, strlen(evidence), &seen, error);
	const struct json_value *profile = err ? NULL : json_get(seen, "profile");
	const struct json_value *reasons = err ? NULL : json_get(seen, "reasons");
	const char *sha256 = profile ? json_get_text(profile, "sha256") : NULL;

	if (!err && sha256)
		err = add_rules(to, session, arena_strdup(to->arena, sha256), error);
	for (const char *set = json_first_key(reasons); !err && set; set = json_next_key(reasons, set)) {
		sha256 = json_get_text(reasons, set);
		/* The member "sha256" is the hash of all sets of reasons together; no text has this hash. */
		if (sha256 && strcmp(set, "sha256") != 0)
			err = add_rules(to, session, arena_strdup(to->arena, sha256), error);
	}
	json_free(seen);
	return err;
}

/* Adds the signed text and its signature to the archive, and the signer's key to the list of signers. */
static enum err add_signature(struct collect_run *to, const struct case_file *file, const struct decision *decision,
			      struct error *error)
{
	const char *name = arena_printf(to->arena, EVIDENCE_DECISIONS_FOLDER "%s-%lld", file->session.id,
					(long long)decision->number);
	const struct decision_signature *found = NULL;
	enum err err =
		store_signature_load(to->desk->store, to->arena, file->session.row, decision->number, &found, error);
	const char *line;

	if (err || !found)
		return err;
	add_text(to, arena_printf(to->arena, "%s.signed", name), found->text);
	add_text(to, arena_printf(to->arena, "%s.sig", name), found->armored);
	line = arena_printf(to->arena, "%s namespaces=\"" DECISION_SIGNATURE_PURPOSE "\" %s\n", decision->by,
			    found->key);
	if (!to->signers.len || !strstr(to->signers.buf, line))
		strbuf_adds(&to->signers, line);
	return ERR_OK;
}

static enum err add_decisions(struct collect_run *to, const struct case_file *file, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->decision_count; i++) {
		struct decision decision;

		err = store_decision_load(to->desk->store, to->arena, file->session.row, file->decisions[i].number,
					  &decision, error);
		if (err || !*decision.evidence_sha256) /* an imported decision has no evidence in this store */
			continue;
		add_text(to,
			 arena_printf(to->arena, EVIDENCE_DECISIONS_FOLDER "%s-%lld.json", file->session.id,
				      (long long)decision.number),
			 decision.evidence_json);
		to->result->decisions++;
		err = add_signature(to, file, &decision, error);
		if (err)
			return err;
		err = add_evidence_rules(to, &file->session, decision.evidence_json, error);
	}
	return err;
}

/* --- documents --- */

static enum err add_file_bytes(struct collect_run *to, const char *sha256, struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	enum bytes_state state = BYTES_MISSING;
	enum err err = ERR_OK;

	if (!mark_hash_if_new(to, sha256))
		return ERR_OK;
	to->result->documents++;
	if (!to->request->omit_documents)
		err = store_bytes_state(to->desk->store, sha256, &state, error);
	if (!err && state == BYTES_INTACT) {
		err = store_bytes_get(to->desk->store, sha256, &bytes, error);
		if (!err)
			add_member(to, arena_printf(to->arena, EVIDENCE_DOCUMENTS_FOLDER "%s", sha256), bytes.buf,
				   bytes.len);
	} else if (!err) {
		to->result->absent_count++;
	}
	strbuf_wipe(&bytes);
	return err;
}

static enum err add_documents(struct collect_run *to, const struct case_file *file, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->document_count; i++)
		for (size_t side = 0; !err && side < document_side_count(&file->documents[i]); side++)
			err = add_file_bytes(to, document_side(&file->documents[i], side).sha256, error);
	return err;
}

/* --- records --- */

static int compare_seq(const void *left, const void *right)
{
	const struct audit_event *a = left, *b = right;

	return (a->seq > b->seq) - (a->seq < b->seq);
}

static enum err find_records(struct collect_run *to, struct error *error)
{
	size_t count = 0, capacity = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < to->evidence.case_count; i++) {
		struct audit_filter filter = { .session_id = to->cases[i].session.id, .limit = RECORDS_PER_PAGE };
		struct audit_list page = { .count = RECORDS_PER_PAGE };

		while (!err && page.count == RECORDS_PER_PAGE) {
			err = store_audit_list(to->desk->store, to->arena, &filter, &page, error);
			for (size_t at = 0; !err && at < page.count; at++) {
				filter.after_seq = page.items[at].seq;
				*ARENA_PUSH(to->arena, to->records, count, capacity) = page.items[at];
			}
		}
	}
	if (count)
		qsort(to->records, count, sizeof *to->records, compare_seq);
	to->evidence.record_count = count;
	return err;
}

static void add_record(struct strbuf *out, const struct audit_event *event, const struct audit_proof *proof)
{
	struct json_value *record = json_new_object();
	char hex[SHA256_HEX_SIZE];

	JSON_ADD(record, { "seq", AS_INT(event->seq) }, { "at_ms", AS_INT(event->at) },
		 { "actor", AS_TEXT(event->actor) }, { "role", AS_TEXT(event->role) },
		 { "action", AS_TEXT(event->action) }, { "session_id|null", AS_TEXT(event->session_id) });
	if (event->session_version)
		json_set_int(record, "session_version", event->session_version);
	else
		json_set_null(record, "session_version");
	JSON_ADD(record, { "detail", AS_TEXT(event->detail) }, { "rows_sha256|null", AS_TEXT(event->rows_hash) });
	hex_encode(proof->previous, SHA256_SIZE, hex);
	JSON_ADD(record, { "previous", AS_TEXT(hex) }, { "hash", AS_TEXT(event->hash) });
	JSON_SET_EACH(record, "proof", i, proof->length,
		      (hex_encode(proof->path[i], SHA256_SIZE, hex), json_new_string(hex)));
	json_write(out, record, JSON_COMPACT_LAYOUT, true);
	json_free(record);
}

/* Adds the records, with their proofs in the checkpoint's tree, and the checkpoint. */
static enum err add_records(struct collect_run *to, struct error *error)
{
	struct strbuf lines = STRBUF_INIT, note = STRBUF_INIT;
	struct checkpoint_result checkpoint;
	enum err err = find_records(to, error);

	to->proofs = arena_alloc_array(to->arena, to->evidence.record_count + 1, sizeof *to->proofs);
	for (size_t i = 0; i < to->evidence.record_count; i++)
		to->proofs[i].seq = to->records[i].seq;
	if (!err)
		err = desk_make_checkpoint(to->desk, to->arena,
					   &(const struct checkpoint_request){ NULL, to->request->checkpoint,
									       to->proofs, to->evidence.record_count },
					   &note, &checkpoint, error);
	while (!err && to->evidence.record_count && to->records[to->evidence.record_count - 1].seq > checkpoint.size)
		to->evidence.record_count--;
	for (size_t i = 0; !err && i < to->evidence.record_count; i++)
		add_record(&lines, &to->records[i], &to->proofs[i]);
	if (!err) {
		add_member(to, EVIDENCE_RECORDS_FILE, lines.buf, lines.len);
		add_member(to, EVIDENCE_CHECKPOINT_FILE, note.buf, note.len);
		to->result->tree_size = checkpoint.size;
		to->result->records = to->evidence.record_count;
	}
	strbuf_release(&lines);
	strbuf_release(&note);
	return err;
}

/* --- sealed values --- Lists the values that records sealed (use/seal.c) and that equal a present value or text of
 * the case. For an earlier value the archive has only the hash; a person that knows the value can prove that the
 * record sealed this value. */

struct value_listing {
	struct arena *arena;
	struct strbuf *out;
	struct seal_key key;
	struct sealed_values present_values; /* present values, each in the member `after` */
	const char **words;		     /* texts in the case, its decisions and notes that may be sealed */
	size_t word_count, word_capacity;
};

static void collect_sealable_texts(struct value_listing *value_listing, const struct json_value *value)
{
	const char *text = json_text(value), *reason = text ? strstr(text, ": ") : NULL;

	if (text && *text)
		*ARENA_PUSH(value_listing->arena, value_listing->words, value_listing->word_count,
			    value_listing->word_capacity) = text;
	/* A note that the desk made from a reason has the reason after ": ", as in "The step x was changed: REASON". */
	if (reason)
		*ARENA_PUSH(value_listing->arena, value_listing->words, value_listing->word_count,
			    value_listing->word_capacity) = reason + 2;
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		collect_sealable_texts(value_listing, json_at(value, i));
	for (const char *key = json_is_object(value) ? json_first_key(value) : NULL; key;
	     key = json_next_key(value, key))
		collect_sealable_texts(value_listing, json_get(value, key));
}

static bool is_sealed(const struct value_listing *value_listing, const char *path, const char *value, const char *hash)
{
	return !strcmp(seal_hash_text(value_listing->arena, &value_listing->key, path, value), hash);
}

/* Finds the present value or text with this hash. Returns NULL if the store no longer has the value. */
static const char *find_sealed_value(const struct value_listing *value_listing, const char *path, const char *hash)
{
	bool is_word = strpbrk(path, ".[") == NULL;

	for (size_t i = 0; i < value_listing->present_values.count; i++)
		if (!strcmp(value_listing->present_values.items[i].path, path) &&
		    is_sealed(value_listing, path, value_listing->present_values.items[i].after, hash))
			return value_listing->present_values.items[i].after;
	for (size_t i = 0; is_word && i < value_listing->word_count; i++)
		if (is_sealed(value_listing, path, value_listing->words[i], hash))
			return value_listing->words[i];
	return NULL;
}

static void append_sealed_values(struct value_listing *value_listing, const struct audit_event *record)
{
	static const char *const sides[] = { "before", "after" };
	struct json_value *detail = NULL;
	const struct json_value *sealed;

	if (json_read(record->detail, strlen(record->detail), &detail, NULL))
		return;
	sealed = json_get(detail, "sealed");
	for (const char *path = sealed ? json_first_key(sealed) : NULL; path; path = json_next_key(sealed, path)) {
		for (size_t side = 0; side < 2; side++) {
			const char *hash = json_get_text(json_get(sealed, path), sides[side]);
			const char *value = hash ? find_sealed_value(value_listing, path, hash) : NULL;
			struct json_value *line;

			if (!value)
				continue;
			line = JSON_FROM({ "record", AS_INT(record->seq) }, { "path", AS_TEXT(path) },
					 { "side", AS_TEXT(sides[side]) }, { "value", AS_TEXT(value) });
			json_write(value_listing->out, line, JSON_COMPACT_LAYOUT, true);
			json_free(line);
		}
	}
	json_free(detail);
}

static void append_seal_key(const struct value_listing *value_listing, const char *session)
{
	struct json_value *line = json_new_object();
	char hex[SHA256_HEX_SIZE];

	hex_encode(value_listing->key.bytes, sizeof value_listing->key.bytes, hex);
	JSON_ADD(line, { "session", AS_TEXT(session) }, { "key", AS_TEXT(hex) });
	json_write(value_listing->out, line, JSON_COMPACT_LAYOUT, true);
	json_free(line);
	secret_wipe(hex, sizeof hex);
}

static enum err append_case_values(struct desk *desk, struct arena *arena, const struct evidence *evidence, size_t at,
				   struct strbuf *out, struct error *error)
{
	const struct case_file *file = &evidence->cases[at];
	const struct blockers none = { 0 };
	struct value_listing value_listing = { .arena = arena, .out = out };
	struct json_value *document;
	enum err err = seal_key_of(desk, file->session.row, &value_listing.key, error);

	if (err || !value_listing.key.is_key_loaded)
		return err;
	document = session_write(file, &(const struct session_write_options){ .blockers = &none, .now = TIME_NONE });
	seal_compare(arena, NULL, document, &value_listing.present_values);
	collect_sealable_texts(&value_listing, document);
	append_seal_key(&value_listing, file->session.id);
	for (size_t i = 0; i < evidence->record_count; i++)
		if (!strcmp(evidence->records[i].session_id, file->session.id))
			append_sealed_values(&value_listing, &evidence->records[i]);
	json_free(document);
	secret_wipe(&value_listing.key, sizeof value_listing.key);
	return ERR_OK;
}

/* --- the archive --- */

static enum err load_case(struct collect_run *to, int64_t row, struct error *error)
{
	struct evidence *evidence = &to->evidence;

	for (size_t i = 0; i < evidence->case_count; i++)
		if (to->cases[i].session.row == row)
			return ERR_OK;
	return desk_case_load(to->desk, to->arena, row,
			      ARENA_PUSH(to->arena, to->cases, evidence->case_count, to->case_capacity), error);
}

/* Loads the case, its subsessions, and the sessions of other cases that verify its parties. */
static enum err load_cases(struct collect_run *to, struct error *error)
{
	struct family family = { 0 };
	int64_t row = 0;
	enum err err = store_session_find(to->desk->store, to->request->session, &row, error);

	if (!err)
		err = store_session_load_descendants(to->desk->store, to->arena, row, &family, error);
	for (size_t i = 0; !err && i < family.count; i++)
		err = load_case(to, family.members[i].row, error);
	for (size_t i = 0; !err && i < to->evidence.case_count; i++)
		for (size_t party = 0; !err && party < to->cases[i].party_count; party++)
			if (to->cases[i].parties[party].session_row)
				err = load_case(to, to->cases[i].parties[party].session_row, error);
	if (!err)
		to->result->session = to->cases[0].session.id;
	return err;
}

static enum err add_values(struct collect_run *to, struct error *error)
{
	struct strbuf lines = STRBUF_INIT;
	enum err err = ERR_OK;

	to->evidence.cases = to->cases;
	to->evidence.records = to->records;
	for (size_t i = 0; !err && i < to->evidence.case_count; i++)
		err = append_case_values(to->desk, to->arena, &to->evidence, i, &lines, error);
	if (!err && lines.len)
		add_member(to, EVIDENCE_VALUES_FILE, lines.buf, lines.len);
	strbuf_wipe(&lines);
	return err;
}

static void add_html_page(struct collect_run *to)
{
	struct strbuf page = STRBUF_INIT;

	evidence_write_page(&page, to->arena, &to->evidence);
	add_member(to, "index.html", page.buf, page.len);
	strbuf_wipe(&page);
}

/* SHA256SUMS is the last member, because it lists all others. */
static void add_hash_list(struct collect_run *to)
{
	struct strbuf note = STRBUF_INIT;

	if (to->request->key)
		signed_note_write(&note, to->hash_list.buf, to->hash_list.len, to->request->key);
	else
		strbuf_add(&note, to->hash_list.buf, to->hash_list.len);
	tar_add_member(to->archive, EVIDENCE_SUMS_FILE, note.buf, note.len);
	to->result->members++;
	tar_end(to->archive);
	strbuf_release(&note);
}

static enum err collect_evidence(struct collect_run *to, struct error *error)
{
	enum err err = load_cases(to, error);

	for (size_t i = 0; !err && i < to->evidence.case_count; i++) {
		add_case(to, i);
		err = add_decisions(to, &to->cases[i], error);
		if (!err)
			err = add_documents(to, &to->cases[i], error);
	}
	if (!err && to->signers.len)
		add_member(to, EVIDENCE_SIGNERS_FILE, to->signers.buf, to->signers.len);
	if (!err)
		err = add_records(to, error);
	if (!err)
		err = add_values(to, error);
	if (err)
		return err;
	add_html_page(to);
	add_hash_list(to);
	return ERR_OK;
}

/* Reads in->text: the hash of the archive; in->all: the archive contains the documents. */
enum err use_evidence_export(struct use *use, struct error *error)
{
	(void)error;
	JSON_ADD(use->detail, { "archive_sha256", AS_TEXT(use->in->text) }, { "documents", AS_BOOL(use->in->all) });
	return ERR_OK;
}

enum err desk_evidence(struct desk *desk, struct arena *arena, const struct evidence_request *request,
		       struct strbuf *out, struct evidence_result *made, struct error *error)
{
	struct strbuf archive = STRBUF_INIT;
	struct collect_run to = { .desk = desk,
				  .arena = arena,
				  .request = request,
				  .archive = &archive,
				  .hash_list = STRBUF_INIT,
				  .signers = STRBUF_INIT,
				  .result = made };
	const struct use_case *row = &use_cases[VERB_EVIDENCE_EXPORT];
	struct use_out done;
	enum err err = desk_require_writer(desk, row->role, row->verb_phrase, error);

	*made = (struct evidence_result){ .session = "", .sha256 = "" };
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = collect_evidence(&to, error);
	desk_end_read(desk);
	/* The archive leaves this function only after the export is in the audit log. */
	if (!err) {
		made->sha256 = sha256_text(arena, archive.buf, archive.len);
		err = desk_do(desk, arena,
			      &(const struct use_in){ .verb = VERB_EVIDENCE_EXPORT,
						      .session = made->session,
						      .text = made->sha256,
						      .all = !request->omit_documents },
			      &done, error);
	}
	if (!err)
		strbuf_add(out, archive.buf, archive.len);
	strbuf_wipe(&archive);
	strbuf_release(&to.hash_list);
	strbuf_release(&to.signers);
	return err;
}
