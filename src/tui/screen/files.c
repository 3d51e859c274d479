/* Transfers files between the case and the workbench's machine: saves a document, or adds a file as a document. */
#include "dialogs.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define FILE_BYTES_MAX (64 * 1024 * 1024) /* the desk checks the workflow's own limit */

/* Expands a path that starts with the home folder. */
static const char *whole_path(struct arena *arena, const char *path, const char *home)
{
	return path[0] == '~' && path[1] == '/' && home[0] ? arena_printf(arena, "%s%s", home, path + 1)
							   : arena_strdup(arena, path);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A generated file name: the client's file name is masked, and unsafe as a path. */
const char *document_plain_name(struct arena *arena, const struct document *document)
{
	struct strbuf name = STRBUF_INIT;
	const char *end = strrchr(document->file_name, '.');
	for (const char *c = document->type; *c; c++)
		strbuf_addch(&name, is_plain(*c) ? *c : '_');
	if (end)
		strbuf_addch(&name, '.');
	for (const char *c = end ? end + 1 : ""; *c; c++)
		strbuf_addch(&name, is_plain(*c) ? *c : '_');
	return strbuf_finish(&name, arena);
}

static enum err save_file(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = desk_check_outside(desk, "path", job->path, &job->error);
	job->in.into = &bytes;
	if (!err && file_exists(job->path))
		err = error_set_field(&job->error, ERR_INVALID, "path", "%s already exists; choose another name",
				      job->path);
	if (!err)
		err = desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	if (!err)
		err = file_write_synced(job->path, bytes.buf, bytes.len, &job->error);
	strbuf_release(&bytes);
	return err;
}

static void offer_name(struct dialog *dialog, struct input *field)
{
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	editor_set(&field->editor, document_plain_name(&dialog->arena, document));
}

static bool path_send(struct dialog *dialog, struct job *job)
{
	job->path = whole_path(&job->arena, job->path, dialog->context->frame->home);
	return true;
}

static const struct dialog_form save_form = {
	.confirm = "save it",
	.fields = { { TEXT_FIELD("path", IN_REQUEST(path)),
		      .missing = "Enter the target path; its folder must exist.", .offer = offer_name } },
	.act = ACT(.verb = VERB_DOCUMENT_SAVE, .did = "Saved", .to = "of", .ends = " as ",
		   .ending = IN_REQUEST(path), .run = save_file),
	.send = path_send,
};

static const struct dialog_form *save_fill(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	if (!document || !document->sha256[0])
		return dialog_only_line(dialog, "The document has no file.");
	if (dialog->context->frame->session)
		return dialog_only_line(dialog,
					"A session on the server writes no files. From your own machine: ssh "
					"HOST document save SESSION DOCUMENT -o - >FILE");
	dialog_line(dialog, "document", THEME_TITLE, document->type);
	dialog_line(dialog, "file", THEME_TEXT, document->file_name);
	DIALOG_THEN(
		dialog,
		"A copy of the file is saved, readable only by you; your access is recorded. No existing file is "
		"overwritten.");
	return &save_form;
}

const struct dialog_spec save_dialog = { CASE_DIALOG("Save a document of", save_fill) };

static enum err add_file(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = file_read(job->path, FILE_BYTES_MAX, &bytes, &job->error);
	job->in.file_name = path_name(job->path);
	job->in.bytes = bytes.buf;
	job->in.length = bytes.len;
	if (!err && !text_is_valid(job->in.file_name, strlen(job->in.file_name)))
		err = error_set(&job->error, ERR_INVALID, "The file's name is not valid UTF-8; rename it first");
	if (!err)
		err = desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	strbuf_release(&bytes);
	return err;
}

enum add_field { ADD_TYPE, ADD_SIDE, ADD_PATH };

static const struct document_spec *chosen_type(const struct dialog *dialog)
{
	const struct input_item *item = field_chosen(&dialog->form.fields[ADD_TYPE]);
	return item ? profile_document(dialog->answer->view.profile, item->code) : NULL;
}

static void offer_types(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->answer->view.profile;
	for (size_t i = 0; i < profile->document_count; i++)
		form_add_item(field, &dialog->arena, profile->documents[i].type,
			      arena_printf(&dialog->arena, "%s: %s", profile->documents[i].type,
					   profile->documents[i].title));
}

static const struct dialog_item sides[] = { { "front", "front" }, { "back", "back" }, { NULL, NULL } };

static void add_edited(struct dialog *dialog)
{
	const struct document_spec *spec = chosen_type(dialog);
	dialog->form.fields[ADD_SIDE].hidden = !spec || !spec->double_sided;
	if (!spec)
		DIALOG_HINT(dialog, "Choose the type by its first letters, then the path.");
	else if (spec->guidance[0])
		dialog_line_below(dialog, "wanted", THEME_MUTED, spec->guidance);
}

static bool add_send(struct dialog *dialog, struct job *job)
{
	job->in.text = job->in.type;
	return path_send(dialog, job);
}

static const struct dialog_form add_form = {
	.confirm = "add it",
	.fields = { [ADD_TYPE] = { FOLDED_FIELD("type", IN_REQUEST(in.type), offer_types),
				   .missing = "Choose the type first: Tab reaches the list." },
		    [ADD_SIDE] = { ITEMS_FIELD("side", IN_REQUEST(in.side), sides), .folds = true },
		    [ADD_PATH] = { TEXT_FIELD("path", IN_REQUEST(path)),
				   .missing = "Enter the path of the file." } },
	.act = ACT(.verb = VERB_DOCUMENT_ADD, .did = "Added", .to = "to", .run = add_file),
	.send = add_send,
};

static const struct dialog_form *add_fill(struct dialog *dialog)
{
	const struct profile *profile = dialog->answer->view.profile;
	if (dialog->context->frame->session)
		return dialog_only_line(dialog,
					"A session on the server reads no files. From your own machine: ssh "
					"HOST document add SESSION TYPE - --name NAME <FILE");
	if (!profile || !profile->document_count)
		return dialog_only_line(
			dialog, "The workflow of this case lists no documents; kybdesk document add accepts any "
				"type.");
	DIALOG_THEN(dialog,
		    "The file becomes a document of the case, to be reviewed; its format is detected from the "
		    "content.");
	return &add_form;
}

const struct dialog_spec add_dialog = { CASE_DIALOG("Add a document to", add_fill), .edited = add_edited };
