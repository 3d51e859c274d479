/* audit verify, audit checkpoint, audit key: prove the audit log to auditors without access to the store. */
#include "../cli_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#define KEY_FILE_BYTES_MAX 4096
#define CHECKPOINT_BYTES_MAX (256 * 1024)
#define CHECKPOINT_SUFFIX ".checkpoint"

enum err cli_read_key(struct cli *cli, const char *path, struct signed_note_key *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err = file_read(path, KEY_FILE_BYTES_MAX, &text, error);
	*out = (struct signed_note_key){ .name = "" };
	if (!err && (err = signed_note_key_read(&cli->arena, text.buf, text.len, out, error)))
		error_prefix(error, "%s is not a key", path);
	strbuf_wipe(&text);
	return err;
}

static const char *public_key_line(struct cli *cli, const struct signed_note_key *key)
{
	struct strbuf line = STRBUF_INIT;
	signed_note_key_write(&line, key, false);
	return strbuf_finish(&line, &cli->arena);
}

/* --- verify --- */

enum err cli_read_keys(struct cli *cli, struct checkpoint_input *out, struct error *error)
{
	const char **paths = parsed_option_values(&cli->command_line, &cli->arena, "key", &out->key_count);
	struct signed_note_key *keys = arena_alloc_array(&cli->arena, out->key_count + 1, sizeof *keys);
	enum err err = ERR_OK;
	for (size_t i = 0; i < out->key_count && !err; i++) {
		err = cli_read_key(cli, paths[i], &keys[i], error);
		secret_wipe(keys[i].seed, sizeof keys[i].seed);
	}
	out->keys = keys;
	return err;
}

static enum err read_checkpoint_files(struct cli *cli, const char *const *paths, struct checkpoint_input *out,
				      struct error *error)
{
	struct checkpoint_file *items = arena_alloc_array(&cli->arena, out->count + 1, sizeof *items);
	enum err err = ERR_OK;
	for (size_t i = 0; i < out->count && !err; i++) {
		struct strbuf bytes = STRBUF_INIT;
		err = file_read_input(paths[i], CHECKPOINT_BYTES_MAX, &bytes, error);
		items[i] = (struct checkpoint_file){ .name = paths[i],
						     .bytes = arena_memdup(&cli->arena, bytes.buf, bytes.len),
						     .length = bytes.len };
		strbuf_release(&bytes);
	}
	out->items = items;
	return err;
}

enum err cli_read_checkpoints(struct cli *cli, struct checkpoint_input *out, struct error *error)
{
	return read_checkpoint_files(
		cli, parsed_option_values(&cli->command_line, &cli->arena, "checkpoint", &out->count), out, error);
}

static void print_verdict(struct cli *cli, const struct audit_verdict *result, const struct audit_differences *compared,
			  const struct checkpoint_verdict *found, size_t count)
{
	if (cli_is_json(cli)) {
		struct json_value *object =
			JSON_NEW(JSON_BOOL("sound", true), JSON_INT("rows", result->rows),
				 JSON_INT("head_seq", result->head_seq), JSON_TEXT("head", result->head_hash),
				 JSON_INT("sessions", compared->sessions_compared),
				 JSON_INT("decisions", compared->decisions_compared),
				 JSON_INT("table_rows", compared->rows_compared),
				 JSON_INT("first_seen_at_upgrade", compared->rows_upgraded),
				 JSON_INT("document_files", compared->files_compared),
				 JSON_INT("clock_steps_back", result->clock_steps));
		JSON_SET_EACH(object, "checkpoints", i, count,
			      JSON_NEW(JSON_TEXT("file", cli_safe_text(cli, found[i].name)),
				       JSON_INT("size", found[i].size), JSON_TEXT("root", found[i].root),
				       JSON_OR_NULL("signed_by", found[i].signed_by ? found[i].signed_by : "")));
		out_json(&cli->out, object);
		return;
	}
	out_line(&cli->out, "the chain of %lld records is sound; its head is record %lld, %s", (long long)result->rows,
		 (long long)result->head_seq, result->head_hash);
	out_line(&cli->out, "%lld sessions, with %lld decisions and the levels of their users, match the audit log",
		 (long long)compared->sessions_compared, (long long)compared->decisions_compared);
	out_line(&cli->out,
		 "%lld rows of all tables match their commitments, and %lld document files match their hashes",
		 (long long)compared->rows_compared, (long long)compared->files_compared);
	if (compared->rows_upgraded)
		out_line(&cli->out,
			 "%lld of the rows were first recorded by the upgrade of the store (record %lld), and are "
			 "unchanged since then",
			 (long long)compared->rows_upgraded, (long long)compared->upgrade_seq);
	if (result->clock_steps)
		out_line(&cli->out,
			 "the clock was set back %lld time%s: record %lld is %lld minutes earlier than the record "
			 "before",
			 (long long)result->clock_steps, result->clock_steps == 1 ? "" : "s",
			 (long long)result->clock_step_seq, (long long)(result->clock_step_ms / 60000));
	for (size_t i = 0; i < count; i++)
		out_line(&cli->out, "%s: the first %lld records match this checkpoint%s%s", found[i].name,
			 (long long)found[i].size,
			 found[i].signed_by ? ", signed by " : "; signer not verified: --key is missing",
			 found[i].signed_by ? found[i].signed_by : "");
}

static void show_progress(void *context, int64_t rows, int64_t commitments)
{
	progress_show(context, "verifying: %lld rows, %lld commitments", (long long)rows, (long long)commitments);
}

static enum err compare_store_with_log(struct cli *cli, struct audit_differences *out, struct error *error)
{
	struct progress progress;
	const struct audit_compare_options how = { .on_progress = cli->is_interactive ? show_progress : NULL,
						   .context = &progress,
						   .compare_files = true };
	enum err err;

	progress_begin(&progress, cli, cli->is_interactive);
	/* Delays the first progress message, so that a short verification prints no progress. */
	progress.shown_at = world_monotonic_ms(cli->world);
	err = desk_audit_compare(cli->desk, &cli->arena, &how, out, error);
	progress_end(&progress);
	return err;
}

/* Returns ERR_STORE, with a blocker for each difference that has a sentence; ERR_OK without differences. */
static enum err differences_error(const struct audit_differences *differences, struct error *error)
{
	enum err err;

	if (!differences->count)
		return ERR_OK;
	err = error_set(error, ERR_STORE,
			"the audit log is sound, but the store differs from it %s: another program changed the "
			"store. Keep the store unchanged and compare it with a backup",
			differences->count == 1 ? "in one place" : "in several places");
	for (size_t i = 0; i < differences->sentence_count; i++)
		error_add_blocker(error, "differs", differences->sentences[i], differences->sessions[i]);
	return err;
}

static enum err run_verify(struct cli *cli, struct error *error)
{
	struct checkpoint_input input = { 0 };
	struct checkpoint_verdict *found;
	struct audit_differences differences;
	struct audit_verdict result;
	enum err err;
	if ((err = cli_read_keys(cli, &input, error)) || (err = cli_read_checkpoints(cli, &input, error)))
		return err;
	if (input.key_count && !input.count)
		return error_set(error, ERR_USAGE, "--key verifies the signer of a checkpoint; add --checkpoint FILE");
	if ((err = desk_checkpoints_verify(cli->desk, &cli->arena, &input, &found, &result, error)) ||
	    (err = desk_audit_check_verdict(&result, error)) ||
	    (err = compare_store_with_log(cli, &differences, error)) || (err = differences_error(&differences, error)))
		return err;
	print_verdict(cli, &result, &differences, found, input.count);
	return ERR_OK;
}

/* --- checkpoint --- */

static int is_checkpoint_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(CHECKPOINT_SUFFIX);

	return length > suffix && strspn(entry->d_name, "0123456789") == length - suffix &&
	       !strcmp(entry->d_name + length - suffix, CHECKPOINT_SUFFIX);
}

/* Finds the newest checkpoint of a folder: the file with the highest number of records at the start of its name.
 * *path: NULL if the folder has no checkpoint. */
static enum err find_newest_file(struct cli *cli, const char *folder, const char **path, struct error *error)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, is_checkpoint_file, alphasort);

	*path = NULL;
	if (count < 0)
		return error_invalid(error, "folder", "The folder %s cannot be read: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (i + 1 == count)
			*path = path_join(&cli->arena, folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return ERR_OK;
}

/* Checks that the audit log continues the newest checkpoint of --folder, or without --folder each --checkpoint.
 * *size: the number of records of the largest of these checkpoints; unchanged without checkpoints. */
static enum err verify_last_checkpoint(struct cli *cli, const struct signed_note_key *key, int64_t *size,
				       struct error *error)
{
	struct checkpoint_input input = { .keys = key, .key_count = 1 };
	struct checkpoint_verdict *found;
	struct audit_verdict result;
	const char *folder = cli_option_text(cli, "folder"), *newest = NULL;
	enum err err =
		*folder ? find_newest_file(cli, folder, &newest, error) : cli_read_checkpoints(cli, &input, error);
	input.count += newest != NULL;
	if (!err && newest)
		err = read_checkpoint_files(cli, &newest, &input, error);
	if (err || !input.count)
		return err;
	if ((err = desk_checkpoints_verify(cli->desk, &cli->arena, &input, &found, &result, error)))
		return err;
	*size = found[input.count - 1].size;
	return desk_audit_check_verdict(&result, error);
}

/* Writes a new file only if the audit log has new records: a timer may run the command repeatedly. */
static enum err write_checkpoint(struct cli *cli, const struct strbuf *note, const struct checkpoint_result *made,
				 int64_t before, struct error *error)
{
	const char *path = path_join(&cli->arena, cli_option_text(cli, "folder"),
				     arena_printf(&cli->arena, "%012lld" CHECKPOINT_SUFFIX, (long long)made->size));
	enum err err = made->size == before ? ERR_OK : file_write_new(path, note->buf, note->len, error);

	if (err)
		return err;
	struct json_value *object =
		JSON_NEW(JSON_INT("size", made->size), JSON_TEXT("saved_as", cli_safe_text(cli, path)),
			 JSON_BOOL("new", made->size != before));
	return made->size == before ? cli_print_result(cli, object, "no new record since %s", path)
				    : cli_print_result(cli, object, "%s: %lld records", path, (long long)made->size);
}

static enum err run_checkpoint(struct cli *cli, struct error *error)
{
	const char *path = cli_option_text(cli, "key");
	struct strbuf note = STRBUF_INIT;
	struct checkpoint_result made;
	struct signed_note_key key;
	int64_t before = 0;
	enum err err = cli_read_key(cli, path, &key, error);
	if (!err && *cli_option_text(cli, "folder") && parsed_has_option(&cli->command_line, "checkpoint"))
		err = error_set(error, ERR_USAGE,
				"--folder already compares with the earlier checkpoints in it; leave out --checkpoint");
	if (!err && *cli_option_text(cli, "folder"))
		err = desk_check_path(cli->desk, "folder", cli_option_text(cli, "folder"), error);
	if (!err && !key.can_sign)
		err = error_invalid(
			error, "key",
			"%s is a public key and cannot sign; use a signing key, which begins with PRIVATE+KEY", path);
	if (err || (err = verify_last_checkpoint(cli, &key, &before, error)) ||
	    (err = desk_make_checkpoint(cli->desk, &cli->arena, &(const struct checkpoint_request){ .key = &key },
					&note, &made, error)))
		goto out;
	if (*cli_option_text(cli, "folder")) {
		err = write_checkpoint(cli, &note, &made, before, error);
	} else if (cli_is_json(cli)) {
		out_json(&cli->out, JSON_NEW(JSON_TEXT("origin", made.origin), JSON_INT("size", made.size),
					     JSON_TEXT("root", made.root), JSON_TEXT("note", note.buf)));
	} else {
		out_bytes(&cli->out, note.buf, note.len);
	}
out:
	signed_note_key_wipe(&key);
	strbuf_release(&note);
	return err;
}

/* --- key --- */

static enum err make_key(struct cli *cli, const char *path, struct signed_note_key *out, struct error *error)
{
	struct strbuf line = STRBUF_INIT;
	struct checkpoint_result made;
	enum err err = cli_open_desk(cli, error);
	if (err || (err = desk_check_path(cli->desk, "FILE", path, error)) ||
	    (err = desk_make_checkpoint(cli->desk, &cli->arena, &(const struct checkpoint_request){ 0 }, NULL, &made,
					error)))
		return err;
	signed_note_key_make(cli->world, made.origin, out);
	signed_note_key_write(&line, out, true);
	strbuf_addch(&line, '\n');
	err = file_write_new(path, line.buf, line.len, error);
	strbuf_wipe(&line);
	return err;
}

static enum err run_key(struct cli *cli, struct error *error)
{
	const char *path = parsed_argument(&cli->command_line, 0);
	struct signed_note_key key = { .name = "" };
	enum err err = parsed_has_option(&cli->command_line, "new") ? make_key(cli, path, &key, error)
								    : cli_read_key(cli, path, &key, error);
	if (!err) {
		err = cli_print_result(
			cli, JSON_NEW(JSON_TEXT("name", key.name), JSON_TEXT("public_key", public_key_line(cli, &key))),
			"%s", public_key_line(cli, &key));
	}
	signed_note_key_wipe(&key);
	return err;
}

static const struct command rows[] = {
	{ .name = "audit verify",
	  .flags = COMMAND_LONG,
	  .summary = "Verifies the audit log; if the log was changed: exit code 8 and the first bad record",
	  .details = "Recomputes the chain of hashes. Then compares each session's status and outcome, each "
		     "decision and each user's level with the last record, each row of every table with its last "
		     "commitment, and each document with its hash; if they differ: exit code 8, and the "
		     "differences. A log that was rewritten completely has a valid chain, but contradicts an "
		     "earlier checkpoint kept outside the store: exit code 8, and the first different record. A "
		     "checkpoint of another store, or without a signature by a --key, is refused with exit code 9.",
	  .example = "audit verify --checkpoint last.checkpoint --key signing.pub",
	  .run = run_verify,
	  .options = { { "checkpoint", "FILE", OPTION_REPEATABLE | OPTION_PATH | PATH_STREAM,
			 "the audit log must match this checkpoint" },
		       { "key", "FILE", OPTION_REPEATABLE | OPTION_PATH,
			 "a public key (audit key): the checkpoint must be signed by one of these keys" } } },
	{ .name = "audit checkpoint",
	  .flags = COMMAND_LONG,
	  .summary = "Prints a signed checkpoint: the number of audit records and the root of their hashes",
	  .details = "Keep the checkpoint where nobody with write access to the store can change it, for example "
		     "with an auditor, and compare later with audit verify --checkpoint. The format is the "
		     "checkpoint of transparency logs (C2SP: a signed note with Ed25519 over a tree of RFC 6962), "
		     "which other tools can read. The command changes nothing in the store.",
	  .example = "audit checkpoint --key signing.key --folder checkpoints",
	  .run = run_checkpoint,
	  .options = { { "key", "FILE", OPTION_REQUIRED | OPTION_PATH, "the signing key (audit key --new)" },
		       { "checkpoint", "FILE", OPTION_REPEATABLE | OPTION_PATH,
			 "an earlier signed checkpoint: sign only if the log still contains its records" },
		       { "folder", "DIR", OPTION_PATH,
			 "write RECORDS.checkpoint to this folder, if new records exist and the log still contains "
			 "the records of the newest checkpoint there: for a timer" } } },
	{ .name = "audit key",
	  .summary = "Prints the public key of a signing key for checkpoints, or creates a signing key",
	  .details = "Keep the signing key outside the store and its backups, and give the public key to the "
		     "auditors. A key belongs to one audit log: a restored store has a new log and needs a new key.",
	  .flags = COMMAND_NO_STORE,
	  .example = "audit key signing.key --new",
	  .run = run_key,
	  .arguments = { { "FILE", ARGUMENT_PATH, "the signing key" } },
	  .options = { { "new", NULL, 0, "create the key: FILE must not exist yet" } } },
};
const struct command_chapter commands_checkpoint = { COMMAND_CHAPTER("Audit checkpoints", rows) };
