/* subject: users, sub-accounts and businesses of a merchant; a subject can exist without a session. */
#include "../cli_internal.h"
#include "kybdesk/desk/retention.h"
#include "kybdesk/desk/subject.h"

/* Omits the members that only the other kind of subject has. */
static struct json_value *record_json(const struct subject_record *record)
{
	struct json_value *object = json_new_object();
	unsigned other = record->subject.kind == SUBJECT_BUSINESS ? COLUMN_SUBJECT_PERSON : COLUMN_SUBJECT_BUSINESS;
	for (const struct column *c = NULL; (c = columns_next(&subject_record_columns, c, 0));) {
		if (!c->word || c->flags & other || (c->flags & COLUMN_OMIT_EMPTY && column_is_empty(c, record)))
			continue;
		json_set_column(object, c, record);
	}
	return object;
}

static void add_session_rows(struct cli *cli, const struct subject_view *view, struct cli_rows *out)
{
	cli_rows_begin_unlimited(cli, "Session:8|Workflow:8|Status|Decided", out);
	for (size_t i = 0; i < view->session_count; i++) {
		const struct subject_session *session = &view->sessions[i];
		struct entry row = cli_add_entry(cli, out);
		json_set_text(row.object, "id", session->id);
		json_set_text(row.object, "external_ref", session->external_ref);
		table_add_cell(row.table, *session->external_ref ? session->external_ref : session->id);
		entry_add_text(row, "workflow", session->workflow);
		json_set_text_or_null(row.object, "parent_id", session->parent_id);
		entry_add_text(row, "status", session_status_text(session->status));
		json_set_text(row.object, "compliance_status", inbox_text(session_status_inbox(session->status)));
		json_set_time(row.object, "created_at", session->created_at);
		entry_add_time(row, "decided_at", session->decided_at);
	}
}

static void add_owner_rows(struct cli *cli, const struct subject_view *view, struct cli_rows *out)
{
	cli_rows_begin_unlimited(cli, "Owner:8|Name:10|Session:8|", out);
	for (size_t i = 0; i < view->owner_count; i++) {
		const struct subject_owner *owner = &view->owners[i];
		const char *status = *owner->session_id ? session_status_text(owner->status) : "";
		struct entry row = cli_add_entry(cli, out);
		entry_add_text(row, "uid", owner->uid);
		entry_add_text(row, "name", owner->name);
		JSON_SET(row.object, JSON_TEXT("country", owner->country), JSON_OR_NULL("session", owner->session_id),
			 JSON_OR_NULL("status", status));
		table_add_cell(row.table, *status ? status : "-");
		json_set_bool(row.object, "verified", owner->verified);
		table_add_styled(row.table, owner->verified ? CELL_OK : CELL_WARNING,
				 owner->verified ? "verified" : "not verified");
	}
}

static void show_subject(struct cli *cli, const struct subject_view *view)
{
	const struct subject_record *record = &view->record;
	const struct subject *subject = &record->subject;
	out_styled_line(&cli->out, CELL_TITLE, "%s", subject->name);
	OUT_FACTS(&cli->out, 10, FACT("subject", subject->uid), FACT("merchant", record->merchant),
		  FACT("kind", subject_kind_text(subject->kind)), FACT("country", subject->country),
		  FACT("level", subject->level));
	if (subject->kyb_id)
		out_line(&cli->out, "%-10s %lld", "kyb id", (long long)subject->kyb_id);
	OUT_FACTS(&cli->out, 10, FACT("owner of", record->business_uid), FACT("number", subject->registration_number),
		  FACT("tax id", subject->tax_id), FACT("born", subject->date_of_birth),
		  FACT("founded", subject->incorporated_on), FACT("e-mail", subject->email),
		  FACT("phone", subject->phone), FACT("website", subject->website),
		  FACT("opened", time_text(&cli->arena, record->created_at)));
	if (record->updated_at != record->created_at)
		out_fact(&cli->out, 10, "changed", time_text(&cli->arena, record->updated_at));
	if (record->deleted_at != TIME_NONE)
		out_styled_line(&cli->out, CELL_DANGER, "%-10s %s", "deleted",
				time_text(&cli->arena, record->deleted_at));
	out_styled_line(&cli->out, view->verified ? CELL_OK : CELL_WARNING, "%-10s %s%s", "verified",
			view->verified ? "yes" : "no", view->may_open_accounts ? "; accounts may be opened" : "");
}

static enum err print_subject(struct cli *cli, const char *reference, bool reveal, struct error *error)
{
	struct subject_view view;
	enum err err = desk_subject(cli->desk, &cli->arena, reference, reveal, &view, error);
	if (err)
		return err;
	struct cli_rows sessions, owners;
	add_session_rows(cli, &view, &sessions);
	add_owner_rows(cli, &view, &owners);
	struct json_value *object = record_json(&view.record);
	JSON_SET(object, JSON_BOOL("verified", view.verified), JSON_BOOL("accounts", view.may_open_accounts),
		 JSON_VALUE("sessions", sessions.data), JSON_VALUE("owners", owners.data));
	if (cli_is_json(cli))
		return cli_print_json(cli, object);
	json_free(object);
	show_subject(cli, &view);
	if (view.session_count)
		out_table(&cli->out, sessions.table, 0);
	if (view.owner_count)
		out_table(&cli->out, owners.table, 0);
	return ERR_OK;
}

/* Reads the options that describe a subject; NULL for absent options. Returns whether any is present. */
static bool read_input(struct cli *cli, struct subject_input *input)
{
	const struct {
		const char *option, **value;
	} facts[] = {
		{ "name", &input->name },
		{ "country", &input->country },
		{ "registration", &input->registration_number },
		{ "tax-id", &input->tax_id },
		{ "birth", &input->date_of_birth },
		{ "incorporated", &input->incorporated_on },
		{ "website", &input->website },
		{ "email", &input->email },
		{ "phone", &input->phone },
		{ "address", &input->address_json },
		{ "business", &input->business },
	};
	bool any = false;
	*input = (struct subject_input){ .name = NULL };
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		*facts[i].value = parsed_option_text(&cli->command_line, facts[i].option);
		any = any || *facts[i].value;
	}
	return any;
}

static enum err run_add(struct cli *cli, struct error *error)
{
	struct subject_input input;
	struct use_out out;
	(void)read_input(cli, &input);
	input.merchant = parsed_option_text(&cli->command_line, "merchant");
	input.uid = parsed_option_text(&cli->command_line, "uid");
	enum err err =
		CLI_WORD(subject_kind, cli_option_text(cli, "kind"), &input.kind, "kind", "kind of subject", error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_SUBJECT_ADD, .subject = &input);
	return err ? err
		   : print_subject(cli, arena_printf(&cli->arena, "%s/%s", input.merchant, out.part_id), false, error);
}

static enum err run_edit(struct cli *cli, struct error *error)
{
	const char *reference = parsed_argument(&cli->command_line, 0);
	struct subject_input input;
	struct use_out out;
	if (!read_input(cli, &input))
		return error_set(error, ERR_USAGE,
				 "nothing to change: use an option with a value, for example --country PRT");
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_SUBJECT_EDIT, .part = reference, .subject = &input,
			       .reason = cli_option_text(cli, "reason"));
	return err ? err : print_subject(cli, reference, false, error);
}

static enum err run_delete(struct cli *cli, struct error *error)
{
	const char *reference = parsed_argument(&cli->command_line, 0);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_SUBJECT_DELETE, .part = reference,
			       .reason = cli_option_text(cli, "reason"));
	return err ? err : print_subject(cli, reference, false, error);
}

static enum err run_show(struct cli *cli, struct error *error)
{
	return print_subject(cli, parsed_argument(&cli->command_line, 0),
			     parsed_has_option(&cli->command_line, "reveal"), error);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct subject_query query = { .merchant = cli_option_text(cli, "merchant"),
				       .after = cli_option_text(cli, "after"),
				       .include_deleted = parsed_has_option(&cli->command_line, "deleted") };
	struct subject_page page;
	struct cli_rows rows;
	enum err err = cli_read_limit(cli, &query.limit, error);
	if (!err)
		err = desk_subjects(cli->desk, &cli->arena, &query, &page, error);
	if (err)
		return err;
	cli_rows_begin_unlimited(cli, "Merchant:8|Subject:10|Kind|Name:12|Country|Level|Owner of|", &rows);
	for (size_t i = 0; i < page.count; i++) {
		const struct subject_record *record = &page.items[i];
		const struct subject *subject = &record->subject;
		json_append(rows.data, record_json(record));
		TABLE_ADD(rows.table, record->merchant, subject->uid, subject_kind_text(subject->kind), subject->name,
			  *subject->country ? subject->country : "-", *subject->level ? subject->level : "-",
			  *record->business_uid ? record->business_uid : "-");
		table_add_styled(rows.table, CELL_WARNING, record->deleted_at != TIME_NONE ? "deleted" : "");
	}
	return cli_print_rows(cli, &rows,
			      "merchant,uid,kind,name,date_of_birth,country,level,registration_number,"
			      "tax_id,email,business,created_at,updated_at,deleted_at",
			      page.next);
}

static void print_export(struct cli *cli, const struct person_result *made, const char *path)
{
	if (cli_is_json(cli)) {
		struct json_value *out =
			JSON_NEW(JSON_TEXT("saved_as", cli_safe_text(cli, path)), JSON_TEXT("sha256", made->sha256),
				 JSON_INT("members", made->members), JSON_INT("sessions", made->sessions),
				 JSON_INT("parties", made->parties), JSON_INT("documents", made->documents),
				 JSON_INT("accounts", made->accounts), JSON_INT("unsure", made->ambiguous_count));
		out_json(&cli->out, out);
		return;
	}
	out_line(&cli->out, "%s: %zu files, of %zu sessions and %zu parties, with %zu documents", path, made->members,
		 made->sessions, made->parties, made->documents);
	if (made->accounts)
		out_line(&cli->out, "accounts, with their orders and transactions: %zu", made->accounts);
	if (made->ambiguous_count)
		out_line(&cli->out,
			 "%zu parties with the same name may be other people and are left out; export one with "
			 "--party",
			 made->ambiguous_count);
	out_line(&cli->out, "sha256 %s, recorded in the audit log", made->sha256);
}

static enum err run_export(struct cli *cli, struct error *error)
{
	const char *path = cli_option_text(cli, "output"), *name = parsed_argument(&cli->command_line, 0);
	const struct person_request request = { .name = name ? name : "",
						.party = cli_option_text(cli, "party"),
						.email = cli_option_text(cli, "email"),
						.date_of_birth = cli_option_text(cli, "birth") };
	struct strbuf archive = STRBUF_INIT;
	struct person_result made;
	enum err err = cli_check_output_path(cli, path, "the archive itself", error);
	if (!err)
		err = desk_person_export(cli->desk, &cli->arena, &request, &archive, &made, error);
	if (!err && !strcmp(path, "-"))
		out_bytes(&cli->out, archive.buf, archive.len);
	else if (!err && !(err = file_write_synced(path, archive.buf, archive.len, error)))
		print_export(cli, &made, path);
	strbuf_wipe(&archive);
	return err;
}

#define SUBJECT_ARGUMENT "SUBJECT", 0, "the subject: uid, or MERCHANT/UID if several merchants have this uid"
#define DESCRIPTION_OPTIONS                                                                                            \
	{ "country", "COUNTRY", 0, "two or three letters, or the English name" },                                      \
		{ "registration", "NUMBER", 0, "registration number of a business" },                                  \
		{ "tax-id", "NUMBER", 0, "tax id" }, { "birth", "DATE", 0, "date of birth of a person, YYYY-MM-DD" },  \
		{ "incorporated", "DATE", 0, "date of incorporation of a business, YYYY-MM-DD" },                      \
		{ "email", "ADDRESS", 0, "e-mail address" }, { "phone", "NUMBER", 0, "phone number" },                 \
		{ "website", "URL", 0, "website" },                                                                    \
		{ "address", "JSON", 0, "address, a JSON object as in the session document" },                         \
	{                                                                                                              \
		"business", "UID", 0, "the business of which this person is a beneficial owner"                        \
	}

static const struct command rows[] = {
	{ .name = "subject add",
	  .summary = "Adds a user, a sub-account or a business of a merchant, without a session",
	  .details = "If beneficial owners are added with --business, the business is verified when all these "
		     "owners are verified. In a sandbox store an unknown merchant is added, too.",
	  .verbs = { { VERB_SUBJECT_ADD, "" } },
	  .example = "subject add --merchant northwind-pay --kind business --name 'Juniper Trading Ltd' --uid J-1",
	  .run = run_add,
	  .options = { { "merchant", "MERCHANT", OPTION_REQUIRED, "the merchant of the subject" },
		       { "uid", "UID", 0, "the merchant's id for the subject; default: a new id" },
		       { "kind", "KIND", OPTION_REQUIRED, "business or individual", subject_kind_words },
		       { "name", "NAME", OPTION_REQUIRED, "name of the subject" },
		       DESCRIPTION_OPTIONS } },
	{ .name = "subject edit",
	  .summary = "Changes a subject; omitted values are unchanged, \"\" clears a value",
	  .details = "Existing sessions keep their copy of the data. Identity data is fixed once a session of the "
		     "subject is approved; a lead can change it, with a reason.",
	  .verbs = { { VERB_SUBJECT_EDIT, "" } },
	  .role_limit = "a lead can change identity data after an approval",
	  .example = "subject edit J-1 --email office@juniper.example",
	  .run = run_edit,
	  .arguments = { { SUBJECT_ARGUMENT } },
	  .options = { { "name", "NAME", 0, "name of the subject" },
		       DESCRIPTION_OPTIONS,
		       { "reason", "TEXT", 0,
			 "the reason, at least ten characters; required to change verified data" } } },
	{ .name = "subject delete",
	  .summary = "Marks a subject as deleted; its data is kept, but no new session can be opened",
	  .verbs = { { VERB_SUBJECT_DELETE, "" } },
	  .role_limit = "a lead if the subject has an open or decided session",
	  .example = "subject delete J-1 --reason 'The merchant left'",
	  .run = run_delete,
	  .arguments = { { SUBJECT_ARGUMENT } },
	  .options = { { "reason", "TEXT", 0, "the reason, at least ten characters; required from a lead" } } },
	{ .name = "subject show",
	  .summary = "Shows a subject with its level, its sessions and its beneficial owners",
	  .details = "verified means: a session was approved and none was rejected later; for a business with "
		     "beneficial owners: all owners are verified. accounts means: the workflow of an approved "
		     "session allows accounts.",
	  .verbs = { { VERB_SUBJECT_REVEAL, "--reveal" } },
	  .role_limit = "the holder of one of the subject's sessions, or a lead",
	  .example = "subject show J-1",
	  .run = run_show,
	  .arguments = { { SUBJECT_ARGUMENT } },
	  .options = { { REVEAL_OPTION } } },
	{ .name = "subject export",
	  .summary = "Writes all data of one person, from all cases, to an archive for that person",
	  .details = "Answers a request under article 15 of the GDPR. The archive (tar of JSON and documents) "
		     "contains no data of other people, and no screening, assessment or suspicion. Parties with "
		     "the same name that may be other people are left out and counted. docs/retention.md describes "
		     "the archive.",
	  .verbs = { { VERB_SUBJECT_EXPORT, "" } },
	  .example = "subject export 'Mara Lindt' --birth 1980-02-29 --output mara.zip",
	  .run = run_export,
	  .arguments = { { "NAME", ARGUMENT_OPTIONAL, "the person's name" } },
	  .options = { { "party", "ID", 0, "in place of NAME: the person with this party id in a case" },
		       { "email", "ADDRESS", 0, "in place of NAME: the person with this e-mail address" },
		       { "birth", "DATE", 0, "the birth date, if several people have this name" },
		       { "output", "FILE", OPTION_REQUIRED | OPTION_PATH | PATH_STREAM,
			 "the archive to write; - is standard output", NULL, 'o' },
		       { "force", NULL, 0, "overwrite an existing file" } } },
	{ .name = "subject list",
	  .summary = "Lists subjects, oldest first",
	  .example = "subject list --merchant northwind-pay",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { { "merchant", "MERCHANT", 0, "only subjects of this merchant" },
		       { "deleted", NULL, 0, "include deleted subjects" },
		       PAGE_OPTIONS } },
};
const struct command_chapter commands_subject = { COMMAND_CHAPTER("Users of a merchant", rows) };
