/* The actor of this desk, and its role. */
#include "use/actor.h"
#include "use/reviewer.h"
#include "use/transaction.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/caller.h"

#include <string.h>
#include <strings.h>

/* Words with another meaning in filters and the audit log. */
static const char *const reserved_names[] = { "me", "none", "system", "client", "sandbox" };

enum err reviewer_name_check(const char *name, struct error *error)
{
	size_t length = strlen(name);

	if (!length)
		return error_set_field(error, ERR_INVALID, "name", "The name of a reviewer is empty; enter a name");
	if (length > REVIEWER_NAME_MAX)
		return error_set_field(error, ERR_INVALID, "name",
				       "The name of a reviewer has %zu bytes; the maximum is %d", length,
				       REVIEWER_NAME_MAX);
	if (!text_is_valid(name, length))
		return error_set_field(error, ERR_INVALID, "name", "The name of a reviewer is not valid UTF-8");
	for (const char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f || *c == ',' || *c == '"')
			return error_set_field(error, ERR_INVALID, "name",
					       "\"%s\" is not a name of a reviewer: commas, quotes and control "
					       "characters are not allowed",
					       name);
	}
	if (name[0] == ' ' || name[length - 1] == ' ')
		return error_set_field(error, ERR_INVALID, "name",
				       "\"%s\" is not a name of a reviewer: it starts or ends with a space", name);
	if (!strncasecmp(name, CALLER_PREFIX, strlen(CALLER_PREFIX)))
		return error_set_field(error, ERR_INVALID, "name",
				       "\"%s\" is not a name of a reviewer: " CALLER_PREFIX
				       " begins the names of merchants' keys in the audit log; choose another name",
				       name);
	for (size_t i = 0; i < sizeof reserved_names / sizeof reserved_names[0]; i++) {
		/* "System" in an audit log would be read as the system. */
		if (!strcasecmp(name, reserved_names[i]))
			return error_set_field(
				error, ERR_INVALID, "name",
				"\"%s\" is a reserved word, not a name of a reviewer; choose another name", name);
	}
	return ERR_OK;
}

enum err actor_name(struct arena *arena, const char *wanted, bool sandbox, const char **out, struct error *error)
{
	char user[256];
	enum err err;

	if (sandbox && wanted && *wanted) {
		*out = arena_strdup(arena, wanted);
		return reviewer_name_check(wanted, error);
	}
	err = world_user_name(user, sizeof user, error);
	if (err)
		return err;
	if (wanted && *wanted && strcmp(wanted, user))
		return error_set(error, ERR_FORBIDDEN,
				 "Acting as %s is allowed in a sandbox store only; here you act as %s, your user "
				 "of the operating system",
				 wanted, user);
	*out = arena_strdup(arena, user);
	return reviewer_name_check(user, error);
}

static enum err unknown_actor(struct desk *desk, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct strbuf admins = STRBUF_INIT;
	struct reviewer *items = NULL;
	size_t count = 0;
	enum err err = store_reviewer_list(desk->store, &arena, &items, &count, error);

	for (size_t i = 0; !err && i < count; i++) {
		if (items[i].role == ROLE_ADMIN && !items[i].disabled)
			strbuf_addf(&admins, "%s%s", admins.len ? " or " : "", items[i].name);
	}
	if (!err)
		err = error_set(
			error, ERR_FORBIDDEN,
			"%s is not a reviewer of this store; an admin (%s) can add you: kybdesk reviewer add %s "
			"--role ROLE",
			desk->actor, admins.len ? admins.buf : "none is left", desk->actor);
	strbuf_release(&admins);
	arena_release(&arena);
	return err;
}

static enum err disabled_actor(const struct desk *desk, struct error *error)
{
	return error_set(error, ERR_FORBIDDEN,
			 "The reviewer %s is disabled in this store; an admin can add you under another name",
			 desk->actor);
}

/* Reads without a lock first: nearly always the actor exists. */
static enum err find_reviewer_row(struct desk *desk, struct reviewer *reviewer, struct error *error)
{
	return reviewer_find(desk->store, &desk->arena, desk->actor, reviewer, error);
}

static void become(struct desk *desk, const struct reviewer *reviewer)
{
	desk->role = reviewer->role;
	desk->supervised = reviewer->supervised;
	desk->actor_row = reviewer->row;
}

static enum err add_to_sandbox(struct desk *desk, struct error *error)
{
	struct reviewer lead = { .name = desk->actor, .role = ROLE_LEAD };
	struct json_value *detail;
	int64_t now = desk_now(desk);
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		return err;
	/* Another process may have added the same name in between. */
	err = find_reviewer_row(desk, &lead, error);
	if (!err && !lead.row) {
		lead = (struct reviewer){ .name = desk->actor, .role = ROLE_LEAD, .created_at = now };
		err = reviewer_add(desk->store, &desk->arena, &lead, now, error);
		if (!err) {
			desk->actor = lead.name;
			become(desk, &lead);
			detail = json_new_object();
			json_set_text(detail, "reviewer", desk->actor);
			json_set_text(detail, "role", role_text(lead.role));
			err = desk_record(desk, "reviewer.add", NULL, detail, error);
		}
	}
	err = desk_finish(desk, err, error);
	if (!err)
		become(desk, &lead);
	return err;
}

/* OpenSSH authenticated the reviewer, and the account that owns the store runs the session. Any other account could
 * choose the actor. */
static enum err session_actor(struct desk *desk, const char *wanted, struct error *error)
{
	if (!desk->store->sandbox && !store_is_own(desk->store))
		return error_set(
			error, ERR_FORBIDDEN,
			"kybdesk session runs only under the account that owns the store; ask an admin for "
			"access over SSH: kybdesk access add");
	desk->actor = arena_strdup(&desk->arena, wanted ? wanted : "");
	return ERR_OK;
}

enum err actor_find(struct desk *desk, const char *wanted, struct error *error)
{
	struct reviewer reviewer = { 0 };
	bool session = desk->world->session;
	enum err err = session ? session_actor(desk, wanted, error)
			       : actor_name(&desk->arena, wanted, desk->store->sandbox, &desk->actor, error);

	if (!err)
		err = find_reviewer_row(desk, &reviewer, error);
	if (err)
		return err;
	if (reviewer.row) {
		desk->actor = reviewer.name;
		become(desk, &reviewer);
		return reviewer.disabled ? disabled_actor(desk, error) : ERR_OK;
	}
	if (!desk->store->sandbox || session)
		return unknown_actor(desk, error);
	if (desk->store->readonly) {
		desk->role = ROLE_VIEWER;
		return ERR_OK;
	}
	return add_to_sandbox(desk, error);
}

enum err actor_refresh(struct desk *desk, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer reviewer = { 0 };
	enum err err = store_reviewer_find(desk->store, &arena, desk->actor, &reviewer, error);

	if (!err && !reviewer.row)
		err = unknown_actor(desk, error);
	if (!err && reviewer.disabled)
		err = disabled_actor(desk, error);
	if (!err && desk->caller && desk->caller->as == CAPACITY_STAFF &&
	    !reviewer_key_is(&reviewer, desk->caller->key_sha256))
		err = error_set(error, ERR_FORBIDDEN, "This key of %s was revoked or replaced", desk->actor);
	if (!err)
		become(desk, &reviewer);
	arena_release(&arena);
	return err;
}

struct acting actor_become(struct desk *desk, const char *name, enum role role)
{
	struct acting before = { desk->actor, desk->role, desk->supervised, desk->actor_row };

	desk->actor = name;
	desk->role = role;
	desk->supervised = false;
	return before;
}

void actor_return(struct desk *desk, struct acting before)
{
	desk->actor = before.actor;
	desk->role = before.role;
	desk->supervised = before.supervised;
	desk->actor_row = before.row;
}
