/* Verifies an archive without the store: every member against SHA256SUMS; every record against the checkpoint; the
 * decisions' evidence, the rules and the documents against the hashes that the records and the evidence name. */
#include "evidence/evidence.h"
#include "kybdesk/base/ssh_signature.h"
#include "kybdesk/base/tar.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/checkpoint.h"
#include "use/use.h"

#include <stdio.h>
#include <stdlib.h>

struct verify_run {
	struct arena *arena;
	const struct evidence_input *input;
	struct evidence_verdict *out;
	struct tar_member *members;
	size_t count, capacity;
	struct checkpoint checkpoint;
	bool *is_recorded;	   /* for each member: whether a record names the member */
	const char **absent_files; /* names of missing members; their number: out->absent_count */
	size_t absent_capacity;
	struct proved_record *proved_records; /* audit records; their number: out->records */
	size_t proved_capacity;
};

struct proved_record {
	int64_t seq;
	const char *session_id, *detail;
};

static enum err refuse_file(struct error *error, const char *member, const char *why)
{
	return error_set(error, ERR_STORE, "The archive was changed: %s: %s", member, why);
}

static struct tar_member *find_member(const struct verify_run *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++)
		if (!strcmp(v->members[i].name, name))
			return &v->members[i];
	return NULL;
}

static enum err read_members(struct verify_run *v, struct error *error)
{
	const struct evidence_input *input = v->input;
	size_t at = 0;

	for (bool end = false;;) {
		struct tar_member member;
		enum err err = tar_read_member(input->bytes, input->length, &at, &member, &end, error);

		v->out->members = v->count;

		if (err)
			return error_set(error, ERR_STORE, "The archive was changed, or is another file: %s",
					 arena_strdup(v->arena, error->message));
		if (end) {
			v->is_recorded = arena_alloc_array(v->arena, v->count + 1, sizeof *v->is_recorded);
			return ERR_OK;
		}
		if (find_member(v, member.name))
			return refuse_file(error, member.name, "it occurs twice");
		*ARENA_PUSH(v->arena, v->members, v->count, v->capacity) = member;
	}
}

/* --- SHA256SUMS --- */

/* Checks the signature of the list of hashes. *length: length of the list without its signature. A list without an
 * empty line is unsigned. */
static enum err check_signed_list(struct verify_run *v, const struct tar_member *member, size_t *length,
				  const char **by, struct error *error)
{
	struct signed_note note;
	enum err err;

	*length = member->length;
	*by = NULL;
	if (member->length < 2 || !memmem(member->bytes, member->length, "\n\n", 2))
		return v->input->key_count ? refuse_file(error, member->name, "it is not signed") : ERR_OK;
	err = signed_note_read(v->arena, member->bytes, member->length, &note, error);
	if (!err)
		err = signed_note_check(&note, v->input->keys, v->input->key_count, by, error);
	if (err)
		return refuse_file(error, member->name, arena_strdup(v->arena, error->message));
	*length = note.length;
	return ERR_OK;
}

/* Whether the line of the list names this member with its hash. */
static bool line_matches_member(const struct verify_run *v, const struct tar_member *member, const char *line,
				size_t length)
{
	const char *expected =
		arena_printf(v->arena, "%s  %s\n", sha256_text(v->arena, member->bytes, member->length), member->name);

	return strlen(expected) == length && !memcmp(expected, line, length);
}

static enum err check_hash_list(struct verify_run *v, struct error *error)
{
	const struct tar_member *sums = v->count ? &v->members[v->count - 1] : NULL;
	size_t length = 0, at = 0;
	enum err err;

	if (!sums || strcmp(sums->name, EVIDENCE_SUMS_FILE) != 0)
		return refuse_file(error, EVIDENCE_SUMS_FILE, "it is not the last member");
	err = check_signed_list(v, sums, &length, &v->out->signed_by, error);
	if (err)
		return err;
	v->out->is_signed = length < sums->length;
	for (size_t i = 0; i + 1 < v->count; i++) {
		const char *line = sums->bytes + at;
		const char *end = memchr(line, '\n', length - at);
		size_t line_length = end ? (size_t)(end - line) + 1 : 0;

		if (!line_matches_member(v, &v->members[i], line, line_length))
			return refuse_file(error, v->members[i].name,
					   "its SHA-256 differs from the one in " EVIDENCE_SUMS_FILE);
		at += line_length;
	}
	return at == length ? ERR_OK : refuse_file(error, EVIDENCE_SUMS_FILE, "it lists a missing file");
}

/* --- checkpoint and records --- */

static enum err check_checkpoint(struct verify_run *v, struct error *error)
{
	const struct checkpoint_file *given = v->input->checkpoint;
	const struct tar_member *member = find_member(v, EVIDENCE_CHECKPOINT_FILE);
	size_t length = 0;
	enum err err;

	if (!member)
		return refuse_file(error, EVIDENCE_CHECKPOINT_FILE, "it is missing");
	err = check_signed_list(v, member, &length, &v->out->checkpoint_signer, error);
	if (!err && checkpoint_read(v->arena, member->bytes, length, &v->checkpoint, error))
		err = refuse_file(error, member->name, arena_strdup(v->arena, error->message));
	if (err)
		return err;
	v->out->is_checkpoint_signed = length < member->length;
	v->out->origin = v->checkpoint.origin;
	v->out->tree_size = v->checkpoint.size;
	if (given && (given->length != member->length || memcmp(given->bytes, member->bytes, given->length) != 0))
		return error_set(error, ERR_INVALID,
				 "The archive was made for another checkpoint than %s; export it again with: "
				 "kybdesk evidence SESSION -o FILE --checkpoint %s",
				 given->name, given->name);
	return ERR_OK;
}

struct record {
	struct audit_event event;
	uint8_t previous[SHA256_SIZE], hash[SHA256_SIZE];
	uint8_t path[MERKLE_PATH_MAX][SHA256_SIZE];
	size_t path_length;
	struct json_value *detail;
};

static const char *get_text(const struct verify_run *v, const struct json_value *object, const char *key)
{
	const char *text = json_get_text(object, key);

	return arena_strdup(v->arena, text ? text : "");
}

static bool read_hash(const struct json_value *value, uint8_t out[SHA256_SIZE])
{
	const char *text = json_text(value);

	return text && strlen(text) == 2 * (size_t)SHA256_SIZE && hex_decode(text, out, SHA256_SIZE);
}

static bool read_record(struct verify_run *v, const struct json_value *line, struct record *out)
{
	const struct json_value *path = json_get(line, "proof");
	const char *rows = get_text(v, line, "rows_sha256");

	*out = (struct record){ .event = { .actor = get_text(v, line, "actor"),
					   .role = get_text(v, line, "role"),
					   .action = get_text(v, line, "action"),
					   .session_id = get_text(v, line, "session_id"),
					   .detail = get_text(v, line, "detail") },
				.path_length = json_count(path) };
	(void)json_get_int(line, "session_version", &out->event.session_version);
	for (size_t i = 0; i < out->path_length && i < MERKLE_PATH_MAX; i++)
		if (!read_hash(json_at(path, i), out->path[i]))
			return false;
	if (*rows && strlen(rows) != 2 * (size_t)SHA256_SIZE)
		return false;
	(void)snprintf(out->event.rows_hash, sizeof out->event.rows_hash, "%s", rows);
	return json_get_int(line, "seq", &out->event.seq) && json_get_int(line, "at_ms", &out->event.at) &&
	       out->event.seq > 0 && read_hash(json_get(line, "previous"), out->previous) &&
	       read_hash(json_get(line, "hash"), out->hash) && out->path_length <= MERKLE_PATH_MAX;
}

static bool is_proved(const struct verify_run *v, const struct record *record)
{
	uint8_t hash[SHA256_SIZE];
	const struct merkle_proof proof = { .entry = hash,
					    .entry_length = sizeof hash,
					    .leaf_index = (uint64_t)record->event.seq - 1,
					    .tree_size = (uint64_t)v->checkpoint.size,
					    .path = record->path[0],
					    .length = record->path_length };

	store_audit_hash(&record->event, record->previous, hash);
	return !memcmp(hash, record->hash, SHA256_SIZE) && merkle_proof_is_valid(&proof, v->checkpoint.root);
}

/* Checks that an archive member has the hash that a record gives for it. */
static enum err check_member_hash(struct verify_run *v, const char *name, const char *sha256, struct error *error)
{
	const struct tar_member *member = find_member(v, name);

	if (!member)
		return refuse_file(error, name, "it is missing, although a record names it");
	if (strcmp(sha256_text(v->arena, member->bytes, member->length), sha256) != 0)
		return refuse_file(error, name, "its SHA-256 differs from the one in its record");
	v->is_recorded[member - v->members] = true;
	return ERR_OK;
}

/* --- signed decisions --- */

static bool has_fact_line(const char *text, struct arena *arena, const char *fact, const char *value)
{
	return strstr(text, arena_printf(arena, "\n%s %s\n", fact, value)) != NULL;
}

/* Finds the key in a line "NAME [OPTIONS] TYPE BASE64 [COMMENT]". Returns NULL if the line has another name. `end`:
 * the end of the line. */
static const char *find_key_text(const char *line, const char *end, const char *name)
{
	size_t length = strlen(name);
	bool quoted = false;
	const char *at = line + length + 1;

	if ((size_t)(end - line) <= length || memcmp(line, name, length) != 0 || line[length] != ' ')
		return NULL;
	if (!strncmp(at, "ssh-", 4) || !strncmp(at, "ecdsa-", 6) || !strncmp(at, "sk-", 3))
		return at;
	while (at < end && (quoted || *at != ' ')) {
		quoted = quoted != (*at == '"');
		at++;
	}
	return at < end ? at + 1 : NULL;
}

/* Whether a key of this person made the signature. */
static bool is_signed_by(struct verify_run *v, const struct ssh_signature *signature, const char *signers,
			 const char *name, struct error *error)
{
	bool valid = false;

	for (const char *line = signers, *next; !valid && *line; line = next) {
		const char *end = strchrnul(line, '\n'), *key = find_key_text(line, end, name);

		next = *end ? end + 1 : end;
		if (!key)
			continue;
		error_release(error);
		valid = !ssh_signature_check(signature, arena_strndup(v->arena, key, (size_t)(end - key)), error);
	}
	return valid;
}

/* Checks the signature of a decision; the audit record of a signed decision gives the hash of the signature. */
static enum err check_signature(struct verify_run *v, const struct record *record, const char *decision,
				struct error *error)
{
	const char *sha256 = json_get_text(record->detail, "signature_sha256");
	const struct tar_member *text = find_member(v, arena_printf(v->arena, "%s.signed", decision)),
				*armored = find_member(v, arena_printf(v->arena, "%s.sig", decision));
	const struct tar_member *kept = find_member(v, EVIDENCE_SIGNERS_FILE);
	struct error why = { 0 };
	struct ssh_signature signature = { .purpose = DECISION_SIGNATURE_PURPOSE };
	enum err err;

	if (!sha256)
		return ERR_OK;
	err = check_member_hash(v, arena_printf(v->arena, "%s.sig", decision), sha256, error);
	if (err)
		return err;
	if (!text || !kept)
		return refuse_file(error, decision, "its signed text, or the list of signers, is missing");
	v->is_recorded[text - v->members] = true;
	signature.text = arena_strndup(v->arena, text->bytes, text->length);
	signature.armored = arena_strndup(v->arena, armored->bytes, armored->length);
	if (!has_fact_line(signature.text, v->arena, "session", record->event.session_id) ||
	    !has_fact_line(signature.text, v->arena, "evidence", json_get_text(record->detail, "evidence_sha256")) ||
	    !has_fact_line(signature.text, v->arena, "by", record->event.actor))
		return refuse_file(error, text->name, "it is about another decision");
	if (!is_signed_by(v, &signature,
			  v->input->signers ? v->input->signers : arena_strndup(v->arena, kept->bytes, kept->length),
			  record->event.actor, &why))
		err = refuse_file(
			error, armored->name,
			why.message ? arena_strdup(v->arena, why.message)
				    : arena_printf(v->arena, "no key of %s is among the signers", record->event.actor));
	error_release(&why);
	v->out->signed_decisions += !err;
	return err;
}

/* Checks the evidence of the decision that a record is about. */
static enum err check_decision(struct verify_run *v, const struct record *record, struct error *error)
{
	int64_t number = 0;
	const char *sha256 = json_get_text(record->detail, "evidence_sha256"), *name;
	enum err err;

	if (!sha256 || !json_get_int(record->detail, "decision", &number))
		return ERR_OK;
	v->out->decisions++;
	name = arena_printf(v->arena, EVIDENCE_DECISIONS_FOLDER "%s-%lld", record->event.session_id, (long long)number);
	err = check_member_hash(v, arena_printf(v->arena, "%s.json", name), sha256, error);
	return err ? err : check_signature(v, record, name, error);
}

/* Whether the record names the last record of its session before it in the archive. Records of older programs name
 * none, so a gap between them does not show. */
static bool follows_its_previous(const struct verify_run *v, const struct record *record)
{
	int64_t named = 0, last = 0;

	for (size_t i = v->out->records; i > 0 && !last; i--)
		if (!strcmp(v->proved_records[i - 1].session_id, record->event.session_id))
			last = v->proved_records[i - 1].seq;
	return !json_get_int(record->detail, AUDIT_PREVIOUS_RECORD, &named) || named == last;
}

static enum err check_record_line(struct verify_run *v, const char *line, size_t length, struct error *error)
{
	const char *name = arena_printf(v->arena, EVIDENCE_RECORDS_FILE ", line %zu", v->out->records + 1);
	struct json_value *value = NULL;
	struct record record;
	enum err err = ERR_OK;

	if (json_read(line, length, &value, error))
		return refuse_file(error, name, "it is not JSON");
	if (!read_record(v, value, &record) || !is_proved(v, &record))
		err = refuse_file(error, name, "the checkpoint does not prove it");
	if (!err && json_read(record.event.detail, strlen(record.event.detail), &record.detail, error))
		err = refuse_file(error, name, "its detail is not JSON");
	if (!err && !follows_its_previous(v, &record))
		err = refuse_file(error, name, "the record of its session before it is missing");
	if (!err)
		err = check_decision(v, &record, error);
	*ARENA_PUSH(v->arena, v->proved_records, v->out->records, v->proved_capacity) =
		(struct proved_record){ record.event.seq, record.event.session_id, record.event.detail };
	json_free(record.detail);
	json_free(value);
	return err;
}

static enum err check_records(struct verify_run *v, struct error *error)
{
	const struct tar_member *member = find_member(v, EVIDENCE_RECORDS_FILE);
	enum err err = ERR_OK;

	if (!member)
		return refuse_file(error, EVIDENCE_RECORDS_FILE, "it is missing");
	for (size_t at = 0; !err && at < member->length;) {
		const char *end = memchr(member->bytes + at, '\n', member->length - at);

		if (!end)
			return refuse_file(error, EVIDENCE_RECORDS_FILE, "its last line is incomplete");
		err = check_record_line(v, member->bytes + at, (size_t)(end - member->bytes) - at, error);
		at = (size_t)(end - member->bytes) + 1;
	}
	return err;
}

/* --- sealed values --- */

/* Reads the key of this session from its line in values.ndjson. */
static bool find_seal_key(const struct verify_run *v, const char *session, struct seal_key *out)
{
	const struct tar_member *member = find_member(v, EVIDENCE_VALUES_FILE);
	const char *begin = arena_printf(v->arena, "{\"session\":\"%s\",\"key\":\"", session), *at;

	at = member ? memmem(member->bytes, member->length, begin, strlen(begin)) : NULL;
	out->is_key_loaded =
		at && (size_t)(member->bytes + member->length - at) >= strlen(begin) + 2 * SHA256_SIZE &&
		hex_decode(arena_strndup(v->arena, at + strlen(begin), 2 * SHA256_SIZE), out->bytes, sizeof out->bytes);
	return out->is_key_loaded;
}

/* Finds out whether a record sealed this value as the value before or after a change; side: the side to search,
 * NULL: both. Returns the side, or NULL if neither side matches. */
static const char *find_seal(const struct verify_run *v, int64_t seq, const char *side,
			     const struct sealed_value *value)
{
	static const char *const sides[] = { "before", "after" };
	const char *found = NULL;

	for (size_t i = 0; i < v->out->records; i++) {
		struct json_value *detail = NULL;
		struct seal_key key;
		const struct json_value *sealed;

		if (v->proved_records[i].seq != seq || !find_seal_key(v, v->proved_records[i].session_id, &key) ||
		    json_read(v->proved_records[i].detail, strlen(v->proved_records[i].detail), &detail, NULL))
			continue;
		sealed = json_get(detail, "sealed");
		sealed = sealed ? json_get(sealed, value->path) : NULL;
		for (size_t s = 0; sealed && s < 2; s++) {
			const char *hash = json_get_text(sealed, sides[s]);

			if (hash && (!side || !strcmp(side, sides[s])) &&
			    !strcmp(hash, seal_hash_text(v->arena, &key, value->path, value->after)))
				found = sides[s];
		}
		json_free(detail);
	}
	return found;
}

static enum err check_sealed_value(struct verify_run *v, const struct json_value *line, size_t number,
				   struct error *error)
{
	const struct sealed_value value = { get_text(v, line, "path"), "", get_text(v, line, "value") };
	int64_t seq = 0;

	if (json_get(line, "key"))
		return ERR_OK;
	v->out->matched_value_count++;
	if (json_get_int(line, "record", &seq) && find_seal(v, seq, get_text(v, line, "side"), &value))
		return ERR_OK;
	return refuse_file(error, arena_printf(v->arena, EVIDENCE_VALUES_FILE ", line %zu", number),
			   "its record sealed another value");
}

static enum err check_sealed_values(struct verify_run *v, struct error *error)
{
	const struct tar_member *member = find_member(v, EVIDENCE_VALUES_FILE);
	enum err err = ERR_OK;

	for (size_t at = 0, number = 1; !err && member && at < member->length; number++) {
		const char *line = member->bytes + at, *end = memchr(line, '\n', member->length - at);
		size_t length = end ? (size_t)(end - line) : member->length - at;
		struct json_value *value = NULL;

		if (json_read(line, length, &value, error))
			return refuse_file(error, EVIDENCE_VALUES_FILE, "a line is not JSON");
		err = check_sealed_value(v, value, number, error);
		json_free(value);
		at += length + 1;
	}
	return err;
}

/* Checks a claim RECORD:PATH=VALUE, for example "7:parties[ID].name=Ines Duarte". */
static enum err check_claimed_value(struct verify_run *v, const char *claim, const char **sentence, struct error *error)
{
	char *end;
	long long seq = strtoll(claim, &end, 10);
	const char *equals = *end == ':' ? strchr(end, '=') : NULL, *side;

	if (!equals || end == claim)
		return error_set_field(error, ERR_USAGE, "value",
				       "Write a sealed value as RECORD:PATH=VALUE, not \"%s\"", claim);
	const struct sealed_value value = { arena_strndup(v->arena, end + 1, (size_t)(equals - end - 1)), "",
					    equals + 1 };

	side = find_seal(v, seq, NULL, &value);
	if (!side)
		return error_set(error, ERR_STORE, "Record %lld did not seal the value \"%s\" of %s", seq, value.after,
				 value.path);
	*sentence = arena_printf(v->arena, "record %lld sealed this value of %s %s the change", seq, value.path, side);
	return ERR_OK;
}

static enum err check_claimed_values(struct verify_run *v, struct error *error)
{
	const struct evidence_input *input = v->input;
	enum err err = ERR_OK;

	v->out->sealed_sentences =
		arena_alloc_array(v->arena, input->value_count + 1, sizeof *v->out->sealed_sentences);
	v->out->sealed_sentence_count = input->value_count;
	for (size_t i = 0; !err && i < input->value_count; i++)
		err = check_claimed_value(v, input->values[i], &v->out->sealed_sentences[i], error);
	return err;
}

/* --- documents and rules named by the evidence of decisions --- */

/* Counts a member as absent if the evidence names it by its hash and the archive does not contain it. Counts each
 * name once. */
static void count_absent_member(struct verify_run *v, const char *name)
{
	if (find_member(v, name) || texts_contain(v->absent_files, v->out->absent_count, name))
		return;
	*ARENA_PUSH(v->arena, v->absent_files, v->out->absent_count, v->absent_capacity) = name;
}

static void count_document_file(struct verify_run *v, const struct json_value *part)
{
	const char *sha256 = json_get_text(part, "sha256");

	if (sha256 && *sha256)
		count_absent_member(v, arena_printf(v->arena, EVIDENCE_DOCUMENTS_FOLDER "%s", sha256));
}

static void count_document_files(struct verify_run *v, const struct json_value *documents)
{
	for (size_t i = 0; i < json_count(documents); i++) {
		const struct json_value *document = json_at(documents, i);
		const struct json_value *sides = json_get(document, "sides");

		count_document_file(v, document);
		for (size_t side = 0; side < json_count(sides); side++)
			count_document_file(v, json_at(sides, side));
	}
}

static enum err check_evidence(struct verify_run *v, const struct tar_member *member, struct error *error)
{
	struct json_value *evidence = NULL;
	const struct json_value *profile;
	const char *sha256;

	if (json_read(member->bytes, member->length, &evidence, error))
		return refuse_file(error, member->name, "it is not JSON");
	count_document_files(v, json_get(json_get(evidence, "case"), "documents"));
	profile = json_get(evidence, "profile");
	sha256 = profile ? json_get_text(profile, "sha256") : NULL;
	if (sha256 && *sha256)
		count_absent_member(v, arena_printf(v->arena, EVIDENCE_RULES_FOLDER "%s.json", sha256));
	json_free(evidence);
	return ERR_OK;
}

/* Checks that a member has the hash that is its name, and that a record names the evidence of each decision. */
static enum err check_member(struct verify_run *v, size_t at, struct error *error)
{
	const struct tar_member *member = &v->members[at];
	const char *sha256 = sha256_text(v->arena, member->bytes, member->length);
	const char *rules = arena_printf(v->arena, EVIDENCE_RULES_FOLDER "%s.json", sha256);
	const char *document = arena_printf(v->arena, EVIDENCE_DOCUMENTS_FOLDER "%s", sha256);

	bool is_rules = text_has_prefix(member->name, EVIDENCE_RULES_FOLDER);
	bool is_document = text_has_prefix(member->name, EVIDENCE_DOCUMENTS_FOLDER);

	v->out->documents += is_document;
	if ((is_rules && strcmp(member->name, rules) != 0) || (is_document && strcmp(member->name, document) != 0))
		return refuse_file(error, member->name, "its name is not its SHA-256");
	if (strncmp(member->name, EVIDENCE_DECISIONS_FOLDER, strlen(EVIDENCE_DECISIONS_FOLDER)) != 0)
		return ERR_OK;
	if (!v->is_recorded[at])
		return refuse_file(error, member->name, "no record names it");
	return strstr(member->name, ".json") ? check_evidence(v, member, error) : ERR_OK;
}

static enum err find_session(struct verify_run *v, struct error *error)
{
	const struct tar_member *member = find_member(v, "case.json");
	struct json_value *document = NULL;

	if (!member || json_read(member->bytes, member->length, &document, error))
		return refuse_file(error, "case.json", "it is missing, or not JSON");
	v->out->session = get_text(v, document, "id");
	json_free(document);
	return ERR_OK;
}

static enum err check_members(struct verify_run *v, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i + 1 < v->count; i++)
		err = check_member(v, i, error);
	return err;
}

enum err evidence_verify(struct arena *arena, const struct evidence_input *input, struct evidence_verdict *out,
			 struct error *error)
{
	static enum err (*const steps[])(struct verify_run * v, struct error * error) = {
		read_members,	     check_hash_list, check_checkpoint,	    check_records,
		check_sealed_values, check_members,   check_claimed_values, find_session
	};
	struct verify_run v = { .arena = arena, .input = input, .out = out };
	enum err err = ERR_OK;

	*out = (struct evidence_verdict){ .session = "", .origin = "" };
	for (size_t i = 0; !err && i < sizeof steps / sizeof *steps; i++)
		err = steps[i](&v, error);
	return err;
}
