/* Cases in memory, for the engine's own tests; the rule table goes through a store (rule_entrance.h). */
#ifndef KYBDESK_TESTS_RULE_BENCH_H
#define KYBDESK_TESTS_RULE_BENCH_H

#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/rules.h"
#include <jansson.h>

#define BENCH_TODAY "2026-11-20"
#define BENCH_NOW INT64_C(1795168800000) /* 2026-11-20T10:00:00Z */

struct bench {
	struct arena arena; /* memory of the current value */
	struct arena kept;  /* memory of the countries and files */
	struct countries countries;
};

void bench_init(struct bench *bench);
void bench_release(struct bench *bench);
const char *bench_file(struct arena *arena, const char *path, size_t *length);

/* Makes JSON from a text that has ' in place of ". */
const char *bench_json(struct arena *arena, const char *written);
/* Makes a value from a text of the rule table (rule_rows.h). */
json_t *bench_value(struct arena *arena, const char *value);
/* Sets a value (rule_rows.h) at a path, such as "steps.company.website"; the value "-" removes it. */
void bench_set(struct bench *bench, json_t *tree, const char *path, const char *value);
void bench_fill(struct bench *bench, const json_t *tree, struct case_file *file);
struct rule_failures bench_check(struct bench *bench, const struct profile *profile, struct case_file *file);

#endif
