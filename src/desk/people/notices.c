/* Notices for the admin: texts that the program ships, changes that wait for a second admin, files without effect. */
#include "kybdesk/store/offer.h"
#include "use/use.h"

/* --- the rules shipped with this program: installed in a new store, offered to a store with other rules --- */

static const char *rules_folder(enum rule_text_kind kind)
{
	return kind == RULE_TEXT_WORKFLOW ? "workflows/" : "reasons/";
}

const struct resource *rules_find_shipped(struct arena *arena, enum rule_text_kind kind, const char *name)
{
	return resource_find_embedded(arena_printf(arena, "%s%s.json", rules_folder(kind), name));
}

/* Reads the version in the text. Shipped texts are valid: a test checks them. */
static enum err read_shipped_version(struct arena *arena, const struct resource *resource, int64_t *version,
				     struct error *error)
{
	struct profile_mistake *mistakes = NULL;
	struct profile *profile = NULL;
	size_t count = 0;

	profile_read(arena, (const char *)resource->bytes, resource->length, NULL, &profile, &mistakes, &count);
	if (!profile)
		return profile_set_error(resource->name, mistakes, count, error);
	*version = profile->version;
	return ERR_OK;
}

static enum err install_shipped_text(struct desk *desk, struct arena *arena, enum rule_text_kind kind,
				     const struct resource *resource, struct json_value *list, struct error *error)
{
	struct rule_text text = {
		.kind = kind,
		.name = rule_name_of_path(arena, resource->name),
		.version = 1,
		.body = (const char *)resource->bytes,
		.length = resource->length,
		.installed_at = desk_now(desk),
		.installed_by = arena_printf(arena, SHIPPED_BY "%s", KYBDESK_RELEASE),
	};
	enum err err =
		kind == RULE_TEXT_WORKFLOW ? read_shipped_version(arena, resource, &text.version, error) : ERR_OK;

	if (!err)
		err = store_rule_install(desk->store, &text, error);
	if (err)
		return err;
	json_append(list, JSON_FROM({ "kind", AS_TEXT(rule_text_kind_text(kind)) }, { "name", AS_TEXT(text.name) },
				    { "version", AS_INT(text.version) }, { "sha256", AS_TEXT(text.sha256) }));
	return ERR_OK;
}

enum err rules_install_shipped(struct desk *desk, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct json_value *detail = json_new_object(), *list = json_new_array();
	enum err err = ERR_OK;

	for (int kind = RULE_TEXT_WORKFLOW; kind <= RULE_TEXT_REASONS; kind++) {
		const char *folder = rules_folder((enum rule_text_kind)kind);

		for (size_t i = 0; !err && i < resource_count; i++) {
			if (!strncmp(resource_table[i].name, folder, strlen(folder)))
				err = install_shipped_text(desk, &arena, (enum rule_text_kind)kind, &resource_table[i],
							   list, error);
		}
	}
	arena_release(&arena);
	rules_invalidate(desk);
	JSON_ADD(detail, { "program", AS_TEXT(KYBDESK_RELEASE) }, { "rules", list });
	if (err) {
		json_free(detail);
		return err;
	}
	return desk_write_record(desk, "rules.install", NULL, detail, error);
}

static enum err has_rules(struct desk *desk, bool *has, struct error *error)
{
	int64_t row = 0;
	enum err err =
		store_rule_find_current(desk->store, RULE_TEXT_REASONS, reason_set_text(REASONS_SESSION), &row, error);

	*has = row != 0;
	return err;
}

enum err rules_ensure_installed(struct desk *desk, struct error *error)
{
	struct saved_actor before;
	bool has = false;
	enum err err = has_rules(desk, &has, error);

	/* Installs nothing in a read-only store: the first command that needs a rule fails with a remedy. */
	if (err || has || desk->store->readonly)
		return err;
	err = store_begin(desk->store, STORE_WRITE, error);
	if (err)
		return err;
	before = actor_become(desk, "system", ROLE_SYSTEM);
	/* Checks again: another process may have installed rules since the first check. */
	err = has_rules(desk, &has, error);
	if (!err && !has)
		err = rules_install_shipped(desk, error);
	err = desk_finish_write(desk, err, error);
	actor_restore(desk, before);
	return err;
}

/* --- notices --- */

struct notices {
	struct desk *desk;
	struct arena *arena;
	struct rule_notice *items;
	size_t count, capacity;
};

static void add_notice(struct notices *notices, const char *what, const char *advice)
{
	*ARENA_PUSH(notices->arena, notices->items, notices->count, notices->capacity) =
		(struct rule_notice){ what, advice };
}

/* Offers a shipped text that was never installed. If an admin installed the text and later returned to another
 * text, the shipped text is not offered again. */
static void offer(struct notices *notices, enum rule_text_kind kind, const struct resource *resource,
		  const struct rule_texts *installed)
{
	const char *name = rule_name_of_path(notices->arena, resource->name);
	bool workflow = kind == RULE_TEXT_WORKFLOW, known = false;
	const char *what = arena_printf(notices->arena, "%s%s", workflow ? "" : "the reasons ", name);
	const char *sha256 = sha256_text(notices->arena, resource->bytes, resource->length);

	for (size_t i = 0; i < installed->count; i++) {
		if (strcmp(installed->items[i].name, name))
			continue;
		if (!strcmp(installed->items[i].sha256, sha256))
			return;
		known = true;
	}
	add_notice(
		notices,
		known ? arena_printf(notices->arena, "kybdesk %s ships a newer text of %s", KYBDESK_RELEASE, what)
		      : arena_printf(notices->arena, "kybdesk %s ships %s, which is not installed", KYBDESK_RELEASE,
				     what),
		workflow ? arena_printf(notices->arena,
					"read it with: kybdesk workflow diff %s %s@shipped; an admin installs it with: "
					"kybdesk workflow install %s@shipped",
					name, name, name)
			 : arena_printf(notices->arena, "an admin installs it with: kybdesk reasons install %s@shipped",
					name));
}

/* Describes a change as a text: "reviewer bo, from reviewer, to lead". */
static const char *change_text(struct arena *arena, const struct json_value *change)
{
	struct strbuf out = STRBUF_INIT;

	for (const char *key = json_first_key(change); key; key = json_next_key(change, key)) {
		const char *text = json_get_text(change, key);

		strbuf_addf(&out, "%s%s %s", out.len ? ", " : "", key,
			    text ? *text ? text : "not set" : json_to_arena(arena, json_get(change, key)));
	}
	for (char *c = out.buf; c && *c; c++)
		if (*c == '_')
			*c = ' ';
	return strbuf_finish(&out, arena);
}

/* The verb of an offer. A verb that this program does not know counts as a setting, which needs an admin. */
static const struct use_case *find_verb(const char *audit_action)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(use_cases[i].audit_action, audit_action))
			return &use_cases[i];
	return &use_cases[VERB_STORE_SET];
}

static void describe_offer(struct arena *arena, const struct offer *offer, const struct use_case *verb,
			   struct offered_change *out)
{
	struct json_value *change = NULL;
	const char *sha256;

	if (json_read(offer->change_json, strlen(offer->change_json), &change, NULL))
		change = json_new_object();
	sha256 = json_get_text(change, "sha256");
	*out = (struct offered_change){
		.action = offer->audit_action,
		.part = offer->part,
		.by = offer->by,
		.at = offer->at,
		.change = arena_printf(arena, "%s: %s", verb->verb_phrase, change_text(arena, change)),
		.advice = arena_printf(arena, "it %s another %s runs the same command",
				       verb->verb == VERB_ENDPOINT_DISABLE ? "acts already; it is confirmed when"
									   : "takes effect when",
				       role_text(verb->role))
	};
	if (sha256 && verb->needs & NEED_PREPARE)
		out->advice = arena_printf(
			arena, "it comes into force when another admin installs it: kybdesk %s install %s@%.12s",
			verb->verb == VERB_WORKFLOW_INSTALL ? "workflow" : "reasons", offer->part, sha256);
	json_free(change);
}

static enum err read_offers(struct desk *desk, struct arena *arena, struct offered_change **items, size_t *count,
			    struct error *error)
{
	struct offers list;
	enum err err = store_offer_list(desk->store, arena, &list, error);

	*count = err ? 0 : list.count;
	*items = arena_alloc_array(arena, *count + 1, sizeof **items);
	for (size_t i = 0; !err && i < list.count; i++) {
		const struct use_case *verb = find_verb(list.items[i].audit_action);

		describe_offer(arena, &list.items[i], verb, &(*items)[i]);
		err = offer_is_for_actor(desk, arena, &list.items[i], verb->role, &(*items)[i].is_for_actor, error);
	}
	return err;
}

enum err desk_offers(struct desk *desk, struct arena *arena, struct offered_change **items, size_t *count,
		     struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	return err ? err : desk_finish_read(desk, read_offers(desk, arena, items, count, error));
}

/* Adds the changes that wait for a second admin. */
static enum err add_offers(struct notices *notices, struct error *error)
{
	struct offered_change *items;
	size_t count;
	enum err err = read_offers(notices->desk, notices->arena, &items, &count, error);

	for (size_t i = 0; !err && i < count; i++)
		add_notice(notices,
			   arena_printf(notices->arena, "%s offered at %s to %s", items[i].by,
					time_or_unknown_text(notices->arena, items[i].at), items[i].change),
			   items[i].advice);
	return err;
}

static enum err add_shipped_text_notices(struct notices *notices, enum rule_text_kind kind, struct error *error)
{
	const char *folder = rules_folder(kind);
	struct rule_texts installed;
	enum err err = store_rule_list(notices->desk->store, notices->arena, kind, &installed, error);

	for (size_t i = 0; !err && i < resource_count; i++) {
		if (!strncmp(resource_table[i].name, folder, strlen(folder)))
			offer(notices, kind, &resource_table[i], &installed);
	}
	return err;
}

static void check_ignored_file(struct notices *notices, const char *resource, const char *advice)
{
	struct strbuf text = STRBUF_INIT;
	const char *origin = "";
	enum err err = rules_read_from_folders(notices->desk, notices->arena, resource, &text, &origin, NULL);

	const struct resource *own = resource_find_embedded(resource);
	/* A copy of the built-in text changes nothing: the package installs one of each. */
	bool is_copy = !err && own && text.len == own->length && !memcmp(text.buf, own->bytes, own->length);

	/* An existing but unreadable file is also reported. */
	if ((*origin && !is_copy) || err)
		add_notice(notices,
			   arena_printf(notices->arena, "%s has an effect in a sandbox only; this store ignores it",
					*origin ? origin : resource),
			   advice);
	strbuf_release(&text);
}

static void find_ignored_files(struct notices *notices)
{
	static const struct {
		const char *folder, *advice;
	} folders[] = {
		{ "workflows/", "remove it, or let an admin install it: kybdesk workflow install FILE" },
		{ "reasons/", "remove it, or let an admin install it: kybdesk reasons install FILE" },
	};

	for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
		size_t count = 0;
		const char **names = resource_list(notices->arena, notices->desk->world, folders[f].folder, &count);

		for (size_t i = 0; i < count; i++)
			check_ignored_file(notices, names[i], folders[f].advice);
	}
	check_ignored_file(notices, "countries.json", "remove it");
	check_ignored_file(notices, "subdivisions.json", "remove it");
}

enum err desk_rule_notices(struct desk *desk, struct arena *arena, struct rule_notice **items, size_t *count,
			   struct error *error)
{
	struct notices notices = { .desk = desk, .arena = arena };
	enum err err = desk_begin_read(desk, error);

	if (!err) {
		err = add_shipped_text_notices(&notices, RULE_TEXT_WORKFLOW, error);
		if (!err)
			err = add_shipped_text_notices(&notices, RULE_TEXT_REASONS, error);
		if (!err)
			err = add_offers(&notices, error);
		desk_end_read(desk);
	}
	if (!err && !desk->store->sandbox)
		find_ignored_files(&notices);
	*items = notices.items;
	*count = notices.count;
	return err;
}
