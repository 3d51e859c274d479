/* The names of reviewers and merchants, and this desk's actor with its role. */
#include "use/use.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

#include <ctype.h>
#include <strings.h>

#define LIST_HINT "List them with: kybdesk reviewer list"

/* Names that a reviewer must not have, since filters and the audit log use them with another meaning. */
static const char *const reserved_names[] = { "me", "none", "system", "client", "sandbox" };

/* Checks the name of a reviewer: length, characters, CALLER_PREFIX and reserved words. ERR_INVALID with the field
 * "name". */
static enum err check_reviewer_name(const char *name, struct error *error)
{
	size_t length = strlen(name);
	const char *why = NULL;

	if (!length)
		return error_invalid(error, "name", "The name of a reviewer is empty; enter a name");
	if (length > REVIEWER_NAME_MAX)
		return error_invalid(error, "name", "The name of a reviewer has %zu bytes; the maximum is %d", length,
				     REVIEWER_NAME_MAX);
	if (!text_is_valid(name, length))
		return error_invalid(error, "name", "The name of a reviewer is not valid UTF-8");
	for (const char *c = name; *c && !why; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f || *c == ',' || *c == '"')
			why = "commas, quotes and control characters are not allowed";
	}
	if (!why && (name[0] == ' ' || name[length - 1] == ' '))
		why = "it starts or ends with a space";
	if (!why && !strncasecmp(name, CALLER_PREFIX, strlen(CALLER_PREFIX)))
		why = CALLER_PREFIX " begins the names of merchants' keys in the audit log; choose another name";
	if (why)
		return error_invalid(error, "name", "\"%s\" is not a name of a reviewer: %s", name, why);
	for (size_t i = 0; i < sizeof reserved_names / sizeof reserved_names[0]; i++) {
		/* A reviewer "System" in an audit log would be mistaken for the system. */
		if (!strcasecmp(name, reserved_names[i]))
			return error_invalid(error, "name",
					     "\"%s\" is a reserved word, not a name of a reviewer; choose another name",
					     name);
	}
	return ERR_OK;
}

/* Finds the reviewer with this name, or with this name in lower case. out->row 0: no such reviewer. */
static enum err reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			      struct error *error)
{
	const char *lower = text_ascii_case(arena, name, false);
	enum err err = store_reviewer_find(store, arena, name, out, error);

	if (!err && !out->row && strcmp(lower, name) != 0)
		err = store_reviewer_find(store, arena, lower, out, error);
	return err;
}

enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error)
{
	struct reviewer *items = NULL;
	const char **names;
	size_t count = 0;
	enum err err = reviewer_find(store, arena, name, out, error);

	if (err || out->row)
		return err;
	err = store_reviewer_list(store, arena, &items, &count, error);
	if (err)
		return err;
	names = arena_alloc_array(arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = items[i].name;
	return error_unknown_word(error, ERR_NOT_FOUND,
				  &(struct unknown_name){ .kind = "reviewer",
							  .name = name,
							  .hint = LIST_HINT,
							  .names = names,
							  .count = count,
							  .field = "name" });
}

static enum err check_name_letters(const char *name, struct error *error)
{
	size_t length = strlen(name);
	bool known = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;

	if (known && isalnum((unsigned char)name[0]) && isalnum((unsigned char)name[length - 1]))
		return ERR_OK;
	return error_invalid(error, "name", "The name of a reviewer cannot be \"%s\"; %s", name,
			     known ? "it must begin and end with a letter or a digit"
				   : "allowed: letters a to z, digits, dots, underscores and hyphens");
}

/* A form of a reviewer's or merchant's name for comparison ("rn" becomes "m"). Two names with equal forms could be
 * mistaken for each other in the audit log. */
static const char *name_skeleton(struct arena *arena, const char *name)
{
	static const struct {
		const char *drawn, *as;
	} pairs[] = { { "RN", "M" }, { "VV", "W" } };
	struct strbuf looks = STRBUF_INIT, out = STRBUF_INIT;

	text_likeness_key(&looks, name, strlen(name));
	for (const char *c = looks.buf; *c;) {
		size_t i = 0, count = sizeof pairs / sizeof *pairs;
		while (i < count && !text_has_prefix(c, pairs[i].drawn))
			i++;
		if (i < count)
			strbuf_adds(&out, pairs[i].as);
		else
			strbuf_addch(&out, *c);
		c += i < count ? strlen(pairs[i].drawn) : 1;
	}
	const char *result = strbuf_to_arena(&out, arena);
	strbuf_release(&looks);
	strbuf_release(&out);
	return result;
}

/* ERR_CONFLICT if a reader could mistake the name for the name of another reviewer (or of another merchant). */
static enum err check_name_distinct(struct arena *arena, const char *kind, const char *name, const char *other,
				    struct error *error)
{
	if (!strcmp(other, name) || strcmp(name_skeleton(arena, other), name_skeleton(arena, name)) != 0)
		return ERR_OK;
	return error_set_field(error, ERR_CONFLICT, "name",
			       "The name \"%s\" looks like that of the %s \"%s\"; choose another name", name, kind,
			       other);
}

enum err reviewer_check_new_name(struct store *store, struct arena *arena, const char *name, const char **out,
				 struct error *error)
{
	struct reviewer *items = NULL;
	size_t count = 0;
	enum err err;

	*out = text_ascii_case(arena, name, false);
	err = check_reviewer_name(*out, error);
	if (!err)
		err = check_name_letters(*out, error);
	if (!err)
		err = store_reviewer_require_free_name(store, *out, error);
	if (!err)
		err = store_reviewer_list(store, arena, &items, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		err = check_name_distinct(arena, "reviewer", *out, items[i].name, error);
	return err;
}

enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error)
{
	enum err err = reviewer_check_new_name(store, arena, reviewer->name, &reviewer->name, error);

	return err ? err : store_reviewer_insert(store, reviewer, now, error);
}

/* --- merchants --- */

enum err merchant_require(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error)
{
	struct merchant merchant;
	enum err err = store_merchant_find(desk->store, arena, text_or_empty(name), &merchant, error);

	*row = err ? 0 : merchant.row;
	if (!err && !*row && !desk->store->sandbox)
		err = error_invalid(error, "merchant",
				    "\"%s\" is not a merchant of this store; add it with: kybdesk merchant add %s",
				    name, name);
	return err;
}

enum err merchant_find_similar(struct desk *desk, struct arena *arena, const char *name, const char **out,
			       struct error *error)
{
	struct merchant *items = NULL;
	size_t count = 0;
	enum err err = store_merchant_list(desk->store, arena, &items, &count, error);

	*out = NULL;
	for (size_t i = 0; !err && i < count; i++) {
		const char *skeleton = name_skeleton(arena, items[i].name);

		if (text_find_nearest(name_skeleton(arena, name), &skeleton, 1))
			*out = items[i].name;
	}
	return err;
}

enum err merchant_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error)
{
	struct merchant merchant = { .name = name, .api_code = "" }, *items = NULL;
	size_t count = 0;
	enum err err;

	*row = 0;
	if (!*name_skeleton(arena, name))
		return error_invalid(error, "name",
				     "The name of a merchant cannot be \"%s\"; it must have a letter or a digit", name);
	err = store_merchant_list(desk->store, arena, &items, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		err = check_name_distinct(arena, "merchant", name, items[i].name, error);
	if (!err)
		err = store_merchant_put(desk->store, &merchant, desk_now(desk), error);
	*row = merchant.row;
	return err;
}

enum err merchant_find_or_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			      struct error *error)
{
	enum err err = merchant_require(desk, arena, name, row, error);

	return err || *row ? err : merchant_add(desk, arena, name, row, error);
}

/* --- the actor --- */

enum err actor_find_name(struct arena *arena, const char *wanted, bool sandbox, const char **out, struct error *error)
{
	char user[256];
	enum err err;

	if (sandbox && wanted && *wanted) {
		*out = arena_strdup(arena, wanted);
		return check_reviewer_name(wanted, error);
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
	return check_reviewer_name(user, error);
}

static enum err refuse_unknown_actor(struct desk *desk, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct strbuf admins = STRBUF_INIT;
	struct reviewer *items = NULL;
	size_t count = 0;
	enum err err = store_reviewer_list(desk->store, &arena, &items, &count, error);

	for (size_t i = 0; !err && i < count; i++) {
		if (items[i].role == ROLE_ADMIN && !items[i].disabled)
			strbuf_addf(&admins, "%s%s", admins.len ? ", " : "", items[i].name);
	}
	if (!err)
		err = error_set(
			error, ERR_FORBIDDEN,
			"%s is not a reviewer of this store (active admins: %s). An active admin can add you with: "
			"kybdesk reviewer add %s --role ROLE",
			desk->actor, admins.len ? admins.buf : "none", desk->actor);
	strbuf_release(&admins);
	arena_release(&arena);
	return err;
}

static enum err refuse_disabled_actor(const struct desk *desk, struct error *error)
{
	return error_set(error, ERR_FORBIDDEN,
			 "The reviewer %s is disabled in this store; an admin can add you under another name",
			 desk->actor);
}

static void set_actor(struct desk *desk, const struct reviewer *reviewer)
{
	desk->role = reviewer->role;
	desk->supervised = reviewer->supervised;
	desk->actor_row = reviewer->row;
}

static enum err add_sandbox_reviewer(struct desk *desk, struct error *error)
{
	struct reviewer lead = { .row = 0 };
	bool adds;
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		return err;
	/* Searches again under the lock: another process may have added this name since. */
	err = reviewer_find(desk->store, &desk->arena, desk->actor, &lead, error);
	adds = !err && !lead.row;
	if (adds) {
		lead = (struct reviewer){ .name = desk->actor, .role = ROLE_LEAD, .created_at = desk_now(desk) };
		err = reviewer_add(desk->store, &desk->arena, &lead, lead.created_at, error);
	}
	if (!err)
		set_actor(desk, &lead);
	if (!err && adds) {
		desk->actor = lead.name;
		err = desk_write_record(
			desk, "reviewer.add", NULL,
			JSON_FROM({ "reviewer", AS_TEXT(desk->actor) }, { "role", AS_TEXT(role_text(lead.role)) }),
			error);
	}
	return desk_finish_write(desk, err, error);
}

/* The actor of a session over SSH: OpenSSH authenticated the reviewer. In production, the account that owns the
 * store must run the session, since any other account could choose the actor. */
static enum err set_ssh_actor(struct desk *desk, const char *wanted, struct error *error)
{
	if (!desk->store->sandbox && !store_is_owned_by_user(desk->store))
		return error_set(error, ERR_FORBIDDEN,
				 "kybdesk session runs only under the account that owns the store; ask an admin for "
				 "access over SSH: kybdesk access add");
	desk->actor = arena_strdup(&desk->arena, wanted ? wanted : "");
	return ERR_OK;
}

enum err actor_find(struct desk *desk, const char *wanted, struct error *error)
{
	struct reviewer reviewer = { 0 };
	bool session = desk->world->is_ssh_session;
	enum err err = session ? set_ssh_actor(desk, wanted, error)
			       : actor_find_name(&desk->arena, wanted, desk->store->sandbox, &desk->actor, error);

	/* Reads without a lock first: the actor nearly always exists. */
	if (!err)
		err = reviewer_find(desk->store, &desk->arena, desk->actor, &reviewer, error);
	if (err)
		return err;
	if (reviewer.row) {
		desk->actor = reviewer.name;
		set_actor(desk, &reviewer);
		return reviewer.disabled ? refuse_disabled_actor(desk, error) : ERR_OK;
	}
	if (!desk->store->sandbox || session)
		return refuse_unknown_actor(desk, error);
	if (desk->store->readonly) {
		desk->role = ROLE_VIEWER;
		return ERR_OK;
	}
	return add_sandbox_reviewer(desk, error);
}

enum err actor_refresh(struct desk *desk, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer reviewer = { 0 };
	enum err err = store_reviewer_find(desk->store, &arena, desk->actor, &reviewer, error);

	if (!err && !reviewer.row)
		err = refuse_unknown_actor(desk, error);
	if (!err && reviewer.disabled)
		err = refuse_disabled_actor(desk, error);
	if (!err && desk->caller && desk->caller->capacity == CAPACITY_STAFF &&
	    !reviewer_key_matches(&reviewer, desk->caller->key_sha256))
		err = error_set(error, ERR_FORBIDDEN, "This key of %s was revoked or replaced", desk->actor);
	if (!err)
		set_actor(desk, &reviewer);
	arena_release(&arena);
	return err;
}

struct saved_actor actor_become(struct desk *desk, const char *name, enum role role)
{
	struct saved_actor before = { desk->actor, desk->role, desk->supervised, desk->actor_row };

	desk->actor = name;
	desk->role = role;
	desk->supervised = false;
	return before;
}

void actor_restore(struct desk *desk, struct saved_actor before)
{
	desk->actor = before.actor;
	desk->role = before.role;
	desk->supervised = before.supervised;
	desk->actor_row = before.row;
}
