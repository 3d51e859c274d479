#include "../cli_internal.h"
#include "kybdesk/desk/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct import_run {
	struct cli *cli;
	const char *name;	    /* name of the input, for messages */
	struct progress progress;   /* progress.messages also prints refused lines */
	struct output rejects_file; /* rejects_file.fd -1: no rejects file */
	FILE *errors; /* temporary file with the "errors" of the result as JSON, which may exceed the memory */
	size_t error_count;
	struct json_value *account; /* of statements, as JSON; NULL: none */
	struct interrupt *interrupt;
	int64_t input_bytes; /* size of the input; -1: not known */
};

static void append_error(struct import_run *run, size_t line, const char *field, const char *message)
{
	struct strbuf text = STRBUF_INIT;
	struct json_value *object =
		JSON_NEW(JSON_INT("line", line), JSON_OR_NULL("field", field), JSON_TEXT("message", message));
	json_write(&text, object, JSON_COMPACT_LAYOUT, false);
	(void)fprintf(run->errors, "%s%s", run->error_count ? "," : "", text.buf);
	run->error_count++;
	json_free(object);
	strbuf_release(&text);
}

/* Writes each refused record as one line, so that the corrected file can be imported. An element of a JSON array
 * may span several lines: a space replaces each line end, because both mean the same in JSON. */
static void write_rejected_record(struct output *rejects_file, const char *text, size_t length)
{
	if (length > 0 && text[length - 1] == '\n')
		length--;
	for (const char *end = text + length; text < end;) {
		const char *line = memchr(text, '\n', (size_t)(end - text));
		size_t count = line ? (size_t)(line - text) : (size_t)(end - text);
		out_bytes(rejects_file, text, count);
		if (line)
			out_bytes(rejects_file, " ", 1);
		text += count + (line ? 1 : 0);
	}
	out_bytes(rejects_file, "\n", 1);
}

static void on_rejected(void *context, size_t line, const char *field, const char *message, const char *text,
			size_t length)
{
	struct import_run *run = context;
	struct arena arena = ARENA_INIT;
	/* The message may quote input that is not valid UTF-8. */
	const char *safe_field = field ? text_safe_copy(&arena, field, TEXT_UTF8) : "";
	const char *safe_message = text_safe_copy(&arena, message, TEXT_UTF8);
	/* Removes the field from the start of the message, because the field is printed before the message. */
	size_t length_of_field = strlen(safe_field);
	if (length_of_field && text_has_prefix(safe_message, safe_field) &&
	    text_has_prefix(safe_message + length_of_field, ": "))
		safe_message += length_of_field + 2;
	if (run->cli->log.level != LOG_QUIET) {
		progress_clear(&run->progress);
		out_line(&run->progress.messages, "%s:%zu: %s%s%s", run->name, line, safe_field,
			 *safe_field ? ": " : "", safe_message);
		(void)!out_finish(&run->progress.messages, NULL);
	}
	if (run->errors)
		append_error(run, line, safe_field, safe_message);
	if (run->rejects_file.fd >= 0)
		write_rejected_record(&run->rejects_file, text, length);
	arena_release(&arena);
}

/* A failed write is stored in rejects_file.write_errno and reported at the end. */
static void flush_rejects(struct import_run *run)
{
	if (run->rejects_file.fd >= 0)
		(void)!out_finish(&run->rejects_file, NULL);
}

static bool on_progress(void *context, size_t bytes_read, const struct import_report *so_far)
{
	struct import_run *run = context;
	int64_t done = so_far->imported + so_far->updated + so_far->unchanged;
	char percent[32] = "";

	/* The rejects are flushed regularly, so that a killed import keeps them. */
	flush_rejects(run);
	if (interrupt_is_pending(run->interrupt))
		return false;
	if (run->input_bytes > 0)
		(void)snprintf(percent, sizeof percent, ", %d %%",
			       (int)(100.0 * (double)bytes_read / (double)run->input_bytes));
	progress_show(&run->progress, "importing: %lld cases, %lld refused%s", (long long)done,
		      (long long)so_far->rejected, percent);
	return true;
}

/* Keeps the account until the result is printed. */
static void on_account(void *context, const struct bods_account *account)
{
	struct import_run *run = context;
	struct json_value *members = json_new_array();

	for (size_t i = 0; i < account->member_count; i++)
		json_append(members, JSON_NEW(JSON_TEXT("member", account->members[i].path),
					      JSON_INT("values", (int64_t)account->members[i].count),
					      JSON_TEXT("records", account->members[i].records)));
	run->account = JSON_NEW(JSON_INT("values", (int64_t)account->values),
				JSON_INT("taken", (int64_t)account->taken), JSON_INT("kept", (int64_t)account->kept),
				JSON_INT("not_taken", (int64_t)account->not_taken), JSON_VALUE("members", members));
}

static int64_t account_count(const struct import_run *run, const char *key)
{
	int64_t count = 0;

	(void)json_get_int(run->account, key, &count);
	return count;
}

static void print_account(struct import_run *run)
{
	const struct json_value *members = json_get(run->account, "members");

	out_line(&run->cli->out, "%lld values: %lld taken, %lld kept in the file only, %lld not taken",
		 (long long)account_count(run, "values"), (long long)account_count(run, "taken"),
		 (long long)account_count(run, "kept"), (long long)account_count(run, "not_taken"));
	for (size_t i = 0; i < json_count(members); i++) {
		const struct json_value *member = json_at(members, i);

		out_line(&run->cli->out, "not taken: %s of %s", json_text(json_get(member, "member")),
			 json_text(json_get(member, "records")));
	}
}

/* Writes the report in pieces, because the errors may exceed the memory. */
static void print_report_json(struct import_run *run, const struct import_report *report, bool interrupted,
			      bool of_register)
{
	struct strbuf text = STRBUF_INIT;
	struct output *out = &run->cli->out;
	char chunk[8192];
	size_t got;
	strbuf_addf(&text, "{\"imported\":%lld,\"updated\":%lld,\"unchanged\":%lld,\"rejected\":%lld,",
		    (long long)report->imported, (long long)report->updated, (long long)report->unchanged,
		    (long long)report->rejected);
	if (of_register)
		strbuf_addf(&text, "\"unmatched\":%lld,", (long long)report->unmatched_count);
	if (interrupted)
		strbuf_adds(&text, "\"interrupted\":true,");
	if (run->account) {
		strbuf_adds(&text, "\"account\":");
		json_write(&text, run->account, JSON_COMPACT_LAYOUT, false);
		strbuf_addch(&text, ',');
	}
	strbuf_adds(&text, "\"errors\":[");
	out_bytes(out, text.buf, text.len);
	rewind(run->errors);
	while ((got = fread(chunk, 1, sizeof chunk, run->errors)) > 0)
		out_bytes(out, chunk, got);
	out_bytes(out, "]}\n", 3);
	strbuf_release(&text);
}

static void print_report_line(struct cli *cli, const struct import_report *report, bool of_register)
{
	if (of_register) {
		out_line(&cli->out, "%lld updated, %lld unchanged, %lld without a case, %lld refused",
			 (long long)report->updated, (long long)report->unchanged, (long long)report->unmatched_count,
			 (long long)report->rejected);
		return;
	}
	out_line(&cli->out, "%lld imported, %lld updated, %lld unchanged, %lld refused", (long long)report->imported,
		 (long long)report->updated, (long long)report->unchanged, (long long)report->rejected);
}

static enum err open_input(const char *path, int *fd, struct error *error)
{
	struct stat status;
	*fd = STDIN_FILENO;
	if (strcmp(path, "-") == 0)
		return ERR_OK;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return error_set(error, ERR_INVALID, "%s cannot be read: %s", path, strerror(errno));
	if (fstat(*fd, &status) == 0 && S_ISDIR(status.st_mode))
		return error_set(error, ERR_INVALID, "%s is a folder; use the file with the session documents", path);
	return ERR_OK;
}

static enum err open_rejects(struct desk *desk, const char *path, int input_fd, int *fd, struct error *error)
{
	struct stat input, output;
	*fd = -1;
	if (!path)
		return ERR_OK;
	if (!*path || strcmp(path, "-") == 0)
		return error_set_field(error, ERR_USAGE, "rejects",
				       "--rejects needs a file: standard output is used for the result");
	enum err err = desk_check_path(desk, "rejects", path, error);
	if (err)
		return err;
	/* The file is truncated only after the check that it is not the input file. */
	*fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (*fd < 0 || fstat(*fd, &output) != 0)
		return error_invalid(error, "rejects", "%s cannot be written: %s", path, strerror(errno));
	if (fstat(input_fd, &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
		return error_invalid(error, "rejects", "%s is the input file; use another file for --rejects", path);
	if (S_ISREG(output.st_mode) && ftruncate(*fd, 0) != 0)
		return error_invalid(error, "rejects", "%s cannot be written: %s", path, strerror(errno));
	return ERR_OK;
}

static int64_t file_size(int fd)
{
	struct stat status;
	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? (int64_t)status.st_size : -1;
}

enum err cli_import(struct cli *cli, const struct import_input *input, struct error *error)
{
	const char *path = input->path, *rejects_path = input->rejects_file;
	bool of_owners = !strcmp(input->format, IMPORT_BODS);
	bool of_register = !of_owners && strcmp(input->format, IMPORT_CASES) != 0;
	bool from_stdin = strcmp(path, "-") == 0;
	struct import_run run = { .cli = cli, .name = from_stdin ? "standard input" : path };
	struct import_report report = { 0 };
	int fd = -1, rejects_fd = -1, read_fd = -1;
	enum err err;
	progress_begin(&run.progress, cli, cli->is_interactive && !settings_bool(&cli->settings, SETTING_ACCESSIBLE));
	out_init(&run.rejects_file, -1, cli->mode);
	if ((err = open_input(path, &fd, error)) ||
	    (err = open_rejects(cli->desk, rejects_path, fd, &rejects_fd, error)))
		goto out;
	run.rejects_file.fd = rejects_fd;
	run.input_bytes = file_size(fd);
	if (cli_is_json(cli) && !(run.errors = tmpfile())) {
		err = error_set(error, ERR_INTERNAL, "a temporary file cannot be created: %s", strerror(errno));
		goto out;
	}
	if ((err = interrupt_start(&run.interrupt, fd, &read_fd, NULL, NULL, error)))
		goto out;
	struct import_options options = { .fd = read_fd,
					  .folder = !from_stdin			 ? path_folder(&cli->arena, path)
						    : cli->world->is_ssh_session ? NULL
										 : "",
					  .name = run.name,
					  .memory_mib = input->memory_mib,
					  .on_rejected = on_rejected,
					  .on_progress = on_progress,
					  .on_account = on_account,
					  .context = &run };
	err = of_owners	    ? desk_import_owners(cli->desk, input->session, &options, &report, error)
	      : of_register ? desk_import_register(cli->desk, input->format, &options, &report, error)
			    : desk_import(cli->desk, &options, &report, error);
	int failure = interrupt_read_errno(run.interrupt);
	if (!err && failure)
		err = error_set(error, ERR_INVALID, "reading %s failed: %s", run.name, strerror(failure));
	progress_end(&run.progress);
	/* The rejects file is complete even if the import failed. */
	flush_rejects(&run);
	bool interrupted = interrupt_is_pending(run.interrupt);
	if (err) {
		error_prefix(error, "the import stopped after %lld imported and %lld updated cases",
			     (long long)report.imported, (long long)report.updated);
		goto out;
	}
	if (rejects_fd >= 0 && (err = out_finish(&run.rejects_file, error))) {
		err = error_set(error, ERR_INTERNAL, "%s could not be written: %s; the import itself is complete",
				rejects_path, strerror(run.rejects_file.write_errno));
		goto out;
	}
	if (cli_is_json(cli))
		print_report_json(&run, &report, interrupted, of_register);
	else
		print_report_line(cli, &report, of_register);
	if (run.account && !cli_is_json(cli))
		print_account(&run);
	if (interrupted) {
		log_warn(&cli->log, "interrupted; imported cases are kept; run the import again to finish");
		cli->status = ERR_INTERNAL;
	} else if (report.rejected > 0 || report.has_lost_facts) {
		cli->status = ERR_PARTIAL;
	}
out:
	progress_end(&run.progress);
	interrupt_end(run.interrupt);
	json_free(run.account);
	if (run.errors)
		(void)fclose(run.errors);
	if (rejects_fd >= 0 && close(rejects_fd) != 0 && !err)
		err = error_set(error, ERR_INTERNAL, "%s could not be written: %s", rejects_path, strerror(errno));
	if (fd > STDIN_FILENO)
		(void)close(fd);
	out_release(&run.rejects_file);
	return err;
}
