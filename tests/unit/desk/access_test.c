/* SSH keys of reviewers, and the actor of an SSH session. */
#include "fixture.h"
#include "kybdesk/desk/admin.h"

FIXTURE(access);

/* clang-format off */
#define ONE "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX ana@desk"
#define OTHER "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEkKUa9B1mDdp5JR0qfEq0bqlaejKN13cxiHBStE2ghM1Br/FLAayy27NfTRi0vuVvVla64DCZ/oqoMJAExmkPQ= e"
/* clang-format on */

static enum err add(struct desk *desk, const char *name, const char *key)
{
	const struct use_in in = { .verb = VERB_ACCESS_ADD, .part = name, .text = key };
	return fixture_use(&f, desk, &in);
}

static enum err take_back(struct desk *desk, const char *name, const char *fingerprint)
{
	const struct use_in in = { .verb = VERB_ACCESS_REMOVE, .part = name, .text = fingerprint };
	return fixture_use(&f, desk, &in);
}

static size_t key_count(const char *name)
{
	struct access_key *items;
	size_t count;
	must(desk_access_keys(f.ada, &f.arena, name, &items, &count, &f.error));
	return count;
}

Test(access, a_key_belongs_to_one_reviewer)
{
	must(add(f.ada, "rita", ONE));
	expect_err(add(f.ada, "rita", ONE), ERR_CONFLICT);
	expect_error(add(f.ada, "bo", ONE), ERR_CONFLICT, "belongs to rita");
	expect_err(add(f.ada, "nobody-here", OTHER), ERR_NOT_FOUND);
	expect_err(add(f.ada, "bo", "command=\"sh\" " OTHER), ERR_INVALID);
	must(add(f.ada, "bo", OTHER));
	cr_expect_eq(key_count(""), 2u);
	cr_expect_eq(key_count("rita"), 1u);
	expect_err(take_back(f.ada, "rita", f.out.part_id), ERR_NOT_FOUND);
	must(take_back(f.ada, "rita", ""));
	cr_expect_eq(key_count("rita"), 0u);
	must(add(f.ada, "bo", ONE));
	must(take_back(f.ada, "bo", f.out.part_id));
	cr_expect_eq(key_count("bo"), 1u);
}

Test(access, the_record_has_the_fingerprint_and_not_the_key)
{
	struct audit_page page;
	must(add(f.ada, "rita", ONE));
	must(desk_audit_list(f.ada, &f.arena, &(struct audit_query){ .limit = 1 }, &page, &f.error));
	expect_text(page.items[0].action, "access.add");
	cr_expect(strstr(page.items[0].detail, f.out.part_id));
	cr_expect_null(strstr(page.items[0].detail, "AAAA"));
}

Test(access, a_disabled_reviewer_gets_no_key_and_no_line)
{
	const struct desk_options options = { .store_path = f.path, .world = &f.world.world };
	struct access_key *items;
	size_t count;
	must(add(f.ada, "rita", ONE));
	must(add(f.ada, "bo", OTHER));
	must(desk_access_keys_of_store(&options, &f.arena, "", &items, &count, &f.error));
	cr_expect_eq(count, 2u);
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "rita"));
	must(desk_access_keys_of_store(&options, &f.arena, "", &items, &count, &f.error));
	cr_assert_eq(count, 1u);
	expect_text(items[0].reviewer, "bo");
	must(take_back(f.ada, "rita", ""));
	expect_err(add(f.ada, "rita", ONE), ERR_BLOCKED);
}

static enum err open_session(const char *name, struct desk **out)
{
	struct world session = f.world.world;
	const struct desk_options options = { .store_path = f.path, .actor = name, .world = &session };
	enum err err;

	session.is_ssh_session = true;
	err = desk_open(&options, out, &f.error);
	if (!err && desk_role(*out) == ROLE_REVIEWER) {
		const struct use_in in = { .verb = VERB_NOTE, .session = "RAL-1", .text = "From elsewhere" };
		must(fixture_use(&f, *out, &in));
	}
	desk_close(*out);
	return err;
}

Test(access, a_session_acts_as_a_known_reviewer_and_says_so)
{
	struct audit_page page;
	struct desk *desk;
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	must(open_session("rita", &desk));
	must(desk_audit_list(f.ada, &f.arena, &(struct audit_query){ .limit = 1 }, &page, &f.error));
	expect_text(page.items[0].actor, "rita");
	cr_expect(strstr(page.items[0].detail, "\"via\":\"ssh\""), "%s", page.items[0].detail);
	/* An SSH session refuses an unknown name; even in a sandbox the name is not added as a lead. */
	expect_err(open_session("eve", &desk), ERR_FORBIDDEN);
	expect_err(open_session("", &desk), ERR_FORBIDDEN);
	expect_err(open_session(NULL, &desk), ERR_FORBIDDEN);
	fixture_in_production(&f);
	must(open_session("rita", &desk));
}

static void expect_own(struct desk *desk, const char *kind, const char *wanted)
{
	struct strbuf text = STRBUF_INIT;
	must(desk_read_own_text(desk, kind, &text, &f.error));
	expect_text(text.buf, wanted);
	strbuf_release(&text);
}

Test(access, views_and_drafts_are_each_reviewers_own)
{
	int64_t records = sql_int(&f, "SELECT count(*) FROM audit_event");
	struct desk *reading = fixture_desk(&f, "rita", true);
	struct strbuf large = STRBUF_INIT;
	expect_own(f.rita, "view", "");
	must(desk_own_text_set(f.rita, "view", "", "[1]", &f.error));
	must(desk_own_text_set(f.rita, "draft", "", "[2]", &f.error));
	must(desk_own_text_set(f.bo, "view", "", "[3]", &f.error));
	expect_err(desk_own_text_set(f.rita, "view", "", "[0]", &f.error), ERR_CONFLICT);
	must(desk_own_text_set(f.rita, "view", "[1]", "[4]", &f.error));
	must(desk_own_text_set(f.vic, "view", "", "[5]", &f.error));
	expect_own(f.rita, "view", "[4]");
	expect_own(f.rita, "draft", "[2]");
	expect_own(f.bo, "view", "[3]");
	expect_own(f.bo, "draft", "");
	expect_rows(records, "audit_event");
	expect_err(desk_own_text_set(reading, "view", "", "[6]", &f.error), ERR_FORBIDDEN);
	desk_close(reading);
	strbuf_addn(&large, ' ', OWN_TEXT_MAX + 1);
	expect_err(desk_own_text_set(f.rita, "view", "[4]", large.buf, &f.error), ERR_INVALID);
	strbuf_release(&large);
}
