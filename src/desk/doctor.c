/* The store's health: damage makes doctor exit 8, the rest is advice. */
#include "internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/store/list.h"

#include <inttypes.h>
#include <sys/stat.h>

struct findings {
	struct arena *arena;
	struct doctor_finding *items;
	size_t count, capacity;
};

static void add(struct findings *findings, bool damage, const char *what, const char *advice)
{
	struct doctor_finding *finding =
		ARENA_PUSH(findings->arena, findings->items, findings->count, findings->capacity);

	*finding = (struct doctor_finding){ .damage = damage, .what = what, .advice = advice };
}

static enum err check_database(struct desk *desk, struct findings *findings, struct error *error)
{
	const char **problems;
	size_t count;
	enum err err = store_integrity(desk->store, findings->arena, &problems, &count, error);

	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		add(findings, true, problems[i],
		    "stop writing to this store, keep a copy of it, and go back to a backup");
	if (!count)
		add(findings, false, "the database is whole", "");
	return ERR_OK;
}

static enum err check_trail(struct desk *desk, struct findings *findings, struct error *error)
{
	struct audit_result result;
	enum err err = desk_audit_verify(desk, findings->arena, &result, error);

	if (err)
		return err;
	if (result.sound)
		add(findings, false,
		    arena_printf(findings->arena, "the audit trail is sound: %" PRId64 " records, head %.16s",
				 result.rows, result.head_hash),
		    "");
	else
		add(findings, true,
		    arena_printf(findings->arena, "the audit trail is broken at record %" PRId64 ": %s",
				 result.bad_seq, result.reason),
		    "somebody changed it outside this program; compare it with an exported copy");
	return ERR_OK;
}

static enum err check_counts(struct desk *desk, struct findings *findings, struct error *error)
{
	int64_t kept[INBOX_COUNT];
	struct list_query query = { .limit = 1, .now = desk_now(desk), .after = "", .actor = "" };
	struct list_summary counted;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = store_inbox_counts(desk->store, kept, error);
	if (!err)
		err = store_list_summary(desk->store, &query, &counted, error);
	desk_end_read(desk);
	if (err)
		return err;
	for (size_t i = 0; i < INBOX_COUNT; i++)
		if (kept[i] != counted.inbox_counts[i])
			add(findings, true,
			    arena_printf(findings->arena,
					 "the inbox %s says %" PRId64 ", but holds %" PRId64 " sessions",
					 inbox_text((enum inbox)i), kept[i], counted.inbox_counts[i]),
			    "a writer other than this program switched the triggers off");
	return ERR_OK;
}

static void check_modes(struct desk *desk, struct findings *findings)
{
	const char *paths[] = { desk->store->path, desk->store->documents_folder };

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct stat status;
		if (stat(paths[i], &status) == 0 && (status.st_mode & S_IRWXO))
			add(findings, false,
			    arena_printf(findings->arena, "%s can be reached by everybody", paths[i]),
			    arena_printf(findings->arena, "take it back with: chmod o-rwx '%s'", paths[i]));
	}
}

static enum err check_deliveries(struct desk *desk, struct findings *findings, struct error *error)
{
	int64_t due, dead;
	enum err err = store_delivery_counts(desk->store, desk_now(desk), &due, &dead, error);

	if (err)
		return err;
	if (due)
		add(findings, false, arena_printf(findings->arena, "%" PRId64 " webhook deliveries wait", due),
		    "keep a workbench open, or run: kybdesk webhook deliver");
	if (dead)
		add(findings, false, arena_printf(findings->arena, "%" PRId64 " webhook deliveries are dead", dead),
		    "see them with: kybdesk webhook list --state dead");
	return ERR_OK;
}

enum err desk_doctor(struct desk *desk, struct arena *arena, struct doctor_finding **items, size_t *count,
		     struct error *error)
{
	struct findings findings = { .arena = arena };
	enum err err = check_database(desk, &findings, error);

	if (!err)
		err = check_trail(desk, &findings, error);
	if (!err)
		err = check_counts(desk, &findings, error);
	if (!err)
		err = check_deliveries(desk, &findings, error);
	if (err)
		return err;
	check_modes(desk, &findings);
	add(&findings, false, desk_library(desk, arena), "");
	*items = findings.items;
	*count = findings.count;
	return ERR_OK;
}

const char *desk_library(struct desk *desk, struct arena *arena)
{
	return store_library(desk->store, arena);
}
