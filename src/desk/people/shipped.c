/* The rules shipped with this program: installed in a new store, offered to a store with other rules. */
#include "use/actor.h"
#include "kybdesk/codec/json.h"
#include "use/transaction.h"
#include "use/rules.h"
#include "kybdesk/codec/profile_codec.h"

#include <string.h>

const char *rules_folder(enum rule_text_kind kind)
{
	return kind == RULE_TEXT_WORKFLOW ? "workflows/" : "reasons/";
}

const struct resource *rules_shipped(struct arena *arena, enum rule_text_kind kind, const char *name)
{
	return resource_embedded(arena_printf(arena, "%s%s.json", rules_folder(kind), name));
}

void rules_hash(const struct resource *resource, char out[SHA256_HEX_SIZE])
{
	uint8_t hash[SHA256_SIZE];

	sha256_once(resource->bytes, resource->length, hash);
	hex_encode(hash, sizeof hash, out);
}

/* The version in the text. Shipped texts are valid: a test checks that. */
static enum err shipped_version(struct arena *arena, const struct resource *resource, int64_t *version,
				struct error *error)
{
	struct profile_mistake *mistakes = NULL;
	struct profile *profile = NULL;
	size_t count = 0;

	profile_read(arena, (const char *)resource->bytes, resource->length, NULL, &profile, &mistakes, &count);
	if (!profile)
		return profile_error(resource->name, mistakes, count, error);
	*version = profile->version;
	return ERR_OK;
}

static enum err install_one(struct desk *desk, struct arena *arena, enum rule_text_kind kind,
			    const struct resource *resource, struct json_value *list, struct error *error)
{
	struct rule_text text = {
		.kind = kind,
		.name = rules_name(arena, resource->name),
		.version = 1,
		.body = (const char *)resource->bytes,
		.length = resource->length,
		.installed_at = desk_now(desk),
		.installed_by = SHIPPED_BY KYBDESK_VERSION,
	};
	struct json_value *item;
	enum err err = kind == RULE_TEXT_WORKFLOW ? shipped_version(arena, resource, &text.version, error) : ERR_OK;

	if (!err)
		err = store_rule_install(desk->store, &text, error);
	if (err)
		return err;
	item = json_new_object();
	json_set_text(item, "kind", rule_text_kind_text(kind));
	json_set_text(item, "name", text.name);
	json_set_int(item, "version", text.version);
	json_set_text(item, "sha256", text.sha256);
	json_append(list, item);
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
				err = install_one(desk, &arena, (enum rule_text_kind)kind, &resource_table[i], list,
						  error);
		}
	}
	arena_release(&arena);
	rules_forget(desk);
	json_set_text(detail, "program", KYBDESK_VERSION);
	json_set(detail, "rules", list);
	if (err) {
		json_free(detail);
		return err;
	}
	return desk_record(desk, "rules.install", NULL, detail, error);
}

static enum err has_rules(struct desk *desk, bool *has, struct error *error)
{
	int64_t row = 0;
	enum err err =
		store_rule_current(desk->store, RULE_TEXT_REASONS, reason_set_text(REASONS_SESSION), &row, error);

	*has = row != 0;
	return err;
}

enum err rules_ensure(struct desk *desk, struct error *error)
{
	struct acting before;
	bool has = false;
	enum err err = has_rules(desk, &has, error);

	/* Read-only: the first use of a rule reports what to do. */
	if (err || has || desk->store->readonly)
		return err;
	err = store_begin(desk->store, STORE_WRITE, error);
	if (err)
		return err;
	before = actor_become(desk, "system", ROLE_SYSTEM);
	/* Another process may have installed rules meanwhile. */
	err = has_rules(desk, &has, error);
	if (!err && !has)
		err = rules_install_shipped(desk, error);
	err = desk_finish(desk, err, error);
	actor_return(desk, before);
	return err;
}
