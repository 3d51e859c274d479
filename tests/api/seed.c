#include "seed.h"
#include "contract.h"
#include "documents.h"
#include "seed_compare.h"
#include "seed_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- words --- */

void play_word_set(struct play *play, const char *word, const char *value)
{
	for (size_t i = 0; i < play->word_count; i++) {
		if (!strcmp(play->words[i].word, word)) {
			play->words[i].value = test_keep(strdup(value));
			return;
		}
	}
	cr_assert_lt(play->word_count, sizeof play->words / sizeof *play->words);
	play->words[play->word_count++] = (struct play_word){ test_keep(strdup(word)), test_keep(strdup(value)) };
}

static const char *word_of(const struct play *play, const char *word, size_t length)
{
	for (size_t i = 0; i < play->word_count; i++) {
		if (strlen(play->words[i].word) == length && !strncmp(play->words[i].word, word, length))
			return play->words[i].value;
	}
	return NULL;
}

/* Replaces each known {word} by its value. */
static char *expand(const struct play *play, const char *text)
{
	char *out = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&out, &size);

	for (; *text; text++) {
		size_t length = strcspn(text, "}");
		const char *value = *text == '{' && text[length] ? word_of(play, text + 1, length - 1) : NULL;

		if (!value) {
			fputc(*text, to);
			continue;
		}
		fputs(value, to);
		text += length;
	}
	fclose(to);
	return test_keep(out);
}

static void told(struct play *play, const struct section *section, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void told(struct play *play, const struct section *section, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "seeds: %s", play->seed);
	if (section)
		fprintf(stderr, " L%d-%d", section->from, section->to);
	fputc(' ', stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* --- sending --- */

static bool is_variable(const char *part, size_t length)
{
	return *part == '{' || (length >= 36 && memchr(part, '-', length)) || !strncmp(part, "business_id", length) ||
	       !strncmp(part, "beneficial_owner_id", length);
}

static const char *next_id(const char **ids, size_t *length)
{
	*ids += strspn(*ids, " ");
	const char *at = *ids;
	*length = strcspn(at, " ");
	*ids += *length;
	return at;
}

static void put_id(const struct play *play, FILE *to, const char **ids, const char *before)
{
	size_t length;
	const char *word = next_id(ids, &length);

	if (length == 1 && *word == '-')
		return;
	const char *value = word_of(play, word, length);
	cr_assert(value, "%s: nothing is called \"%.*s\"", play->seed, (int)length, word);
	fprintf(to, "%s%s", before, value);
}

/* Replaces the variable parts of the address by the values of `ids`, in their order. */
static char *address_of(const struct play *play, const char *path, const char *ids)
{
	char *out = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&out, &size);

	while (*path == '/') {
		size_t length = strcspn(++path, "/?");

		if (is_variable(path, length))
			put_id(play, to, &ids, "/");
		else
			fprintf(to, "/%.*s", (int)length, path);
		path += length;
	}
	for (; *path; path++) {
		if (*path == '{') {
			put_id(play, to, &ids, "");
			path += strcspn(path, "}");
		} else {
			fputc(*path, to);
		}
	}
	fclose(to);
	cr_assert(!ids[strspn(ids, " ")], "%s: %s is left over of the ids of %s", play->seed, ids, out);
	return test_keep(out);
}

static int send_request(struct play *play, const struct play_request *request, const char *ids, const char *query)
{
	char *path = address_of(play, request->path, ids);

	return api_call(play->api, request->method, test_text("%s%s%s", path, query ? "?" : "", query ? query : ""),
			request->body);
}

static int bring(struct play *play, const char *kind, const char *url)
{
	const struct document pdf = { "application/pdf", pdf_bytes, pdf_length() },
			      picture = { "image/jpeg", jpeg_bytes, jpeg_length() };

	return document_put(play->api, url, !strncmp(kind, "pdf", 3) ? &pdf : &picture, true);
}

static int bring_form(struct play *play, const char *path, const char *category, const char *type)
{
	const struct form_file file = { "paper.pdf", pdf_bytes, pdf_length() };

	return category ? api_form(play->api, path, &file, "category", category, "type", type, NULL)
			: api_form(play->api, path, &file, "type", type, NULL);
}

/* --- expected results --- */

static void keep(struct play *play, const json_t *json, const char *output)
{
	char word[40] = "", path[100] = "";

	cr_assert_eq(sscanf(output, "%39s %99s", word, path), 2, "%s", output);
	cr_assert(*json_path_text(json, path), "%s: no %s in %s", play->seed, path, play->api->last.body);
	play_word_set(play, word, json_path_text(json, path));
}

/* "id:string data:array": each member must be in the response and have this type. */
static size_t expect_fields(struct play *play, const struct section *section, const char *output)
{
	size_t count = 0;
	char item[120];

	for (int used = 0; sscanf(output, "%119s%n", item, &used) == 1; output += used) {
		char *type = strrchr(item, ':');
		const json_t *value;

		cr_assert(type, "%s", item);
		*type++ = '\0';
		value = json_path(play->api->last.json, item);
		count++;
		cr_expect(value && (!strcmp(type, "any") || (!strcmp(type, "integer") && json_is_integer(value)) ||
				    (!strcmp(type, "string") && json_is_string(value)) ||
				    (!strcmp(type, "array") && json_is_array(value)) ||
				    (!strcmp(type, "object") && json_is_object(value)) ||
				    (!strcmp(type, "null") && json_is_null(value))),
			  "%s L%d: %s is to be of the type %s: %s", play->seed, section->from, item, type,
			  play->api->last.body);
	}
	return count;
}

/* "status=rejected": the member must have exactly this value. */
static void expect_words(struct play *play, const struct section *section, const char *output)
{
	char item[120];

	for (int used = 0; sscanf(output, "%119s%n", item, &used) == 1; output += used) {
		char *word = strchr(item, '=');

		cr_assert(word, "%s", item);
		*word++ = '\0';
		cr_expect_str_eq(reply_text(&play->api->last, item), word, "%s L%d: %s", play->seed, section->from,
				 play->api->last.body);
	}
}

static void expect_same(struct play *play, const struct section *section, const json_t *seed, const json_t *answer)
{
	for (size_t i = 0; i < section->count; i++) {
		const char *output = directive(section, i, "same");
		char item[120];

		for (int used = 0; output && sscanf(output, "%119s%n", item, &used) == 1; output += used)
			cr_expect(json_equal(json_path(seed, item), json_path(answer, item)),
				  "%s L%d: %s is another: %s", play->seed, section->from, item,
				  play->api->last.body ? play->api->last.body : "");
	}
}

/* The texts of all directives of this name, joined. */
static char *gathered(const struct section *section, const char *name)
{
	char *out = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&out, &size);

	for (size_t i = 0; i < section->count; i++) {
		if (directive(section, i, name))
			fprintf(to, " %s", directive(section, i, name));
	}
	fclose(to);
	return test_keep(out);
}

static void expect_like(struct play *play, const struct section *section, const char *text, const json_t *answer)
{
	char *more = gathered(section, "more"), *nulls = gathered(section, "null");
	struct likeness likeness = { .more = more, .nulls = nulls };
	json_error_t error;
	json_t *seed = test_keep(json_loads(text, 0, &error));

	cr_assert(seed, "%s L%d: %s in %s", play->seed, section->from, error.text, text);
	compare_bodies(&likeness, seed, answer, "");
	cr_expect_str_eq(likeness.fault, "", "%s L%d: %s: %s", play->seed, section->from, likeness.fault,
			 play->api->last.body);
	expect_same(play, section, seed, answer);
	told(play, section, "%s%s: %zu members as shown%s%s", section->kind, section->name, likeness.fields,
	     *more || *nulls ? "; besides" : "", *more ? more : nulls);
	play->fields += likeness.fields;
}

/* --- kinds of sections --- */

static void after_answer(struct play *play, const struct section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		if (directive(section, i, "keep"))
			keep(play, play->api->last.json, directive(section, i, "keep"));
		if (directive(section, i, "fields"))
			play->fields += expect_fields(play, section, directive(section, i, "fields"));
		if (directive(section, i, "words"))
			expect_words(play, section, directive(section, i, "words"));
	}
}

static const char *only(const struct section *section, const char *name)
{
	for (size_t i = 0; i < section->count; i++) {
		if (directive(section, i, name))
			return directive(section, i, name);
	}
	return NULL;
}

static void remember(struct play *play, const struct section *section, const struct play_request *request,
		     const char *ids)
{
	if (!*section->name)
		return;
	cr_assert_lt(play->request_count, sizeof play->requests / sizeof *play->requests);
	play->requests[play->request_count++] = (struct play_request){
		.name = test_keep(strdup(section->name + 1)),
		.method = test_keep(strdup(request->method)),
		.path = test_keep(strdup(request->path)),
		.ids = test_keep(strdup(ids)),
		.body = request->body ? test_keep(strdup(request->body)) : NULL,
	};
}

static void play_request(struct play *play, const struct section *section, const char *text)
{
	const char *ids = only(section, "ids") ? only(section, "ids") : "", *status = only(section, "status");
	const char *body = only(section, "body"), *form = only(section, "form");
	struct play_request request = { 0 };
	char *path;
	int got;

	request_of_text(text, &request.method, &request.path, &request.body);
	if (body) {
		cr_assert_null(request.body, "%s L%d: it has a body", play->seed, section->from);
		request.body = expand(play, body);
	}
	cr_assert(status, "%s L%d: no status", play->seed, section->from);
	if (only(section, "file")) {
		got = bring(play, only(section, "file"), word_of(play, "upload", 6));
	} else if (form) {
		char category[40], type[60];

		cr_assert_eq(sscanf(form, "%39s %59s", category, type), 2);
		path = address_of(play, request.path, ids);
		got = bring_form(play, path, category, type);
	} else {
		got = send_request(play, &request, ids, only(section, "query"));
	}
	cr_expect_eq(got, atoi(status), "%s L%d: %d %s", play->seed, section->from, got, play->api->last.body);
	told(play, section, "%s %.90s: %d", request.method, request.path, got);
	play->asked++;
	remember(play, section, &request, ids);
	after_answer(play, section);
}

static void play_again(struct play *play, const char *output);

static void play_response(struct play *play, const struct section *section, const char *text)
{
	if (only(section, "again")) {
		play_again(play, only(section, "again"));
		cr_expect_eq(play->api->last.status, atoi(only(section, "status")), "%s", play->api->last.body);
	}
	expect_like(play, section, text, play->api->last.json);
	play->answered++;
	after_answer(play, section);
}

/* Compares the seed's example with the newest event of this type. */
static void play_event(struct play *play, const struct section *section, const char *text)
{
	struct box *box = &play->api->box;
	const json_t *list;
	char *id = NULL;

	cr_assert_eq(box_json(box, "webhook", "list", "--limit", "200", NULL), 0, "%s", box->last.err);
	list = json_path(box->json, "data");
	for (size_t i = 0; i < json_array_size(list) && !id; i++) {
		if (!strcmp(json_path_text(json_array_get(list, i), "type"), section->name + 1))
			id = test_keep(strdup(json_path_text(json_array_get(list, i), "id")));
	}
	cr_assert(id, "%s L%d: there is no event%s: %s", play->seed, section->from, section->name, box->last.out);
	cr_assert_eq(box_json(box, "webhook", "show", id, NULL), 0, "%s", box->last.err);
	expect_like(play, section, text, json_path(box->json, "body"));
	play->events++;
}

static void play_table(struct play *play, const struct section *section)
{
	const char *each = only(section, "form-each");
	char uid[60], kyb[60], type[60], path[200];
	int used = 0;

	if (each) {
		char *filled = expand(play, each), *at = filled;

		cr_assert_eq(sscanf(at, "%59s %59s%n", uid, kyb, &used), 2);
		(void)snprintf(path, sizeof path, "/api/v1/account/business-user/%s/kyb-sessions/%s/documents", uid,
			       kyb);
		for (at += used; sscanf(at, "%59s%n", type, &used) == 1; at += used) {
			cr_expect(strstr(section->text, type), "%s is not in the seed", type);
			cr_expect_eq(bring_form(play, path, "COMPANY_INFO", type), 201, "%s", play->api->last.body);
			told(play, section, "a document of the type %s: %d", type, play->api->last.status);
		}
	}
	after_answer(play, section);
	told(play, section, "members of the table: %s", only(section, "fields"));
}

static bool is_word_of(const json_t *words, const char *line, size_t length)
{
	const json_t *word;
	size_t i;

	json_array_foreach(words, i, word)
	{
		if (json_string_length(word) == length && !strncmp(json_string_value(word), line, length))
			return true;
	}
	return false;
}

/* The first words of the lines ("draft | Session created but not yet started |") must be the words of the set. */
static void play_words(struct play *play, const struct section *section)
{
	const json_t *words = contract_words(section->name + 1);
	size_t count = 0;

	for (const char *line = section->text; *line; line += strcspn(line, "\n") + 1) {
		size_t length = strcspn(line, " |\n");

		cr_expect(is_word_of(words, line, length), "%s L%d: %.*s is no %s", play->seed, section->from,
			  (int)length, line, section->name + 1);
		count++;
	}
	cr_expect_eq(count, json_array_size(words), "%s has other words, too", section->name + 1);
	told(play, section, "the %zu words of%s, and no other", count, section->name);
	play->fields += count;
}

/* Applies the corrections to the text of the section; each must correct something that is in the text. */
static char *corrected(struct play *play, const struct section *section)
{
	char *text = test_text("%s%s", play->begun ? play->begun : "", section->text);
	play->begun = NULL;
	for (size_t i = 0; i < section->count; i++) {
		const char *output = directive(section, i, "fix");
		char *next;

		if (output || reason_of(section, i))
			told(play, section, "%s // %s", section->directives[i],
			     reason_of(section, i) ? reason_of(section, i) : "no reason");
		if (!output)
			continue;
		cr_expect(reason_of(section, i), "%s L%d: a correction without a reason", play->seed, section->from);
		play->corrections++;
		char *filled = expand(play, output);
		char *to = strstr(filled, " => ");
		if (!strcmp(filled, "trailing-commas")) {
			next = without_trailing_commas(text);
			cr_expect_str_neq(next, text, "%s L%d: no commas to take away", play->seed, section->from);
		} else if (!strncmp(filled, "whole => ", 9)) {
			next = test_keep(strdup(filled + 9));
		} else {
			cr_assert(to, "%s", filled);
			*to = '\0';
			cr_expect(strstr(text, filled), "%s L%d: \"%s\" is not there", play->seed, section->from,
				  filled);
			next = replaced(text, filled, to + 4);
		}
		text = next;
	}
	return test_keep(text);
}

static void play_section(struct play *play, const struct section *section)
{
	char *text = corrected(play, section);

	if (!strcmp(section->kind, "begin")) {
		play->begun = text;
		return;
	}
	if (!strcmp(section->kind, "request"))
		play_request(play, section, text);
	else if (!strcmp(section->kind, "response"))
		play_response(play, section, text);
	else if (!strcmp(section->kind, "event"))
		play_event(play, section, text);
	else if (!strcmp(section->kind, "fields"))
		play_table(play, section);
	else if (!strcmp(section->kind, "words"))
		play_words(play, section);
	else if (!strcmp(section->kind, "prose"))
		told(play, section, "%s", only(section, "why"));
	else
		cr_assert(false, "%s", section->kind);
}

/* --- steps around them --- */

/* Sends a request again: "create with first_name=Filipa", "create without last_name", "start for business owner". */
static void play_again(struct play *play, const char *output)
{
	char name[40] = "", how[20] = "";
	const struct play_request *from = NULL;
	struct play_request request;
	json_t *body;
	int used = 0;

	cr_assert_geq(sscanf(output, "%39s%n %19s%n", name, &used, how, &used), 1, "%s", output);
	for (size_t i = 0; i < play->request_count; i++) {
		if (!strcmp(play->requests[i].name, name))
			from = &play->requests[i];
	}
	cr_assert(from, "there is no request %s", name);
	request = *from;
	const char *rest = *how ? output + used : "";
	const char *ids = !strcmp(how, "for") ? rest : from->ids;
	body = from->body ? json_loads(from->body, 0, NULL) : NULL;
	if (!strcmp(how, "without"))
		cr_assert_eq(json_object_del(body, rest + strspn(rest, " ")), 0, "%s", output);
	else if (!strcmp(how, "with"))
		set_members(body, rest);
	request.body = body ? test_keep(json_dumps(body, 0)) : NULL;
	(void)send_request(play, &request, ids, NULL);
	json_decref(body);
}

static void step_call(struct play *play, const char *output)
{
	char *filled = expand(play, output), method[8], path[300];
	int used = 0;

	cr_assert_eq(sscanf(filled, "%7s %299s %n", method, path, &used), 2, "%s", filled);
	(void)api_call(play->api, method, path, filled[used] ? filled + used : NULL);
}

static const char *link_path(const char *url, char path[400], const char *rest)
{
	cr_assert(strstr(url, "/s/"), "%s", url);
	(void)snprintf(path, 400, "/api%s%s", strstr(url, "/s/"), rest);
	return path;
}

/* Completes every step of the link and submits the session. */
static void step_complete(struct play *play, const char *url)
{
	char path[400], to[500];
	json_t *steps;

	cr_assert_eq(api_call(play->api, "GET", link_path(url, path, ""), NULL), 200, "%s", play->api->last.body);
	steps = json_deep_copy(json_path(play->api->last.json, "steps"));
	for (size_t i = 0; i < json_array_size(steps); i++) {
		(void)snprintf(to, sizeof to, "%s/steps/%s", path, json_path_text(json_array_get(steps, i), "step_id"));
		cr_assert_eq(api_call(play->api, "PUT", to, "{\"fields\":{\"said\":\"so\"},\"done\":true}"), 200, "%s",
			     play->api->last.body);
	}
	json_decref(steps);
	cr_assert_eq(api_call(play->api, "POST", link_path(url, path, "/complete"), NULL), 200, "%s",
		     play->api->last.body);
}

static void step_upload(struct play *play, const char *output)
{
	char path[400], url[300], type[60];

	cr_assert_eq(sscanf(output, "%299s %59s", url, type), 2, "%s", output);
	cr_assert_eq(bring_form(play, link_path(url, path, "/documents"), NULL, type), 201, "%s", play->api->last.body);
}

static void play_step(struct play *play, const char *line)
{
	struct box *box = &play->api->box;
	char *filled = expand(play, line), *output = strstr(filled, ": ");

	if (!strncmp(filled, "@ atelio", 8)) {
		play->api->more = "Identity: shop\r\n";
	} else if (*filled != '@') {
		cr_assert(output, "%s", filled);
		*output = '\0';
		output += 2;
		if (!strcmp(filled, "call"))
			step_call(play, line + 6);
		else if (!strcmp(filled, "expect"))
			cr_expect_eq(play->api->last.status, atoi(output), "%s: %s", play->seed, play->api->last.body);
		else if (!strcmp(filled, "keep"))
			keep(play, play->api->last.json, output);
		else if (!strcmp(filled, "again"))
			play_again(play, output);
		else if (!strcmp(filled, "run"))
			cr_assert_eq(box_shell(box, output), 0, "%s: %s: %s%s", play->seed, output, box->last.out,
				     box->last.err);
		else if (!strcmp(filled, "run-keep")) {
			json_t *json = test_keep(json_loads(box->last.out, 0, NULL));

			keep(play, json, output);
		} else if (!strcmp(filled, "file"))
			cr_assert_eq(bring(play, output, output + strcspn(output, " ") + 1), 204, "%s",
				     play->api->last.body);
		else if (!strcmp(filled, "upload"))
			step_upload(play, output);
		else if (!strcmp(filled, "complete"))
			step_complete(play, output);
		else
			cr_assert(false, "%s", filled);
	}
}

void play_seed(struct play *play, struct api *api, const char *seed)
{
	char *text = seed_text(seed), *rest = text;
	struct section section;
	const char *step;

	*play = (struct play){ .api = api, .seed = seed };
	play_word_set(play, "code", api->code);
	play_word_set(play, "key", api->key);
	while (section_next(&rest, &section, &step)) {
		if (step) {
			play_step(play, step);
			continue;
		}
		play_section(play, &section);
	}
	told(play, NULL,
	     "%zu requests sent, %zu answers and %zu events compared, %zu members in all, %zu corrections of the "
	     "seed",
	     play->asked, play->answered, play->events, play->fields, play->corrections);
}
