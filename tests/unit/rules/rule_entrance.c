/* Must be first: it includes the codec before jansson.h, which defines macros with names of the codec. */
#include "rule_bench.h"

#include "rule_entrance.h"
#include "kybdesk/base/file.h"
#include "support/process.h"
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void entrance_open(struct entrance *entrance)
{
	*entrance = (struct entrance){ 0 };
	fixture_open(&entrance->f);
}

void entrance_close(struct entrance *entrance)
{
	desk_close(entrance->real);
	fixture_close(&entrance->f);
}

void entrance_next(struct entrance *entrance)
{
	error_release(&entrance->f.error);
	arena_reset(&entrance->f.arena);
	entrance->f.world.wall_ms = NOON;
}

struct desk *entrance_production(struct entrance *entrance)
{
	static const char set[] = "UPDATE store_info SET value = '%d' WHERE key = 'sandbox'";
	struct fixture *f = &entrance->f;
	char name[256];

	if (entrance->real)
		return entrance->real;
	cr_assert_eq(world_user_name(name, sizeof name, &f->error), ERR_OK);
	cr_assert_eq(desk_reviewer_add(f->ada, name, ROLE_LEAD, false, &f->error), ERR_OK, "%s", f->error.message);
	sql_run(f, arena_printf(&f->arena, set, 0));
	entrance->real = fixture_desk(f, NULL, false);
	sql_run(f, arena_printf(&f->arena, set, 1));
	return entrance->real;
}

json_t *entrance_case_of(const char *base)
{
	json_error_t error;
	char path[512];
	json_t *tree;

	(void)snprintf(path, sizeof path, "%s/tests/unit/rules/cases/%s.json", KYB_SOURCE_DIR, base);
	tree = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(tree, "%s: line %d: %s", path, error.line, error.text);
	return tree;
}

static json_t *element(json_t *list, const char *name)
{
	json_t *item;
	size_t index;

	if (isdigit((unsigned char)*name))
		return json_array_get(list, (size_t)strtol(name, NULL, 10));
	json_array_foreach(list, index, item)
	{
		const char *id = json_string_value(json_object_get(item, "id"));
		const char *type = json_string_value(json_object_get(item, "type"));
		const char *kind = json_string_value(json_object_get(item, "kind"));

		if ((id && !strcmp(id, name)) || (type && !strcmp(type, name)) || (kind && !strcmp(kind, name)))
			return item;
	}
	return NULL;
}

/* The object that has the member `name`: the step or party itself, or its `fields`. */
static json_t *holder(json_t *at, const char *name)
{
	json_t *fields = json_object_get(at, "fields");

	return fields && !json_object_get(at, name) && strcmp(name, "status") != 0 ? fields : at;
}

/* Reads the first name of a path; returns the rest. */
static const char *first_name(const char *path, char *name, size_t size)
{
	bool bracket = *path == '[';
	size_t length = strcspn(path + bracket, bracket ? "]" : ".[");

	cr_assert_lt(length, size);
	memcpy(name, path + bracket, length);
	name[length] = '\0';
	path += length + 2 * bracket;
	return *path == '.' ? path + 1 : path;
}

static void put(struct arena *arena, json_t *at, const char *name, const char *value)
{
	if (json_is_array(at) && !strcmp(name, "+")) {
		json_array_append_new(at, bench_value(arena, value));
	} else if (json_is_array(at)) {
		json_t *item = element(at, name);
		size_t place = 0;

		while (place < json_array_size(at) && json_array_get(at, place) != item)
			place++;
		cr_assert_lt(place, json_array_size(at), "no [%s]", name);
		if (!strcmp(value, "-"))
			json_array_remove(at, place);
		else
			json_array_set_new(at, place, bench_value(arena, value));
	} else if (!strcmp(value, "-")) {
		json_object_del(holder(at, name), name);
	} else {
		json_object_set_new(holder(at, name), name, bench_value(arena, value));
	}
}

/* If the field is a name that the case also has outside of its fields, sets that name, too. */
static void put_other_name(json_t *tree, const char *path, const json_t *value)
{
	static const struct {
		const char *field, *of, *member;
	} names[] = { { "parties[0].fullName", "parties", "name" },
		      { "steps.company.companyLegalName", "subject", "name" } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *of = json_object_get(tree, names[i].of);

		if (!strcmp(path, names[i].field) && *json_string_value(value))
			json_object_set(json_is_array(of) ? json_array_get(of, 0) : of, names[i].member,
					(json_t *)value);
	}
}

void entrance_set(struct entrance *entrance, json_t *tree, const char *path, const char *value)
{
	const char *whole = path;
	json_t *at = tree;
	char name[128];

	for (;;) {
		path = first_name(path, name, sizeof name);
		if (!*path)
			break;
		at = json_is_array(at) ? element(at, name) : json_object_get(holder(at, name), name);
		cr_assert_not_null(at, "no %s before %s", name, path);
		/* steps.NAME is the step of that name. */
		if (json_is_array(at) && *path != '[') {
			path = first_name(path, name, sizeof name);
			at = element(at, name);
			cr_assert_not_null(at, "no %s", name);
		}
	}
	put(&entrance->f.arena, at, name, value);
	if (json_is_object(at) && json_is_string(json_object_get(holder(at, name), name)))
		put_other_name(tree, whole, json_object_get(holder(at, name), name));
}

void entrance_set_all(struct entrance *entrance, json_t *tree, const char *changes)
{
	struct arena *arena = &entrance->f.arena;

	while (changes && *changes) {
		size_t length = strcspn(changes, ";");
		char *change = arena_strndup(arena, changes, length), *equals = strchr(change, '=');

		cr_assert_not_null(equals, "%s", change);
		*equals = '\0';
		entrance_set(entrance, tree, change, equals + 1);
		changes += length + (changes[length] == ';');
	}
}

/* Makes the ids of a case unique: replaces the first group of an id that begins with zeros by the case's number. */
static void own_ids(struct entrance *entrance, json_t *value)
{
	json_t *item;
	const char *key;
	size_t index;

	if (json_is_string(value) && !strncmp(json_string_value(value), "00000000-", 9))
		json_string_set(value, arena_printf(&entrance->f.arena, "%08zx%s", entrance->sessions,
						    json_string_value(value) + 8));
	json_array_foreach(value, index, item) own_ids(entrance, item);
	json_object_foreach(value, key, item) own_ids(entrance, item);
}

static void on_rejected(void *context, size_t line, const char *field, const char *message, const char *text,
			size_t length)
{
	struct arrival *arrival = context;

	(void)line;
	(void)text;
	(void)length;
	arrival->refused = true;
	arrival->field = arrival->field ? arrival->field : strdup(field);
	arrival->message = arrival->message ? arrival->message : strdup(message);
}

static void take_in(struct fixture *f, const char *text, struct arrival *arrival)
{
	char *path = temp_path(f->folder, "case.ndjson");
	struct import_options options = {
		.folder = KYB_SOURCE_DIR "/data/samples", .name = "case", .on_rejected = on_rejected, .context = arrival
	};
	struct import_report report = { 0 };

	temp_write(path, text, strlen(text));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(desk_import(f->ada, &options, &report, &f->error), ERR_OK, "%s", f->error.message);
	close(options.fd);
	cr_assert_eq(report.imported + report.updated, arrival->refused ? 0 : 1, "nothing of it is new");
}

/* Imports the tree as a line, and frees it. */
static void take_tree(struct entrance *entrance, json_t *tree, struct arrival *arrival)
{
	struct arena *arena = &entrance->f.arena;
	char *text = json_dumps(tree, JSON_COMPACT), *field, *message;

	json_decref(tree);
	entrance->used[ENTRANCE_IMPORT]++;
	take_in(&entrance->f, text, arrival);
	arrival->line = arena_strdup(arena, text);
	free(text);
	field = (char *)arrival->field;
	message = (char *)arrival->message;
	arrival->field = arena_strdup(arena, field);
	arrival->message = arena_strdup(arena, message);
	free(field);
	free(message);
}

struct arrival entrance_import(struct entrance *entrance, json_t *tree)
{
	struct fixture *f = &entrance->f;
	struct arrival arrival = { 0 };

	entrance->sessions++;
	arrival.ref = arena_printf(&f->arena, "R%zu", entrance->sessions);
	arrival.merchant = arena_printf(&f->arena, "merchant-%zu", entrance->sessions);
	/* Clears the keys of the earlier cases, so that they are not duplicates of the new case. */
	sql_run(f, "UPDATE session SET registration_key = '', tax_key = '', likeness_key = ''");
	own_ids(entrance, tree);
	json_object_set_new(tree, "external_ref", json_string(arrival.ref));
	json_object_set_new(tree, "merchant", json_string(arrival.merchant));
	json_object_set_new(json_object_get(tree, "subject"), "uid",
			    json_string(arena_printf(&f->arena, "user-%zu", entrance->sessions)));
	take_tree(entrance, tree, &arrival);
	return arrival;
}

struct arrival entrance_import_again(struct entrance *entrance, const struct arrival *first, const char *path,
				     const char *value)
{
	json_t *tree = json_loads(first->line, 0, NULL);
	struct arrival arrival = { .ref = first->ref, .merchant = first->merchant };

	entrance_set(entrance, tree, path, value);
	own_ids(entrance, tree);
	take_tree(entrance, tree, &arrival);
	return arrival;
}

struct arrival entrance_bring(struct entrance *entrance, const struct rule_row *row, const char *path,
			      const char *value)
{
	json_t *tree = entrance_case_of(row->base);
	struct arrival arrival;

	entrance_set_all(entrance, tree, row->with);
	if (path)
		entrance_set(entrance, tree, path, value);
	if (path && !strcmp(path, "status") && (!strcmp(value, "draft") || !strcmp(value, "active")))
		json_object_del(tree, "submitted_at");
	arrival = entrance_import(entrance, tree);
	cr_assert_not(arrival.refused, "%s %s: the line is refused: %s: %s", row->seed, row->id, arrival.field,
		      arrival.message);
	return arrival;
}

struct case_view entrance_view(struct entrance *entrance, const char *ref)
{
	return fixture_case(&entrance->f, ref);
}

const struct blocker *entrance_blocker(const struct case_view *view, enum blocker_code code, const char *ref)
{
	for (size_t i = 0; i < view->blockers.count; i++) {
		const struct blocker *blocker = &view->blockers.items[i];

		if (blocker->code == code && (!ref || !strcmp(blocker->ref, ref)))
			return blocker;
	}
	return NULL;
}

const char *entrance_bytes(struct entrance *entrance, const char *format, size_t *length)
{
	static const char heic[] = "\0\0\0\x18"
				   "ftypheic\0\0\0\0mif1heic";
	static const char gif[] = "GIF89a\1\0\1\0\0\0\0;";
	static const struct {
		const char *format, *file;
	} files[] = { { "pdf", "articles.pdf" }, { "png", "identity.png" },  { "jpeg", "bill.jpeg" },
		      { "jpg", "passport.jpg" }, { "doc", "letter.doc" },    { "docx", "licence.docx" },
		      { "xls", "accounts.xls" }, { "xlsx", "accounts.xlsx" } };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (!strcmp(files[i].format, format))
			return bench_file(&entrance->f.arena,
					  arena_printf(&entrance->f.arena, "data/samples/files/%s", files[i].file),
					  length);
	}
	*length = !strcmp(format, "heic") ? sizeof heic - 1 : sizeof gif - 1;
	cr_assert(!strcmp(format, "heic") || !strcmp(format, "gif"), "no file of the format %s", format);
	return !strcmp(format, "heic") ? heic : gif;
}
