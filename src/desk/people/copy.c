/* Backups, bringing them back, and moving a store: an admin's. */
#include "kybdesk/desk/copy.h"
#include "use/transaction.h"
#include "use/use.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/store/copy.h"

/* Reads part: where to, as people may see it; with_key. */
enum err use_store_copy(struct use *use, struct error *error)
{
	(void)error;
	json_set_text(use->detail, "to", use->in->part ? use->in->part : "");
	json_set_bool(use->detail, "with_key", use->in->with_key);
	return ERR_OK;
}

struct run {
	struct desk *desk;
	const struct desk_copying *how;
};

static bool tell(void *context, const struct store_copied *so_far)
{
	const struct run *run = context;

	return run->how->on_progress(run->how->context, so_far->rows, so_far->documents);
}

static enum err record_restoring(void *context, struct store *to, struct error *error)
{
	const struct run *run = context;
	struct desk arrived = *run->desk;
	struct json_value *detail = json_new_object();

	arrived.store = to;
	json_set_text(detail, "from", run->desk->store->path);
	json_set_bool(detail, "with_key", run->how->with_key);
	return desk_record(&arrived, "store.restore", NULL, detail, error);
}

static enum err copy(struct run *run, bool restores, struct arena *arena, struct desk_copied *out,
		     struct error *error)
{
	struct store_copied copied;
	const struct store_copying how = { .to = desk_path_of(run->desk, arena, run->how->to),
					   .with_key = run->how->with_key,
					   .on_arrival = restores ? record_restoring : NULL,
					   .on_progress = run->how->on_progress ? tell : NULL,
					   .context = run };
	enum err err = store_copy(run->desk->store, &how, arena, &copied, error);

	if (err)
		return err;
	*out = (struct desk_copied){ .to = copied.shown,
				     .rows = copied.rows,
				     .documents = copied.documents,
				     .bytes = copied.bytes,
				     .missing = copied.missing,
				     .first_missing = copied.first,
				     .has_key = copied.key == KEY_COPIED,
				     .key_missing = copied.key == KEY_NONE,
				     .trail_is_sound = copied.trail.sound,
				     .trail_reason = copied.trail.reason ? copied.trail.reason : "",
				     .trail_records = copied.trail.rows,
				     .trail_head = arena_strdup(arena, copied.trail.head_hash) };
	return ERR_OK;
}

enum err desk_copy(struct desk *desk, const struct desk_copying *how, struct arena *arena, struct desk_copied *out,
		   struct error *error)
{
	struct run run = { desk, how };
	struct use_out done;
	const struct use_in in = { .verb = VERB_STORE_COPY,
				   .part = desk_store_shown(arena, desk_path_of(desk, arena, how->to)),
				   .with_key = how->with_key };
	enum err err = desk_do(desk, arena, &in, &done, error);

	return err ? err : copy(&run, false, arena, out, error);
}

enum err desk_restore(struct desk *desk, const struct desk_copying *how, struct arena *arena,
		      struct desk_copied *out, struct error *error)
{
	struct run run = { desk, how };
	enum err err = desk_require(desk, ROLE_ADMIN, "bring a store back", error);

	return err ? err : copy(&run, true, arena, out, error);
}
