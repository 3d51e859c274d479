/* Installed rules: one version per name in force, all versions stored, no silent change. */
#include "store/store_support.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/rules.h"

#include <string.h>

FIXTURE(rule_text);
TestSuite(workflow_text, .init = set_up, .fini = tear_down);
TestSuite(stored_text_check, .init = set_up, .fini = tear_down);

static struct rule_text text_of(const char *name, int64_t version, const char *body)
{
	return (struct rule_text){ .kind = RULE_TEXT_WORKFLOW,
				   .name = name,
				   .version = version,
				   .body = body,
				   .length = strlen(body),
				   .installed_at = TEST_NOW,
				   .installed_by = "ines" };
}

static void install(struct fixture *f, struct rule_text *text)
{
	WRITE(f, store_rule_install(f->store, text, &f->error));
}

Test(rule_text, the_last_one_of_a_name_is_in_force_and_all_stay)
{
	struct rule_text first = text_of("a-kyb", 1, "{\"a\":1}"), second = text_of("a-kyb", 2, "{\"a\":2}"),
			 other = text_of("b-kyb", 1, "{}"), found;
	struct rule_texts all;
	int64_t row = -1;
	OK(&f, store_rule_find_current(f.store, RULE_TEXT_WORKFLOW, "a-kyb", &row, &f.error));
	cr_expect_eq(row, 0);
	install(&f, &first);
	install(&f, &second);
	install(&f, &other);
	OK(&f, store_rule_find_current(f.store, RULE_TEXT_WORKFLOW, "a-kyb", &row, &f.error));
	cr_expect_eq(row, second.row);
	OK(&f, store_rule_find_current(f.store, RULE_TEXT_REASONS, "a-kyb", &row, &f.error));
	cr_expect_eq(row, 0);
	OK(&f, store_rule_load(f.store, &f.arena, first.row, &found, &f.error));
	cr_expect_str_eq(found.body, "{\"a\":1}");
	cr_expect_str_eq(found.sha256, sha256_text(&f.arena, "{\"a\":1}", 7));
	cr_expect_not(found.current);
	OK(&f, store_rule_list(f.store, &f.arena, RULE_TEXT_WORKFLOW, &all, &f.error));
	cr_assert_eq(all.count, 3);
	cr_expect_eq(all.items[0].version, 1);
	cr_expect(all.items[1].current);
	cr_expect_str_eq(all.items[2].name, "b-kyb");
	cr_expect_str_eq(all.items[2].installed_by, "ines");
}

Test(rule_text, a_body_that_is_not_what_its_hash_says_is_damage)
{
	struct rule_text text = text_of("a-kyb", 1, "{\"a\":1}"), found;
	install(&f, &text);
	shell_run(f.path, "DROP TRIGGER rule_text_no_update; UPDATE rule_text SET body = '{\"a\":2}'");
	cr_expect_eq(store_rule_load(f.store, &f.arena, text.row, &found, &f.error), ERR_STORE);
	cr_expect_eq(store_rule_load(f.store, &f.arena, 99, &found, &f.error), ERR_NOT_FOUND);
}

Test(workflow_text, a_body_that_is_not_what_its_hash_says_is_damage)
{
	const char *body;
	char hash[SHA256_HEX_SIZE];
	int64_t row = 0;
	WRITE(&f,
	      store_workflow_put(f.store, &(struct workflow_text){ "a-kyb", 1, "{}", 2 }, TEST_NOW, &row, &f.error));
	OK(&f, store_workflow_body(f.store, &f.arena, row, &body, &f.error));
	OK(&f, store_workflow_hash(f.store, row, hash, &f.error));
	cr_expect_str_eq(hash, sha256_text(&f.arena, "{}", 2));
	shell_run(f.path, "UPDATE workflow SET body = '{ }'");
	cr_expect_eq(store_workflow_body(f.store, &f.arena, row, &body, &f.error), ERR_STORE);
	OK(&f, store_workflow_hash(f.store, row + 1, hash, &f.error));
	cr_expect_str_empty(hash);
}

static void note_bad(void *context, const char *what)
{
	struct strbuf *all = context;
	strbuf_addf(all, "%s; ", what);
}

static void expect_bad(struct fixture *f, const char *wanted)
{
	struct strbuf all = STRBUF_INIT;
	struct stored_text_check texts = { .on_bad = note_bad, .context = &all };
	OK(f, store_texts_check(f->store, &texts, &f->error));
	cr_expect_eq(texts.texts, 4);
	cr_expect_str_eq(all.buf, wanted);
	strbuf_release(&all);
}

Test(stored_text_check, each_that_no_longer_has_its_hash_is_named)
{
	struct session session;
	struct decision decision;
	struct rule_text first = text_of("a-kyb", 1, "{}"), second = text_of("a-kyb", 2, "{\"a\":2}");
	int64_t row = 0;
	install(&f, &first);
	install(&f, &second);
	session_add(&f, &session, "Ines Duarte");
	decision_init(&decision);
	decision.at = TEST_NOW;
	decision.evidence_json = "{\"seen\":true}";
	decision.evidence_sha256 = sha256_text(&f.arena, decision.evidence_json, strlen(decision.evidence_json));
	fixture_begin(&f);
	OK(&f, store_workflow_put(f.store, &(struct workflow_text){ "a-kyb", 1, "{}", 2 }, TEST_NOW, &row, &f.error));
	OK(&f, store_decision_insert(f.store, session.row, &decision, &f.error));
	fixture_commit(&f);
	expect_bad(&f, "");
	shell_run(f.path, "UPDATE workflow SET body = '{ }'");
	expect_bad(&f, arena_printf(&f.arena, "the workflow a-kyb of sessions, row %lld; ", (long long)row));
	shell_run(f.path, "UPDATE workflow SET body = '{}'; DROP TRIGGER rule_text_no_update; "
			  "UPDATE rule_text SET body = '{}' WHERE version = 2");
	expect_bad(&f, "the installed workflow a-kyb, version 2; ");
	shell_run(f.path, "UPDATE decision SET evidence = '{\"seen\":false}'");
	expect_bad(&f,
		   arena_printf(&f.arena,
				"the installed workflow a-kyb, version 2; the evidence of decision 1 on session %lld; ",
				(long long)session.row));
}
