/*
 * Opens a document in another program, if the settings allow this ("open_with"). The bytes of the document are written
 * to a folder readable only by the reviewer, which is removed with the workbench; the audit log records the access.
 */
#include "dialogs.h"
#include "workbench.h"

#include "kybdesk/base/file.h"
#include "kybdesk/base/start.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static const char *editor_of(const struct world *world)
{
	const char *visual = world_environment(world, "VISUAL"), *editor = world_environment(world, "EDITOR");

	return visual && *visual ? visual : editor ? editor : "";
}

void outside_prepare(struct workbench *workbench)
{
	const struct world *world = workbench->options.world;
	const char *parent = world_environment(world, "XDG_RUNTIME_DIR");
	struct arena arena = ARENA_INIT;
	struct frame *frame = &workbench->frame;

	frame->open_with = settings_text(workbench->options.settings, SETTING_OPEN_WITH);
	frame->outside = frame->editor = "";
	if (!parent || !*parent)
		parent = world_environment(world, "TMPDIR");
	if (*frame->open_with) {
		char *folder =
			xstrdup(path_join(&arena, parent && *parent ? parent : "/tmp", "kybdesk-outside-XXXXXX"));
		if (mkdtemp(folder))
			frame->outside = folder;
		else
			free(folder);
	}
	if (!*outside_refusal(&arena, frame))
		frame->editor = editor_of(world);
	arena_release(&arena);
}

void outside_release(struct workbench *workbench)
{
	const char *path = workbench->frame.outside;
	const struct dirent *entry;
	DIR *folder = path && *path ? opendir(path) : NULL;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder) {
		(void)closedir(folder);
		(void)rmdir(path);
	}
	if (path && *path)
		free((char *)path);
	workbench->frame.outside = "";
}

const char *outside_refusal(struct arena *arena, const struct frame *frame)
{
	if (frame->session)
		return "A session on the server cannot start other programs; save the file with: kybdesk document "
		       "save";
	if (!frame->open_with || !*frame->open_with)
		return "No program for documents is set: name one as \"open_with\" in config.json, for example "
		       "xdg-open";
	if (frame->remote)
		return "Over SSH another program would run on the wrong machine; save the file with: kybdesk "
		       "document save";
	if (!frame->outside || !*frame->outside)
		return arena_printf(arena, "Cannot create a folder for the documents that %s opens",
				    frame->open_with);
	return "";
}

static enum err show_outside(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err;

	job->in.into = &bytes;
	err = desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	if (!err)
		err = file_write_synced(job->path, bytes.buf, bytes.len, &job->error);
	if (!err)
		err = start_detached(job->what, job->path, &job->error);
	strbuf_release(&bytes);
	return err;
}

static const char *program_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, " in %s", job->what);
}

static bool outside_send(struct dialog *dialog, struct job *job)
{
	const struct frame *frame = dialog->context->frame;
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	job->what = arena_strdup(&job->arena, frame->open_with);
	/* Documents of the same type from several cases may be open at once. */
	job->path = arena_printf(&job->arena, "%s/%.8s-%s", frame->outside, document->id,
				 document_plain_name(&job->arena, document));
	return true;
}

static const struct dialog_form outside_form = {
	.confirm = "open it",
	.act = ACT(.verb = VERB_DOCUMENT_SAVE, .did = "Opened", .to = "of", .after = program_text,
		   .run = show_outside),
	.send = outside_send,
};

static const struct dialog_form *outside_fill(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	const char *why = outside_refusal(&dialog->arena, dialog->context->frame);
	if (!document || !document->sha256[0] || *why)
		return dialog_only_line(dialog, *why ? why : "The document has no file.");
	dialog_line(dialog, "document", THEME_TITLE, document->type);
	dialog_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_line(dialog, "program", THEME_TEXT, dialog->context->frame->open_with);
	dialog_line(dialog, "then", THEME_TEXT,
		    "A copy of the file, readable only by you, is opened, and deleted when the workbench ends; "
		    "your access is recorded. The other program is not confined: a malicious file can harm it.");
	return &outside_form;
}

const struct dialog_spec outside_dialog = { CASE_DIALOG("Open outside a document of", outside_fill) };

/* Opens the displayed document, or the one under the cursor. */
void open_outside(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct viewer *viewer = top_viewer(workbench);
	const struct grid_row *row = screen && !viewer ? case_model_row(&screen->model) : NULL;
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const char *id = viewer ? viewer->document : row && row->kind == ROW_DOCUMENT ? row->ref : "";
	const struct document *document = view && *id ? case_document(&view->file, id) : NULL;

	if (document)
		decide_open(workbench, &outside_dialog, document->id, document->type);
	else
		REPORT(workbench, "%s opens a document in another program: select a document first (2)",
		       key_for(workbench, COMMAND_OPEN_OUTSIDE));
}
