/* Upgrades a store: the permission, the preview of the plan, and the audit record. */
#include "kybdesk/desk/copy.h"
#include "use/use.h"

/* Records the upgrade. A sandbox store is upgraded when it is opened, so its record names no admin. */
enum err upgrade_write_record(void *context, struct store *store, const struct store_upgrade_plan *plan,
			      struct error *error)
{
	struct upgrade_context *note = context;
	struct desk *desk = note->desk;
	struct desk acting_desk = *desk;
	struct json_value *detail = json_new_object();
	enum err err;

	acting_desk.store = store;
	acting_desk.actor = note->admin ? note->admin : SYSTEM_NAME;
	acting_desk.role = note->admin ? ROLE_ADMIN : ROLE_SYSTEM;
	JSON_ADD(detail, { "from", AS_INT(plan->from) }, { "to", AS_INT(plan->to) },
		 { "backup", AS_BOOL(*plan->backup != '\0') });
	err = desk_write_record(&acting_desk, "store.upgrade", NULL, detail, error);
	if (!err)
		log_warn(&desk->log, "store %s is being upgraded from schema %lld to %lld; %s%s", store->path,
			 (long long)plan->from, (long long)plan->to,
			 *plan->backup ? "its backup is " : "no backup of it was made here", plan->backup);
	return err;
}

struct run {
	struct upgrade_context upgrade_context;
	const struct upgrade_options *options;
	bool planned, stopped;
};

static enum err on_plan(void *context, const struct store_upgrade_plan *plan, struct error *error)
{
	struct run *run = context;

	run->planned = true;
	if (run->options->on_plan)
		run->options->on_plan(run->options->context,
				      &(const struct upgrade_plan){ .from = plan->from,
								    .to = plan->to,
								    .steps = plan->steps,
								    .count = plan->count,
								    .backup = plan->backup,
								    .alerts = plan->alerts,
								    .alert_count = plan->alert_count });
	run->stopped = run->options->dry_run;
	if (run->stopped)
		return error_set(error, ERR_BLOCKED, "Nothing was changed: this is a preview");
	if (*plan->backup || run->options->has_backup)
		return ERR_OK;
	return error_set(error, ERR_BLOCKED,
			 "kybdesk upgrade does not back up a store on a server. Make a backup with pg_dump, then run: "
			 "kybdesk upgrade --backed-up");
}

static enum err on_upgrade(void *context, struct store *store, const struct store_upgrade_plan *plan,
			   struct error *error)
{
	struct run *run = context;

	if (store->sandbox)
		run->upgrade_context.admin = NULL;
	return upgrade_write_record(&run->upgrade_context, store, plan, error);
}

enum err desk_upgrade(const struct desk_options *options, const struct upgrade_options *how, bool *done,
		      struct error *error)
{
	struct desk desk = { .world = options->world ? options->world : world_real(), .log = { LOG_QUIET, -1 } };
	struct run run = { .upgrade_context = { .desk = &desk }, .options = how };
	struct store_upgrade upgrade = {
		.policy = UPGRADE_ADMIN, .on_plan = on_plan, .on_upgrade = on_upgrade, .context = &run
	};
	const struct store_options store_options = { .path = desk_resolve_path(&desk, &desk.arena, options->store_path),
						     .readonly = options->readonly,
						     .world = desk.world,
						     .upgrade = &upgrade };
	struct store *store = NULL;
	enum err err = actor_find_name(&desk.arena, options->actor, true, &desk.actor, error);

	/* The kind of the store is not known yet. If the operating system does not confirm the name of the actor,
	 * only a sandbox store may be upgraded, since any name may act there. */
	if (!err && options->actor && *options->actor) {
		const char *user = NULL;

		if (!actor_find_name(&desk.arena, NULL, false, &user, NULL) && strcmp(user, desk.actor) != 0)
			upgrade.policy = UPGRADE_SANDBOX;
	}
	upgrade.actor = run.upgrade_context.admin = desk.actor;
	if (!err)
		err = store_open(&store_options, &store, error);
	store_close(store);
	*done = !err && run.planned;
	if (err && run.stopped) {
		error_release(error);
		err = ERR_OK;
	}
	arena_release(&desk.arena);
	return err;
}
