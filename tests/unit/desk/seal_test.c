/* The audit log seals a change: it stores the old and new values and the actor's text as keyed hashes. */
#include "fixture.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "store/place.h"

#include <stdio.h>

FIXTURE(seal);

static const char *last_detail(const char *action)
{
	return sql_text(&f, arena_printf(&f.arena,
					 "SELECT detail FROM audit_event WHERE action = '%s' ORDER BY seq DESC LIMIT 1",
					 action));
}

static const char *key_path(void)
{
	return place_key(&f.arena, f.folder, f.path);
}

/* The hash of a value at a path of a record, computed from the store's key: docs/store.md, "Sealed values". */
static const char *hash_of(const char *path, const char *value)
{
	bool on_server = strcmp(place_driver->name, "sqlite") != 0;
	const char *salt =
		sql_text(&f, on_server ? "SELECT encode(salt, 'hex') FROM session WHERE external_ref = 'RAL-1'"
				       : "SELECT lower(hex(salt)) FROM session WHERE external_ref = 'RAL-1'");
	struct strbuf key = STRBUF_INIT;
	uint8_t case_key[SHA256_SIZE], hash[SHA256_SIZE];
	char *hex = arena_alloc(&f.arena, SHA256_HEX_SIZE);
	const char *text = arena_printf(&f.arena, "values:%s", salt);

	must(file_read(key_path(), 4096, &key, &f.error));
	hmac_sha256(key.buf, key.len, text, strlen(text), case_key);
	text = arena_printf(&f.arena, "%s=%s", path, value);
	hmac_sha256(case_key, sizeof case_key, text, strlen(text), hash);
	hex_encode(hash, sizeof hash, hex);
	strbuf_release(&key);
	return hex;
}

static void expect_sealed(const char *action, const char *path, const char *before, const char *after)
{
	const char *member =
		arena_printf(&f.arena, "\"%s\":{\"before\":%s%s%s,\"after\":%s%s%s}", path, *before ? "\"" : "",
			     *before ? hash_of(path, before) : "null", *before ? "\"" : "", *after ? "\"" : "",
			     *after ? hash_of(path, after) : "null", *after ? "\"" : "");

	cr_expect(strstr(last_detail(action), member), "%s\n%s", member, last_detail(action));
}

Test(seal, each_change_of_a_case_leaves_the_hashes_of_its_values)
{
	struct party_input input = { .date_of_birth = "1985-03-12", .email = "ines@mail.example" };
	const char *party, *path, *away = arena_printf(&f.arena, "%s.away", key_path());

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	party = sql_text(&f, "SELECT uuid FROM party WHERE name = 'Ines Duarte'");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	path = arena_printf(&f.arena, "parties[%s].date_of_birth", party);
	expect_sealed("party.edit", path, "1984-02-11", "1985-03-12");
	expect_sealed("party.edit", arena_printf(&f.arena, "parties[%s].email", party), "", "ines@mail.example");
	must(USE(f.rita, NOTE, "RAL-1", .text = "Seen: the register"));
	expect_sealed("note.add", "text", "", "Seen: the register");
	must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
	/* The log has no personal data in clear text; the code of a reason is not sealed. */
	expect_rows(0, "audit_event WHERE detail LIKE '%1985-03-12%' OR detail LIKE "
		       "'%Seen: the%' OR detail LIKE '%ines@%'");
	cr_expect_null(strstr(last_detail("session.reject"), "\"reason\":{"), "%s", last_detail("session.reject"));
	/* The same value at another path has another hash. */
	cr_expect_str_neq(hash_of(path, "1984-02-11"), hash_of("subject.date_of_birth", "1984-02-11"));
	/* Without the store's key a change is recorded, but not sealed. */
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	cr_assert_eq(rename(key_path(), away), 0);
	must(USE(f.rita, NOTE, "KYC-1", .text = "Without a key"));
	cr_expect_null(strstr(last_detail("note.add"), "sealed"));
	cr_assert_eq(rename(away, key_path()), 0);
}
