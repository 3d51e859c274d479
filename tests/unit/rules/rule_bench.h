/* A sound case for each profile, built from JSON, for one value to be changed. */
#ifndef KYBDESK_TESTS_RULE_BENCH_H
#define KYBDESK_TESTS_RULE_BENCH_H

#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/rules.h"
#include <jansson.h>

#define BENCH_TODAY "2026-11-20"
#define BENCH_NOW INT64_C(1795168800000) /* 2026-11-20T10:00:00Z */
#define BENCH_PROFILES 8

struct bench {
	struct arena arena; /* of the value at hand */
	struct arena kept;  /* of profiles and countries */
	struct countries countries;
	const struct profile *profiles[BENCH_PROFILES];
	size_t profile_count;
};

void bench_init(struct bench *bench);
void bench_release(struct bench *bench);
const struct profile *bench_profile(struct bench *bench, const char *name);
const char *bench_file(struct arena *arena, const char *path, size_t *length);

/* {"steps":{…},"parties":[{…}],"documents":[{…}]}: what is sound under the profile. */
json_t *bench_case(const struct profile *profile);
/* Puts a value (rule_rows.h) at "steps.company.website"; NULL for "-" takes it away. */
void bench_set(struct bench *bench, json_t *tree, const char *path, const char *value);
/* "path=value;path=value" */
void bench_set_all(struct bench *bench, json_t *tree, const char *changes);
void bench_fill(struct bench *bench, const json_t *tree, struct case_file *file);
struct rule_failures bench_check(struct bench *bench, const struct profile *profile, struct case_file *file);

#endif
