#include "reference.h"

#include <ctype.h>
#include <fts.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_route(struct reference_route *route, const char *path, const char *method, const json_t *operation)
{
	const char *permission = json_string_value(json_object_get(operation, "x-permission"));
	const json_t *security = json_object_get(operation, "security");

	*route = (struct reference_route){ .open = json_is_array(security) && !json_array_size(security),
					   .sandbox = json_is_true(json_object_get(operation, "x-sandbox")) };
	(void)snprintf(route->path, sizeof route->path, "%s", path);
	(void)snprintf(route->permission, sizeof route->permission, "%s", permission ? permission : "");
	for (size_t i = 0; method[i] && i < sizeof route->method - 1; i++)
		route->method[i] = (char)toupper((unsigned char)method[i]);
}

struct reference_route *reference_routes(struct box *box, size_t *count)
{
	static const char *const methods[] = { "get", "post", "put", "patch", "delete" };
	struct reference_route *out = NULL;
	const char *path;
	json_t *root, *operations;

	*count = 0;
	cr_assert_eq(box_run(box, "info", "--reference", "openapi", NULL), 0, "%s", box->last.err);
	root = test_keep(json_loads(box->last.out, 0, NULL));
	cr_assert(root, "the reference is not JSON");
	json_object_foreach(json_object_get(root, "paths"), path, operations)
	{
		for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
			const json_t *operation = json_object_get(operations, methods[i]);

			if (!operation)
				continue;
			out = realloc(out, (*count + 1) * sizeof *out);
			add_route(&out[(*count)++], path, methods[i], operation);
		}
	}
	return test_keep(out);
}

char *reference_address(const char *path)
{
	char *out = calloc(1, 1024), *to = out;

	for (const char *at = path; *at && *at != ':'; at++) {
		if (*at == '{') {
			to = stpcpy(to, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
			at += strcspn(at, "}");
		} else {
			*to++ = *at;
		}
	}
	return test_keep(out);
}

char *entrance_text(void)
{
	char folder[] = KYB_SOURCE_DIR "/src/api", *folders[] = { folder, NULL }, *all = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&all, &length);
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *at;

	cr_assert(walk);
	while ((at = fts_read(walk))) {
		if (at->fts_info != FTS_F || !strstr(at->fts_name, ".c"))
			continue;
		char *text = temp_read(at->fts_path, NULL);
		fprintf(out, "%s\n", text);
	}
	fts_close(walk);
	fclose(out);
	cr_assert_gt(length, 50000u, "src/api is not where it was");
	return test_keep(all);
}

bool entrance_names(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length) {
		if (!isalnum((unsigned char)at[length]) && at[length] != '_')
			return true;
	}
	return false;
}
