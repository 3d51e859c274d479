/* seed atelio-beneficial-owners, "Verify beneficial owners": every event of the seed, with Atelio's flat bodies. */
#include "expect.h"
#include "merchant.h"

#include <kybdesk/base/timefmt.h>
#include <stdlib.h>
#include <string.h>

TestSuite(story_atelio, .init = shop_set_up, .fini = shop_tear_down);

#define OWNER "4943fc81-e7e8-43b5-8be6-9c43fcec505a"
#define IDENTITY                                                                                                       \
	"\"program_id\":\"72585109-8222-4221-b15b-48e87ffed790\",\"dob\":\"1992-03-23\",\"first_name\":\"Boris\","     \
	"\"middle_name\":\"Jim\",\"last_name\":\"Pasakovitch\""
static const char identity_fields[] = "{" IDENTITY "$1}";
static const char owner[] =
	"{\"external_ref\":\"bo-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\",\"merchant\":"
	"\"shop\",\"status\":\"$1\",\"subject\":{\"uid\":\"" OWNER
	"\",\"kind\":\"individual\",\"name\":\"Boris Pasakovitch\"},"
	"\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{" IDENTITY
	"$2}},{\"id\":\"addresses\",\"status\":"
	"\"completed\",\"fields\":{\"addresses\":[$3]}}],\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"},"
	"{\"kind\":\"bureau\",\"status\":\"$4\"},{\"kind\":\"email\",\"status\":\"passed\"},{\"kind\":\"ip\","
	"\"status\":\"passed\"},{\"kind\":\"mobile\",\"status\":\"passed\"}]$5}\n";
static const char american[] = ",\"ssn\":\"123-45-6789\",\"phone\":\"555-111-2222\",\"phone_country_code\":\"1\","
			       "\"email\":\"james@atelio.example\",\"ip\":\"192.168.1.139\"";
static const char california[] = "{\"address_type\":\"PHYSICAL\",\"street\":\"5 California Ave.\",\"street2\":\"Suite "
				 "770\",\"city\":\"San Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\","
				 "\"country\":\"US\",\"is_primary\":true}";
static const char po_box[] = "{\"address_type\":\"MAILING\",\"street\":\"P.O. Box 1234\",\"city\":\"San Francisco\","
			     "\"state\":\"CA\",\"zip_code\":\"94104\",\"country\":\"US\",\"is_primary\":true}";
static const char lisbon[] = "{\"address_type\":\"PHYSICAL\",\"street\":\"Rua do Ouro 12\",\"city\":\"Lisboa\","
			     "\"state\":\"Lisboa\",\"zip_code\":\"1100-061\",\"country\":\"PT\",\"is_primary\":true}";

/* The case as one line of an import. */
static char *line_of(const char *status, const char *address)
{
	return filled(owner, status, american, address, "passed", "", NULL);
}

#define MERCHANT_SAYS(...) cr_assert_eq(box_run(&box, __VA_ARGS__, "--for", "merchant", NULL), 0, "%s", box.last.err)
#define PROVIDER_SAYS(...) cr_assert_eq(box_run(&box, __VA_ARGS__, "--for", "provider", NULL), 0, "%s", box.last.err)

static void report(const char *check, const char *status)
{
	PROVIDER_SAYS("check", "report", "bo-1", check, "--status", status);
}

static void hand_in(const char *more, const char *address)
{
	char *identity = filled(identity_fields, more, NULL),
	     *addresses = filled("{\"addresses\":[$1]}", address, NULL);

	MERCHANT_SAYS("session", "open", "atelio-beneficial-owner", "--merchant", "shop", "--ref", "bo-1", "--uid",
		      OWNER, "--subject-kind", "individual", "--name", "Boris Pasakovitch");
	box_write(&box, "identity.json", identity);
	MERCHANT_SAYS("step", "save", "bo-1", "identity", "--json-fields", "identity.json", "--done");
	box_write(&box, "addresses.json", addresses);
	MERCHANT_SAYS("step", "save", "bo-1", "addresses", "--json-fields", "addresses.json", "--done");
	MERCHANT_SAYS("session", "submit", "bo-1");
}

/* Submits the case, and reports every check except the bureau's. */
static void start(const char *more, const char *address)
{
	static const char *const checks[] = { "ofac", "email", "ip", "mobile" };

	hand_in(more, address);
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		report(checks[i], "passed");
	merchant_expect_nothing(&shop);
}

static void start_with_results(const char *results)
{
	start(american, california);
	box_write(&box, "results.json", results);
	PROVIDER_SAYS("results", "bo-1", "results.json");
	report("bureau", "passed");
}

static const char *status_now(void)
{
	DONE_JSON("show", "bo-1");
	return json_path_text(box.json, "status");
}

/* The event "under review" without reasons. */
#define REVIEWED                                                                                                       \
	"{\"event\":\"kyc.verification.under_review\",\"beneficial_owner_id\":\"ID\",\"customer_id\":\"ID\","          \
	"\"occurred_at\":\"TIME\","                                                                                    \
	"\"custom_tags\":{}}"
#define SUCCESS                                                                                                        \
	"{\"event\":\"kyc.verification.success\",\"beneficial_owner_id\":\"ID\",\"customer_id\":\"ID\","               \
	"\"occurred_at\":\"TIME\","                                                                                    \
	"\"custom_tags\":{}}"

Test(story_atelio, an_american_owner_passes_by_itself_and_no_further_attempt_is_taken)
{
	start(american, california);
	report("bureau", "passed");
	cr_expect_str_eq(status_now(), "approved");
	SHOWS("decisions[0].by: system");
	char *at = kept(&box, "decisions[0].at");
	SHOP_HEARS(SUCCESS);

	char *line = line_of("processing", california);
	box_write(&box, "again.ndjson", line);
	ENDS(3, "import", "again.ndjson");
	cr_expect(strstr(box.last.err, at), "the time of the success is missing: %s", box.last.err);
	SAYS("another attempt");
	cr_expect_str_eq(status_now(), "approved");
	merchant_expect_nothing(&shop);
}

Test(story_atelio, an_american_owner_who_fails_is_rejected_and_may_try_again)
{
	start(american, california);
	report("bureau", "failed");
	cr_expect_str_eq(status_now(), "rejected");
	SHOP_HEARS("{\"event\":\"kyc.verification.failure\",\"beneficial_owner_id\":\"ID\",\"customer_id\":"
		   "\"ID\",\"occurred_at\":\"TIME\",\"reasons\":[\"data_mismatch\"],\"custom_tags\":{}}");
	MERCHANT_SAYS("session", "resubmit", "bo-1");
	SHOP_HEARS(REVIEWED);
	report("bureau", "passed");
	DONE("process", "bo-1");
	cr_expect_str_eq(status_now(), "approved");
	SHOWS("attempts[0].result: rejected", "attempts[1].result: approved");
	SHOP_HEARS(SUCCESS);
}

Test(story_atelio, a_po_box_fails_with_its_own_code)
{
	/* The step's rule refuses a PO box as input; an import line may have one, and the case is then rejected. */
	char *line = line_of("completed", po_box);

	box_import(&box, line);
	cr_expect_str_eq(status_now(), "rejected");
	SHOP_HEARS("{\"event\":\"kyc.verification.failure\",\"beneficial_owner_id\":\"ID\",\"customer_id\":\"ID\","
		   "\"occurred_at\":"
		   "\"TIME\",\"reasons\":[\"data_mismatch\"],\"error_code\":\"po_box_failure\",\"description\":"
		   "\"Customer address is a PO Box. Request a new address\",\"custom_tags\":{}}");
}

#define UNDER_REVIEW                                                                                                   \
	"{\"event\":\"kyc.verification.under_review\",\"beneficial_owner_id\":\"ID\",\"customer_id\":\"ID\","          \
	"\"occurred_at\":\"TIME\","                                                                                    \
	"\"reasons\":[\"Foreign Beneficial Owner\"],\"custom_tags\":{}}"

Test(story_atelio, a_foreign_owner_who_fails_goes_to_review_and_ends_with_success)
{
	hand_in("", lisbon);
	report("bureau", "failed");
	report("ofac", "passed"); /* the only check that a foreign owner needs */
	cr_expect_str_eq(status_now(), "manual_review");
	SHOP_HEARS(UNDER_REVIEW);
	ENDS_JSON(4, "approve", "bo-1"); /* a failed check blocks */
	DONE("--as", "lea", "check", "waive", "bo-1", "bureau", "--reason", "verified by the consulate in Lisbon");
	DONE("approve", "bo-1", "--grace", "0");
	SHOP_HEARS(SUCCESS);
}

Test(story_atelio, a_foreign_owner_who_fails_goes_to_review_and_ends_with_failure)
{
	hand_in("", lisbon);
	report("bureau", "failed");
	report("ofac", "passed"); /* the only check that a foreign owner needs */
	SHOP_HEARS(UNDER_REVIEW);
	DONE("reject", "bo-1", "--reason", "data_mismatch", "--note", "explained in full", "--grace", "0");
	SHOP_HEARS("{\"event\":\"kyc.verification.failure\",\"beneficial_owner_id\":\"ID\",\"customer_id\":"
		   "\"ID\",\"occurred_at\":\"TIME\",\"reasons\":[\"data_mismatch\"],\"custom_tags\":{}}");
}

/* The texts of times cannot be compared, because a whole second is written without a fraction. */
static int64_t time_at(const char *path)
{
	struct error error = { 0 };
	int64_t ms = 0;

	cr_assert_eq(time_parse(json_path_text(box.json, path), false, &ms, &error), ERR_OK, "%s: %s", path,
		     error.message);
	return ms;
}

Test(story_atelio, an_error_and_a_timeout_may_be_retried)
{
	start(american, california);
	report("bureau", "error");
	cr_expect_str_eq(status_now(), "completed");
	BLOCKED("check_failed");
	SHOP_HEARS("{\"event\":\"kyc.verification.error\",\"beneficial_owner_id\":\"ID\",\"customer_id\":"
		   "\"ID\",\"occurred_at\":\"TIME\",\"custom_tags\":{}}");
	report("bureau", "timeout");
	cr_expect_str_eq(status_now(), "completed");
	SHOP_HEARS("{\"event\":\"kyc.verification.timeout\",\"beneficial_owner_id\":\"ID\",\"customer_id\":"
		   "\"ID\",\"occurred_at\":\"TIME\",\"custom_tags\":{}}");
	report("bureau", "passed");
	cr_expect_str_eq(status_now(), "approved");
	SHOWS("attempts[0].result: error", "attempts[1].result: timeout");
	cr_expect_leq(time_at("attempts[1].submitted_at"), time_at("attempts[1].ended_at"),
		      "an attempt ended before it began: %s", box.last.out);
	SHOWS("attempts[2].result: approved");
	SHOP_HEARS(SUCCESS);
}

Test(story_atelio, results_that_are_still_to_come_are_waited_for)
{
	start(american, california);
	cr_expect_str_eq(status_now(), "processing");
	ENDS_JSON(4, "process", "bo-1");
	cr_expect(strstr(json_path_text(box.json, "error.message"), "bureau"), "%s", box.last.out);
	merchant_expect_nothing(&shop);
	report("bureau", "passed");
	cr_expect_str_eq(status_now(), "approved");
	SHOP_HEARS(SUCCESS);
}

Test(story_atelio, documents_are_asked_for_each_with_a_link_of_its_own)
{
	start_with_results("{\"final_decision\":\"manual_review\"}");
	cr_expect_str_eq(status_now(), "manual_review");
	SHOP_HEARS("{\"event\":\"kyc.verification.under_review\",\"beneficial_owner_id\":\"ID\",\"customer_"
		   "id\":\"ID\",\"occurred_at\":\"TIME\",\"custom_tags\":{}}");
	DONE("corrections", "bo-1", "--step", "documents", "--document", "government_id", "--document",
	     "proof_of_address", "--document", "social_security_card", "--message",
	     "The name does not match the number.", "--grace", "0");
	SHOP_HEARS("{\"event\":\"kyc.verification.document_required\",\"beneficial_owner_id\":\"ID\",\"customer_id\":"
		   "\"ID\","
		   "\"occurred_at\":\"TIME\",\"documents\":[{\"document_type\":\"government_id\",\"upload_link\":"
		   "\"http://127.0.0.1:8080/s/"
		   "TOKEN\",\"status\":\"required\"},{\"document_type\":\"proof_of_address\",\"upload_link\":"
		   "\"http://127.0.0.1:8080/s/"
		   "TOKEN\",\"status\":\"required\"},{\"document_type\":\"social_security_card\","
		   "\"upload_link\":\"http://127.0.0.1:8080/s/TOKEN\",\"status\":\"required\"}],\"custom_tags\":{}}");
	static const char *const types[] = { "government_id", "proof_of_address", "social_security_card" };
	for (size_t i = 0; i < 3; i++) {
		ENDS_JSON(4, "correction", "hand-in", "bo-1", "--for", "client");
		DONE("document", "add", "bo-1", types[i], "a.pdf", "--for", "client");
	}
	/* Seed: "After the beneficial owner has submitted all of the required documents requested", with no other
	 * call. */
	SHOP_HEARS("{\"event\":\"kyc.verification.under_review\",\"beneficial_owner_id\":\"ID\",\"customer_"
		   "id\":\"ID\",\"occurred_at\":\"TIME\",\"custom_tags\":{}}");
	cr_expect_str_eq(status_now(), "manual_review");
	SHOWS("returned = true", "corrections[0].before.documents has 0", "corrections[0].after.documents has 3");
	char *correction = kept(&box, "corrections[0].id");
	for (size_t i = 0; i < 3; i++)
		DONE("document", "accept", "bo-1", types[i]);
	DONE("corrections", "bo-1", "--accept", correction);
	DONE("approve", "bo-1", "--grace", "0");
	SHOP_HEARS(SUCCESS);
}

Test(story_atelio, fields_asked_about_are_seen_before_and_after)
{
	/* The last result is processed on arrival, without a read in between. */
	start_with_results("{\"final_decision\":\"flagged\"}");
	DONE("corrections", "bo-1", "--step", "identity", "--field", "first_name", "--field", "ssn", "--message",
	     "As in the passport, please.");
	DONE("step", "save", "bo-1", "identity", "--field", "first_name=Borys", "--for", "client");
	ENDS_JSON(4, "correction", "hand-in", "bo-1", "--for", "client"); /* the SSN is still unchanged */
	DONE("step", "save", "bo-1", "identity", "--field", "ssn=123-45-6780", "--for", "client");
	DONE("correction", "hand-in", "bo-1", "--for", "client");
	GIVES(("show", "bo-1"), "corrections[0].before.fields.first_name: Boris",
	      "corrections[0].after.fields.first_name: Borys");
	PRINTS_NOT("123-45-67"); /* the SSN is masked, before and after */
	TELLS(("show", "bo-1"), "first_name: Boris → Borys");
}
