/* The archive of one person's data: it is complete, has no data of other people, and is the same with and without
 * confidential records. */
#include "fixture.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/tar.h"
#include "kybdesk/desk/retention.h"
#include "money.h"
#include "support/process.h"

FIXTURE(person);

#define WHY "the invoices are from a company that does not exist"

static struct person_result made;

static enum err export_of(const struct person_request *request, struct strbuf *archive)
{
	struct person_request whole = *request;

	whole.name = whole.name ? whole.name : "";
	whole.party = whole.party ? whole.party : "";
	whole.email = whole.email ? whole.email : "";
	whole.date_of_birth = whole.date_of_birth ? whole.date_of_birth : "";
	strbuf_reset(archive);
	return desk_person_export(f.lea, &f.arena, &whole, archive, &made, &f.error);
}

static bool has(const struct strbuf *archive, const char *text)
{
	return memmem(archive->buf, archive->len, text, strlen(text)) != NULL;
}

static void person(const char *ref, const char *name, const char *born, const char *more)
{
	fixture_import(
		&f, arena_printf(&f.arena,
				 "{\"external_ref\": \"%s\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", "
				 "\"merchant\": \"shop\", \"status\": \"manual_review\", \"subject\": {\"uid\": "
				 "\"p-%s\", \"kind\": \"individual\", \"name\": \"%s\", \"country\": \"PRT\"%s%s%s}, "
				 "\"submitted_at\": \"2026-11-20T10:00:00Z\", \"steps\": [{\"id\": \"identity\", "
				 "\"status\": \"completed\", \"fields\": {\"city\": \"Porto of %s\"}}]%s}",
				 ref, ref, name, *born ? ", \"date_of_birth\": \"" : "", born, *born ? "\"" : "", ref,
				 more));
}

Test(person, has_all_of_one_person_and_nobody_else)
{
	struct strbuf archive = STRBUF_INIT;
	struct tar_member member;
	size_t at = 0, members = 0;
	bool end = false;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2" });
	sql_change(&f, "UPDATE party SET date_of_birth = '1984-02-11'");
	sql_change(&f, "UPDATE subject SET date_of_birth = '1984-02-11' WHERE kind = 'individual'");
	person("KYC-8", "Ana Sousa", "1990-05-01", "");
	must(export_of(&(const struct person_request){ .name = "inês duarte" }, &archive));
	cr_expect_eq(made.parties, 2);
	cr_expect_eq(made.sessions, 2);
	cr_expect_eq(made.ambiguous_count, 0);
	cr_expect(has(&archive, "Ines Duarte"));
	cr_expect(has(&archive, "\"control_role\": \"CEO\""));
	cr_expect_not(has(&archive, "Ana Sousa"));
	cr_expect_not(has(&archive, "Porto of KYC-8"));
	while (tar_read_member(archive.buf, archive.len, &at, &member, &end, &f.error) == ERR_OK && !end)
		members++;
	cr_expect(end);
	cr_expect_eq(members, made.members);
	expect_sql("SELECT json_extract(detail, '$.archive_sha256') FROM audit_event WHERE action = "
		   "'subject.export'",
		   made.sha256);
	cr_expect_null(
		strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'subject.export'"), "Duarte"));
	strbuf_wipe(&archive);
}

static bool has_file(const struct strbuf *archive, const char *file)
{
	size_t length = 0;
	char *bytes = temp_read(arena_printf(&f.arena, KYB_SOURCE_DIR "/data/samples/files/%s", file), &length);
	struct tar_member member;
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	bool end = false, found = false;

	sha256_hash(bytes, length, hash);
	hex_encode(hash, sizeof hash, hex);
	for (size_t at = 0;
	     !found && tar_read_member(archive->buf, archive->len, &at, &member, &end, &f.error) == ERR_OK && !end;)
		found = strstr(member.name, arena_printf(&f.arena, "documents/%s", hex)) && member.length == length &&
			!memcmp(member.bytes, bytes, length);
	return found;
}

/* It has all documents of the person's session, but of a company's case only those named in the person's fields. */
Test(person, has_the_persons_documents_and_no_others)
{
	struct strbuf archive = STRBUF_INIT;

	person("KYC-1", "Ines Duarte", "1984-02-11",
	       ", \"documents\": [{\"type\": \"PASSPORT\", \"file\": \"files/number.pdf\", \"upload\": \"ready\", "
	       "\"review\": \"rejected\"}]");
	fixture_import(
		&f, "{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
		    "\"merchant\": \"shop\", \"status\": \"manual_review\", \"subject\": {\"uid\": \"biz-1\", "
		    "\"kind\": \"business\", \"name\": \"Quay Ltd\", \"country\": \"BRA\"}, \"documents\": "
		    "[{\"id\": \"0198c7a1-0000-4000-8000-000000000001\", \"type\": \"ID\", \"file\": "
		    "\"files/passport.jpg\", \"upload\": \"ready\"}, {\"id\": "
		    "\"0198c7a1-0000-4000-8000-000000000002\", \"type\": \"ID\", \"file\": \"files/identity.png\", "
		    "\"upload\": \"ready\"}], \"parties\": [{\"kind\": \"individual\", \"name\": \"Ines Duarte\", "
		    "\"date_of_birth\": \"1984-02-11\", \"roles\": [\"ubo\"], \"ownership_percent\": \"60\", "
		    "\"fields\": {\"uploadedIdentificationId\": \"0198c7a1-0000-4000-8000-000000000001\"}}, {\"kind\": "
		    "\"individual\", \"name\": \"Ana Sousa\", \"date_of_birth\": \"1990-05-01\", \"roles\": "
		    "[\"ubo\"], \"ownership_percent\": \"40\", \"fields\": {\"uploadedIdentificationId\": "
		    "\"0198c7a1-0000-4000-8000-000000000002\"}}]}\n");
	must(export_of(&(const struct person_request){ .name = "Ines Duarte", .date_of_birth = "1984-02-11" },
		       &archive));
	cr_expect_eq(made.documents, 2);
	cr_expect(has_file(&archive, "number.pdf"), "of the person's session");
	cr_expect(has_file(&archive, "passport.jpg"), "named by the party's fields");
	cr_expect_not(has_file(&archive, "identity.png"), "of another party");
	strbuf_wipe(&archive);
}

Test(person, has_the_persons_accounts_and_not_their_recipients)
{
	struct strbuf archive = STRBUF_INIT;
	const char *account, *other;

	for (int i = 1; i <= 2; i++)
		fixture_import(&f, arena_printf(&f.arena,
						"{\"external_ref\": \"KYC-%d\", \"workflow\": \"ralio-sandbox\", "
						"\"kind\": \"kyc\", \"merchant\": \"shop\", \"status\": "
						"\"manual_review\", \"subject\": {\"uid\": \"p-%d\", \"kind\": "
						"\"individual\", \"name\": \"%s\", \"country\": \"PRT\", "
						"\"date_of_birth\": \"1990-05-0%d\"}, \"checks\": [{\"kind\": "
						"\"watchlist\", \"status\": \"passed\"}]}",
						i, i, i == 1 ? "Ana Sousa" : "Rui Reis", i));
	must(approve_at_once(&f, f.rita, "KYC-1"));
	must(approve_at_once(&f, f.rita, "KYC-2"));
	account = money_open(&f, "p-1", "EUR", "Holidays of Ana");
	other = money_open(&f, "p-2", "EUR", "Holidays of Rui");
	(void)money_fund(&f, account, "1000.50");
	(void)money_fund(&f, other, "7");
	(void)money_pay(&f, account, "12.34", "Jane Doe");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive));
	cr_expect_eq(made.accounts, 1);
	cr_expect(has(&archive, arena_printf(&f.arena, "accounts/%s.json", account)));
	cr_expect(has(&archive, "\"balance\": 988.16"), "%.*s", (int)archive.len, archive.buf);
	cr_expect(has(&archive, "\"amount\": -12.34"));
	cr_expect(has(&archive, "\"reference\": \"Rent of Jane\""));
	cr_expect_not(has(&archive, "Jane Doe"));
	cr_expect_not(has(&archive, "ES91"));
	cr_expect_not(has(&archive, "Rui"));
	strbuf_wipe(&archive);
}

/* No tipping off: the bytes of the archive do not depend on hits, notes, legal holds or suspicions. */
Test(person, is_the_same_with_and_without_a_suspicion_a_hit_or_a_note)
{
	struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;

	person("KYC-1", "Ana Sousa", "1990-05-01",
	       ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"passed\"}], \"risk_score\": 3");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &before));
	must(USE(f.rita, SUSPICION_OPEN, "KYC-1", .reason = WHY));
	must(USE(f.rita, NOTE, "KYC-1", .text = "She may be on a list."));
	must(USE(f.lea, LEGAL_HOLD_SET, "KYC-1", .reason = WHY));
	fixture_import(&f,
		       "{\"external_ref\": \"KYC-1\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", \"merchant\": "
		       "\"shop\", \"status\": \"manual_review\", \"subject\": {\"uid\": \"p-KYC-1\", \"kind\": "
		       "\"individual\", \"name\": \"Ana Sousa\", \"country\": \"PRT\", \"date_of_birth\": "
		       "\"1990-05-01\"}, \"submitted_at\": \"2026-11-20T10:00:00Z\", \"risk_score\": 99, \"steps\": "
		       "[{\"id\": \"identity\", \"status\": \"completed\", \"fields\": {\"city\": \"Porto of "
		       "KYC-1\"}}], \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": "
		       "\"Ana S.\", \"list\": \"OFAC SDN\", \"class\": \"sanctions\"}]}]}");
	forward(&f, MINUTE_MS);
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &after));
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM hit"), 1, "the import brought it");
	cr_expect(before.len == after.len && !memcmp(before.buf, after.buf, before.len), "%.*s\n\n%.*s",
		  (int)before.len, before.buf, (int)after.len, after.buf);
	strbuf_wipe(&before);
	strbuf_wipe(&after);
}

Test(person, reads_other_for_a_restricted_reason)
{
	struct strbuf fraud = STRBUF_INIT;

	person("KYC-1", "Ana Sousa", "1990-05-01", "");
	must(USE(f.rita, REJECT, "KYC-1", .reason = "suspected_fraud"));
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &fraud));
	cr_expect(has(&fraud, "manual_review"), "within the grace time nothing was decided");
	forward(&f, MINUTE_MS);
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &fraud));
	cr_expect(has(&fraud, "\"decision_reason\": \"other\""));
	cr_expect_not(has(&fraud, "fraud"));
	cr_expect_not(has(&fraud, "rita"));
	strbuf_wipe(&fraud);
}

Test(person, namesakes_are_told_apart)
{
	struct strbuf archive = STRBUF_INIT;

	person("KYC-1", "Ana Sousa", "1990-05-01", "");
	person("KYC-2", "Ana Sousa", "1971-01-01", "");
	person("KYC-3", "Ana Sousa", "", "");
	expect_error(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive), ERR_USAGE,
		     "Several people match");
	cr_expect_null(strstr(f.error.message, "19"), "no sentence has a birth date");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa", .date_of_birth = "1990-05-01" }, &archive));
	cr_expect(has(&archive, "Porto of KYC-1"));
	cr_expect_not(has(&archive, "Porto of KYC-2"));
	cr_expect_not(has(&archive, "Porto of KYC-3"));
	cr_expect_eq(made.ambiguous_count, 1, "the one without a birth date");
	expect_err(export_of(&(const struct person_request){ .name = "Ana Sousa", .date_of_birth = "1 May" }, &archive),
		   ERR_INVALID);
	expect_err(export_of(&(const struct person_request){ .name = "Rui" }, &archive), ERR_NOT_FOUND);
	expect_err(export_of(&(const struct person_request){ .name = "Ana Sousa", .email = "a@b.example" }, &archive),
		   ERR_USAGE);
	expect_rows(1, "audit_event WHERE action = 'subject.export'");
	strbuf_wipe(&archive);
}

Test(person, is_told_by_a_birth_date_that_comes_after_others_without)
{
	struct strbuf archive = STRBUF_INIT;

	person("KYC-1", "Ana Sousa", "", "");
	person("KYC-2", "Ana Sousa", "", "");
	expect_error(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive), ERR_USAGE,
		     "none has a birth date");
	person("KYC-3", "Ana Sousa", "1990-05-01", "");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive));
	cr_expect(has(&archive, "Porto of KYC-3"));
	cr_expect_not(has(&archive, "Porto of KYC-1"));
	cr_expect_eq(made.ambiguous_count, 2);
	strbuf_wipe(&archive);
}

Test(person, two_numbers_are_two_people)
{
	struct strbuf archive = STRBUF_INIT;

	person("KYC-1", "Ana Sousa", "1990-05-01", "");
	person("KYC-2", "Ana Sousa", "1990-05-01", "");
	sql_change(&f, "UPDATE subject SET tax_id = '123 456' WHERE uid = 'p-KYC-1'");
	sql_change(&f, "UPDATE subject SET tax_id = '999999' WHERE uid = 'p-KYC-2'");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive));
	cr_expect_eq(made.sessions, 1);
	cr_expect_eq(made.ambiguous_count, 1);
	sql_change(&f, "UPDATE subject SET tax_id = '123456' WHERE uid = 'p-KYC-2'");
	must(export_of(&(const struct person_request){ .name = "Ana Sousa" }, &archive));
	cr_expect_eq(made.sessions, 2);
	strbuf_wipe(&archive);
}

Test(person, is_found_by_email_and_by_party)
{
	struct strbuf archive = STRBUF_INIT;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	person("KYC-1", "Ana Sousa", "1990-05-01", "");
	sql_change(&f, "UPDATE subject SET email = 'Ana@quay.example' WHERE uid = 'p-KYC-1'");
	must(export_of(&(const struct person_request){ .email = "ana@quay.example" }, &archive));
	cr_expect(has(&archive, "Porto of KYC-1"));
	must(export_of(&(const struct person_request){ .party = sql_text(&f, "SELECT uuid FROM party") }, &archive));
	cr_expect_eq(made.parties, 1);
	cr_expect(has(&archive, "Ines Duarte"));
	/* An email address of two people does not identify one person. */
	sql_change(&f, "UPDATE party SET email = 'ana@quay.example'");
	expect_err(export_of(&(const struct person_request){ .email = "ana@quay.example" }, &archive), ERR_USAGE);
	strbuf_wipe(&archive);
}
