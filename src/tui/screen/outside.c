/* Documents and other programs.
 *
 * Files are transferred between the case and the machine on which the workbench runs: the reviewer saves a
 * document, or adds a file as a document.
 *
 * Other programs run only if the settings allow this ("open_with"; never over SSH). To open a document, the
 * workbench writes the document to a folder that only the reviewer can read, and removes the folder when the
 * workbench ends; the audit log records the access. To edit a message to the client in the user's own editor (not
 * with --readonly), the workbench writes the text to a file in a separate folder that only the user can read; after
 * the editing it overwrites and removes all files of this folder. */
#include "workbench.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/start.h"
#include "kybdesk/base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (64 * 1024 * 1024) /* maximum bytes of an added file; the workflow may set a lower limit */

static bool is_file_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Makes a file name from the document's type and the ending of the client's file name. The rest of the client's
 * file name is not used, since it may be masked, and is unsafe as a path. */
static const char *document_safe_file_name(struct arena *arena, const struct document *document)
{
	struct strbuf name = STRBUF_INIT;
	const char *end = strrchr(document->file_name, '.');
	for (const char *c = document->type; *c; c++)
		strbuf_addch(&name, is_file_name_char(*c) ? *c : '_');
	if (end)
		strbuf_addch(&name, '.');
	for (const char *c = end ? end + 1 : ""; *c; c++)
		strbuf_addch(&name, is_file_name_char(*c) ? *c : '_');
	return strbuf_finish(&name, arena);
}

/* Reads the document's file, which is recorded, and writes it to job->path. */
static enum err write_document_file(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	job->in.content_out = &bytes;
	enum err err = desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
	if (!err)
		err = file_write_synced(job->path, bytes.buf, bytes.len, &job->error);
	strbuf_release(&bytes);
	return err;
}

static enum err save_document_file(struct desk *desk, struct job *job)
{
	enum err err = desk_check_path(desk, "path", job->path, &job->error);
	if (!err && file_exists(job->path))
		err = error_set_field(&job->error, ERR_INVALID, "path", "%s already exists; choose another name",
				      job->path);
	return err ? err : write_document_file(desk, job);
}

static void offer_file_name(struct dialog *dialog, struct input *field)
{
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	editor_set_text(&field->editor, document_safe_file_name(&dialog->arena, document));
}

static bool path_prepare_job(struct dialog *dialog, struct job *job)
{
	/* "~" in a path like "~/file" is the home folder */
	job->path = job->path[0] == '~' && job->path[1] == '/' && dialog->context->frame->home[0]
			    ? arena_printf(&job->arena, "%s%s", dialog->context->frame->home, job->path + 1)
			    : arena_strdup(&job->arena, job->path);
	return true;
}

static const struct dialog_form save_form = {
	.confirm_label = "save it",
	.fields = { { TEXT_FIELD("path", REQUEST_OFFSET(path)),
		      .missing_message = "Enter the target path; its folder must exist.", .offer = offer_file_name } },
	.ui_action =
		UI_ACTION(.verb = VERB_DOCUMENT_SAVE, .message_start = "Saved", .item_preposition = "of",
			  .message_end = " as ", .end_member_offset = REQUEST_OFFSET(path), .run = save_document_file),
	.prepare_job = path_prepare_job,
};

static void add_mark_line(struct dialog *dialog, const struct document *document)
{
	const char *marks = *document->marks ? document->marks : document->back.marks;
	if (*marks)
		DIALOG_LINE(dialog, "take care", THEME_WARNING, "it %s", file_marks_text(&dialog->arena, marks));
}

static const struct dialog_form *save_fill_form(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	if (!document || !document->sha256[0])
		return dialog_show_notice(dialog, "The document has no file.");
	if (dialog->context->frame->is_session_program)
		return dialog_show_notice(dialog, "An SSH session writes no files. From your own machine: ssh "
						  "HOST document save SESSION DOCUMENT -o - >FILE");
	dialog_add_line(dialog, "document", THEME_TITLE,
			profile_document_title(dialog->response->view.profile, document->type));
	dialog_add_line(dialog, "file", THEME_TEXT, document->file_name);
	add_mark_line(dialog, document);
	DIALOG_EFFECT(dialog,
		      "A copy of the file is saved, readable only by you; your access is recorded. No existing file is "
		      "overwritten.");
	return &save_form;
}

const struct dialog_spec save_dialog = { CASE_DIALOG("Save a document of", save_fill_form) };

static enum err add_document_file(struct desk *desk, struct job *job)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = file_read(job->path, FILE_BYTES_MAX, &bytes, &job->error);
	job->in.file_name = path_basename(job->path);
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

static void offer_document_types(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->response->view.profile;
	for (size_t i = 0; i < profile->document_count; i++)
		form_add_item(field, &dialog->arena, profile->documents[i].type,
			      profile_document_title(profile, profile->documents[i].type));
}

static const struct dialog_item sides[] = { { "front", "front" }, { "back", "back" }, { NULL, NULL } };

static void document_add_handle_edit(struct dialog *dialog)
{
	const struct input_item *item = field_chosen_item(&dialog->form.fields[ADD_TYPE]);
	const struct document_spec *spec = item ? profile_document(dialog->response->view.profile, item->code) : NULL;
	dialog->form.fields[ADD_SIDE].hidden = !spec || !spec->double_sided;
	if (!spec)
		DIALOG_HINT(dialog, "Choose the type by its first letters, then the path.");
	else if (spec->guidance[0])
		dialog_add_line_below(dialog, "wanted", THEME_MUTED, spec->guidance);
}

static bool document_add_prepare_job(struct dialog *dialog, struct job *job)
{
	job->in.text = job->in.type;
	return path_prepare_job(dialog, job);
}

static const struct dialog_form add_form = {
	.confirm_label = "add it",
	.fields = { [ADD_TYPE] = { FOLDED_FIELD("type", REQUEST_OFFSET(in.type), offer_document_types),
				   .missing_message = "Choose the type first: Tab reaches the list." },
		    [ADD_SIDE] = { ITEMS_FIELD("side", REQUEST_OFFSET(in.side), sides), .is_foldable = true },
		    [ADD_PATH] = { TEXT_FIELD("path", REQUEST_OFFSET(path)),
				   .missing_message = "Enter the path of the file." } },
	.ui_action = UI_ACTION(.verb = VERB_DOCUMENT_ADD, .message_start = "Added", .item_preposition = "to",
			       .run = add_document_file),
	.prepare_job = document_add_prepare_job,
};

static const struct dialog_form *document_add_fill_form(struct dialog *dialog)
{
	const struct profile *profile = dialog->response->view.profile;
	if (dialog->context->frame->is_session_program)
		return dialog_show_notice(dialog, "An SSH session reads no files. From your own machine: ssh "
						  "HOST document add SESSION TYPE - --name NAME <FILE");
	if (!profile || !profile->document_count)
		return dialog_show_notice(
			dialog, "The workflow of this case lists no documents; kybdesk document add accepts any "
				"type.");
	DIALOG_EFFECT(dialog,
		      "The file becomes a document of the case, to be reviewed; its format is detected from the "
		      "content.");
	return &add_form;
}

const struct dialog_spec add_dialog = { CASE_DIALOG("Add a document to", document_add_fill_form),
					.handle_edit = document_add_handle_edit };

/* --- opening outside --- */

/* Why the workbench cannot open documents in other programs; "": it can. */
static const char *external_open_refusal(struct arena *arena, const struct frame *frame)
{
	if (frame->is_session_program)
		return "An SSH session cannot start other programs; save the file with: kybdesk document "
		       "save";
	if (!frame->open_with || !*frame->open_with)
		return "No program for documents is set: name one as \"open_with\" in config.json, for example "
		       "xdg-open";
	if (frame->is_remote_user)
		return "Over SSH another program would run on the wrong machine; save the file with: kybdesk "
		       "document save";
	if (!frame->external_folder || !*frame->external_folder)
		return arena_printf(arena, "Cannot create a folder for the documents that %s opens", frame->open_with);
	return "";
}

static const char *find_editor(const struct world *world)
{
	const char *visual = world_environment(world, "VISUAL"), *editor = world_environment(world, "EDITOR");

	return visual && *visual ? visual : editor ? editor : "";
}

void external_open_prepare(struct workbench *workbench)
{
	const struct world *world = workbench->options.world;
	const char *parent = world_environment(world, "XDG_RUNTIME_DIR");
	struct arena arena = ARENA_INIT;
	struct frame *frame = &workbench->frame;

	frame->open_with = settings_text(workbench->options.settings, SETTING_OPEN_WITH);
	frame->external_folder = frame->editor = "";
	if (!parent || !*parent)
		parent = world_environment(world, "TMPDIR");
	if (*frame->open_with) {
		char *folder =
			xstrdup(path_join(&arena, parent && *parent ? parent : "/tmp", "kybdesk-outside-XXXXXX"));
		if (mkdtemp(folder))
			frame->external_folder = folder;
		else
			free(folder);
	}
	if (!*external_open_refusal(&arena, frame))
		frame->editor = find_editor(world);
	arena_release(&arena);
}

static void overwrite_file(int folder, const char *name)
{
	static const char zeros[4096];
	int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_nlink == 1)
		for (off_t left = status.st_size; left > 0; left -= (off_t)sizeof zeros)
			if (write(fd, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros) < 0)
				break;
	(void)fdatasync(fd);
	(void)close(fd);
}

/* Removes the folder with all its files, which may include copies and swap files of an editor. overwrites:
 * overwrites each file first. */
static void remove_folder(const char *path, bool overwrites)
{
	const struct dirent *entry;
	DIR *folder = opendir(path);

	while (folder && (entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (overwrites)
			overwrite_file(dirfd(folder), entry->d_name);
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		(void)closedir(folder);
	(void)rmdir(path);
}

void external_open_release(struct workbench *workbench)
{
	const char *path = workbench->frame.external_folder;

	if (path && *path) {
		remove_folder(path, false);
		free((char *)path);
	}
	workbench->frame.external_folder = "";
}

static enum err start_document_program(struct desk *desk, struct job *job)
{
	enum err err = write_document_file(desk, job);
	return err ? err : start_program((const char *const[]){ job->extra_text, job->path, NULL }, NULL, &job->error);
}

static bool external_open_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct frame *frame = dialog->context->frame;
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	job->extra_text = arena_strdup(&job->arena, frame->open_with);
	/* The path has a part of the document's id, since two documents of the same type may be open at once. */
	job->path = arena_printf(&job->arena, "%s/%.8s-%s", frame->external_folder, document->id,
				 document_safe_file_name(&job->arena, document));
	return true;
}

static const struct dialog_form outside_form = {
	.confirm_label = "open it",
	.ui_action = UI_ACTION(.verb = VERB_DOCUMENT_SAVE, .message_start = "Opened", .item_preposition = "of",
			       .message_end = " in ", .end_member_offset = REQUEST_OFFSET(extra_text),
			       .run = start_document_program),
	.prepare_job = external_open_prepare_job,
};

static const struct dialog_form *external_open_fill_form(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	const char *why = external_open_refusal(&dialog->arena, dialog->context->frame);
	if (!document || !document->sha256[0] || *why)
		return dialog_show_notice(dialog, *why ? why : "The document has no file.");
	dialog_add_line(dialog, "document", THEME_TITLE,
			profile_document_title(dialog->response->view.profile, document->type));
	dialog_add_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_add_line(dialog, "program", THEME_TEXT, dialog->context->frame->open_with);
	add_mark_line(dialog, document);
	DIALOG_EFFECT(dialog,
		      "A copy of the file, readable only by you, is opened, and deleted when the workbench ends; "
		      "your access is recorded. The other program is not confined: a malicious file can harm it.");
	return &outside_form;
}

const struct dialog_spec outside_dialog = { CASE_DIALOG("Open outside a document of", external_open_fill_form) };

/* Opens a document in another program: the displayed document, or the document under the cursor. */
void open_document_externally(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct viewer *viewer = top_viewer(workbench);
	const struct grid_row *row = screen && !viewer ? case_model_row(&screen->model) : NULL;
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const char *id = viewer ? viewer->document_id : row && row->kind == ROW_DOCUMENT ? row->ref : "";
	const struct document *document = view && *id ? case_document(&view->file, id) : NULL;

	if (document)
		decide_open_dialog(workbench, &outside_dialog, document->id,
				   profile_document_title(view->profile, document->type));
	else
		REPORT(workbench, "%s opens a document in another program: select a document first (2)",
		       key_name_for(workbench, COMMAND_OPEN_OUTSIDE));
}

/* --- a message --- */

#define MESSAGE_FILE "letter.txt"
#define MESSAGE_BYTES_MAX 65536 /* more than the message field accepts, so that the field's limit is reported */
#define EDITOR_WORDS_MAX 16
#define TEXT_UNCHANGED "the text is unchanged"

static const char *editor_refusal(struct arena *arena, const struct frame *frame)
{
	if (frame->is_session_program)
		return "An SSH session cannot start an editor";
	if (frame->readonly || !frame->open_with || !*frame->open_with)
		return "Editors are disabled until \"open_with\" in config.json names the program that opens "
		       "documents";
	if (frame->is_remote_user)
		return "Over SSH, neither an editor nor another document viewer is started";
	if (*external_open_refusal(arena, frame))
		return external_open_refusal(arena, frame);
	return frame->editor && *frame->editor ? "" : "Neither VISUAL nor EDITOR names an editor";
}

/* Splits the editor's command, like "code -w", into words, and appends the path. No shell is involved. */
static void split_command(struct arena *arena, const char *editor, const char *path,
			  const char *words[EDITOR_WORDS_MAX + 2])
{
	size_t count = 0;

	for (const char *at = editor + strspn(editor, " \t"); *at && count < EDITOR_WORDS_MAX;
	     at += strspn(at, " \t")) {
		size_t length = strcspn(at, " \t");

		words[count++] = arena_strndup(arena, at, length);
		at += length;
	}
	words[count++] = path;
	words[count] = NULL;
}

static bool has_control_character(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f ||
		    (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
			return true;
	return false;
}

/* Converts "\r\n" to '\n'. Removes the line ends and spaces that editors add at the end of the text. */
static void trim_line_ends(struct strbuf *text)
{
	size_t length = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->buf[i] != '\r' || text->buf[i + 1] != '\n')
			text->buf[length++] = text->buf[i];
	while (length && (text->buf[length - 1] == '\n' || text->buf[length - 1] == ' '))
		length--;
	strbuf_truncate(text, length);
}

/* Why the edited text is refused; "": the text is valid. */
static const char *text_fault(struct arena *arena, const struct strbuf *text, size_t most)
{
	if (!text_is_valid(text->buf, text->len))
		return "The saved text is not valid UTF-8; " TEXT_UNCHANGED;
	if (has_control_character(text->buf))
		return "The saved text has control characters; " TEXT_UNCHANGED;
	if (text->len > most)
		return arena_printf(arena, "The saved text has %zu bytes, the maximum is %zu; " TEXT_UNCHANGED,
				    text->len, most);
	return "";
}

static const char *run_editor(struct workbench *workbench, struct arena *arena, const char *path)
{
	const char *words[EDITOR_WORDS_MAX + 2];
	struct error error = { 0 };
	int status = 0;

	split_command(arena, workbench->frame.editor, path, words);
	tty_release(workbench->tty);
	enum err err = start_program(words, &status, &error);

	tty_acquire(workbench->tty);
	const char *slash = strrchr(words[0], '/'), *name = slash ? slash + 1 : words[0];
	const char *why = err	   ? arena_printf(arena, "%s; " TEXT_UNCHANGED, error.message)
			  : status ? arena_printf(arena, "%s ended with status %d; " TEXT_UNCHANGED, name, status)
				   : "";

	error_release(&error);
	return why;
}

/* Writes `text` to a file, starts the user's editor, and reads the file into `text`. Returns "", or why the text
 * stays unchanged. */
static const char *edit_through_file(struct workbench *workbench, struct arena *arena, const char *folder,
				     struct strbuf *text, size_t most)
{
	const char *path = path_join(arena, folder, MESSAGE_FILE), *why = "";
	struct error error = { 0 };
	enum err err;

	strbuf_addch(text, '\n');
	err = file_write_new(path, text->buf, text->len, &error);
	strbuf_wipe(text);
	if (!err)
		why = run_editor(workbench, arena, path);
	if (!err && !*why)
		err = file_read_beneath(folder, MESSAGE_FILE, MESSAGE_BYTES_MAX, text, &error);
	if (err)
		why = arena_printf(arena, "%s; " TEXT_UNCHANGED, error.message);
	error_release(&error);
	if (*why)
		return why;
	trim_line_ends(text);
	return text_fault(arena, text, most);
}

bool message_edit_externally(struct workbench *workbench)
{
	struct dialog *dialog = workbench->dialog;
	struct input *field = form_multiline_field(&dialog->form);
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	const char *why = editor_refusal(&arena, &workbench->frame);
	char *folder = NULL;
	bool changed = false;

	if (!*why) {
		folder = arena_strdup(&arena, path_join(&arena, workbench->frame.external_folder, "letter-XXXXXX"));
		if (!mkdtemp(folder))
			why = "Cannot create a private folder for the editor";
	}
	if (!*why) {
		strbuf_add(&text, field->editor.text.buf, field->editor.text.len);
		why = edit_through_file(workbench, &arena, folder, &text, field->editor.max_bytes);
		remove_folder(folder, true);
		/* The editor hid the dialog, so the dialog takes no key until the terminal shows it again */
		dialog_block_keys(dialog);
		workbench->stale_bits |= STALE_PAINT;
		changed = !*why && strcmp(text.buf, field->editor.text.buf) != 0;
	}
	if (changed)
		editor_set_text(&field->editor, text.buf);
	if (changed)
		field->editor.cursor = 0;
	dialog->problem = arena_strdup(&dialog->arena, why);
	strbuf_wipe(&text);
	arena_release(&arena);
	return changed;
}
