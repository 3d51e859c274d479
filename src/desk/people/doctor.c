/* Checks the store's health. If doctor finds damage, it exits with 8; all other findings are advice. */
#include "use/use.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/store/outbox.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/figures.h"
#include "kybdesk/desk/retention.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/store/list.h"
#include "kybdesk/store/purge.h"

#include <dirent.h>
#include <grp.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

struct findings {
	struct arena *arena;
	struct doctor_finding *items;
	size_t count, capacity;
};

static void push_finding(struct findings *findings, bool is_damage, const char *what, const char *advice)
{
	struct doctor_finding *finding =
		ARENA_PUSH(findings->arena, findings->items, findings->count, findings->capacity);

	*finding = (struct doctor_finding){ .is_damage = is_damage, .message = what, .advice = advice };
}

/* As push_finding(), with a formatted message. */
static void KYB_PRINTF(4, 5)
	add_finding(struct findings *findings, bool is_damage, const char *advice, const char *format, ...)
{
	const char *what;

	ARENA_VPRINTF(what, findings->arena, format);
	push_finding(findings, is_damage, what, advice);
}

typedef enum err check_function(struct desk *desk, struct findings *findings, struct error *error);

#define ADVICE_BACKUP "stop writing to this store, keep a copy of it, and restore a backup"

/* Checks of the store. Each has the advice for the problems that it finds, and the finding intact_text if it finds no
 * problems ("": no finding). After a problem of the schema, later checks may lack a table or an index. The search
 * index is not used for decisions, but an incomplete search hides namesakes. */
static const struct store_check {
	enum err (*run)(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			struct error *error);
	const char *advice, *intact_text;
} store_checks[] = {
	{ store_check_integrity, ADVICE_BACKUP, "the database is intact" },
	{ store_schema_check, "another program changed the schema; restore a backup, and verify its audit log", "" },
	{ store_readable_check, ADVICE_BACKUP, "the values of all cases can be read" },
	{ store_text_index_check,
	  "searches may miss cases; an admin rebuilds the index with: kybdesk store rebuild-search",
	  "the search index has every session" },
};

static enum err check_store(struct desk *desk, struct findings *findings, const struct store_check *check,
			    struct error *error)
{
	const char **problems;
	size_t count = 0;
	enum err err = check->run(desk->store, findings->arena, &problems, &count, error);

	/* A check that this user of the database may not make; the others still run. */
	if (err == ERR_FORBIDDEN) {
		push_finding(findings, false, arena_strdup(findings->arena, error->message),
			     "run doctor as the owner of the tables now and then");
		error_release(error);
		return ERR_OK;
	}
	for (size_t i = 0; !err && i < count; i++)
		push_finding(findings, true, problems[i], check->advice);
	if (!err && !count && *check->intact_text)
		push_finding(findings, false, check->intact_text, "");
	return err;
}

static enum err check_audit_log(struct desk *desk, struct findings *findings, struct error *error)
{
	struct audit_verdict result;
	enum err err = desk_audit_verify(desk, findings->arena, &result, error);

	if (err)
		return err;
	if (result.clock_steps)
		add_finding(findings, false,
			    "find out who set the clock back; due times and retention depend on it, the order of the "
			    "records does not",
			    "%" PRId64 " audit record%s earlier than the record before; the last, record %" PRId64
			    ", by %" PRId64 " minutes",
			    result.clock_steps, result.clock_steps == 1 ? " is" : "s are", result.clock_step_seq,
			    result.clock_step_ms / 60000);
	if (result.sound)
		add_finding(findings, false, "", "the audit trail is sound: %" PRId64 " records, head %.16s",
			    result.rows, result.head_hash);
	else
		add_finding(findings, true, "another program changed the audit log; compare it with an exported copy",
			    "the audit trail is broken at record %" PRId64 ": %s", result.bad_seq, result.reason);
	return ERR_OK;
}

static enum err compare_store_with_log(struct desk *desk, struct findings *findings, struct error *error)
{
	const struct audit_compare_options how = { .on_progress = NULL };
	struct audit_differences differences;
	enum err err = desk_audit_compare(desk, findings->arena, &how, &differences, error);

	if (err)
		return err;
	for (size_t i = 0; i < differences.sentence_count; i++)
		push_finding(findings, true, differences.sentences[i],
			     "another program changed the store; compare the store with a backup");
	if (differences.count > (int64_t)differences.sentence_count)
		add_finding(findings, true, "", "%" PRId64 " more differences from the audit log",
			    differences.count - (int64_t)differences.sentence_count);
	if (!differences.count)
		add_finding(findings, false, "",
			    "cases, decisions, levels and all rows match the audit log: %" PRId64 " sessions, %" PRId64
			    " decisions, %" PRId64 " rows",
			    differences.sessions_compared, differences.decisions_compared, differences.rows_compared);
	return ERR_OK;
}

static enum err check_inbox_counts(struct desk *desk, struct findings *findings, struct error *error)
{
	int64_t kept[INBOX_COUNT], wrong = 0;
	struct list_query query = { .limit = 1, .now = desk_now(desk), .after = "", .actor = "" };
	struct list_summary counted;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = store_inbox_counts(desk->store, kept, error);
	if (!err)
		err = store_list_summary(desk->store, &query, &counted, error);
	if (!err)
		err = store_merchant_counts_check(desk->store, &wrong, error);
	desk_end_read(desk);
	if (err)
		return err;
	if (wrong)
		add_finding(findings, true, "a writer other than this program switched the triggers off",
			    "%" PRId64 " counts of a merchant's sessions by status differ from its sessions", wrong);
	for (size_t i = 0; i < INBOX_COUNT; i++)
		if (kept[i] != counted.inbox_counts[i])
			add_finding(findings, true, "a writer other than this program switched the triggers off",
				    "the count of the inbox %s is %" PRId64 ", but it has %" PRId64 " sessions",
				    inbox_text((enum inbox)i), kept[i], counted.inbox_counts[i]);
	return ERR_OK;
}

static void on_bad_bytes(void *context, const char *why)
{
	struct findings *findings = context;

	push_finding(findings, true, arena_strdup(findings->arena, why), "");
}

static enum err check_documents(struct desk *desk, struct findings *findings, struct error *error)
{
	size_t before = findings->count;
	int64_t files;
	enum err err = store_bytes_check(desk->store, on_bad_bytes, findings, &files, error);

	if (!err && findings->count == before)
		add_finding(findings, false, "", "the bytes of all documents are present and intact: %" PRId64 " files",
			    files);
	return err;
}

static void on_bad_text(void *context, const char *what)
{
	struct findings *findings = context;

	add_finding(findings, true, "", "%s no longer matches its hash", what);
}

static enum err check_stored_texts(struct desk *desk, struct findings *findings, struct error *error)
{
	size_t before = findings->count;
	struct stored_text_check texts = { .on_bad = on_bad_text, .context = findings };
	enum err err = store_texts_check(desk->store, &texts, error);

	if (!err && findings->count == before)
		add_finding(findings, false, "",
			    "rules and the evidence of decisions match their hashes: %" PRId64 " texts", texts.texts);
	return err;
}

static void check_file_mode(struct findings *findings, const char *path, const struct stat *store)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return;
	if (status.st_mode & S_IRWXO)
		add_finding(findings, false,
			    arena_printf(findings->arena, "restrict access with: chmod o-rwx '%s'", path),
			    "%s is accessible to everybody", path);
	/* If a group can read the store, this group needs access to the folder, and to new files in the folder. */
	if (S_ISDIR(status.st_mode) && (store->st_mode & S_IRGRP) &&
	    (status.st_gid != store->st_gid || (status.st_mode & 02050) != 02050))
		add_finding(findings, false,
			    arena_printf(findings->arena, "give access with: chgrp -R %ju '%s' && chmod -R g+rwXs '%s'",
					 (uintmax_t)store->st_gid, path, path),
			    "%s is not accessible to the group that shares the store", path);
}

static const char *group_name(struct arena *arena, gid_t id)
{
	struct group entry, *found = NULL;
	char text[4096];

	if (getgrgid_r(id, &entry, text, sizeof text, &found) != 0 || !found)
		return arena_printf(arena, "%ju", (uintmax_t)id);
	return arena_strdup(arena, found->gr_name);
}

/* Reports users that can write to the file or its folder, since they can change roles and decisions without the
 * desk. The permission bits of the group also limit the access control list of the file. */
static void check_write_access(struct findings *findings, const char *path, const struct stat *store)
{
	const char *writer = "";
	struct stat status;

	if (stat(path, &status) != 0)
		return;
	if (status.st_uid != store->st_uid && status.st_uid != 0)
		writer = "the owner of the folder";
	else if (status.st_mode & S_IWOTH)
		writer = "everybody on this machine";
	else if (status.st_mode & S_IWGRP)
		writer = arena_printf(findings->arena, "the group %s", group_name(findings->arena, status.st_gid));
	if (*writer)
		add_finding(findings, false,
			    arena_printf(findings->arena,
					 "give reviewers access by SSH instead (docs/access.md), and remove write "
					 "access with: chmod go-w '%s'",
					 path),
			    "%s can write %s without kybdesk", writer, path);
}

/* Checks that the key file has no more readers than the store, since a reader can make the link of any client. */
static void check_key_file_mode(struct desk *desk, struct findings *findings, const struct stat *store)
{
	const char *path = store_link_key_path(desk->store, findings->arena);
	struct error why = { 0 };
	struct link_key key;
	struct stat status;
	mode_t others;

	if (stat(path, &status) == 0) {
		others = status.st_mode & (S_IRWXG | S_IRWXO) & ~(store->st_mode & S_IRWXG);
		if (others)
			add_finding(findings, false,
				    arena_printf(findings->arena, "restrict access with: chmod %s '%s'",
						 store->st_mode & S_IRGRP ? "o-rwx" : "600", path),
				    "%s, the store's key, is accessible to others", path);
	}
	if (store_get_link_key(desk->store, false, &key, &why) == ERR_OK) {
		push_finding(findings, false, "the store's key is present", "");
	} else {
		push_finding(findings, false, arena_strdup(findings->arena, why.message),
			     "an old store gets its key with the first change that needs a key, like a client link");
	}
	secret_wipe(&key, sizeof key);
	error_release(&why);
}

static void check_file_modes(struct desk *desk, struct findings *findings)
{
	static const char *const beside[] = { "-wal", "-shm", "-mark" };
	const char *path = desk->store->path;
	struct stat store = { 0 };

	/* Checks only the key of a store in a database server, since the server controls access to its own files. */
	if (!desk->store->documents_folder) {
		check_key_file_mode(desk, findings, &store);
		return;
	}
	(void)stat(path, &store);
	check_file_mode(findings, path, &store);
	if (!desk->store->sandbox) {
		check_write_access(findings, path, &store);
		check_write_access(findings, path_folder(findings->arena, path), &store);
	}
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		check_file_mode(findings, arena_printf(findings->arena, "%s%s", path, beside[i]), &store);
	check_key_file_mode(desk, findings, &store);
	check_file_mode(findings, desk->store->documents_folder, &store);
	check_file_mode(findings, arena_printf(findings->arena, "%s/staging", desk->store->documents_folder), &store);
	for (unsigned i = 0; i < 256; i++)
		check_file_mode(findings, arena_printf(findings->arena, "%s/%02x", desk->store->documents_folder, i),
				&store);
}

static enum err check_deliveries(struct desk *desk, struct findings *findings, struct error *error)
{
	struct webhook_counts counts;
	enum err err = store_webhook_counts(desk->store, desk_now(desk), &counts, error);

	if (err)
		return err;
	if (counts.due)
		add_finding(findings, false, "keep a workbench open, or run: kybdesk webhook deliver",
			    "%" PRId64 " webhook deliveries wait", counts.due);
	if (counts.dead)
		add_finding(findings, false,
			    "list the deliveries with: kybdesk webhook list --state dead; send them again with: "
			    "kybdesk "
			    "webhook replay --state dead",
			    "%" PRId64 " webhook deliveries are dead", counts.dead);
	if (counts.disabled)
		add_finding(findings, false,
			    "list the endpoints with: kybdesk endpoint list; when they work again: kybdesk endpoint "
			    "enable ENDPOINT",
			    "%" PRId64 " webhook endpoints were disabled because of their responses", counts.disabled);
	return ERR_OK;
}

/* Reports a store that delivers no webhooks, since no other check reports this. */
static enum err check_webhook_delivery(struct desk *desk, struct findings *findings, struct error *error)
{
	const char *value;
	enum err err = store_info_get(desk->store, findings->arena, STORE_SETTING_DELIVERY, &value, error);

	if (!err && !strcmp(value, DELIVER_TO_NOBODY))
		push_finding(findings, false, "this store delivers no webhooks, because it is a copy of another store",
			     "if it replaces that store, run: kybdesk store set deliver all");
	return err;
}

/* --- backups, checkpoints and free space. Timers make backups and checkpoints (docs/service.md); only doctor and
 * /metrics notice that a timer has stopped. --- */

#define UNFINISHED ".part-" /* store_copy() renames the file when it is complete */
#define FREE_BYTES_MIN ((int64_t)1 << 30)

static const struct kept_folder {
	const char *setting, *suffix, *noun, *advice;
	int64_t age_max_ms;
} kept_folders[] = {
	{ STORE_SETTING_CHECKPOINTS, ".checkpoint", "checkpoint of the audit log",
	  "write a checkpoint each hour by a timer (docs/service.md)", DAY_MS },
	{ STORE_SETTING_BACKUPS, "", "backup", "start the timer: systemctl enable --now kybdesk-backup.timer",
	  2 * DAY_MS },
};
#define KEPT_FOLDERS (sizeof kept_folders / sizeof *kept_folders)

/* The time of the newest complete file with this suffix; 0: none, TIME_NONE: the folder cannot be read. `unfinished`
 * counts files that a backup has not written to for a day. */
static int64_t newest_file_time(struct arena *arena, const char *folder, const char *suffix, int64_t now,
				size_t *unfinished)
{
	DIR *names = opendir(folder);
	int64_t newest = 0;

	if (!names)
		return TIME_NONE;
	for (const struct dirent *entry; (entry = readdir(names));) {
		size_t length = strlen(entry->d_name), end = strlen(suffix);
		struct stat status;
		int64_t at;

		if (length <= end || strcmp(entry->d_name + length - end, suffix) != 0 ||
		    stat(path_join(arena, folder, entry->d_name), &status) != 0 || !S_ISREG(status.st_mode))
			continue;
		at = status.st_mtim.tv_sec * (int64_t)1000;
		if (strstr(entry->d_name, UNFINISHED))
			*unfinished += now - at > DAY_MS;
		else if (at > newest)
			newest = at;
	}
	(void)closedir(names);
	return newest;
}

static int64_t free_bytes_of(const struct desk *desk)
{
	struct statvfs disk;

	if (!desk->store->documents_folder || statvfs(desk->store->path, &disk) != 0)
		return -1;
	return (int64_t)(disk.f_bavail * disk.f_frsize);
}

enum err doctor_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error)
{
	int64_t *times[KEPT_FOLDERS] = { &out->last_checkpoint, &out->last_backup };
	size_t unfinished = 0;
	enum err err = ERR_OK;

	out->free_bytes = free_bytes_of(desk);
	for (size_t i = 0; !err && i < KEPT_FOLDERS; i++) {
		const char *folder;

		err = store_info_get(desk->store, arena, kept_folders[i].setting, &folder, error);
		if (!err)
			*times[i] = *folder ? newest_file_time(arena, folder, kept_folders[i].suffix, desk_now(desk),
							       &unfinished)
					    : TIME_NONE;
	}
	return err;
}

static enum err check_kept_folder(struct desk *desk, struct findings *findings, const struct kept_folder *kept,
				  struct error *error)
{
	struct arena *arena = findings->arena;
	const char *folder, *at;
	size_t unfinished = 0;
	int64_t last;
	enum err err = store_info_get(desk->store, arena, kept->setting, &folder, error);

	if (err || !*folder)
		return err;
	last = newest_file_time(arena, folder, kept->suffix, desk_now(desk), &unfinished);
	at = time_text(arena, last);
	if (last == TIME_NONE)
		add_finding(findings, false,
			    arena_printf(arena,
					 "make the folder readable for this account, or set another: kybdesk store set "
					 "%s FOLDER",
					 kept->setting),
			    "the folder of %s %s cannot be read", kept->setting, folder);
	else if (!last)
		add_finding(findings, false, kept->advice, "no %s is in %s", kept->noun, folder);
	else if (desk_now(desk) - last > kept->age_max_ms)
		add_finding(findings, false,
			    arena_printf(arena, "find out why the timer for %s stopped", kept->setting),
			    "the last %s is from %s", kept->noun, at);
	else
		add_finding(findings, false, "", "the last %s is from %s", kept->noun, at);
	if (unfinished)
		add_finding(findings, false, "backup FOLDER --keep N removes them; find out what ended the backup",
			    "%zu unfinished file%s of a backup in %s", unfinished, unfinished == 1 ? "" : "s", folder);
	return ERR_OK;
}

static enum err check_kept_folders(struct desk *desk, struct findings *findings, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < KEPT_FOLDERS; i++)
		err = check_kept_folder(desk, findings, &kept_folders[i], error);
	return err;
}

static enum err check_free_space(struct desk *desk, struct findings *findings, struct error *error)
{
	int64_t bytes = free_bytes_of(desk);

	(void)error;
	if (bytes >= FREE_BYTES_MIN)
		add_finding(findings, false, "", "the disk of the store has more than 1 GiB free");
	else if (bytes >= 0)
		add_finding(findings, false, "make room, or move the store to a larger disk",
			    "%" PRId64 " MiB are free on the disk of the store", bytes >> 20);
	return ERR_OK;
}

static enum err check_rules(struct desk *desk, struct findings *findings, struct error *error)
{
	struct rule_notice *items = NULL;
	struct workflow_info *workflows = NULL;
	size_t count = 0, workflow_count = 0;
	enum err err = desk_rule_notices(desk, findings->arena, &items, &count, error);

	if (!err)
		err = desk_workflows(desk, findings->arena, &workflows, &workflow_count, error);
	for (size_t i = 0; !err && i < count; i++)
		push_finding(findings, false, items[i].message, items[i].advice);
	if (!err && !count)
		add_finding(findings, false, "", "the rules in force are in the store: %zu workflows", workflow_count);
	return err;
}

#define OVERDUE_USERS_COUNTED_MAX 1000

static enum err check_retention(struct desk *desk, struct findings *findings, struct error *error)
{
	struct purge_remainder left;
	struct purge_plan plan = { .due_user_max = OVERDUE_USERS_COUNTED_MAX };
	enum err err = desk_purge_plan(desk, findings->arena, &plan, error);

	if (!err)
		err = store_purge_count(desk->store, &left, error);
	if (err)
		return err;
	if (left.users || left.parts)
		add_finding(findings, false, "an admin continues the purge with: kybdesk purge",
			    "a purge was stopped: %" PRId64 " users are left", left.users);
	else if (left.is_wal_queued)
		push_finding(findings, false, "the write-ahead log may still contain erased cases",
			     "an admin empties the log with kybdesk purge, when no other program reads the store");
	if (plan.due_user_count)
		add_finding(findings, false, "an admin lists the cases with: kybdesk purge --dry-run",
			    "the cases of %s%zu user%s are past their retention",
			    plan.due_user_count == OVERDUE_USERS_COUNTED_MAX ? "at least " : "", plan.due_user_count,
			    plan.due_user_count == 1 ? "" : "s");
	return ERR_OK;
}

/* The conditions of every approval; an old store may lack conditions with which a new one begins. */
static enum err check_floors(struct desk *desk, struct findings *findings, struct error *error)
{
	const struct floors floors = desk_shipped_floors(findings->arena);
	const char *set = "", *value;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < floors.count && !desk->store->sandbox; i++) {
		const struct store_setting *floor = &floors.items[i];

		err = store_info_get(desk->store, findings->arena, floor->name, &value, error);
		if (!err && *value)
			set = arena_printf(findings->arena, "%s%s%s %s", set, *set ? "; " : "", floor->name, value);
		else if (!err)
			add_finding(findings, false,
				    arena_printf(findings->arena,
						 "two admins set it, as in a new store, with: kybdesk store set %s %s",
						 floor->name, floor->value),
				    "the floor %s of all approvals is off", floor->name);
	}
	if (*set)
		add_finding(findings, false, "", "floors of all approvals: %s", set);
	return err;
}

#define PAIRS_SHOWN 5

/* Approved cases in which one person may stand in two parties: the approvals stand, so no other list names them. */
static enum err check_pairs(struct desk *desk, struct findings *findings, struct error *error)
{
	struct list_query query = { .limit = PAIRS_SHOWN, .now = desk_now(desk), .after = "", .actor = "" };
	struct list_page page = { .count = 0 };
	struct strbuf names = STRBUF_INIT;
	const char *filter =
		arena_printf(findings->arena, "status:approved why:%s", blocker_code_text(BLOCKER_OWNERSHIP_INVALID));
	int64_t count = 0;
	enum err err = filter_parse(findings->arena, filter, &query.filter, error);

	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = store_list_count(desk->store, &query, 0, &count, error);
	if (!err)
		err = store_list(desk->store, findings->arena, &query, &page, error);
	desk_end_read(desk);
	for (size_t i = 0; i < page.count; i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "",
			    *page.items[i].external_ref ? page.items[i].external_ref : page.items[i].id);
	if (count)
		add_finding(findings, false,
			    arena_printf(findings->arena,
					 "list them with: kybdesk list --filter '%s'; the approvals stand, and a lead "
					 "who reopens a case answers with: kybdesk party same, or party other",
					 filter),
			    "in %" PRId64 " approved case%s two parties are, or may be, one, and nobody said so: %s%s",
			    count, count == 1 ? "" : "s", names.buf, count > PAIRS_SHOWN ? " …" : "");
	strbuf_release(&names);
	return err;
}

#define HOLDS_CHECKED_MAX 1000

/* Reports a hold that nobody can end, with the people involved in it. */
static enum err check_hold(const struct desk *desk, struct findings *findings, const char *what,
			   const struct involved *involved, struct error *error)
{
	const char *names, *cannot = "";
	bool alone;
	enum err err = involved_find_others(desk, findings->arena, involved, ROLE_LEAD, &names, &alone, error);

	if (err || *names)
		return err;
	for (size_t i = 0; i < involved->count; i++)
		cannot = arena_printf(findings->arena, "%s%s%s", cannot, *cannot ? ", " : "", involved->items[i].name);
	add_finding(findings, false,
		    "an admin adds a second lead, who can end it with: kybdesk suspicion close, or "
		    "alert close",
		    "nobody can close %s: %s took part in it; a second lead, whom an admin adds first, can", what,
		    cannot);
	return ERR_OK;
}

/* Holds that cannot be lifted, since the desk has too few people: suspicions that the actor may read, and alerts. */
static enum err find_stuck_holds(struct desk *desk, struct findings *findings, struct error *error)
{
	const struct alert_filter all = { .limit = HOLDS_CHECKED_MAX };
	struct arena *arena = findings->arena;
	struct suspicion_list suspicions = { 0 };
	struct alert_list alerts = { 0 };
	enum err err = suspicion_list_visible(desk, arena, SUSPICIONS_ALL, &suspicions, error);

	for (size_t i = 0; !err && i < suspicions.count; i++) {
		const struct suspicion *one = &suspicions.items[i];
		struct contribution_list made = { 0 };
		struct involved involved = { 0 };

		if (one->closed_at != TIME_NONE)
			continue;
		err = suspicion_find_involved(desk, arena, one, &made, &involved, error);
		if (!err)
			err = check_hold(desk, findings,
					 arena_printf(arena, "the suspicion of %s",
						      *one->external_ref ? one->external_ref : one->session_id),
					 &involved, error);
	}
	if (!err)
		err = store_alert_list(desk->store, arena, &all, &alerts, error);
	for (size_t i = 0; !err && i < alerts.count; i++) {
		const struct alert *one = &alerts.items[i];
		struct involved involved = { 0 };
		struct case_file file;

		err = desk_case_load(desk, arena, one->session_row, &file, error);
		if (!err)
			err = alert_find_involved(desk, arena, &file, &involved, error);
		if (!err)
			err = check_hold(desk, findings,
					 arena_printf(arena, "the alert of %s",
						      *one->external_ref ? one->external_ref : one->session_id),
					 &involved, error);
	}
	return err;
}

static enum err check_holds(struct desk *desk, struct findings *findings, struct error *error)
{
	enum err err = desk->store->sandbox ? ERR_OK : desk_begin_read(desk, error);

	if (err || desk->store->sandbox)
		return err;
	err = find_stuck_holds(desk, findings, error);
	desk_end_read(desk);
	return err;
}

/* Checks the clock, since due times, retention and grace times depend on it. */
static enum err check_clock(struct desk *desk, struct findings *findings, struct error *error)
{
	const struct audit_filter last = { .session_id = "", .limit = 1 };
	struct audit_list list;
	struct clock_check clock = { 0 };
	enum err err = store_audit_list(desk->store, findings->arena, &last, &list, error);

	if (!err && list.count && list.items[0].at > desk_now(desk) + CLOCK_SPREAD_MAX_MS)
		add_finding(findings, false,
			    "find out whether the clock is wrong now, or was wrong when the record was written",
			    "the last audit record is from %s, which is in the future",
			    time_text(findings->arena, list.items[0].at));
	if (!err)
		err = desk_clock_check(desk, &clock, error);
	if (!err && clock.may_be_ahead && !desk->store->sandbox)
		add_finding(findings, false, "check the clock; if the desk was idle, go on with the work",
			    "the last audit record older than a day is from %s, so the clock may have been set ahead: "
			    "until a later record is a day old, no case ends by time alone, and no purge begins",
			    time_text(findings->arena, clock.last_record_at));
	return err;
}

enum err desk_run_doctor(struct desk *desk, struct arena *arena, struct doctor_finding **items, size_t *count,
			 struct error *error)
{
	static check_function *const checks[] = { check_audit_log,    compare_store_with_log, check_inbox_counts,
						  check_documents,    check_deliveries,	      check_webhook_delivery,
						  check_kept_folders, check_free_space,	      check_rules,
						  check_stored_texts, check_retention,	      check_clock,
						  check_pairs,	      check_floors,	      check_holds };
	struct findings findings = { .arena = arena };
	bool bare = false;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && !bare && i < sizeof store_checks / sizeof *store_checks; i++) {
		size_t before = findings.count;

		err = check_store(desk, &findings, &store_checks[i], error);
		bare = store_checks[i].run == store_schema_check && findings.count > before &&
		       findings.items[before].is_damage;
	}
	for (size_t i = 0; !err && !bare && i < sizeof checks / sizeof *checks; i++)
		err = checks[i](desk, &findings, error);
	if (err)
		return err;
	check_file_modes(desk, &findings);
	push_finding(&findings, false, desk_library_version(desk, arena), "");
	*items = findings.items;
	*count = findings.count;
	return ERR_OK;
}

const char *desk_library_version(struct desk *desk, struct arena *arena)
{
	return store_describe_library(desk ? desk->store : NULL, arena);
}
