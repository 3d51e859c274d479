/*
 * A letter to the client, written in the user's own editor, under the same rule as opening documents outside
 * ("open_with" in config.json, never over SSH, never read-only). The text is in a file readable only by the user, in a
 * folder of its own; afterwards all files of the folder are overwritten, and removed with the folder.
 */
#include "workbench.h"

#include "kybdesk/base/file.h"
#include "kybdesk/base/start.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LETTER_FILE "letter.txt"
#define FILE_BYTES_MAX 65536 /* more than the field accepts */
#define EDITOR_WORDS_MAX 16
#define TEXT_UNCHANGED "the text is unchanged"

static const char *refusal(struct arena *arena, const struct frame *frame)
{
	if (frame->session)
		return "A session on the server cannot start an editor";
	if (frame->readonly || !frame->open_with || !*frame->open_with)
		return "No editor is allowed here: set \"open_with\" in config.json, which also opens documents";
	if (frame->remote)
		return "Over SSH, neither an editor nor another document viewer is started";
	if (*outside_refusal(arena, frame))
		return outside_refusal(arena, frame);
	return frame->editor && *frame->editor ? "" : "Neither VISUAL nor EDITOR names an editor";
}

/* "code -w" is two words; not parsed by a shell. */
static void make_words(struct arena *arena, const char *editor, const char *path,
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

/* Converts "\r\n" to '\n', and removes line ends and spaces at the end of the text, which editors add. */
static void tidy(struct strbuf *text)
{
	size_t length = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->buf[i] != '\r' || text->buf[i + 1] != '\n')
			text->buf[length++] = text->buf[i];
	while (length && (text->buf[length - 1] == '\n' || text->buf[length - 1] == ' '))
		length--;
	strbuf_truncate(text, length);
}

/* The fault of the text; "" none. */
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

static void overwrite(int folder, const char *name)
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

/* Overwrites and removes all files of the folder, also copies and swap files of the editor; then the folder. */
static void remove_all(const char *path)
{
	const struct dirent *entry;
	DIR *folder = opendir(path);

	while (folder && (entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		overwrite(dirfd(folder), entry->d_name);
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		(void)closedir(folder);
	(void)rmdir(path);
}

static const char *run_editor(struct workbench *workbench, struct arena *arena, const char *path)
{
	const char *words[EDITOR_WORDS_MAX + 2];
	struct error error = { 0 };
	int status = 0;

	make_words(arena, workbench->frame.editor, path, words);
	tty_release(workbench->tty);
	enum err err = start_and_wait(words, &status, &error);

	tty_acquire(workbench->tty);
	const char *slash = strrchr(words[0], '/'), *name = slash ? slash + 1 : words[0];
	const char *why = err	   ? arena_printf(arena, "%s; " TEXT_UNCHANGED, error.message)
			  : status ? arena_printf(arena, "%s ended with status %d; " TEXT_UNCHANGED, name, status)
				   : "";

	error_release(&error);
	return why;
}

/* text: the letter; replaced by the edited letter. */
static const char *edit_through_file(struct workbench *workbench, struct arena *arena, const char *folder,
				     struct strbuf *text, size_t most)
{
	const char *path = path_join(arena, folder, LETTER_FILE), *why = "";
	struct error error = { 0 };
	enum err err;

	strbuf_addch(text, '\n');
	err = file_write_new(path, text->buf, text->len, &error);
	strbuf_wipe(text);
	if (!err)
		why = run_editor(workbench, arena, path);
	if (!err && !*why)
		err = file_read_beneath(folder, LETTER_FILE, FILE_BYTES_MAX, text, &error);
	if (err)
		why = arena_printf(arena, "%s; " TEXT_UNCHANGED, error.message);
	error_release(&error);
	if (*why)
		return why;
	tidy(text);
	return text_fault(arena, text, most);
}

bool message_edit_externally(struct workbench *workbench)
{
	struct dialog *dialog = workbench->dialog;
	struct input *field = form_multiline(&dialog->form);
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	const char *why = refusal(&arena, &workbench->frame);
	char *folder = NULL;
	bool changed = false;

	if (!*why) {
		folder = arena_strdup(&arena, path_join(&arena, workbench->frame.outside, "letter-XXXXXX"));
		if (!mkdtemp(folder))
			why = "Cannot create a private folder for the editor";
	}
	if (!*why) {
		strbuf_add(&text, field->editor.text.buf, field->editor.text.len);
		why = edit_through_file(workbench, &arena, folder, &text, field->editor.max_bytes);
		remove_all(folder);
		dialog_disarm(dialog); /* the dialog was hidden: it takes no key until it is shown again */
		workbench->stale |= STALE_PAINT;
		changed = !*why && strcmp(text.buf, field->editor.text.buf) != 0;
	}
	if (changed)
		editor_set(&field->editor, text.buf);
	if (changed)
		field->editor.at = 0;
	dialog->problem = arena_strdup(&dialog->arena, why);
	strbuf_wipe(&text);
	arena_release(&arena);
	return changed;
}
