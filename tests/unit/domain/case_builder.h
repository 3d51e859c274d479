/* A case without blockers under a strict profile; the tests of the gate break one thing at a time. */
#ifndef TEST_CASE_BUILDER_H
#define TEST_CASE_BUILDER_H

#include "kybdesk/domain/gate.h"

#define BUILDER_NOW INT64_C(1793616120000) /* 2026-11-02T10:42:00Z */
#define BUILDER_PARTS 8

struct builder {
	struct arena arena;
	struct profile profile;
	struct document_spec document_specs[4];
	struct step_spec step_specs[1];
	struct case_file file;
	struct gate_context context;
	struct step steps[1];
	struct document documents[BUILDER_PARTS];
	struct party parties[BUILDER_PARTS];
	struct party_share shares[BUILDER_PARTS];
	struct check checks[BUILDER_PARTS];
	struct hit hits[BUILDER_PARTS];
	struct correction corrections[BUILDER_PARTS];
};

/*
 * A kyb session. Step company_info completed; documents d0 (ARTICLES), d1 (NUMBER) and d2 (LICENSE, optional)
 * ready and accepted; parties p0 (CEO,
 * 80 %, KYC approved) and p1 (company, 20 %); checks watchlist (hit, h0 false positive) and web (passed); in
 * manual_review, version 5; the gate checks for the reviewer ana.
 */
void builder_init(struct builder *builder);
struct document *builder_add_document(struct builder *builder, const char *id, const char *type);
struct party *builder_add_party(struct builder *builder, const char *id, const char *name);
struct check *builder_add_check(struct builder *builder, enum check_kind kind, enum check_status status);
struct correction *builder_add_correction(struct builder *builder, enum correction_state state);
/* Sets the current data as the basis of all judgements so far. */
void builder_judge(struct builder *builder);
/* Runs builder_judge(), so that each judgement is based on the data that the test set, and then the gate. */
struct blockers builder_check(struct builder *builder);
/* The codes of builder_check() as text: "document_missing hit_open"; "" if nothing blocks. */
const char *builder_codes(struct builder *builder);

/* Expects exactly one blocker: with this code, this reference and this part of its sentence. */
void builder_expect_one(struct builder *builder, enum blocker_code code, const char *ref, const char *part);
#define BLOCKS(codes) cr_expect_str_eq(builder_codes(&built), codes, "%s", builder_codes(&built))
#define BLOCKS_ONE(code, ref, part) builder_expect_one(&built, code, ref, part)

/* The case of the test that runs. */
extern struct builder built;
void builder_set_up(void);
void builder_tear_down(void);

#endif
