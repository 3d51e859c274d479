/* Imports BODS statements as related parties of an existing case: the verbs PARTY_ADD and PARTY_OWN with all their
 * rules, in one transaction that loads and settles the case once. The case's parties are compared with the file's
 * before it. A party that the case already has is not changed; a share that differs is refused, since a person
 * has to decide. */
#include "import_internal.h"
#include "use/use.h"
#include "kybdesk/codec/bods_read.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/percent_range.h"

struct owner_import {
	struct desk *desk;
	const struct import_options *options;
	struct import_report *report;
	struct arena arena;
	struct case_file file; /* the case before the import; compared anew if another program changed it */
	struct bods_owners owners;
	const char **ids;  /* for each owner: the id of its party; NULL: refused */
	bool *was_present; /* whether the case had the owner before the import */
	struct use *use;   /* in the transaction */
};

static struct identity identity_of(struct owner_import *run, const struct bods_party *party)
{
	const struct country *country =
		*party->country ? country_find_of_person(desk_countries(run->desk), party->country) : NULL;

	return (struct identity){ .kind = party->kind,
				  .name = party->name,
				  .country = country ? country->alpha3 : "",
				  .date_of_birth = party->date_of_birth ? party->date_of_birth : "",
				  .registration_number = party->registration_number,
				  .lei = party->lei,
				  .tax_id = party->tax_id };
}

static enum err load_case(struct owner_import *run, const char *reference, struct error *error)
{
	int64_t row = 0;
	enum err err = desk_begin_read(run->desk, error);

	if (err)
		return err;
	err = store_session_find(run->desk->store, reference, &row, error);
	if (!err)
		err = desk_case_load(run->desk, &run->arena, row, &run->file, error);
	return desk_finish_read(run->desk, err);
}

/* Refuses statements about another business: the same name with another number is another company. An LEI that was
 * typed as the registration number is compared with the LEI. */
static enum err check_subject(struct owner_import *run, struct error *error)
{
	struct identity subject = identity_of_subject(&run->file.session.subject),
			stated = identity_of(run, &run->owners.subject);

	if (*stated.lei && !strcmp(stated.lei, subject.registration_number))
		stated.registration_number = stated.lei;
	stated.kind = subject.kind;
	if (!strcmp(run->owners.subject_record_id, run->file.session.id) ||
	    identity_compare(&subject, &stated) != IDENTITY_OTHER)
		return ERR_OK;
	return error_set(
		error, ERR_INVALID,
		"The statements are about \"%s\"%s%s, and the case is about \"%s\"%s%s; name the right session",
		stated.name, *stated.registration_number ? ", number " : "", stated.registration_number, subject.name,
		*subject.registration_number ? ", number " : "", subject.registration_number);
}

/* The party with the record's id, else the same one, else one that may be the same. */
static const struct party *find_present_party(struct owner_import *run, const struct bods_party *owner)
{
	const struct identity stated = identity_of(run, owner);
	const struct party *found = NULL;
	enum identity_answer best = IDENTITY_OTHER;

	for (size_t i = 0; i < run->file.party_count; i++) {
		const struct party *party = &run->file.parties[i];
		const struct identity present = identity_of_party(party);
		const enum identity_answer answer = identity_compare(&present, &stated);

		if (!strcmp(party->id, owner->record_id))
			return party;
		if (answer > best)
			best = answer, found = party;
	}
	return found;
}

static enum err refuse_line(struct owner_import *run, enum err code, const struct bods_line *line, struct error *error)
{
	const struct import_line refused = { .number = line->number, .text = line->text, .length = line->length };

	if (!error_is_system_failure(code))
		bods_refuse(&run->arena, &run->owners, line);
	return import_refuse(run->options, run->report, code, &refused, error);
}

static enum err add_party(struct owner_import *run, size_t at, struct error *error)
{
	const struct bods_party *owner = &run->owners.parties[at];
	const struct party_input input = { .name = owner->name,
					   .kind = owner->kind,
					   .roles = owner->roles,
					   .control_role = owner->control_role,
					   .country = owner->country,
					   .date_of_birth = owner->date_of_birth,
					   .tax_id = owner->tax_id,
					   .registration_number = owner->registration_number };
	struct use_out out;
	enum err err;

	if (run->was_present[at]) {
		run->report->unchanged++;
		return ERR_OK;
	}
	err = use_run_part(run->use, &(const struct use_in){ .verb = VERB_PARTY_ADD, .party = &input }, &out, error);
	if (err)
		return refuse_line(run, err, &owner->line, error);
	run->ids[at] = out.part_id;
	run->report->imported++;
	return ERR_OK;
}

/* NULL: none */
static const char *find_present_share(const struct owner_import *run, const char *party, const char *owned)
{
	const struct party *present = case_party(&run->file, party);

	for (size_t i = 0; present && i < present->share_count; i++) {
		if (!strcmp(present->shares[i].owned_party_id, owned))
			return present->shares[i].percent;
	}
	return NULL;
}

static bool is_same_percent(const char *left, const char *right)
{
	struct percent_range a, b;
	bool same = percent_range_parse(&a, left);

	same = percent_range_parse(&b, right) && same && !percent_range_compare_low(&a, &b) &&
	       !percent_range_compare_high(&a, &b);
	percent_range_release(&a);
	percent_range_release(&b);
	return same;
}

static const char *find_party_id(const struct owner_import *run, const char *record)
{
	for (size_t i = 0; *record && i < run->owners.count; i++) {
		if (!strcmp(run->owners.parties[i].record_id, record))
			return run->ids[i];
	}
	return *record ? NULL : "";
}

static enum err add_share(struct owner_import *run, size_t at, const struct bods_share *share, struct error *error)
{
	const char *owned = find_party_id(run, share->owned_record_id), *percent;
	struct use_out out;
	enum err err;

	if (!run->ids[at] || !owned)
		return refuse_line(run,
				   error_set(error, ERR_INVALID,
					     "The share cannot be added: its owner or its company was refused; correct "
					     "that statement first"),
				   &share->line, error);
	percent = run->was_present[at] ? find_present_share(run, run->ids[at], owned) : NULL;
	if (percent && is_same_percent(percent, share->percent))
		return ERR_OK;
	if (percent)
		return refuse_line(run,
				   error_set_field(error, ERR_CONFLICT, "share",
						   "%s owns %s %% in the case and %s %% in the statement; change the "
						   "share with: kybdesk party own",
						   run->owners.parties[at].name, percent, share->percent),
				   &share->line, error);
	err = use_run_part(
		run->use,
		&(const struct use_in){
			.verb = VERB_PARTY_OWN, .part = run->ids[at], .related_ref = owned, .percent = share->percent },
		&out, error);
	if (err)
		return refuse_line(run, err, &share->line, error);
	run->report->updated += run->was_present[at];
	return ERR_OK;
}

/* Keeps the account with the case. The names of members and records are the file's own texts, so the audit log has the
 * counts only. */
static enum err record_account(struct owner_import *run, struct error *error)
{
	const struct bods_account *account = &run->owners.account;

	return desk_write_record(run->desk, "owners.import", &run->use->file.session,
				 JSON_FROM({ "values", AS_INT((int64_t)account->values) },
					   { "taken", AS_INT((int64_t)account->taken) },
					   { "kept", AS_INT((int64_t)account->kept) },
					   { "not_taken", AS_INT((int64_t)account->not_taken) }),
				 error);
}

static enum err find_present_parties(struct owner_import *run, struct error *error)
{
	const struct bods_owners *owners = &run->owners;

	run->ids = arena_alloc_array(&run->arena, owners->count + 1, sizeof *run->ids);
	run->was_present = arena_alloc_array(&run->arena, owners->count + 1, sizeof *run->was_present);
	for (size_t i = 0; i < owners->count; i++) {
		const struct party *party = find_present_party(run, &owners->parties[i]);

		run->was_present[i] = party != NULL;
		run->ids[i] = party ? party->id : NULL;
	}
	return check_subject(run, error);
}

/* All parties with their shares: an interrupted import changes nothing, and leaves no party without its shares. The same
 * file once more changes and records nothing. */
static enum err import_owners(struct use *use, struct error *error)
{
	struct owner_import *run = use->prepared_result;
	struct bods_owners *owners = &run->owners;
	const struct import_report *report = run->report;
	enum err err = ERR_OK;

	run->use = use;
	if (use->file.session.version != run->file.session.version) {
		run->file = use->file;
		err = find_present_parties(run, error);
	}
	if (!err)
		err = store_session_update(run->desk->store, &use->file.session, NULL, use->now, error);
	for (size_t i = 0; !err && i < owners->count; i++)
		err = add_party(run, i, error);
	for (size_t i = 0; !err && i < owners->count; i++) {
		for (size_t s = 0; !err && s < owners->parties[i].share_count; s++)
			err = add_share(run, i, &owners->parties[i].shares[s], error);
	}
	if (err)
		return err;
	bods_account_make(&run->arena, owners);
	use->has_no_change = !report->imported && !report->updated && (report->unchanged || !owners->account.not_taken);
	return use->has_no_change ? ERR_OK : record_account(run, error);
}

/* Reports all faulty statements, even if the import cannot use the other statements. */
static void report_faults(const struct owner_import *run)
{
	for (size_t i = 0; i < run->owners.fault_count; i++) {
		const struct bods_fault *fault = &run->owners.faults[i];
		const struct import_line line = { .number = fault->line.number,
						  .text = fault->line.text,
						  .length = fault->line.length };

		import_report_refusal(run->options, run->report, &line, fault->field, fault->message);
	}
}

enum err desk_import_owners(struct desk *desk, const char *session, const struct import_options *options,
			    struct import_report *report, struct error *error)
{
	struct owner_import run = { .desk = desk, .options = options, .report = report };
	enum err err;

	*report = (struct import_report){ 0 };
	err = desk_require_writer(desk, use_cases[VERB_PARTY_ADD].role, use_cases[VERB_PARTY_ADD].verb_phrase, error);
	if (!err)
		err = bods_read(&run.arena, options->fd, &run.owners, error);
	report_faults(&run);
	if (!err)
		err = load_case(&run, session, error);
	if (!err)
		err = find_present_parties(&run, error);
	if (!err)
		err = use_do_parts(desk, &run.arena,
				   &(const struct use_in){ .verb = VERB_PARTY_ADD, .session = run.file.session.id },
				   import_owners, &run, error);
	if (err)
		report->imported = report->updated = report->unchanged = 0;
	if (!err) {
		report->has_lost_facts = run.owners.account.not_taken > 0;
		if (options->on_account)
			options->on_account(options->context, &run.owners.account);
	}
	arena_release(&run.arena);
	return err;
}
