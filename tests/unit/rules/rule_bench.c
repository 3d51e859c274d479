#include "rule_bench.h"
#include "kybdesk/base/file.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

const char *bench_file(struct arena *arena, const char *path, size_t *length)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	enum err err = file_read(arena_printf(arena, "%s/%s", KYB_SOURCE_DIR, path), 64 << 20, &text, &error);
	cr_assert(err == ERR_OK, "%s: %s", path, error.message);
	*length = text.len;
	return strbuf_finish(&text, arena);
}

void bench_init(struct bench *bench)
{
	struct error error = { 0 };
	size_t length;
	*bench = (struct bench){ 0 };
	const char *text = bench_file(&bench->kept, "data/countries.json", &length);
	cr_assert_eq(countries_read(&bench->kept, &(struct json_source){ text, length, "countries" }, &bench->countries,
				    &error),
		     ERR_OK, "%s", error.message);
	text = bench_file(&bench->kept, "data/subdivisions.json", &length);
	cr_assert_eq(subdivisions_read(&bench->kept, &(struct json_source){ text, length, "subdivisions" },
				       &bench->countries, &error),
		     ERR_OK, "%s", error.message);
}

void bench_release(struct bench *bench)
{
	arena_release(&bench->arena);
	arena_release(&bench->kept);
}

const char *bench_json(struct arena *arena, const char *written)
{
	char *json = arena_strdup(arena, written);
	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	return json;
}

json_t *bench_value(struct arena *arena, const char *value)
{
	const char *star = strrchr(value, '*');
	if (value[0] == '=') {
		json_t *json = json_loads(bench_json(arena, value + 1), JSON_DECODE_ANY, NULL);
		cr_assert_not_null(json, "%s", value);
		return json;
	}
	if (!star || star == value || !star[1] || strspn(star + 1, "0123456789") != strlen(star + 1))
		return json_string(value);
	struct strbuf text = STRBUF_INIT;
	for (long times = strtol(star + 1, NULL, 10); times > 0; times--)
		strbuf_add(&text, value, (size_t)(star - value));
	json_t *json = json_string(strbuf_finish(&text, arena));
	return json;
}

/* Returns the value for one segment of a path: the name of a member, or an index in brackets. */
static json_t *down(json_t *at, const char *segment, size_t length)
{
	char name[128];
	cr_assert_lt(length, sizeof name);
	memcpy(name, segment, length);
	name[length] = '\0';
	json_t *next =
		name[0] == '[' ? json_array_get(at, (size_t)strtol(name + 1, NULL, 10)) : json_object_get(at, name);
	cr_assert_not_null(next, "no %s", name);
	return next;
}

void bench_set(struct bench *bench, json_t *tree, const char *path, const char *value)
{
	json_t *at = tree;
	for (;;) {
		size_t length = path[0] == '[' ? strcspn(path, "]") + 1 : strcspn(path, ".[");
		const char *next = path + length;
		if (*next == '.')
			next++;
		if (!*next)
			break;
		at = down(at, path, length);
		path = next;
	}
	if (path[0] == '[') {
		json_array_set_new(at, (size_t)strtol(path + 1, NULL, 10), bench_value(&bench->arena, value));
		return;
	}
	if (strcmp(value, "-") == 0)
		json_object_del(at, path);
	else
		json_object_set_new(at, path, bench_value(&bench->arena, value));
}

static const char *dumped(struct bench *bench, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	const char *copy = arena_strdup(&bench->arena, text);
	free(text);
	return copy;
}

static void fill_documents(struct bench *bench, const json_t *list, struct case_file *file)
{
	file->document_count = json_array_size(list);
	file->documents = arena_alloc_array(&bench->arena, file->document_count + 1, sizeof *file->documents);
	for (size_t i = 0; i < file->document_count; i++) {
		const json_t *item = json_array_get(list, i);
		struct document *document = &file->documents[i];
		document_init(document);
		document->id = arena_strdup(&bench->arena, json_string_value(json_array_get(item, 0)));
		document->type = arena_strdup(&bench->arena, json_string_value(json_array_get(item, 1)));
		cr_assert(upload_state_parse(json_string_value(json_array_get(item, 2)), &document->upload));
		document->review = REVIEW_ACCEPTED;
	}
}

static size_t characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

void bench_fill(struct bench *bench, const json_t *tree, struct case_file *file)
{
	static const char first_party[] = "3b7e9f24-1c5a-4d8e-a613-8f2b0d4e7c91";
	json_t *steps = json_object_get(tree, "steps"), *parties = json_object_get(tree, "parties"), *member;
	const char *key;
	case_file_init(file);
	file->session.status = SESSION_MANUAL_REVIEW;
	file->step_count = json_object_size(steps);
	file->steps = arena_alloc_array(&bench->arena, file->step_count + 1, sizeof *file->steps);
	size_t at = 0;
	json_object_foreach(steps, key, member)
	{
		step_init(&file->steps[at]);
		file->steps[at].id = arena_strdup(&bench->arena, key);
		file->steps[at++].fields_json = dumped(bench, member);
	}
	file->party_count = json_array_size(parties);
	file->parties = arena_alloc_array(&bench->arena, file->party_count + 1, sizeof *file->parties);
	for (size_t i = 0; i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		party_init(party);
		party->id = i ? arena_printf(&bench->arena, "00000000-0000-4000-8000-%012zu", i) : first_party;
		/* The party's name is the field `fullName` or `name`, so a changed field also changes the name. */
		const json_t *fields = json_array_get(parties, i);
		const char *name = json_string_value(json_object_get(fields, "fullName"));
		name = name ? name : json_string_value(json_object_get(fields, "name"));
		party->name = arena_strdup(&bench->arena, !name ? "" : characters(name) > 256 ? "Ines Duarte" : name);
		party->fields_json = dumped(bench, json_array_get(parties, i));
	}
	fill_documents(bench, json_object_get(tree, "documents"), file);
	case_values_parse(&bench->arena, file);
}

struct rule_failures bench_check(struct bench *bench, const struct profile *profile, struct case_file *file)
{
	struct rule_failures failures = { 0 };
	const struct rules_input input = {
		.file = file, .profile = profile, .countries = &bench->countries, .today = BENCH_TODAY
	};
	rules_check_case(&bench->arena, &input, &failures);
	return failures;
}
