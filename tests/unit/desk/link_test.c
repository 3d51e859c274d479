/* Clients' links: derived, absolute, stored nowhere, and distinguished from forged ones. */
#include "fixture.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/link.h"
#include "support/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

FIXTURE(link);

#define BASE "http://127.0.0.1:8080/s/"

static struct use_out make(const char *ref, int64_t days)
{
	must(USE(f.rita, LINK, ref, .days = days));
	return f.out;
}

static const char *show(const char *ref)
{
	must(USE(f.rita, LINK_SHOW, ref));
	return f.out.link;
}

static struct link_target resolve(const char *url)
{
	struct link_target target;
	const char *token = strstr(url, "/s/");

	cr_assert(token, "%s", url);
	must(desk_link_resolve(f.vic, &f.arena, token + 3, &target, &f.error));
	return target;
}

static enum err resolve_token(const char *token)
{
	struct link_target target;

	return desk_link_resolve(f.vic, &f.arena, token, &target, &f.error);
}

static void expect_unknown_token(const char *token)
{
	expect_err(resolve_token(token), ERR_NOT_FOUND);
	expect_text(f.error.message, "Unknown link");
}

Test(link, leads_to_its_session_until_another_takes_its_place)
{
	const char *one, *two;
	struct link_target target;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	fixture_kyc(&f, "KYC-2", "draft", NULL);
	one = make("KYC-1", 0).link;
	target = resolve(one);
	cr_expect_eq(target.state, LINK_VALID);
	cr_expect_eq(target.generation, 1);
	expect_text(target.session_id, fixture_case(&f, "KYC-1").file.session.id);
	expect_text(target.document_type, "");
	expect_text(show("KYC-1"), one);
	two = make("KYC-1", 0).link;
	cr_expect_str_neq(one, two);
	cr_expect_eq(resolve(one).state, LINK_REPLACED);
	cr_expect_eq(resolve(two).state, LINK_VALID);
	expect_text(show("KYC-1"), two);
	cr_expect_neq(resolve(make("KYC-2", 0).link).session_row, target.session_row);
	expect_rows(2, "audit_event WHERE action = 'link.show'");
}

Test(link, expires_with_its_session_and_stays_the_same_when_it_is_extended)
{
	const char *link;

	fixture_kyc(&f, "KYC-1", "draft", ", \"expires_at\": \"2026-11-21T12:00:00Z\"");
	link = make("KYC-1", 0).link;
	forward(&f, 25 * 60 * MINUTE_MS);
	cr_expect_eq(resolve(link).state, LINK_EXPIRED);
	(void)make("KYC-1", 3);
	cr_expect_eq(resolve(link).state, LINK_VALID);
	expect_text(show("KYC-1"), link);
}

Test(link, without_one_there_is_none_to_show)
{
	fixture_kyc(&f, "KYC-1", "draft", NULL);
	expect_err(USE(f.rita, LINK_SHOW, "KYC-1"), ERR_NOT_FOUND);
	(void)make("KYC-1", 0);
	expect_err(USE(f.vic, LINK_SHOW, "KYC-1"), ERR_FORBIDDEN);
}

/* A token that is changed in one character, truncated, extended or invented: the caller gets the same error. */
Test(link, that_this_store_has_not_made_is_none)
{
	static const char *const nonsense[] = {
		"", "x", "/", "AAAA", "..", "\xff\xfe", "%2e%2e", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAA"
	};
	char *token, *longest;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	token = arena_strdup(&f.arena, make("KYC-1", 0).link + strlen(BASE));
	for (size_t i = 0; token[i]; i++) {
		char before = token[i];

		token[i] = before == 'A' ? 'B' : 'A';
		/* The last character has unused bits, so a change of it may have no effect. */
		if (token[i + 1])
			expect_unknown_token(token);
		token[i] = before;
	}
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
		expect_unknown_token(nonsense[i]);
	expect_unknown_token(arena_printf(&f.arena, "%sAA", token));
	token[strlen(token) - 4] = '\0';
	expect_unknown_token(token);
	longest = arena_alloc(&f.arena, 100001);
	memset(longest, 'A', 100000);
	longest[100000] = '\0';
	expect_unknown_token(longest);
}

Test(link, of_the_same_session_in_another_store_is_none_here)
{
	const char *link;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	link = make("KYC-1", 0).link;
	/* Key and rows stay the same, but the id of the store changes. */
	sql_run(&f, "UPDATE store_info SET value = '00000000-0000-4000-8000-000000000000' WHERE key = 'id'");
	desk_close(f.vic);
	f.vic = fixture_desk(&f, "vic", false);
	expect_err(resolve_token(link + strlen(BASE)), ERR_NOT_FOUND);
}

#ifdef KYB_PLACE_SQLITE
static bool file_holds(const char *path, const char *text)
{
	size_t length = 0;
	char *bytes = temp_read(path, &length);
	bool found = memmem(bytes, length, text, strlen(text)) != NULL;

	return found;
}

Test(link, stands_in_no_file_of_the_store)
{
	const char *link;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	link = make("KYC-1", 0).link;
	(void)show("KYC-1");
	cr_expect_not(file_holds(f.path, link + strlen(BASE)));
	cr_expect_not(file_holds(arena_printf(&f.arena, "%s-wal", f.path), link + strlen(BASE)));
	cr_expect_not(file_holds(arena_printf(&f.arena, "%s.key", f.path), link + strlen(BASE)));
}
#endif

Test(link, key_is_its_owners_alone_and_doctor_says_when_it_is_not)
{
	const char *path = place_key(&f.arena, f.folder, f.path);
	struct doctor_finding *items;
	struct stat status;
	size_t count, told = 0;

	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0600);
	cr_expect_eq(status.st_size, 32);
	cr_assert_eq(chmod(path, 0644), 0);
	must(desk_run_doctor(f.ada, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		told += strstr(items[i].message, "is accessible to others") != NULL;
	cr_expect_eq(told, 1);
}

Test(link, of_a_store_without_its_key_is_neither_made_nor_read)
{
	const char *path = place_key(&f.arena, f.folder, f.path), *link;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	link = make("KYC-1", 0).link;
	cr_assert_eq(rename(path, arena_printf(&f.arena, "%s.away", path)), 0);
	expect_error(USE(f.rita, LINK, "KYC-1"), ERR_STORE, "is missing");
	cr_expect_not(file_exists(path), "a new key would end every link without a word");
	cr_expect_eq(sql_int(&f, "SELECT max(generation) FROM access_link"), 1, "the link of before stands");
	expect_err(resolve_token(link + strlen(BASE)), ERR_STORE);
	/* Another store's. */
	temp_write(path, "0123456789abcdef0123456789abcdef", 32);
	expect_error(resolve_token(link + strlen(BASE)), ERR_STORE, "of another store");
	temp_write(path, "short", 5);
	expect_err(resolve_token(link + strlen(BASE)), ERR_STORE);
	cr_assert_eq(rename(arena_printf(&f.arena, "%s.away", path), path), 0);
	cr_expect_eq(resolve(link).state, LINK_VALID);
}

/* Removes the key, as in an upgraded store that has never used one. */
Test(link, of_a_store_from_before_gets_its_key_at_first_need)
{
	const char *path = place_key(&f.arena, f.folder, f.path);

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	sql_run(&f, "DELETE FROM store_info WHERE key = 'key_check'");
	cr_assert_eq(unlink(path), 0);
	cr_expect_eq(resolve(make("KYC-1", 0).link).state, LINK_VALID);
	cr_expect(file_exists(path));
}

Test(link, begins_with_the_address_that_an_admin_gave)
{
	struct store_setting *items;
	size_t count;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	must(desk_store_settings(f.vic, &f.arena, &items, &count, &f.error));
	cr_assert_gt(count, 0);
	expect_text(items[0].value, "http://127.0.0.1:8080");
	cr_expect(items[0].is_default);
	expect_err(USE(f.lea, STORE_SET, NULL, .part = "public_url", .text = "https://verify.example"), ERR_FORBIDDEN);
	must(USE(f.ada, STORE_SET, NULL, .part = "public_url", .text = "https://verify.example/kyb//"));
	cr_expect(!strncmp(make("KYC-1", 0).link, "https://verify.example/kyb/s/", 29));
	expect_sql("SELECT detail FROM audit_event WHERE action = 'store.set'",
		   "{\"setting\":\"public_url\",\"from\":\"\",\"to\":\"https://verify.example/kyb\"}");
	must(USE(f.ada, STORE_SET, NULL, .part = "public_url", .text = ""));
	cr_expect(!strncmp(show("KYC-1"), BASE, strlen(BASE)));
}

Test(link, has_no_address_that_is_none)
{
	static const char *const wrong[] = { "verify.example",
					     "http://verify.example",
					     "ftp://verify.example",
					     "https://",
					     "https://a b",
					     "https://u:p@verify.example",
					     "https://verify.example?x=1",
					     "https://verify.example#x",
					     "javascript:alert(1)" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		expect_err(USE(f.ada, STORE_SET, NULL, .part = "public_url", .text = wrong[i]), ERR_INVALID);
	expect_error(USE(f.ada, STORE_SET, NULL, .part = "publik_url", .text = "https://verify.example"), ERR_INVALID,
		     "public_url");
}

Test(link, has_the_origins_of_websites_and_nothing_else)
{
	static const char *const wrong[] = { "shop.example",
					     "http://shop.example",
					     "https://shop.example/",
					     "https://shop.example/app",
					     "https://shop.example?x",
					     "https://u:p@shop.example",
					     "https://*.shop.example",
					     "https://shop.example,*",
					     "https://shop.example,,https://b.example",
					     ",",
					     "null" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		expect_error(USE(f.ada, STORE_SET, NULL, .part = "link_origins", .text = wrong[i]), ERR_INVALID,
			     "is not the origin of a website");
	}
	must(USE(f.ada, STORE_SET, NULL, .part = "link_origins",
		 .text = "HTTPS://Shop.Example:443 , https://b.example:8443"));
	expect_sql("SELECT value FROM store_info WHERE key = 'link_origins'",
		   "https://shop.example,https://b.example:8443");
	must(USE(f.ada, STORE_SET, NULL, .part = "link_origins", .text = "*"));
	must(USE(f.ada, STORE_SET, NULL, .part = "link_origins", .text = ""));
}

static void on_rejected(void *context, size_t line, const char *field, const char *message, const char *text,
			size_t length)
{
	(void)line;
	(void)field;
	(void)text;
	(void)length;
	*(const char **)context = arena_strdup(&f.arena, message);
}

/* Imports one line; returns why it was refused, "": it was accepted. */
static const char *bring(struct desk *desk, const char *ref, const char *workflow)
{
	const char *why = "";
	char *path = temp_path(f.folder, "one.ndjson");
	const char *line =
		arena_printf(&f.arena,
			     "{\"external_ref\": \"%s\", \"workflow\": \"%s\", \"kind\": \"kyc\", "
			     "\"merchant\": \"northwind-pay\", \"status\": \"draft\", \"subject\": {\"kind\": "
			     "\"individual\", \"name\": \"Jo Reyes\"}}\n",
			     ref, workflow);
	struct import_options options = {
		.folder = f.folder, .name = "one", .on_rejected = on_rejected, .context = &why
	};
	struct import_report report = { 0 };

	temp_write(path, line, strlen(line));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_expect_eq(desk_import(desk, &options, &report, &f.error), ERR_OK);
	close(options.fd);
	return why;
}

/* Production guesses no public_url: without it there are no links, and no imports of workflows that send links. */
Test(link, is_not_made_in_production_before_its_address_is_known)
{
	char *made_path;
	struct desk *desk = NULL;
	struct store_setting *items;
	size_t count;
	const struct desk_options options = { .store_path = arena_printf(&f.arena, "%s/real.db", f.folder),
					      .world = &f.world.world,
					      .log = { LOG_QUIET, -1 } };

	must(desk_init(&options, false, &made_path, &f.arena, &f.error));
	must(desk_open(&options, &desk, &f.error));
	must(USE(desk, MERCHANT_ADD, NULL, .part = "northwind-pay"));
	expect_text(bring(desk, "KYC-1", "generic-kyc"), "");
	cr_expect(strstr(bring(desk, "BO-1", "atelio-beneficial-owner"), "kybdesk store set public_url https://"));
	expect_error(USE(desk, LINK, "KYC-1"), ERR_BLOCKED, "kybdesk store set public_url https://");
	must(desk_store_settings(desk, &f.arena, &items, &count, &f.error));
	expect_text(items[0].value, "");
	expect_err(USE(desk, STORE_SET, NULL, .part = "public_url", .text = "http://127.0.0.1:8080"), ERR_INVALID);
	must(USE(desk, STORE_SET, NULL, .part = "public_url", .text = "https://verify.example"));
	must(USE(desk, LINK, "KYC-1"));
	cr_expect(!strncmp(f.out.link, "https://verify.example/s/", 25), "%s", f.out.link);
	expect_text(bring(desk, "BO-1", "atelio-beneficial-owner"), "");
	desk_close(desk);
}

/* Requests two documents, so that the webhook's body has two links. */
static void ask_for_documents(const char *ref)
{
	const char **types = arena_alloc_array(&f.arena, 2, sizeof *types);
	struct correction_request request = { .step_id = "documents", .message = "Both, please." };

	types[0] = "government_id";
	types[1] = "proof_of_address";
	request.document_types = types;
	request.document_type_count = 2;
	must(USE(f.rita, CORRECTIONS, ref, .requests = &request, .request_count = 1, .has_grace = true, .grace_s = 0));
}

Test(link, in_a_body_is_a_place_that_is_shown_masked)
{
	struct webhook_view view;
	const char *body, *mark, *place;

	fixture_import(&f,
		       "{\"external_ref\": \"BO-1\", \"workflow\": \"atelio-beneficial-owner\", \"kind\": \"kyc\", "
		       "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"custom_tags\": {\"x\": "
		       "\"{link:000000000000000000000000000000000000000000000000:1:Z292}\"}, \"subject\": {\"uid\": "
		       "\"{link:\", \"kind\": \"individual\", \"name\": \"Jo Reyes\"}}\n");
	ask_for_documents("BO-1");
	body = sql_text(&f, "SELECT body FROM outbox_event");
	mark = sql_text(&f, "SELECT link_mark FROM outbox_event");
	cr_expect_eq(strlen(mark), 48);
	place = strstr(body, mark);
	cr_assert(place, "%s", body);
	cr_expect(strstr(place + 1, mark), "each document has a link of its own: %s", body);
	cr_expect(strstr(body, "\"upload_link\":\"" BASE "{link:"), "%s", body);
	must(desk_webhook(f.vic, &f.arena, sql_text(&f, "SELECT uuid FROM outbox_event"), &view, &f.error));
	cr_expect(strstr(view.body, "\"upload_link\":\"" BASE "********\""), "%s", view.body);
	cr_expect_not(strstr(view.body, mark), "%s", view.body);
	cr_expect(strstr(view.body, "\"{link:0000"), "what the merchant wrote stays: %s", view.body);
}

Test(link, who_sends_webhooks_is_a_setting_of_the_store_on_record)
{
	struct store_setting *items;
	size_t count;

	must(desk_store_settings(f.vic, &f.arena, &items, &count, &f.error));
	expect_text(items[1].name, "deliver");
	expect_text(items[1].value, "all");
	cr_expect(items[1].is_default);
	expect_err(USE(f.lea, STORE_SET, NULL, .part = "deliver", .text = "workers"), ERR_FORBIDDEN);
	expect_error(USE(f.ada, STORE_SET, NULL, .part = "deliver", .text = "some"), ERR_INVALID, "nobody");
	must(USE(f.ada, STORE_SET, NULL, .part = "deliver", .text = "workers"));
	expect_sql("SELECT detail FROM audit_event WHERE action = 'store.set' ORDER BY seq DESC LIMIT 1",
		   "{\"setting\":\"deliver\",\"from\":\"\",\"to\":\"workers\"}");
	must(desk_store_settings(f.vic, &f.arena, &items, &count, &f.error));
	expect_text(items[1].value, "workers");
	cr_expect_not(items[1].is_default);
}
