/* document list, document accept, document reject, document add, document delete, document save. */
#include "../cli_internal.h"

/* Higher than the limit of any profile; the desk checks the limit of the case's profile. */
#define FILE_BYTES_MAX (64 * 1024 * 1024)

static void show_documents(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells)
{
	cli_show_documents(cli, view, from, to, indent_cells);
	for (size_t i = 0; i < view->missing_document_count; i++)
		out_styled_line(&cli->out, CELL_DANGER, "missing: %s (%s)", view->missing_documents[i]->type,
				view->missing_documents[i]->title);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct cli_part_list parts = { "documents", "id",
						    "id,category,type,step_id,file_name,upload,review,review_reason,"
						    "sha256,size,media_type,uploaded_at",
						    show_documents };

	return cli_print_part_list(cli, &parts, error);
}

static enum err run_accept(struct cli *cli, struct error *error)
{
	const char *document = parsed_argument(&cli->command_line, 1), *reason = cli_option_text(cli, "reason");
	bool unseen = parsed_has_option(&cli->command_line, "unseen");
	struct use_out out;
	enum err err = ERR_OK;
	if (unseen && !reason_text_is_long_enough(reason))
		return error_set(error, ERR_USAGE, "--unseen needs --reason with ten characters or more");
	if (!unseen && *reason)
		return error_set(error, ERR_USAGE, "--reason belongs to --unseen: an acceptance needs no other reason");
	err = CLI_RUN(cli, &out, error, .verb = VERB_DOCUMENT_ACCEPT, .part = document, .unseen = unseen,
		      .reason = reason);
	return err ? err : cli_print_case_result(cli, out.id, error, "document %s is accepted", document);
}

static enum err run_reject(struct cli *cli, struct error *error)
{
	const char *document = parsed_argument(&cli->command_line, 1), *reason = cli_option_text(cli, "reason");
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_DOCUMENT_REJECT, .part = document, .reason = reason);
	return err ? err : cli_print_case_result(cli, out.id, error, "document %s is rejected: %s", document, reason);
}

static enum err print_document_json(struct cli *cli, const char *id, const char *document_id, struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, id, false, &view, error);
	if (err)
		return err;
	for (size_t i = 0; i < view.file.document_count; i++)
		if (strcmp(view.file.documents[i].id, document_id) == 0) {
			struct json_value *document = cli_case_json(cli, &view);
			out_json(&cli->out, json_clone(json_at(json_get(document, "documents"), i)));
			json_free(document);
			return ERR_OK;
		}
	return error_set(error, ERR_CONFLICT, "document %s was added, but another change has removed it", document_id);
}

static enum err add_document(struct cli *cli, struct use_in *in, struct error *error)
{
	struct use_out out;
	enum err err = cli_run_use_case(cli, &cli->arena, in, &out, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		return print_document_json(cli, out.id, out.part_id, error);
	if (in->verb == VERB_DOCUMENT_RECORD)
		return cli_print_case_result(cli, out.id, error, "document %s waits for its file; type: %s",
					     out.part_id, in->type);
	return cli_print_case_result(cli, out.id, error, "%s was uploaded as document %s", in->type, out.part_id);
}

static enum err run_add(struct cli *cli, struct error *error)
{
	const char *path = parsed_argument(&cli->command_line, 2), *name = cli_option_text(cli, "name");
	struct use_in in = { .verb = *path ? VERB_DOCUMENT_ADD : VERB_DOCUMENT_RECORD,
			     .session = parsed_argument(&cli->command_line, 0),
			     .type = parsed_argument(&cli->command_line, 1),
			     .side = cli_option_text(cli, "side"),
			     .double_sided = parsed_has_option(&cli->command_line, "double-sided"),
			     .document = cli_option_text(cli, "answers"),
			     .file_name = *name ? name : path_basename(path) };
	struct strbuf bytes = STRBUF_INIT;
	enum err err = cli_read_capacity(cli, CAPACITY_STAFF, &in.capacity, error);
	if (!err && !strcmp(path, "-") && !*name)
		err = error_set(error, ERR_USAGE, "a file from standard input needs a name: give --name");
	if (!err && *path)
		err = file_read_input(path, FILE_BYTES_MAX, &bytes, error);
	if (!err && !text_is_valid(in.file_name, strlen(in.file_name)))
		err = error_set(error, ERR_INVALID, "the file's name is not valid UTF-8; set a name with --name");
	in.bytes = bytes.buf;
	in.length = bytes.len;
	if (!err)
		err = add_document(cli, &in, error);
	strbuf_release(&bytes);
	return err;
}

static enum err run_save(struct cli *cli, struct error *error)
{
	const char *path = cli_option_text(cli, "output");
	struct strbuf bytes = STRBUF_INIT;
	struct use_out out;
	const struct document *info = &out.document;
	bool to_stdout = strcmp(path, "-") == 0;
	enum err err = cli_check_output_path(cli, path, "the document itself", error);
	if (err ||
	    (err = CLI_RUN(cli, &out, error, .verb = VERB_DOCUMENT_SAVE, .part = parsed_argument(&cli->command_line, 1),
			   .side = cli_option_text(cli, "side"), .content_out = &bytes)))
		goto done;
	if (*info->marks)
		cli_hint(cli, arena_printf(&cli->arena, "take care: the file %s",
					   file_marks_text(&cli->arena, info->marks)));
	if (to_stdout) {
		out_bytes(&cli->out, bytes.buf, bytes.len);
		goto done;
	}
	if ((err = file_write_synced(path, bytes.buf, bytes.len, error)))
		goto done;
	err = cli_print_result(cli,
			       JSON_NEW(JSON_TEXT("id", info->id), JSON_TEXT("type", info->type),
					JSON_TEXT("file_name", info->file_name),
					JSON_TEXT("media_type", info->media_type), JSON_TEXT("marks", info->marks),
					JSON_INT("size", info->size_bytes), JSON_TEXT("sha256", info->sha256),
					JSON_TEXT("saved_as", cli_safe_text(cli, path))),
			       "%s (%s, %zu bytes, sha256 %s) is saved as %s", info->type, info->file_name, bytes.len,
			       info->sha256, path);
done:
	strbuf_release(&bytes);
	return err;
}

#define DOCUMENT_ARGUMENT                                                                                              \
	"DOCUMENT", 0, "the document: id, unique id prefix, or type if the case has only one document of this type"

static const struct command rows[] = {
	{ .name = "document list",
	  .summary = "Lists the documents of a session, and its missing mandatory documents",
	  .example = "document list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "document accept",
	  .summary = "Accepts a document",
	  .details = "A production store refuses a document that was not shown to you in the workbench, or only in "
		     "part; the sentence says what was missing. A saved document was not shown. In a sandbox this is "
		     "recorded only.",
	  .verbs = { { VERB_DOCUMENT_ACCEPT, "" } },
	  .example = "document accept RAL-2032 0198c5d2",
	  .run = run_accept,
	  .arguments = { { SESSION_ARGUMENT }, { DOCUMENT_ARGUMENT } },
	  .options = { { "unseen", NULL, 0, "accept it also if it was not shown to you; with --reason" },
		       { "reason", "TEXT", 0, "with --unseen: why; ten characters or more; recorded" } } },
	{ .name = "document reject",
	  .summary = "Rejects a document with a reason",
	  .verbs = { { VERB_DOCUMENT_REJECT, "" } },
	  .example = "document reject RAL-2032 0198c5d2 --reason blurry",
	  .run = run_reject,
	  .arguments = { { SESSION_ARGUMENT }, { DOCUMENT_ARGUMENT } },
	  .options = { { "reason", "CODE", OPTION_REQUIRED, "the code of a reason for documents" } } },
	{ .name = "document add",
	  .summary = "Adds a document of a type to the case, from a file",
	  .details = "The profile limits the file formats of each type. The format is detected from the content, "
		     "not from the file name.",
	  .verbs = { { VERB_DOCUMENT_ADD, "" },
		     { VERB_DOCUMENT_RECORD, "without a file" },
		     { VERB_DOCUMENT_ADD, "--for", CAPACITY_INTAKE },
		     { VERB_DOCUMENT_RECORD, "--for", CAPACITY_INTAKE } },
	  .example = "document add RAL-2032 proof_of_address statement.pdf",
	  .run = run_add,
	  .arguments = { { SESSION_ARGUMENT },
			 { "TYPE", 0, "the document type, for example PROOF_OF_ADDRESS" },
			 { "FILE", ARGUMENT_PATH | ARGUMENT_OPTIONAL | PATH_STREAM,
			   "the file; - is standard input (with --name). Without FILE only a record is created, "
			   "for two-phase upload" } },
	  .options = { { "side", "SIDE", 0, "front or back, for two-sided documents", side_words },
		       { "double-sided", NULL, 0, "without FILE: the document has a front and a back" },
		       { "name", "NAME", 0, "the name to show; default: the name of the file" },
		       { "answers", "DOCUMENT", 0,
			 "the rejected or requested document that the file replaces; default: the first of its type" },
		       { OVERRIDE_OPTION },
		       { ACTING_ROLE_OPTION } } },
	{ .name = "document delete",
	  .summary = "Deletes a document and its file; only before the session is submitted",
	  .verbs = { { VERB_DOCUMENT_DELETE, "", CAPACITY_INTAKE } },
	  .example = "document delete RAL-2061 0198c5d2",
	  .done_message = "document {} is deleted",
	  .arguments = { { SESSION_ARGUMENT }, { DOCUMENT_ARGUMENT } },
	  .options = { { ACTING_ROLE_OPTION } } },
	{ .name = "document save",
	  .summary = "Saves a document to a file; the audit log records it",
	  .verbs = { { VERB_DOCUMENT_SAVE, "" } },
	  .example = "document save RAL-2032 0198c5d2 --output passport.pdf",
	  .run = run_save,
	  .arguments = { { SESSION_ARGUMENT }, { DOCUMENT_ARGUMENT } },
	  .options = { { "output", "FILE", OPTION_REQUIRED | OPTION_PATH | PATH_STREAM,
			 "the output file; - is standard output", NULL, 'o' },
		       { "side", "SIDE", 0, "front or back of a two-sided document; default: front", side_words },
		       { "force", NULL, 0, "overwrite an existing file" } } },
};
const struct command_chapter commands_document = { COMMAND_CHAPTER("Documents", rows) };
