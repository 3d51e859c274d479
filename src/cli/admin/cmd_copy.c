/* backup, restore, copy, store move: copy a whole store to a new store. */
#include "../cli_internal.h"
#include "backup_folder.h"
#include "kybdesk/desk/copy.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#define BACKUPS_KEPT_MAX 10000

struct copy_run {
	struct interrupt *interrupt;
	struct progress progress;
};

static bool on_progress(void *context, int64_t rows, int64_t documents)
{
	struct copy_run *run = context;

	if (interrupt_is_pending(run->interrupt))
		return false;
	progress_show(&run->progress, "copying: %" PRId64 " documents, %" PRId64 " rows", documents, rows);
	return true;
}

static void print_json(struct cli *cli, const struct copy_result *copied)
{
	out_json(&cli->out,
		 JSON_NEW(JSON_TEXT("store", cli_safe_text(cli, copied->target_path)), JSON_INT("rows", copied->rows),
			  JSON_INT("documents", copied->documents), JSON_INT("bytes", copied->bytes),
			  JSON_INT("documents_missing", copied->missing_count), JSON_BOOL("has_key", copied->has_key),
			  JSON_BOOL("delivers", copied->sends_webhooks),
			  JSON_VALUE("trail", JSON_NEW(JSON_BOOL("sound", copied->audit_log_is_sound),
						       JSON_INT("records", copied->audit_log_record_count),
						       JSON_TEXT("head", copied->audit_log_head)))));
}

static void print_text(struct cli *cli, const struct copy_result *copied)
{
	if (cli_is_json(cli)) {
		print_json(cli, copied);
		return;
	}
	out_line(&cli->out,
		 "%s is complete: %" PRId64 " rows, compared one by one; the files of %" PRId64
		 " documents, checked by hash; %s",
		 copied->target_path, copied->rows, copied->documents,
		 copied->has_key ? "with its key" : "without a key");
	if (copied->audit_log_is_sound)
		out_line(&cli->out, "The audit trail is sound: %" PRId64 " records, head %s",
			 copied->audit_log_record_count, copied->audit_log_head);
	if (!copied->sends_webhooks)
		out_line(&cli->out,
			 "The new store delivers no webhooks until an admin enables delivery: kybdesk --store %s "
			 "store set deliver all",
			 copied->target_path);
}

/* Returns ERR_STORE if the copy has a fault of the source store: a broken audit log, or missing files of
 * documents. A missing key is only a warning. */
static enum err check(struct cli *cli, const struct copy_result *copied, struct error *error)
{
	if (copied->key_missing)
		log_warn(&cli->log,
			 "the store's key is missing here, so it is also missing at %s: restore the key from a "
			 "backup",
			 copied->target_path);
	if (!copied->audit_log_is_sound)
		return error_set(
			error, ERR_STORE,
			"The copy at %s is complete, but its audit trail is broken, as in the source store: %s",
			copied->target_path, copied->audit_log_reason);
	if (copied->missing_count)
		return error_set(error, ERR_STORE,
				 "The copy at %s is complete, but the files of some documents (%" PRId64
				 ") are missing, as in the source store: %s",
				 copied->target_path, copied->missing_count, copied->first_missing_document);
	return ERR_OK;
}

static enum err copy_store(struct cli *cli, enum copy_kind kind, const char *to, bool include_key, struct error *error)
{
	struct copy_run run;
	const struct copy_options how = {
		.kind = kind, .target_path = to, .include_key = include_key, .on_progress = on_progress, .context = &run
	};
	struct copy_result copied;
	enum err err = interrupt_start(&run.interrupt, -1, NULL, NULL, NULL, error);

	if (err)
		return err;
	progress_begin(&run.progress, cli, cli->is_interactive);
	err = desk_copy(cli->desk, &how, &cli->arena, &copied, error);
	progress_end(&run.progress);
	interrupt_end(run.interrupt);
	if (err)
		return err;
	print_text(cli, &copied);
	return check(cli, &copied, error);
}

static enum err run_backup(struct cli *cli, struct error *error)
{
	const char *to = parsed_argument(&cli->command_line, 0);
	bool include_key = parsed_has_option(&cli->command_line, "with-key");
	int64_t keep = 0;
	size_t removed = 0;
	int lock;
	enum err made, err = cli_read_number(cli, "keep", 1, BACKUPS_KEPT_MAX, 0, &keep, error);

	if (err || !keep)
		return err ? err : copy_store(cli, COPY, to, include_key, error);
	err = backup_folder_lock(to, &lock, error);
	if (err)
		return err;
	made = copy_store(cli, COPY, backup_folder_new_path(cli, to), include_key, error);
	/* Also after a failure: a backup that fails each night must not fill the disk. Only a complete one replaces
	 * older backups. */
	err = backup_folder_clean(to, lock, made ? INT64_MAX : keep, &removed, made ? NULL : error);
	if (lock >= 0)
		(void)close(lock);
	if (removed && !cli_is_json(cli))
		out_line(&cli->out, "Older backups removed: %zu; the %" PRId64 " newest are kept", removed, keep);
	return made ? made : err;
}

static enum err run_restore(struct cli *cli, struct error *error)
{
	const char *backup = parsed_argument(&cli->command_line, 0);
	enum err err = ERR_OK;

	/* --readonly is about the new store, which a restore must write; the backup is always opened read-only. */
	if (parsed_has_option(&cli->command_line, "readonly"))
		return error_set(error, ERR_FORBIDDEN, "Cannot restore a store with --readonly");
	if (!strstr(backup, "://") && access(backup, F_OK) != 0 && errno == ENOENT)
		return error_set(error, ERR_STORE, "No backup at %s; make one with: kybdesk backup FILE", backup);
	err = cli_open_store(cli, backup, true, error);
	return err ? err : copy_store(cli, COPY_RESTORE, settings_text(&cli->settings, SETTING_STORE), true, error);
}

static enum err run_copy(struct cli *cli, struct error *error)
{
	enum err err = cli_open_store(cli, parsed_option_text(&cli->command_line, "from"),
				      parsed_has_option(&cli->command_line, "readonly"), error);

	return err ? err
		   : copy_store(cli, COPY, parsed_option_text(&cli->command_line, "to"),
				!parsed_has_option(&cli->command_line, "without-key"), error);
}

static enum err run_move(struct cli *cli, struct error *error)
{
	return copy_store(cli, COPY_MOVE, parsed_argument(&cli->command_line, 0), true, error);
}

#define COPY_HELP_TEXT                                                                                                 \
	"Everything is copied: cases, people, rules, settings, unsent webhooks, the audit log with its hashes, "       \
	"and the files of documents. The copy is a snapshot; the store can be used meanwhile. Before the copy "        \
	"becomes valid, the copied data is read again and compared, and the audit log is verified."

static const struct command rows[] = {
	{ .name = "backup",
	  .flags = COMMAND_LONG,
	  .summary = "Copies the store to a backup file",
	  .details = COPY_HELP_TEXT " The store's key is left out, so that the backup alone cannot create client "
				    "links; keep a separate copy of the key, or use --with-key.",
	  .verbs = { { VERB_STORE_COPY, "" } },
	  .example = "backup today.db",
	  .run = run_backup,
	  .arguments = { { "FILE", ARGUMENT_PATH,
			   "the backup file; the documents are copied to FILE-documents. With --keep: a folder" } },
	  .options = { { "with-key", NULL, 0, "also copy the store's key, as FILE.key" },
		       { "keep", "N", 0,
			 "FILE is a folder: make kybdesk-TIME.db in it, then remove all but the N newest of these, and "
			 "what killed backups left" } } },
	{ .name = "restore",
	  .summary = "Creates a store from a backup",
	  .details = "--store names the new store, which must not exist. " COPY_HELP_TEXT
		     " The backup is unchanged. The key file FILE.key, if present, is restored too. The restored "
		     "store delivers no webhooks, so that testing a backup sends nothing. If it replaces a lost "
		     "store, enable delivery with store set deliver all: webhooks that were unsent in the backup "
		     "are then sent, even if the lost store already sent them; receivers detect repeated webhooks "
		     "by their ids.",
	  .verbs = { { VERB_STORE_COPY, "" } },
	  .role_limit = "an admin listed in the backup",
	  .flags = COMMAND_LONG | COMMAND_NO_STORE,
	  .example = "--store new.db restore today.db",
	  .run = run_restore,
	  .arguments = { { "FILE", ARGUMENT_PATH, "the backup, or a server's address" } } },
	{ .name = "copy",
	  .summary = "Copies a store: from a file to a PostgreSQL server, or back",
	  .details = COPY_HELP_TEXT
	  " The copy has the same name and the same unsent webhooks, so it delivers no webhooks until an admin "
	  "enables delivery with store set deliver all. To continue with the copy only, use store move.",
	  .verbs = { { VERB_STORE_COPY, "" } },
	  .flags = COMMAND_LONG | COMMAND_NO_STORE,
	  .example = "copy --from old.db --to postgresql://kybdesk@db.example/kybdesk",
	  .run = run_copy,
	  .options = { { "from", "STORE", OPTION_REQUIRED | OPTION_PATH, "a path, or postgresql://…" },
		       { "to", "STORE", OPTION_REQUIRED | OPTION_PATH,
			 "a path, or postgresql://…; must not contain a store yet" },
		       { "without-key", NULL, 0, "do not copy the store's key, which signs client links" } } },
	{ .name = "store move",
	  .flags = COMMAND_LONG,
	  .summary = "Moves the store to another place and makes the old store read-only",
	  .details = COPY_HELP_TEXT
	  " The store's key is moved too. The old store becomes read-only, also for programs that have it open: "
	  "each change is refused, with a message that names the new place, and the person and time of the move. "
	  "All users wait during the move; if the move fails or is killed, the old store is unchanged. Stop "
	  "delivery workers first, otherwise the new store repeats the webhooks in progress.",
	  .verbs = { { VERB_STORE_MOVE, "" } },
	  .example = "store move postgresql://kybdesk@db.example/kybdesk",
	  .run = run_move,
	  .arguments = { { "TO", ARGUMENT_PATH, "a path, or postgresql://…; must not contain a store yet" } } },
};
const struct command_chapter commands_copy = { COMMAND_CHAPTER("Backups and copies", rows) };
