#include "kybdesk/codec/keys_codec.h"
#include "jansson_bridge.h"
#include "json_scan.h"

static void add_key(struct json_scan *scan, struct own_keys *out, const struct json_token *name,
		    const struct json_token *key)
{
	*ARENA_PUSH(scan->arena, out->items, out->count, out->capacity) =
		(struct own_key){ name->text, key ? key->text : NULL, name->line, key ? key->line : name->line };
}

static void refuse_value(struct json_scan *scan, struct own_keys *out, const struct json_token *name,
			 const struct json_token *value)
{
	line_fault_add(scan->arena, &out->faults, value->line,
		       arena_printf(scan->arena,
				    "\"%s\" needs a key or a list of keys, as \"P\" or [\"P\", \"Ctrl-P\"]",
				    name->text));
	json_scan_over(scan, value);
}

/* Reads the elements of a list, after its opening bracket. */
static void take_list(struct json_scan *scan, struct own_keys *out, const struct json_token *name)
{
	size_t before = out->count, faults = out->faults.count;
	struct json_token spot;
	while ((spot = json_scan_next(scan)).kind != SPOT_CLOSE) {
		if (spot.kind == SPOT_STRING)
			add_key(scan, out, name, &spot);
		else
			refuse_value(scan, out, name, &spot);
	}
	if (out->count == before && out->faults.count == faults)
		add_key(scan, out, name, NULL);
}

static void take_value(struct json_scan *scan, struct own_keys *out, const struct json_token *name)
{
	const struct json_token value = json_scan_next(scan);
	if (value.kind == SPOT_STRING)
		add_key(scan, out, name, &value);
	else if (value.kind == SPOT_OPEN && scan->text[scan->at - 1] == '[')
		take_list(scan, out, name);
	else
		refuse_value(scan, out, name, &value);
}

enum err keys_parse(struct arena *arena, const char *text, size_t length, struct own_keys *out, struct error *error)
{
	*out = (struct own_keys){ 0 };
	json_t *value = json_parse_repeated(text, length, error);
	bool object = json_is_object(value);
	json_decref(value);
	if (!value)
		return ERR_INVALID;
	if (!object)
		return error_set(error, ERR_INVALID, "not an object; write {\"action\": \"key\", …}");
	struct json_scan scan = json_scan_start(arena, text, length);
	struct json_token name = json_scan_next(&scan);
	while ((name = json_scan_next(&scan)).kind == SPOT_NAME) {
		take_value(&scan, out, &name);
		if (out->count > KEYS_OWN_MAX || out->faults.count > KEYS_OWN_MAX)
			return error_set(error, ERR_INVALID, "at line %u: more than %d keys; remove some",
					 scan.line, KEYS_OWN_MAX);
	}
	return ERR_OK;
}
