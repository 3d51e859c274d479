/* Backup, restore and move of a store, by an admin. */
#include "kybdesk/desk/copy.h"
#include "use/use.h"
#include "kybdesk/store/copy.h"
#include "kybdesk/store/outbox.h"

/* Reads in->part: the target's name for display; in->include_key. */
enum err use_store_copy(struct use *use, struct error *error)
{
	(void)error;
	JSON_ADD(use->detail, { "to", AS_TEXT(use->in->part) }, { "with_key", AS_BOOL(use->in->include_key) });
	return ERR_OK;
}

/* Reads in->part: the target's name for display. */
enum err use_store_move(struct use *use, struct error *error)
{
	(void)error;
	json_set_text(use->detail, "to", use->in->part);
	return ERR_OK;
}

struct copy_run {
	struct desk *desk;
	const struct copy_options *options;
	const char *delivery_mode; /* setting "deliver" of the source store */
};

static bool report_progress(void *context, const struct store_copy_result *so_far)
{
	const struct copy_run *copy_run = context;

	return copy_run->options->on_progress(copy_run->options->context, so_far->rows, so_far->documents);
}

/* Turns off the deliveries of the copy, since two stores in use would send the same webhooks. */
static enum err prepare_copy(void *context, struct store *to, struct error *error)
{
	const struct copy_run *copy_run = context;
	struct desk arrived = *copy_run->desk;
	enum err err = store_info_set(to, STORE_SETTING_DELIVERY, DELIVER_TO_NOBODY, error);

	if (!err)
		err = store_info_set(to, STORE_INFO_MOVED, "", error);
	if (err || copy_run->options->kind != COPY_RESTORE)
		return err;
	arrived.store = to;
	return desk_write_record(&arrived, "store.restore", NULL,
				 JSON_FROM({ "from", AS_TEXT(copy_run->desk->store->path) },
					   { "with_key", AS_BOOL(copy_run->options->include_key) }),
				 error);
}

static enum err copy_store(struct copy_run *copy_run, struct arena *arena, struct copy_result *out, struct error *error)
{
	struct store_copy_result copied;
	const struct store_copy_options how = { .target_path = desk_resolve_path(copy_run->desk, arena,
										 copy_run->options->target_path),
						.include_key = copy_run->options->include_key,
						.on_copied = prepare_copy,
						.on_progress = copy_run->options->on_progress ? report_progress : NULL,
						.context = copy_run };
	enum err err = store_copy(copy_run->desk->store, &how, arena, &copied, error);

	if (err)
		return err;
	*out = (struct copy_result){ .target_path = copied.to_path,
				     .rows = copied.rows,
				     .documents = copied.documents,
				     .bytes = copied.bytes,
				     .missing_count = copied.missing_count,
				     .first_missing_document = copied.first_missing_document,
				     .has_key = copied.key == KEY_COPIED,
				     .key_missing = copied.key == KEY_MISSING,
				     .audit_log_is_sound = copied.audit_log.sound,
				     .audit_log_reason = copied.audit_log.reason ? copied.audit_log.reason : "",
				     .audit_log_record_count = copied.audit_log.rows,
				     .audit_log_head = arena_strdup(arena, copied.audit_log.head_hash) };
	return ERR_OK;
}

/* Prepares the copy for use as the store, after the source was marked as moved. */
static enum err activate_copy(const struct copy_run *copy_run, struct arena *arena, struct error *error)
{
	struct desk arrived = *copy_run->desk;
	const struct store_options options = { .path = desk_resolve_path(copy_run->desk, arena,
									 copy_run->options->target_path),
					       .world = copy_run->desk->world };
	enum err err = store_open(&options, &arrived.store, error);

	if (err)
		return err;
	err = store_begin(arrived.store, STORE_WRITE, error);
	if (!err)
		err = store_info_set(arrived.store, STORE_SETTING_DELIVERY, copy_run->delivery_mode, error);
	if (!err) {
		err = desk_write_record(&arrived, "store.set", NULL,
					JSON_FROM({ "setting", AS_TEXT(STORE_SETTING_DELIVERY) },
						  { "from", AS_TEXT(DELIVER_TO_NOBODY) },
						  { "to", AS_TEXT(copy_run->delivery_mode) }),
					error);
	}
	if (!err)
		err = store_commit(arrived.store, error);
	store_rollback(arrived.store);
	store_close(arrived.store);
	return err;
}

static enum err move_store(struct copy_run *copy_run, struct arena *arena, const struct use_in *in,
			   struct copy_result *out, struct error *error)
{
	struct desk *desk = copy_run->desk;
	struct use_out done;
	struct error late = { 0 };
	enum err ended, err = desk_require_writer(desk, use_cases[VERB_STORE_MOVE].role, "move the store", error);

	if (!err)
		err = store_begin_hold(desk->store, error);
	if (err)
		return err;
	err = store_info_get(desk->store, arena, STORE_SETTING_DELIVERY, &copy_run->delivery_mode, error);
	if (!err)
		err = desk_do(desk, arena, in, &done, error);
	if (!err)
		err = copy_store(copy_run, arena, out, error);
	if (!err)
		err = store_info_set(desk->store, STORE_INFO_MOVED,
				     arena_printf(arena, "%s by %s on %s", out->target_path, desk->actor,
						  time_text(arena, desk_now(desk))),
				     error);
	ended = store_end_hold(desk->store, !err, &late);
	if (!err && ended)
		error_move(error, &late);
	error_release(&late);
	err = err ? err : ended;
	if (err)
		return err;
	out->sends_webhooks = true;
	err = activate_copy(copy_run, arena, error);
	if (err)
		error_prefix(error, "The store was moved to %s, but delivers no webhooks yet", out->target_path);
	return err;
}

enum err desk_copy(struct desk *desk, const struct copy_options *how, struct arena *arena, struct copy_result *out,
		   struct error *error)
{
	struct copy_run copy_run = { .desk = desk, .options = how, .delivery_mode = "" };
	struct use_out done;
	const struct use_in in = { .verb = how->kind == COPY_MOVE ? VERB_STORE_MOVE : VERB_STORE_COPY,
				   .part = desk_store_label(arena, desk_resolve_path(desk, arena, how->target_path)),
				   .include_key = how->include_key };
	enum err err;

	if (how->kind == COPY_MOVE)
		return move_store(&copy_run, arena, &in, out, error);
	err = how->kind == COPY_RESTORE ? desk_require_role(desk, use_cases[in.verb].role, "restore a store", error)
					: desk_do(desk, arena, &in, &done, error);
	return err ? err : copy_store(&copy_run, arena, out, error);
}
