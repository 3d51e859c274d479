/* Probes of verbs, uploads and the bodies of webhooks in the outbox. */
#include "rule_script.h"
#include <stdio.h>

static bool judge(struct entrance *entrance, const struct script *script, struct seen *seen)
{
	const char *found;

	if (!script->done || !*script->what)
		return script->done;
	found = script_look(entrance, script);
	if (!strcmp(found, script->value))
		return true;
	seen->message = arena_printf(&entrance->f.arena, "%s is %s", script->what, found);
	return false;
}

static bool run_verbs(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	struct script script;

	script_run(entrance, row, value, false, &script, seen);
	return judge(entrance, &script, seen);
}
const struct rule_probe probe_verbs = { ENTRANCE_VERB, run_verbs, NULL };
const struct rule_probe probe_lines = { ENTRANCE_IMPORT, run_verbs, NULL };
const struct rule_probe probe_uploads = { ENTRANCE_UPLOAD, run_verbs, NULL };

/* --- endpoints --- */

static bool add_endpoint(struct entrance *entrance, const char *url, const char *event, struct seen *seen)
{
	struct fixture *f = &entrance->f;
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;
	const char *merchant = arena_printf(&f->arena, "endpoint-%zu", ++entrance->sessions);
	enum err err;

	entrance->used[ENTRANCE_VERB]++;
	cr_assert_eq(desk_merchant_add(f->ada, merchant, &f->error), ERR_OK, "%s", f->error.message);
	err = desk_endpoint_add(f->ada, &f->arena, merchant, url, &event, 1, &endpoint, &secret, &f->error);
	strbuf_wipe(&secret);
	if (err)
		seen->message = arena_strdup(&f->arena, f->error.message);
	error_release(&f->error);
	return !err;
}

static bool run_endpoint(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	(void)row;
	return add_endpoint(entrance, value, "*", seen);
}
const struct rule_probe probe_endpoint = { ENTRANCE_VERB, run_endpoint, NULL };

static bool run_event(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	(void)row;
	return add_endpoint(entrance, "https://hooks.example/kyb", value, seen);
}
const struct rule_probe probe_event = { ENTRANCE_VERB, run_event, NULL };

/* --- uploads --- */

struct file {
	const char *type, *side, *name;
	const void *bytes;
	size_t length;
};

static bool is_taken(const struct document *document, const struct file *file)
{
	const struct document_side side = document_side(document, file->side ? SIDE_BACK : SIDE_FRONT);

	return side.upload == UPLOAD_READY && side.size_bytes == (int64_t)file->length;
}

static bool put_file(struct entrance *entrance, const struct rule_row *row, const struct file *file, struct seen *seen)
{
	const struct arrival arrival = entrance_bring(entrance, row, "status", "active");
	struct fixture *f = &entrance->f;
	struct use_out out;
	struct case_view view;
	enum err err;

	entrance->used[ENTRANCE_UPLOAD]++;
	err = desk_do(f->bo, &f->arena,
		      &(const struct use_in){ .verb = VERB_DOCUMENT_ADD,
					      .capacity = CAPACITY_CLIENT,
					      .session = arrival.ref,
					      .type = file->type,
					      .side = file->side,
					      .file_name = file->name,
					      .bytes = file->bytes,
					      .length = file->length },
		      &out, &f->error);
	view = entrance_view(entrance, arrival.ref);
	for (size_t i = 0; i < view.file.document_count; i++) {
		const struct document *document = &view.file.documents[i];

		if (!err && !strcmp(document->id, out.part_id))
			return is_taken(document, file);
	}
	cr_assert(err, "%s %s: taken, and not there", row->seed, row->id);
	seen->message = arena_strdup(&f->arena, f->error.message);
	error_release(&f->error);
	return false;
}

static bool run_format(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	struct arena *arena = &entrance->f.arena;
	const char *space = strchr(value, ' '), *name = strrchr(value, ' ');
	const char *format = space ? arena_strndup(arena, value, (size_t)(space - value)) : value;
	struct file file = { .type = row->path, .name = arena_printf(arena, "paper.%s", name ? name + 1 : format) };

	file.bytes = entrance_bytes(entrance, format, &file.length);
	return put_file(entrance, row, &file, seen);
}
const struct rule_probe probe_format = { ENTRANCE_UPLOAD, run_format, NULL };

static bool run_size(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	struct file file = { .type = row->path, .name = "paper.pdf", .length = (size_t)strtol(value, NULL, 10) };
	char *bytes = xmalloc(file.length + 16);
	bool taken;

	memset(bytes, '\n', file.length + 16);
	memcpy(bytes, "%PDF-1.4\n%%EOF", 14);
	file.bytes = bytes;
	taken = put_file(entrance, row, &file, seen);
	free(bytes);
	return taken;
}
const struct rule_probe probe_size = { ENTRANCE_UPLOAD, run_size, NULL };

static bool run_two_sided(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	const char *format = strstr(value, "-OF-") || strstr(value, "COMPANY") ? "pdf" : "png";
	struct file file = { .type = value,
			     .side = "back",
			     .name = arena_printf(&entrance->f.arena, "back.%s", format) };

	file.bytes = entrance_bytes(entrance, format, &file.length);
	return put_file(entrance, row, &file, seen);
}
const struct rule_probe probe_two_sided = { ENTRANCE_UPLOAD, run_two_sided, NULL };

/* --- bodies --- */

static const json_t *member(const json_t *at, const char *path)
{
	while (at && *path) {
		bool bracket = *path == '[';
		size_t length = strcspn(path + bracket, bracket ? "]" : ".[");
		char name[64];

		(void)snprintf(name, sizeof name, "%.*s", (int)length, path + bracket);
		at = bracket ? json_array_get(at, (size_t)strtol(name, NULL, 10)) : json_object_get(at, name);
		path += length + 2 * bracket;
		path += *path == '.';
	}
	return at;
}

/* wanted: "*" means any value that is not empty; "-" means that the value is absent. */
static bool value_matches(const json_t *value, const char *wanted)
{
	char *text;
	bool same;

	if (!value)
		return !strcmp(wanted, "-");
	if (json_is_string(value))
		return !strcmp(wanted, "*") ? *json_string_value(value) : !strcmp(json_string_value(value), wanted);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	same = !strcmp(text, wanted) || !strcmp(wanted, "*");
	free(text);
	return same;
}

static bool body_says(struct entrance *entrance, const char *id, const char *path, const char *wanted)
{
	struct fixture *f = &entrance->f;
	struct webhook_view webhook;
	json_t *body;
	bool output;

	cr_assert_eq(desk_webhook(f->ada, &f->arena, id, &webhook, &f->error), ERR_OK, "%s", f->error.message);
	body = json_loadb(webhook.body, webhook.body_length, 0, NULL);
	cr_assert_not_null(body, "%s", webhook.body);
	output = value_matches(member(body, path), wanted);
	json_decref(body);
	return output;
}

/* "TYPE:MEMBER=VALUE" searches only the bodies of this type of event. */
static bool run_body(struct entrance *entrance, const struct rule_row *row, const char *value, struct seen *seen)
{
	struct fixture *f = &entrance->f;
	struct script script;
	struct delivery_item *items;
	struct strbuf types = STRBUF_INIT;
	size_t count;
	const char *next, *colon;
	bool output = false;

	script_run(entrance, row, value, true, &script, seen);
	cr_assert(script.done, "%s %s: '%s': %s", row->seed, row->id, value, seen->message);
	colon = strchr(script.what, ':');
	const struct webhook_query query = { .session = "", .merchant = script.arrival.merchant, .limit = 50 };

	cr_assert_eq(desk_webhooks(f->ada, &f->arena, &query, &items, &count, &next, &f->error), ERR_OK, "%s",
		     f->error.message);
	for (size_t i = 0; i < count; i++) {
		entrance->used[ENTRANCE_BODY]++;
		strbuf_addf(&types, " %s", items[i].type);
		if (colon && (strncmp(items[i].type, script.what, (size_t)(colon - script.what)) ||
			      items[i].type[colon - script.what]))
			continue;
		output = output || body_says(entrance, items[i].id, colon ? colon + 1 : script.what, script.value);
	}
	seen->message = arena_printf(&f->arena, "no body says it; there are:%s", types.buf ? types.buf : "");
	strbuf_release(&types);
	return output;
}
const struct rule_probe probe_body = { ENTRANCE_BODY, run_body, NULL };
