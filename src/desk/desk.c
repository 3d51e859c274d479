/* Opens and creates a store for one actor; returns facts about the open desk, such as its actor and role. */
#include "use/use.h"
#include "kybdesk/base/file.h"

#include <stdlib.h>

const char *desk_resolve_path(const struct desk *desk, struct arena *arena, const char *path)
{
	const char *folder;

	if (path && *path)
		return path;
	folder = xdg_folder(arena, desk->world, "XDG_DATA_HOME", ".local/share");
	return path_join(arena, path_join(arena, folder, "kybdesk"), "kybdesk.db");
}

/* Reads a sandbox's own files of countries at once, to report their mistakes. Shipped files are read on first use. */
static enum err read_own_countries(struct desk *desk, struct error *error)
{
	struct strbuf text = STRBUF_INIT, parts = STRBUF_INIT;
	const char *origin = "", *parts_origin = "";
	struct countries *own;
	enum err err = resource_read(&desk->arena, desk->world, "countries.json", &text, &origin, error);

	if (!err)
		err = resource_read(&desk->arena, desk->world, "subdivisions.json", &parts, &parts_origin, error);
	if (!err && (strcmp(origin, RESOURCE_BUILT_IN) || strcmp(parts_origin, RESOURCE_BUILT_IN))) {
		own = arena_alloc(&desk->arena, sizeof *own);
		*own = (struct countries){ 0 };
		desk->own_countries = own;
		err = countries_read(&desk->arena, &(struct json_source){ text.buf, text.len, origin }, own, error);
		if (!err)
			err = subdivisions_read(
				&desk->arena, &(struct json_source){ parts.buf, parts.len, parts_origin }, own, error);
	}
	strbuf_release(&parts);
	strbuf_release(&text);
	return err;
}

void *items_grow(struct arena *arena, const void *items, size_t count, size_t more, size_t size)
{
	void *out = arena_alloc_array(arena, count + more + 1, size);

	if (count)
		memcpy(out, items, count * size);
	return out;
}

/* A sandbox store uses a clock that can be shifted instead of the real clock; the clock of a test is kept. */
static enum err choose_clock(struct desk *desk, struct error *error)
{
	if (!desk->store->sandbox || desk->world != world_real())
		return ERR_OK;
	desk->world = world_sandbox();
	desk->store->world = desk->world;
	return world_check_sandbox(desk->world, error);
}

enum err desk_open(const struct desk_options *options, struct desk **out, struct error *error)
{
	struct desk *desk = xcalloc(1, sizeof *desk);
	enum err err;

	*out = NULL;
	desk->world = options->world ? options->world : world_real();
	desk->log = options->log;
	desk->grace_s = GRACE_DEFAULT_S;
	desk->link_base_url = options->base_url;
	desk->is_server = options->is_server;
	desk->wake = options->on_event;
	desk->wake_context = options->context;
	struct upgrade_context note = { .desk = desk };
	const struct store_upgrade upgrade = { .policy = UPGRADE_SANDBOX,
					       .on_upgrade = upgrade_write_record,
					       .context = &note };
	const struct store_options store_options = {
		.path = desk_resolve_path(desk, &desk->arena, options->store_path),
		.readonly = options->readonly,
		.world = desk->world,
		.group = options->group,
		.process = options->process,
		.upgrade = &upgrade,
		.reads_json = json_is_valid,
	};
	err = store_open(&store_options, &desk->store, error);
	if (!err)
		err = choose_clock(desk, error);
	if (!err)
		err = rules_ensure_installed(desk, error);
	if (!err)
		err = rules_open(desk, error);
	/* Rules need the list of countries; only a sandbox may have a file of its own with countries. */
	if (!err && desk->store->sandbox)
		err = read_own_countries(desk, error);
	if (!err)
		err = actor_find(desk, options->actor, error);
	if (err) {
		desk_close(desk);
		return err;
	}
	*out = desk;
	return ERR_OK;
}

void desk_set_grace(struct desk *desk, int64_t seconds)
{
	desk->grace_s = seconds;
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	store_close(desk->store);
	arena_release(&desk->arena);
	free(desk);
}

/* Runs in the transaction that creates the store, so that every store has an admin. */
static enum err add_first_admin(void *context, struct store *store, struct error *error)
{
	struct desk *desk = context;
	struct reviewer admin = { .name = desk->actor, .role = ROLE_ADMIN };
	enum err err;

	desk->store = store;
	err = choose_clock(desk, error);
	if (err)
		return err;
	admin.created_at = desk_now(desk);
	err = reviewer_add(store, &desk->arena, &admin, admin.created_at, error);
	if (err)
		return err;
	desk->actor = admin.name;
	desk->actor_row = admin.row;
	err = desk_write_record(desk, "store.init", NULL,
				JSON_FROM({ "sandbox", AS_BOOL(store->sandbox) }, { "admin", AS_TEXT(desk->actor) }),
				error);
	if (!err)
		err = rules_install_shipped(desk, error);
	return err ? err : floors_install(desk, error);
}

enum err desk_init(const struct desk_options *options, bool sandbox, char **path, struct arena *arena,
		   struct error *error)
{
	struct desk *desk = xcalloc(1, sizeof *desk);
	enum err err;

	desk->world = options->world ? options->world : world_real();
	desk->log = options->log;
	desk->role = ROLE_ADMIN;
	*path = NULL;
	/* Checks the actor first, so that a wrong actor leaves no store behind. */
	err = actor_find_name(&desk->arena, options->actor, sandbox, &desk->actor, error);
	if (!err) {
		const struct store_options store_options = { .path = desk_resolve_path(desk, arena,
										       options->store_path),
							     .create = true,
							     .create_sandbox = sandbox,
							     .world = desk->world,
							     .reads_json = json_is_valid,
							     .on_create = add_first_admin,
							     .context = desk };
		struct store *store = NULL;
		err = store_open(&store_options, &store, error);
		/* Sets desk->store also after a failure: add_first_admin() may have set it to a store that is closed
		 * again. */
		desk->store = store;
	}
	if (!err)
		*path = arena_strdup(arena, desk_store_path(desk));
	desk_close(desk);
	return err;
}

const char *desk_store_path(const struct desk *desk)
{
	return desk->store->path;
}

const char *desk_store_label(struct arena *arena, const char *path)
{
	char *display_path = store_driver(path)->display_path(path);
	const char *kept = arena_strdup(arena, display_path);

	free(display_path);
	return kept;
}

const char *desk_temporary_folder(const struct desk *desk, struct arena *arena)
{
	return path_folder(arena, desk->store->key_file);
}

const char *desk_actor(const struct desk *desk)
{
	return desk->actor;
}

enum role desk_role(const struct desk *desk)
{
	return desk->role;
}

bool desk_is_sandbox(const struct desk *desk)
{
	return desk->store->sandbox;
}

bool desk_is_readonly(const struct desk *desk)
{
	return desk->store->readonly;
}

int64_t desk_now(const struct desk *desk)
{
	return world_now_ms(desk->world);
}

enum err desk_clock_check(struct desk *desk, struct clock_check *out, struct error *error)
{
	int64_t now = desk_now(desk);

	*out = (struct clock_check){ .last_record_at = TIME_NONE };
	enum err err = store_audit_last_time(desk->store, now - DAY_MS, &out->last_record_at, error);

	out->may_be_ahead = out->last_record_at != TIME_NONE && out->last_record_at < now - RECORD_GAP_MAX_MS;
	return err;
}

void desk_make_uuid(const struct desk *desk, char out[UUID_TEXT_SIZE])
{
	uuid_new(desk->world, out);
}

int64_t desk_data_version(struct desk *desk)
{
	return store_data_version(desk->store);
}

enum err desk_check_store(struct desk *desk, bool writes, struct error *error)
{
	enum err err = store_check_usable(desk->store, writes, error);

	if (!err || writes || desk->store->is_outdated)
		return err;
	error_release(error); /* the check can fail because the store is busy; the next call checks again */
	return ERR_OK;
}

void desk_maintain(struct desk *desk)
{
	struct tick_report report;
	struct error error = { 0 };
	int64_t now = world_monotonic_ms(desk->world);

	if (desk->store->readonly)
		return;
	store_maintain(desk->store);
	if (desk->last_tick_ms && now - desk->last_tick_ms < TICK_EVERY_MS)
		return;
	desk->last_tick_ms = now;
	/* The next tick retries the work that failed; the user gets no error. */
	if (desk_tick(desk, &report, &error))
		log_info(&desk->log, "due background work failed: %s", error.message);
	else if (report.clock_may_be_ahead)
		log_warn(&desk->log, CLOCK_MAY_BE_AHEAD);
	error_release(&error);
}

enum err desk_check_path(struct desk *desk, const char *field, const char *path, struct error *error)
{
	if (!store_owns_path(desk->store, path))
		return ERR_OK;
	return error_invalid(error, field, "%s belongs to the store itself; name a file outside of the store", path);
}

void desk_interrupt(struct desk *desk)
{
	desk->store->db->driver->interrupt(desk->store->db);
}

const struct reasons *desk_reasons(const struct desk *desk)
{
	static const struct reasons none;

	return desk->shared_reasons ? desk->shared_reasons : &none;
}

const struct countries *desk_own_countries(const struct desk *desk)
{
	return desk->own_countries;
}

const struct countries *desk_countries(const struct desk *desk)
{
	return countries_in_force(desk->own_countries);
}
