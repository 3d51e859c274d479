/* The archive of one person's data: finds the subjects and parties of the person, then writes each of them. */
#include "keep/keep.h"
#include "kybdesk/base/tar.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/money_codec.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/store/money.h"
#include "kybdesk/store/person.h"
#include "read/read.h"

#include <ctype.h>
#include <strings.h>

#define ITEMS_PER_PAGE 500
#define ARCHIVE_NOTICE                                                                                                 \
	"Results of screenings, assessments and internal notes are never part of this archive, even if they "          \
	"exist."

struct person_match {
	int64_t row, session, subsession;
	bool is_party;
	const char *id;
};

struct person_export {
	struct desk *desk;
	struct arena *arena;
	const struct person_request *request;
	struct person_result *result;
	struct strbuf *archive;
	/* the person; name NULL: not found yet */
	const char *name, *date_of_birth, *country, *tax_id;
	bool matches_several_people;
	bool lacks_birth_dates; /* several subjects or parties match, and none has a birth date */
	struct person_match *matches;
	size_t match_count, match_capacity;
	int64_t *sessions;
	size_t session_count, session_capacity;
	const char **documents;
	size_t document_count, document_capacity;
	struct json_value *ids, *party_ids;
};

/* --- finding --- */

static bool is_requested_person(const struct person_export *export, const struct person_occurrence *occurrence)
{
	const struct person_request *request = export->request;

	if (*request->party)
		return !strcmp(occurrence->id, request->party);
	if (*request->date_of_birth && strcmp(request->date_of_birth, occurrence->date_of_birth) != 0)
		return false;
	if (*request->email)
		return !strcasecmp(occurrence->email, request->email);
	return text_equals_folded(occurrence->name, request->name);
}

static bool is_same_id_number(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a && !isalnum((unsigned char)*a))
			a++;
		while (*b && !isalnum((unsigned char)*b))
			b++;
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

/* The first pass over the matches identifies the person. A match without a birth date is not used if another match
 * has a birth date. */
static enum err identify_person(void *context, const struct person_occurrence *occurrence, struct error *error)
{
	struct person_export *export = context;

	(void)error;
	if (!is_requested_person(export, occurrence))
		return ERR_OK;
	if (export->name && !text_equals_folded(export->name, occurrence->name))
		export->matches_several_people = true;
	if (export->name && *occurrence->date_of_birth && *export->date_of_birth &&
	    strcmp(export->date_of_birth, occurrence->date_of_birth) != 0)
		export->matches_several_people = true;
	if (export->name && (!*occurrence->date_of_birth || *export->date_of_birth)) {
		export->lacks_birth_dates =
			export->lacks_birth_dates || (!*occurrence->date_of_birth && !*export->date_of_birth);
		return ERR_OK;
	}
	export->lacks_birth_dates = false;
	export->name = arena_strdup(export->arena, occurrence->name);
	export->date_of_birth = arena_strdup(export->arena, occurrence->date_of_birth);
	export->country = arena_strdup(export->arena, occurrence->country);
	export->tax_id = arena_strdup(export->arena, occurrence->tax_id);
	return ERR_OK;
}

/* Two different tax numbers of one country mean two people, even if name and birth date are the same. */
static bool is_another_person(const struct person_export *export, const struct person_occurrence *occurrence)
{
	return *occurrence->tax_id && *export->tax_id && !strcmp(occurrence->country, export->country) &&
	       !is_same_id_number(occurrence->tax_id, export->tax_id);
}

static enum err collect_occurrence(void *context, const struct person_occurrence *occurrence, struct error *error)
{
	struct person_export *export = context;
	bool requested = is_requested_person(export, occurrence), is_same;

	(void)error;
	if (!text_equals_folded(occurrence->name, export->name))
		return ERR_OK;
	is_same = *export->date_of_birth && !strcmp(occurrence->date_of_birth, export->date_of_birth) &&
		  !is_another_person(export, occurrence);
	if (!is_same && !(requested && (!*export->date_of_birth || *export->request->party))) {
		export->result->ambiguous_count +=
			!*occurrence->date_of_birth || !strcmp(occurrence->date_of_birth, export->date_of_birth);
		return ERR_OK;
	}
	*ARENA_PUSH(export->arena, export->matches, export->match_count, export->match_capacity) =
		(struct person_match){ .row = occurrence->row,
				       .session = occurrence->session,
				       .subsession = occurrence->subsession,
				       .is_party = occurrence->is_party,
				       .id = arena_strdup(export->arena, occurrence->id) };
	return ERR_OK;
}

static enum err find_occurrences(struct person_export *export, struct error *error)
{
	const struct person_scan first = { identify_person, export }, second = { collect_occurrence, export };
	enum err err = store_person_scan(export->desk->store, &first, error);

	if (!err && !export->name)
		return error_set(
			error, ERR_NOT_FOUND,
			"The store has no data of this person. Find people with: kybdesk list --filter name:…");
	if (!err && export->matches_several_people)
		return error_set(error, ERR_USAGE, "Several people match; add --birth YYYY-MM-DD, or use --party ID");
	if (!err && export->lacks_birth_dates)
		return error_set(error, ERR_USAGE,
				 "Several subjects or parties match, and none has a birth date: they may be "
				 "different people; use --party ID, once for each party that is this person");
	return err ? err : store_person_scan(export->desk->store, &second, error);
}

/* --- writing --- */

static void add_json_file(struct person_export *export, const char *name, struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;

	json_write(&text, value, JSON_PRETTY_LAYOUT, true);
	json_free(value);
	tar_add_member(export->archive, name, text.buf, text.len);
	export->result->members++;
	strbuf_wipe(&text);
}

static enum err add_document_bytes(struct person_export *export, const char *sha256, struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	enum bytes_state state = BYTES_MISSING;
	enum err err;

	if (!*sha256 || texts_contain(export->documents, export->document_count, sha256))
		return ERR_OK;
	*ARENA_PUSH(export->arena, export->documents, export->document_count, export->document_capacity) = sha256;
	err = store_bytes_state(export->desk->store, sha256, &state, error);
	if (!err && state == BYTES_INTACT)
		err = store_bytes_get(export->desk->store, sha256, &bytes, error);
	if (!err && state == BYTES_INTACT) {
		tar_add_member(export->archive, arena_printf(export->arena, "documents/%s", sha256), bytes.buf,
			       bytes.len);
		export->result->members++;
		export->result->documents++;
	}
	strbuf_wipe(&bytes);
	return err;
}

static enum err add_document(struct person_export *export, const struct document *document, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t side = 0; !err && side < document_side_count(document); side++)
		err = add_document_bytes(export, document_side(document, side).sha256, error);
	return err;
}

/* Adds a session of this person: the data that the client submitted, and the data that outside callers may read. */
static enum err add_session(struct person_export *export, int64_t row, struct error *error)
{
	const struct session_write_options options = { .now = TIME_NONE };
	struct external_case seen;
	struct json_value *document;
	enum err err;

	for (size_t i = 0; i < export->session_count; i++)
		if (export->sessions[i] == row)
			return ERR_OK;
	*ARENA_PUSH(export->arena, export->sessions, export->session_count, export->session_capacity) = row;
	err = external_person_case(export->desk, export->arena, row, &seen, error);
	if (err || seen.file.session.subject.kind != SUBJECT_INDIVIDUAL)
		return err;
	document = session_write(&seen.file, &options);
	JSON_ADD(document, { "decision_reason|null", AS_TEXT(seen.reason) },
		 { "decision_message|null", AS_TEXT(seen.message) });
	add_json_file(export, arena_printf(export->arena, "sessions/%s.json", seen.file.session.id), document);
	json_append(export->ids, json_new_string(seen.file.session.id));
	export->result->sessions++;
	for (size_t i = 0; !err && i < seen.file.document_count; i++)
		err = add_document(export, &seen.file.documents[i], error);
	return err;
}

static struct json_value *party_json(const struct case_file *file, const struct party *party)
{
	struct json_value *out = json_new_object(), *roles = json_new_array();

	JSON_ADD(out, { "session", AS_TEXT(file->session.id) }, { "merchant", AS_TEXT(file->session.merchant) },
		 { "workflow", AS_TEXT(file->session.workflow) }, { "of", AS_TEXT(file->session.subject.name) },
		 { "id", AS_TEXT(party->id) }, { "name", AS_TEXT(party->name) });
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++)
		if (party->roles & 1u << role)
			json_append(roles, json_new_string(party_role_text((enum party_role)role)));
	JSON_ADD(out, { "roles", roles }, { "control_role|null", AS_TEXT(party->control_role) },
		 { "country|null", AS_TEXT(party->country) }, { "date_of_birth|null", AS_TEXT(party->date_of_birth) },
		 { "tax_id|null", AS_TEXT(party->tax_id) },
		 { "registration_number|null", AS_TEXT(party->registration_number) },
		 { "email|null", AS_TEXT(party->email) }, { "phone|null", AS_TEXT(party->phone) },
		 { "addresses", json_new_raw(party->addresses_json) }, { "fields", json_new_raw(party->fields_json) },
		 { "removed", AS_BOOL(party->removed_at != TIME_NONE) });
	return out;
}

/* Adds the party, and the documents of the case that the party's fields name, such as an identification. */
static enum err add_party(struct person_export *export, const struct person_match *match, struct error *error)
{
	struct case_file file;
	const struct party *party;
	enum err err = desk_case_load(export->desk, export->arena, match->session, &file, error);

	if (err)
		return err;
	party = case_party_or_removed(&file, match->id);
	if (!party)
		return ERR_OK;
	add_json_file(export, arena_printf(export->arena, "parties/%s.json", party->id), party_json(&file, party));
	json_append(export->party_ids, json_new_string(party->id));
	export->result->parties++;
	for (size_t i = 0; !err && i < file.document_count; i++)
		if (*file.documents[i].id && strstr(party->fields_json, file.documents[i].id))
			err = add_document(export, &file.documents[i], error);
	return err;
}

/* Adds the orders of the account, without the names and numbers of recipients. A received transfer is only an entry
 * of the account, because its order belongs to another person. */
static enum err add_orders(struct person_export *export, const struct money_account *account, struct json_value *out,
			   struct error *error)
{
	struct money_order_filter filter = { .account = account->row,
					     .state = "",
					     .type = "",
					     .until = TIME_NONE,
					     .after = "",
					     .limit = ITEMS_PER_PAGE };
	struct json_value *orders = json_new_array();
	struct money_order_list page = { .more = true };
	enum err err = ERR_OK;

	while (!err && page.more) {
		err = store_order_list(export->desk->store, export->arena, &filter, &page, error);
		for (size_t i = 0; !err && i < page.count; i++) {
			filter.after = page.items[i].id;
			if (page.items[i].account_row != account->row)
				continue;
			page.items[i].iban = page.items[i].address = page.items[i].holder = page.items[i].bank = "";
			json_append(orders, money_order_write(&page.items[i]));
		}
	}
	json_set(out, "orders", orders);
	return err;
}

static enum err add_entries(struct person_export *export, const struct money_account *account, struct json_value *out,
			    struct error *error)
{
	struct money_order_filter filter = {
		.account = account->row, .until = TIME_NONE, .after = "", .limit = ITEMS_PER_PAGE
	};
	struct json_value *entries = json_new_array();
	struct ledger_entry_list page = { .more = true };
	enum err err = ERR_OK;

	while (!err && page.more) {
		err = store_ledger_list(export->desk->store, export->arena, &filter, &page, error);
		for (size_t i = 0; !err && i < page.count; i++) {
			filter.after = page.items[i].id;
			json_append(entries, ledger_entry_write(&page.items[i]));
		}
	}
	json_set(out, "transactions", entries);
	return err;
}

static enum err add_account(struct person_export *export, const struct money_account *account, struct error *error)
{
	struct json_value *out = json_new_object();
	enum err err;

	JSON_ADD(out, { "id", AS_TEXT(account->id) }, { "merchant", AS_TEXT(account->merchant) },
		 { "label|null", AS_TEXT(account->label) }, { "currency", AS_TEXT(account->currency) });
	json_set_amount(out, "balance", account->settled_amount - account->reserved_amount, account->currency);
	json_set_time(out, "created_at", account->created_at);
	err = add_orders(export, account, out, error);
	if (!err)
		err = add_entries(export, account, out, error);
	add_json_file(export, arena_printf(export->arena, "accounts/%s.json", account->id), out);
	export->result->accounts++;
	return err;
}

static enum err add_subject(struct person_export *export, const struct person_match *match, struct error *error)
{
	struct subject_sessions sessions;
	struct subject_record record;
	struct money_account_list accounts = { 0 };
	struct json_value *out;
	enum err err = store_subject_load(export->desk->store, export->arena, match->row, &record, error);

	if (!err)
		err = store_subject_sessions(export->desk->store, export->arena, match->row, &sessions, error);
	if (err)
		return err;
	out = json_new_object();
	/* Omits the level, which would reveal a decision within its grace time. */
	for (const struct column *c = NULL; (c = columns_next(&subject_record_columns, c, 0));)
		if (c->word && !(c->flags & COLUMN_SUBJECT_BUSINESS) && strcmp(c->word, "level") != 0)
			json_set_column(out, c, &record);
	add_json_file(export, arena_printf(export->arena, "subjects/%lld.json", (long long)match->row), out);
	for (size_t i = 0; !err && i < sessions.count; i++)
		err = add_session(export, sessions.items[i].row, error);
	if (!err)
		err = store_money_account_list_of_subject(export->desk->store, export->arena, match->row, &accounts,
							  error);
	for (size_t i = 0; !err && i < accounts.count; i++)
		err = add_account(export, &accounts.items[i], error);
	return err;
}

static enum err add_matches(struct person_export *export, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < export->match_count; i++) {
		const struct person_match *match = &export->matches[i];

		err = match->is_party ? add_party(export, match, error) : add_subject(export, match, error);
		if (!err && match->subsession)
			err = add_session(export, match->subsession, error);
	}
	return err;
}

static void add_summary(struct person_export *export)
{
	struct json_value *out = JSON_FROM(
		{ "name", AS_TEXT(export->name) }, { "date_of_birth|null", AS_TEXT(export->date_of_birth) },
		{ "sessions", AS_INT((int64_t) export->result->sessions) },
		{ "parties", AS_INT((int64_t) export->result->parties) },
		{ "documents", AS_INT((int64_t) export->result->documents) },
		{ "accounts", AS_INT((int64_t) export->result->accounts) }, { "left_out", AS_TEXT(ARCHIVE_NOTICE) });

	add_json_file(export, "person.json", out);
	tar_end(export->archive);
}

/* Records the export before the archive is returned. Reads in->text: the hash of the archive; in->results_json: the
 * ids of the archived items. */
enum err use_subject_export(struct use *use, struct error *error)
{
	(void)error;
	JSON_ADD(use->detail, { "archive_sha256", AS_TEXT(use->in->text) },
		 { "of", json_new_raw(use->in->results_json) });
	return ERR_OK;
}

static enum err record(struct person_export *export, struct error *error)
{
	struct json_value *of = json_new_object();
	struct use_out out;
	const char *ids;

	JSON_ADD(of, { "sessions", export->ids }, { "parties", export->party_ids });
	export->ids = export->party_ids = NULL;
	ids = json_move_to_arena(export->arena, of);
	return desk_do(export->desk, export->arena,
		       &(const struct use_in){
			       .verb = VERB_SUBJECT_EXPORT, .text = export->result->sha256, .results_json = ids },
		       &out, error);
}

static enum err check_request(const struct person_request *request, struct error *error)
{
	int given = (*request->name != '\0') + (*request->party != '\0') + (*request->email != '\0');

	if (given != 1)
		return error_set(error, ERR_USAGE, "Give one of NAME, --party ID and --email ADDRESS");
	if (*request->date_of_birth && !birth_date_is_valid(request->date_of_birth))
		return error_invalid(error, "birth", "The birth date is not a date; write YYYY-MM-DD");
	return ERR_OK;
}

enum err desk_person_export(struct desk *desk, struct arena *arena, const struct person_request *request,
			    struct strbuf *out, struct person_result *made, struct error *error)
{
	struct strbuf archive = STRBUF_INIT;
	struct person_export export = {
		.desk = desk, .arena = arena, .request = request, .result = made, .archive = &archive
	};
	const struct use_case *row = &use_cases[VERB_SUBJECT_EXPORT];
	enum err err = desk_require_writer(desk, row->role, row->verb_phrase, error);

	*made = (struct person_result){ .sha256 = "" };
	if (!err)
		err = check_request(request, error);
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	export.ids = json_new_array();
	export.party_ids = json_new_array();
	err = find_occurrences(&export, error);
	if (!err)
		err = add_matches(&export, error);
	desk_end_read(desk);
	/* The archive leaves this function only after the export is in the audit log. */
	if (!err) {
		add_summary(&export);
		made->sha256 = sha256_text(arena, archive.buf, archive.len);
		err = record(&export, error);
	}
	if (!err)
		strbuf_add(out, archive.buf, archive.len);
	json_free(export.ids);
	json_free(export.party_ids);
	strbuf_wipe(&archive);
	return err;
}
