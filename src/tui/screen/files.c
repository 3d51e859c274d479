/* Transfers files between the case and the workbench's machine: saves a document, uploads a file as one. */
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

/* A file name made here: the client's name is masked, and must not be used as a path. */
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
	char *text = strbuf_to_arena(&name, arena);
	strbuf_release(&name);
	return text;
}

static void save_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	if (!document || !document->sha256[0]) {
		dialog_only_line(dialog, "Its file is not here.");
		return;
	}
	dialog_line(dialog, "document", THEME_TITLE, document->type);
	dialog_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_line(dialog, "then", THEME_TEXT,
		    "The file leaves the house, readable by you alone; that you looked is recorded. Nothing is "
		    "overwritten.");
	if (dialog->form.confirm)
		return;
	form_init(&dialog->form, "save it", "cancel");
	editor_set(&form_add(&dialog->form, INPUT_TEXT, "path")->editor,
		   document_plain_name(&dialog->arena, document));
}

static enum err save_file(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = desk_check_outside(desk, "path", job->path, &job->error);
	job->in.into = &bytes;
	if (!err && file_exists(job->path))
		err = error_set_field(&job->error, ERR_INVALID, "path",
				      "%s is there already; nothing is overwritten, choose another name",
				      job->path);
	if (!err)
		err = desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	if (!err)
		err = file_write_synced(job->path, bytes.buf, bytes.len, &job->error);
	strbuf_release(&bytes);
	return err;
}

static const char *saved_where(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, " as %s", job->path);
}

static const struct ui_action save_ui_action = {
	.verb = VERB_DOCUMENT_SAVE, .did = "Saved", .to = "of", .after = saved_where, .run = save_file
};

static struct job *save_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	if (!dialog_typed(dialog, 0)[0]) {
		dialog->problem = "Write where to: a path, in a folder that is there.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &save_ui_action);
	job->path = whole_path(&job->arena, dialog_typed(dialog, 0), context->frame->home);
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

const struct dialog_spec save_dialog = { .action = ACTION_APPROVE,
					 .read_only = true,
					 .asking = "Save a document of",
					 .fill = save_fill,
					 .confirm = save_confirm };

enum add_field { ADD_TYPE, ADD_SIDE, ADD_PATH };

static void add_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct profile *profile = dialog->answer->view.profile;
	size_t capacity = 0;
	if (!profile || !profile->document_count) {
		dialog_only_line(dialog, "The workflow of this case names no documents; kybdesk document add takes "
					 "any type.");
		return;
	}
	dialog_line(dialog, "then", THEME_TEXT,
		    "The file becomes a document of the case, to be reviewed; its kind is found by its content.");
	if (dialog->form.confirm)
		return;
	form_init(&dialog->form, "add it", "cancel");
	struct input *type = form_add(&dialog->form, INPUT_CHOICE, "type");
	type->folds = true;
	for (size_t i = 0; i < profile->document_count; i++)
		form_add_item(type, &dialog->arena, &capacity,
			      (struct input_item){ .code = profile->documents[i].type,
						   .label = arena_printf(&dialog->arena, "%s: %s",
									 profile->documents[i].type,
									 profile->documents[i].title) });
	struct input *side = form_add(&dialog->form, INPUT_CHOICE, "side");
	capacity = 0;
	side->hidden = side->folds = true;
	form_add_item(side, &dialog->arena, &capacity, (struct input_item){ .code = "front", .label = "front" });
	form_add_item(side, &dialog->arena, &capacity, (struct input_item){ .code = "back", .label = "back" });
	form_add(&dialog->form, INPUT_TEXT, "path");
}

static const struct document_spec *chosen_type(const struct dialog *dialog)
{
	const struct input_item *item =
		dialog->form.field_count ? field_chosen(&dialog->form.fields[ADD_TYPE]) : NULL;
	return item ? profile_document(dialog->answer->view.profile, item->code) : NULL;
}

static void add_edited(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	dialog->after_count = 0;
	if (!dialog->form.field_count)
		return;
	const struct document_spec *spec = chosen_type(dialog);
	dialog->form.fields[ADD_SIDE].hidden = !spec || !spec->double_sided;
	if (!spec)
		dialog_line_after(dialog, "", THEME_MUTED, "Choose the type by its first letters, then the path.");
	else if (spec->guidance[0])
		dialog_line_after(dialog, "wanted", THEME_MUTED, spec->guidance);
}

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

static const struct ui_action add_ui_action = {
	.verb = VERB_DOCUMENT_ADD, .did = "Added", .to = "to", .run = add_file
};

static struct job *add_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct document_spec *spec = chosen_type(dialog);
	const struct input_item *side = field_chosen(&dialog->form.fields[ADD_SIDE]);
	if (!spec || !dialog_typed(dialog, ADD_PATH)[0]) {
		dialog->problem = spec ? "Write which file: its path."
				       : "Choose first what it is: Tab reaches the "
					 "list.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &add_ui_action);
	job->in.text = job->in.type = arena_strdup(&job->arena, spec->type);
	job->in.side = arena_strdup(&job->arena, side && spec->double_sided ? side->code : "");
	job->path = whole_path(&job->arena, dialog_typed(dialog, ADD_PATH), context->frame->home);
	return job;
}

const struct dialog_spec add_dialog = { .action = ACTION_APPROVE,
					.read_only = true,
					.asking = "Add a document to",
					.fill = add_fill,
					.edited = add_edited,
					.confirm = add_confirm };
