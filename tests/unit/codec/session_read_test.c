#include "codec_support.h"
#include "kybdesk/base/digest.h"
#include "support/texts.h"
#include <string.h>

#define ID_A "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01"
#define ID_B "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a02"

static const char *document_with_subject(const char *more)
{
	return arena_printf(&arena,
			    "{'workflow':'ralio-kyb','kind':'kyb','merchant':'m','status':'active','external_ref':'"
			    "R-1','subject':{%s}}",
			    more);
}

static struct session_document read_whole(const char *text)
{
	struct session_document document;
	enum err err = session_reading(text, &document);
	cr_assert(err == ERR_OK, "%s: %s", text, error.message);
	return document;
}

/* One row: a valid text, an invalid one, the error's path and its message. */
struct rule {
	const char *good, *bad, *path, *message;
};

static void expect_rules(const struct rule *rules, size_t count, const char *(*around)(const char *))
{
	for (size_t i = 0; i < count; i++) {
		(void)read_whole(around(rules[i].good));
		expect_refused_at(around(rules[i].bad), rules[i].path, rules[i].message);
	}
}
#define EXPECT_RULES(around, ...)                                                                                      \
	do {                                                                                                           \
		static const struct rule rules[] = { __VA_ARGS__ };                                                    \
		expect_rules(rules, sizeof rules / sizeof *rules, around);                                             \
	} while (0)

static const char *skip_validation(const char *text)
{
	return text;
}

#define SUBJECT "'subject':{'kind':'business','name':'Lane Ltd'}"
#define WHOLE "{'workflow':'w','kind':'kyb','merchant':'m','status':'active','external_ref':'R'," SUBJECT "}"

SPEC(session_read, what_is_required_must_be_there)
{
	EXPECT_RULES(skip_validation,
		     { WHOLE, "{'kind':'kyb','merchant':'m','status':'active','external_ref':'R'," SUBJECT "}",
		       "workflow", "is required" },
		     { WHOLE, "{'workflow':'w','merchant':'m','status':'active','external_ref':'R'," SUBJECT "}",
		       "kind", "is required" },
		     { WHOLE, "{'workflow':'w','kind':'kyb','status':'active','external_ref':'R'," SUBJECT "}",
		       "merchant", "is required" },
		     { WHOLE, "{'workflow':'w','kind':'kyb','merchant':'m','external_ref':'R'," SUBJECT "}", "status",
		       "is required" },
		     { "{'workflow':'w','kind':'kyb','merchant':'m','status':'active','id':'" ID_A "'," SUBJECT "}",
		       "{'workflow':'w','kind':'kyb','merchant':'m','status':'active'," SUBJECT "}", "external_ref",
		       "is required if the session has no id" },
		     { WHOLE, "{'workflow':'w','kind':'kyb','merchant':'m','status':'active','external_ref':'R'}",
		       "subject", "is required" },
		     { WHOLE,
		       "{'workflow':'','kind':'kyb','merchant':'m','status':'active','external_ref':'R'," SUBJECT "}",
		       "workflow", "is empty" },
		     { WHOLE, "[" WHOLE "]", "", "expected an object, found an array" },
		     { WHOLE, "null", "", "expected an object" }, );
}

SPEC(session_read, the_subject_needs_its_kind_and_name)
{
	EXPECT_RULES(document_with_subject,
		     { "'kind':'individual','name':'A'", "'name':'A'", "subject.kind", "is required" },
		     { "'kind':'individual','name':'A'", "'kind':'individual'", "subject.name", "is required" },
		     { "'kind':'individual','name':'A'", "'kind':'person','name':'A'", "subject.kind",
		       "is 'person'; allowed: business, individual" });
}

SPEC(session_read, unknown_keys_are_refused_with_the_nearest_known_one)
{
	EXPECT_RULES(document_with, { "'risk_score':1", "'risk_scor':1", "risk_scor", "did you mean 'risk_score'?" },
		     { "'steps':[{'id':'s','status':'pending'}]", "'steps':[{'id':'s','state':'pending'}]",
		       "steps[0].state", "did you mean 'status'?" },
		     { "'documents':[{'type':'T','file_name':'n'}]", "'documents':[{'type':'T','filename':'n'}]",
		       "documents[0].filename", "did you mean 'file_name'?" },
		     { "'parties':[{'kind':'company','name':'N','tax_id':'1'}]",
		       "'parties':[{'kind':'company','name':'N','taxid':'1'}]", "parties[0].taxid",
		       "did you mean 'tax_id'?" },
		     { "'checks':[{'kind':'ofac','status':'passed','score':1}]",
		       "'checks':[{'kind':'ofac','status':'passed','scores':1}]", "checks[0].scores",
		       "did you mean 'score'?" },
		     { "'checks':[{'kind':'ofac','status':'hit','hits':[{'name':'x','list':'l'}]}]",
		       "'checks':[{'kind':'ofac','status':'hit','hits':[{'name':'x','lists':'l'}]}]",
		       "checks[0].hits[0].lists", "did you mean 'list'?" },
		     { "'risk_factors':[{'code':'c','points':1}]", "'risk_factors':[{'code':'c','point':1}]",
		       "risk_factors[0].point", "did you mean 'points'?" },
		     { "'notes':[{'text':'t','by':'b'}]", "'notes':[{'text':'t','author':'b'}]", "notes[0].author",
		       "known: text, by, at" },
		     { "'parties':[{'kind':'company','name':'N','addresses':[{'city':'c'}]}]",
		       "'parties':[{'kind':'company','name':'N','addresses':[{'town':'c'}]}]",
		       "parties[0].addresses[0].town", "is not known here" },
		     { "'parties':[{'kind':'company','name':'N','owns':[{'of':null,'percent':'1'}]}]",
		       "'parties':[{'kind':'company','name':'N','owns':[{'off':null,'percent':'1'}]}]",
		       "parties[0].owns[0].off", "did you mean 'of'?" },
		     { "'decisions':[{'decision':'approve','by':'a','at':'2026-01-01T00:00:00Z'}]",
		       "'decisions':[{'decision':'approve','by':'a','at':'2026-01-01T00:00:00Z','why':1}]",
		       "decisions[0].why", "is not known here" },
		     { "'corrections':[{'step_id':'s'}]", "'corrections':[{'step_id':'s','steps':1}]",
		       "corrections[0].steps", "is not known here" }, );
}

SPEC(session_read, keys_are_free_where_the_provider_s_own_data_stands)
{
	struct session_document document = read_whole(document_with(
		"'custom_tags':{'any':1},'steps':[{'id':'s','fields':{'anything':{'x':[1,2.50]}}}],'parties':[{'"
		"kind':'company','name':'N','fields':{'free':true}}],'checks':[{'kind':'web','status':'passed','"
		"detail':{'free':0.83}}],'processing_results':{'extraction_results':[]}"));
	cr_expect_str_eq(document.file.steps[0].fields_json, json_of("{'anything':{'x':[1,2.5]}}"));
	cr_expect_str_eq(document.file.checks[0].detail_json, json_of("{'free':0.83}"));
	cr_expect_str_eq(document.file.session.custom_tags_json, json_of("{'any':1}"));
	cr_expect_str_eq(document.file.parties[0].fields_json, json_of("{'free':true}"));
	cr_expect_str_eq(document.file.session.processing_results_json, json_of("{'extraction_results':[]}"));
}

SPEC(session_read, values_of_another_kind_are_refused)
{
	EXPECT_RULES(document_with,
		     { "'decision_reason':'x'", "'decision_reason':1", "decision_reason",
		       "expected a string, found a number" },
		     { "'custom_tags':{}", "'custom_tags':[]", "custom_tags", "expected an object, found an array" },
		     { "'steps':[]", "'steps':{}", "steps", "expected an array, found an object" },
		     { "'steps':[{'id':'s'}]", "'steps':['s']", "steps[0]", "expected an object, found a string" },
		     { "'steps':[{'id':'s','fields':{}}]", "'steps':[{'id':'s','fields':[]}]", "steps[0].fields",
		       "expected an object, found an array" },
		     { "'returned':true", "'returned':'yes'", "returned", "expected true or false, found a string" },
		     { "'risk_score':3", "'risk_score':'3'", "risk_score", "expected a whole number, found a string" },
		     { "'risk_score':3", "'risk_score':3.5", "risk_score", "found a fraction" },
		     { "'documents':null", "'documents':true", "documents", "expected an array, found true or false" },
		     { "'checks':[{'kind':'web','status':'passed','score':0.5}]",
		       "'checks':[{'kind':'web','status':'passed','score':'0.5'}]", "checks[0].score",
		       "expected a number from 0 to 1, found a string" },
		     { "'parties':[{'kind':'company','name':'N','roles':['ubo']}]",
		       "'parties':[{'kind':'company','name':'N','roles':'ubo'}]", "parties[0].roles",
		       "expected an array, found a string" }, );
}

SPEC(session_read, numbers_stay_in_their_range)
{
	EXPECT_RULES(
		document_with, { "'risk_score':100", "'risk_score':101", "risk_score", "is 101; allowed: 0 to 100" },
		{ "'risk_score':0", "'risk_score':-1", "risk_score", "is -1; allowed: 0 to 100" },
		{ "'checks':[{'kind':'web','status':'passed','score':1}]",
		  "'checks':[{'kind':'web','status':'passed','score':1.01}]", "checks[0].score", "allowed: 0 to 1" });
}

SPEC(session_read, words_are_those_of_the_domain)
{
	EXPECT_RULES(
		document_with,
		{ "'final_decision':'flagged'", "'final_decision':'flaged'", "final_decision",
		  "did you mean 'flagged'?" },
		{ "'steps':[{'id':'s','status':'skipped'}]", "'steps':[{'id':'s','status':'skiped'}]",
		  "steps[0].status", "did you mean 'skipped'?" },
		{ "'documents':[{'type':'T','upload':'waiting'}]", "'documents':[{'type':'T','upload':'wating'}]",
		  "documents[0].upload",
		  "allowed: required, waiting, processing, ready, rejected; did you mean 'waiting'?" },
		{ "'documents':[{'type':'T','review':'accepted'}]", "'documents':[{'type':'T','review':'acepted'}]",
		  "documents[0].review", "allowed: unreviewed, accepted, rejected" },
		{ "'documents':[{'type':'T','side':'back'}]", "'documents':[{'type':'T','side':'rear'}]",
		  "documents[0].side", "allowed: front, back" },
		{ "'parties':[{'kind':'company','name':'N'}]", "'parties':[{'kind':'firm','name':'N'}]",
		  "parties[0].kind", "allowed: individual, company" },
		{ "'parties':[{'kind':'company','name':'N','roles':['director']}]",
		  "'parties':[{'kind':'company','name':'N','roles':['ubo','directer']}]", "parties[0].roles[1]",
		  "did you mean 'director'?" },
		{ "'checks':[{'kind':'watchlist','status':'passed'}]",
		  "'checks':[{'kind':'watch_list','status':'passed'}]", "checks[0].kind", "did you mean 'watchlist'?" },
		{ "'checks':[{'kind':'watchlist','status':'passed'}]",
		  "'checks':[{'kind':'watchlist','status':'pased'}]", "checks[0].status", "did you mean 'passed'?" },
		{ "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','class':'pep'}]}]",
		  "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','class':'pop'}]}]",
		  "checks[0].hits[0].class", "did you mean 'pep'?" },
		{ "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','state':'open'}]}]",
		  "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','state':'opened'}]}]",
		  "checks[0].hits[0].state", "did you mean 'open'?" },
		{ "'corrections':[{'step_id':'s','state':'answered'}]",
		  "'corrections':[{'step_id':'s','state':'answerd'}]", "corrections[0].state",
		  "did you mean 'answered'?" },
		{ "'decisions':[{'decision':'reject','by':'a','at':'2026-01-01T00:00:00Z'}]",
		  "'decisions':[{'decision':'refuse','by':'a','at':'2026-01-01T00:00:00Z'}]", "decisions[0].decision",
		  "allowed: approve, reject, corrections, reopen, undo" }, );
}

SPEC(session_read, an_unknown_status_names_all_ten)
{
	expect_refused_at(
		"{'workflow':'w','kind':'kyb','merchant':'m','status':'in_review','external_ref':'R'," SUBJECT "}",
		"status",
		"is 'in_review'; allowed: draft, active, completed, processing, processed, expired, approved, "
		"rejected, manual_review, awaiting_client_correction");
}

SPEC(session_read, parts_need_what_names_them)
{
	EXPECT_RULES(
		document_with, { "'steps':[{'id':'s'}]", "'steps':[{}]", "steps[0].id", "is required" },
		{ "'documents':[{'type':'T'}]", "'documents':[{}]", "documents[0].type", "is required" },
		{ "'parties':[{'kind':'company','name':'N'}]", "'parties':[{'kind':'company'}]", "parties[0].name",
		  "is required" },
		{ "'parties':[{'kind':'company','name':'N'}]", "'parties':[{'name':'N'}]", "parties[0].kind",
		  "is required" },
		{ "'checks':[{'kind':'web','status':'passed'}]", "'checks':[{'kind':'web'}]", "checks[0].status",
		  "is required" },
		{ "'risk_factors':[{'code':'c'}]", "'risk_factors':[{'points':1}]", "risk_factors[0].code",
		  "is required" },
		{ "'notes':[{'text':'t'}]", "'notes':[{'by':'b'}]", "notes[0].text", "is required" },
		{ "'corrections':[{'step_id':'s'}]", "'corrections':[{}]", "corrections[0].step_id", "is required" },
		{ "'corrections':[{'step_id':'s','field_ids':['f']}]",
		  "'corrections':[{'step_id':'s','field_ids':['f','']}]", "corrections[0].field_ids[1]",
		  "is empty" }, );
}

SPEC(session_read, ids_are_uuids_and_each_is_given_once)
{
	EXPECT_RULES(document_with, { "'parent_id':'" ID_A "'", "'parent_id':'17'", "parent_id", "is not a UUID" },
		     { "'documents':[{'type':'T','id':'" ID_A "'},{'type':'T','id':'" ID_B "'}]",
		       "'documents':[{'type':'T','id':'" ID_A "'},{'type':'T','id':'" ID_A "'}]", "documents[1].id",
		       "which is used earlier" },
		     { "'parties':[{'kind':'company','name':'N','id':'" ID_A "'},{'kind':'company','name':'N'}]",
		       "'parties':[{'kind':'company','name':'N','id':'" ID_A
		       "'},{'kind':'company','name':'O','id':'" ID_A "'}]",
		       "parties[1].id", "which is used earlier" },
		     { "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','id':'" ID_A "'},{'name':'y'}]}]",
		       "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','id':'" ID_A
		       "'},{'name':'y','id':'" ID_A "'}]}]",
		       "checks[0].hits[1].id", "which is used earlier" },
		     { "'steps':[{'id':'a'},{'id':'b'}]", "'steps':[{'id':'a'},{'id':'a'}]", "steps[1].id",
		       "which is used earlier" }, );
}

SPEC(session_read, ids_are_kept_in_lower_case)
{
	struct session_document document = read_whole(document_with("'id':'0B0F8A52-6A55-4C53-9D3E-5F5F2B8F1A01'"));
	cr_expect_str_eq(document.file.session.id, ID_A);
}

SPEC(session_read, dates_and_times_are_real_ones)
{
	EXPECT_RULES(document_with,
		     { "'submitted_at':'2026-11-03T10:00:00+02:00'", "'submitted_at':'2026-11-03'", "submitted_at",
		       "write it in RFC 3339" },
		     { "'created_at':'2026-02-28T00:00:00Z'", "'created_at':'2026-02-30T00:00:00Z'", "created_at",
		       "is '2026-02-30T00:00:00Z', which is not a time" },
		     { "'documents':[{'type':'T','expires_on':'2030-01-31'}]",
		       "'documents':[{'type':'T','expires_on':'31.1.2030'}]", "documents[0].expires_on",
		       "write it as YYYY-MM-DD" },
		     { "'parties':[{'kind':'individual','name':'N','date_of_birth':'1984-02-29'}]",
		       "'parties':[{'kind':'individual','name':'N','date_of_birth':'1985-02-29'}]",
		       "parties[0].date_of_birth", "is not a date" }, );
	EXPECT_RULES(document_with_subject, { "'kind':'business','name':'N','incorporated_on':'2015-03-12'",
					      "'kind':'business','name':'N','incorporated_on':'2015-3-12'",
					      "subject.incorporated_on", "write it as YYYY-MM-DD" });
}

SPEC(session_read, masked_values_are_not_read_back_as_data)
{
	EXPECT_RULES(document_with_subject,
		     { "'kind':'individual','name':'N','date_of_birth':'1984-02-11'",
		       "'kind':'individual','name':'N','date_of_birth':'****-**-**'", "subject.date_of_birth",
		       "--reveal" },
		     { "'kind':'individual','name':'N','tax_id':'GB123456789'",
		       "'kind':'individual','name':'N','tax_id':'*******6789'", "subject.tax_id", "--reveal" });
}

SPEC(session_read, countries_are_known_and_stored_as_alpha_3)
{
	static const char *const forms[] = { "GB", "gbr", "United Kingdom", "uk" };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct session_document document = read_whole(document_with_subject(arena_printf(
			&arena, "'kind':'business','name':'N','country':'%s','address':{'city':'B','country':'%s'}",
			forms[i], forms[i])));
		cr_expect_str_eq(document.file.session.subject.country, "GBR");
		cr_expect_str_eq(document.file.session.subject.address_json, json_of("{'city':'B','country':'GBR'}"));
	}
	EXPECT_RULES(document_with_subject,
		     { "'kind':'business','name':'N','country':'Germany'",
		       "'kind':'business','name':'N','country':'Germny'", "subject.country",
		       "did you mean 'Germany'?" },
		     { "'kind':'business','name':'N','address':{'country':'PT'}",
		       "'kind':'business','name':'N','address':{'country':'Atlantis'}", "subject.address.country",
		       "is 'Atlantis', which is not a country" });
}

#define PARTY(more) "'parties':[{'kind':'company','name':'Lane Holdings','id':'" ID_A "'" more "}]"
#define TWO(more)                                                                                                      \
	"'parties':[{'kind':'company','name':'Lane Holdings','id':'" ID_A "'},{'kind':'individual','name':'Ines'" more \
	"}]"

SPEC(session_read, shares_are_decimal_strings_of_at_most_a_hundred)
{
	EXPECT_RULES(document_with,
		     { PARTY(",'ownership_percent':'60'"), PARTY(",'ownership_percent':60"),
		       "parties[0].ownership_percent", "expected a string, found a number" },
		     { PARTY(",'ownership_percent':'100'"), PARTY(",'ownership_percent':'100.000001'"),
		       "parties[0].ownership_percent", "a share must be at most 100" },
		     { PARTY(",'ownership_percent':'0.5'"), PARTY(",'ownership_percent':'1e2'"),
		       "parties[0].ownership_percent", "is not a percentage" },
		     { PARTY(",'ownership_percent':'5'"), PARTY(",'ownership_percent':'-5'"),
		       "parties[0].ownership_percent", "is not a percentage" },
		     { PARTY(",'ownership_percent':'>25-50'"), PARTY(",'ownership_percent':'50-25'"),
		       "parties[0].ownership_percent", "is not a range of percentages; write it like 25-50" },
		     { PARTY(",'owns':[{'of':null,'percent':'50-<75'}]"),
		       PARTY(",'owns':[{'of':null,'percent':'50-101'}]"), "parties[0].owns[0].percent",
		       "is not a range of percentages" },
		     { PARTY(",'owns':[{'of':null,'percent':'5'}]"), PARTY(",'owns':[{'of':null}]"),
		       "parties[0].owns[0].percent", "is required" },
		     { PARTY(",'owns':[{'of':null,'percent':'5'}]"),
		       PARTY(",'owns':[{'of':null,'percent':'5'},{'of':null,'percent':'6'}]"), "parties[0].owns[1]",
		       "names the same company as owns[0]" },
		     { PARTY(",'owns':[{'of':null,'percent':'5'}]"),
		       PARTY(",'ownership_percent':'5','owns':[{'of':null,'percent':'5'}]"),
		       "parties[0].ownership_percent", "cannot be combined with owns" }, );
}

SPEC(session_read, references_name_a_party_of_the_document)
{
	EXPECT_RULES(document_with,
		     { TWO(",'ownership_percent':'9','owner_of':'" ID_A "'"),
		       TWO(",'ownership_percent':'9','owner_of':'" ID_B "'"), "parties[1].owner_of",
		       "is not a party of this session document" },
		     { TWO(",'ownership_percent':'9','owner_of':'Lane Holdings'"),
		       TWO(",'ownership_percent':'9','owner_of':'Lane Holding'"), "parties[1].owner_of",
		       "is not a party of this session document" },
		     { TWO(",'ownership_percent':'9','owner_of':'Lane Holdings'"), TWO(",'owner_of':'Lane Holdings'"),
		       "parties[1].ownership_percent", "is required together with owner_of" },
		     { TWO(",'owns':[{'of':'Lane Holdings','percent':'9'}]"),
		       TWO(",'owns':[{'of':'nobody','percent':'9'}]"), "parties[1].owns[0].of",
		       "is not a party of this session document" }, );
}

SPEC(session_read, a_name_that_two_parties_have_is_no_reference)
{
	expect_refused_at(document_with("'parties':[{'kind':'company','name':'Same'},{'kind':'company','name':'Same'},"
					"{'kind':'individual','name':'I','ownership_percent':'1','owner_of':'Same'}]"),
			  "parties[2].owner_of", "a name that several parties have");
}

SPEC(session_read, ownership_reads_the_short_form_and_the_list)
{
	struct session_document document = read_whole(
		document_with(TWO(",'owns':[{'of':'Lane Holdings','percent':'90'},{'of':null,'percent':'2.5'}]")));
	const struct party *ines = &document.file.parties[1];
	cr_assert_eq(ines->share_count, 2);
	cr_expect_str_eq(ines->shares[0].owned_party_id, ID_A);
	cr_expect_str_eq(ines->shares[0].percent, "90");
	cr_expect_str_eq(ines->shares[1].owned_party_id, "");
	document = read_whole(document_with(PARTY(",'ownership_percent':'60','owner_of':null")));
	cr_assert_eq(document.file.parties[0].share_count, 1);
	cr_expect_str_eq(document.file.parties[0].shares[0].owned_party_id, "");
	document = read_whole(document_with(PARTY(",'ownership_percent':'','owner_of':null")));
	cr_expect_eq(document.file.parties[0].share_count, 0);
}

SPEC(session_read, a_party_referred_to_by_name_gets_the_same_id_each_time)
{
	const char *text = document_with("'parties':[{'kind':'company','name':'Later'},{'kind':'individual','name':"
					 "'I','ownership_percent':'1','owner_of':'Later'}]");
	struct session_document first = read_whole(text), second = read_whole(text);
	cr_expect(uuid_is_valid(first.file.parties[0].id));
	cr_expect_str_eq(first.file.parties[0].id, second.file.parties[0].id);
	cr_expect_str_eq(first.file.parties[1].shares[0].owned_party_id, first.file.parties[0].id);
	cr_expect_str_eq(first.file.parties[1].id, "");
}

SPEC(session_read, such_an_id_is_the_one_that_its_place_gives)
{
	struct session_document document = read_whole(document_with(
		"'parties':[{'kind':'company','name':'C'},{'kind':'company','name':'D','ownership_percent':'1','"
		"owner_of':'C'},{'kind':'company','name':'E','ownership_percent':'1','owner_of':'D'}]"));
	char session_id[UUID_TEXT_SIZE], expected[UUID_TEXT_SIZE];
	const char *const whole[] = { "session", "m", "ralio-kyb", "R-1" };
	uuid_derive(session_id, whole, 4);
	const char *const part[] = { "party", session_id, "1" };
	uuid_derive(expected, part, 3);
	cr_expect_str_eq(document.file.parties[1].id, expected);
}

SPEC(session_read, files_stay_below_the_imported_file_s_folder)
{
	EXPECT_RULES(document_with,
		     { "'documents':[{'type':'T','file':'files/a.pdf'}]",
		       "'documents':[{'type':'T','file':'../a.pdf'}]", "documents[0].file",
		       "outside the imported file's folder" },
		     { "'documents':[{'type':'T','file':'files/..a/b..pdf'}]",
		       "'documents':[{'type':'T','file':'files/x/../../../a.pdf'}]", "documents[0].file",
		       "outside the imported file's folder" },
		     { "'documents':[{'type':'T','file':'a'}]", "'documents':[{'type':'T','file':'/etc/passwd'}]",
		       "documents[0].file", "an absolute path" },
		     { "'documents':[{'type':'T','file':'a'}]", "'documents':[{'type':'T','file':'a/'}]",
		       "documents[0].file", "a folder" }, );
}

SPEC(session_read, a_document_is_ready_with_a_file_and_required_without)
{
	struct session_document document =
		read_whole(document_with("'documents':[{'type':'T','file':'files/n.pdf'},{'type':'U'}]"));
	cr_expect_eq(document.file.documents[0].upload, UPLOAD_READY);
	cr_expect_str_eq(document.file.documents[0].file_name, "n.pdf");
	cr_expect_eq(document.file.documents[1].upload, UPLOAD_REQUIRED);
}

SPEC(session_read, a_hit_that_does_not_say_what_it_is_counts_as_the_gravest)
{
	struct session_document document =
		read_whole(document_with("'checks':[{'kind':'watchlist','status':'hit','hits':[{'name':'x'}]},{'"
					 "kind':'adverse_media','status':'hit','hits':[{'name':'x'}]}]"));
	cr_expect_eq(document.file.checks[0].hits[0].class_, HIT_SANCTIONS);
	cr_expect_eq(document.file.checks[1].hits[0].class_, HIT_ADVERSE_MEDIA);
	cr_expect_eq(document.file.checks[0].hits[0].state, HIT_OPEN);
	cr_expect(document.file.checks[0].hits[0].score < 0);
}

SPEC(session_read, empty_and_null_mean_absent)
{
	struct session_document document = read_whole(document_with(
		"'id':'','risk_score':null,'submitted_at':null,'created_at':'','parties':null,'final_decision':'','"
		"expires_at':'2026-12-02T09:14:00Z','documents':[{'type':'T','upload':'','expires_on':''}]"));
	cr_expect_eq(document.file.session.risk_score, RISK_NONE);
	cr_expect_not(document.has_submitted_at);
	cr_expect_not(document.has_created_at);
	cr_expect(document.has_expires_at);
	cr_expect_not(document.has_level);
	cr_expect_eq(document.file.documents[0].expires_on, TIME_NONE);
	cr_expect_eq(document.file.session.final_decision, FINAL_NONE);
}

SPEC(session_read, what_show_adds_is_accepted)
{
	(void)read_whole(
		document_with("'compliance_status':'pending','version':4,'blockers':[{'code':'x'}],'assignee':'ana'"
			      ",'due_at':null,'parties':[{'kind':'company','name':'N','effective_percent':'54','"
			      "beneficial_owner':true,'session':null}],'documents':[{'type':'T','sha256':'00','"
			      "size':3,'media_type':'application/pdf'}]"));
}

SPEC(session_read, a_value_of_16_kib_is_kept_and_one_byte_more_refused)
{
	char *text = arena_alloc(&arena, SESSION_VALUE_MAX + 2);
	memset(text, 'x', SESSION_VALUE_MAX);
	struct session_document document = read_whole(document_with(
		arena_printf(&arena, "'steps':[{'id':'s','fields':{'f':['%s']}}],'decision_reason':'%s'", text, text)));
	cr_expect_str_eq(document.file.session.decision_reason, text);
	text[SESSION_VALUE_MAX] = 'x';
	expect_refused_at(document_with(arena_printf(&arena, "'decision_reason':'%s'", text)), "decision_reason",
			  "is 16385 bytes long; at most 16384");
	expect_refused_at(document_with(arena_printf(&arena, "'steps':[{'id':'s','fields':{'f':['%s']}}]", text)),
			  "steps[0].fields.f[0]", "is 16385 bytes long");
	expect_refused_at(document_with(arena_printf(&arena, "'custom_tags':{'%s':1}", text)), "custom_tags",
			  "has a key of 16385 bytes");
}

SPEC(session_read, hostile_text_is_stored_as_given)
{
	struct session_document document = read_whole(document_with_subject(
		"'kind':'business','name':'\\u001b[2J\\u202eevil\xe2\x80\xae\xf3\xa0\x81\x81\\r\\n'"));
	cr_expect_str_eq(document.file.session.subject.name, "\x1b[2J\xe2\x80\xae"
							     "evil\xe2\x80\xae\xf3\xa0\x81\x81\r\n");
}

SPEC(session_read, broken_text_is_refused)
{
	struct session_document document;
	cr_expect(session_reading(document_with("'decision_reason':'a','decision_reason':'b'"), &document) ==
		  ERR_INVALID);
	cr_expect_str_eq(error.field, "decision_reason");
	expect_contains(error.message, "the key 'decision_reason' appears twice", "duplicate");
	cr_expect(session_reading(document_with("'decision_reason':'\xff'"), &document) == ERR_INVALID);
	expect_contains(error.message, "not valid UTF-8 at byte ", "UTF-8");
	cr_expect(session_reading(document_with("'decision_reason':'a\\u0000b'"), &document) == ERR_INVALID);
	expect_contains(error.message, "U+0000 is not allowed", "NUL");
	cr_expect(session_reading("{'workflow':", &document) == ERR_INVALID);
	expect_contains(error.message, "ends too early", "cut");
}

SPEC(session_read, nesting_bombs_are_refused)
{
	struct strbuf bomb = STRBUF_INIT;
	strbuf_addn(&bomb, '[', 70);
	strbuf_addn(&bomb, ']', 70);
	struct session_document document;
	const char *text = document_with(arena_printf(&arena, "'custom_tags':{'x':%s}", bomb.buf));
	cr_expect(session_reading(text, &document) == ERR_INVALID);
	expect_contains(error.message, "nested more than 64 levels deep", "bomb");
	strbuf_release(&bomb);
}

SPEC(session_read, an_outcome_is_one_of_the_words_wherever_it_stands)
{
	EXPECT_RULES(document_with,
		     { "'processing_results':{'final_decision':'approved'}",
		       "'processing_results':{'final_decision':'aproved'}", "processing_results.final_decision",
		       "is 'aproved'; allowed: approved, rejected, flagged, manual_review; did you mean 'approved'?" },
		     { "'processing_results':{'final_decision':null}",
		       "'processing_results':{'final_decision':'Rejected'}", "processing_results.final_decision",
		       "did you mean 'rejected'?" },
		     { "'processing_results':{'score':1}", "'processing_results':{'final_decision':true}",
		       "processing_results.final_decision", "expected a string" },
		     { "'final_decision':'flagged'", "'final_decision':'flaged'", "final_decision",
		       "did you mean 'flagged'?" }, );
}

SPEC(session_read, a_long_value_is_quoted_in_part)
{
	char *word = arena_alloc(&arena, 400);
	memset(word, 'z', 399);
	struct session_document document;
	cr_expect(session_reading(document_with(arena_printf(&arena, "'final_decision':'%s'", word)), &document) ==
		  ERR_INVALID);
	cr_expect(strlen(error.message) < 250, "%s", error.message);
	expect_contains(error.message, "zzz…'", "cut");
}

SPEC(session_read, a_subsession_inherits_from_its_party)
{
	struct session_document document = read_whole(
		document_with("'parties':[{'kind':'company','name':'C'},{'kind':'individual','name':'Ines','date_"
			      "of_birth':'1984-02-11','country':'PT','tax_id':'PT1','addresses':[{'city':'Porto'}],"
			      "'session':{'workflow':'generic-kyc','status':'active','compliance_status':'pending',"
			      "'external_ref':'K-1','documents':[{'type':'PASSPORT'}]}}]"));
	cr_expect_null(document.subsessions[0]);
	cr_assert_not_null(document.subsessions[1]);
	const struct session *nested = &document.subsessions[1]->session;
	cr_expect_eq(nested->kind, KIND_KYC);
	cr_expect_eq(nested->status, SESSION_ACTIVE);
	cr_expect_str_eq(nested->workflow, "generic-kyc");
	cr_expect_eq(nested->subject.kind, SUBJECT_INDIVIDUAL);
	cr_expect_str_eq(nested->subject.name, "Ines");
	cr_expect_str_eq(nested->subject.country, "PRT");
	cr_expect_str_eq(nested->subject.date_of_birth, "1984-02-11");
	cr_expect_str_eq(nested->subject.tax_id, "PT1");
	cr_expect_str_eq(nested->subject.address_json, json_of("{'city':'Porto'}"));
	cr_expect_eq(document.subsessions[1]->document_count, 1);
	cr_expect_eq(document.file.parties[1].session_status, SESSION_ACTIVE);
}

SPEC(session_read, an_empty_subsession_is_a_draft)
{
	struct session_document document =
		read_whole(document_with("'parties':[{'kind':'company','name':'C','session':{}}]"));
	cr_assert_not_null(document.subsessions[0]);
	cr_expect_eq(document.subsessions[0]->session.status, SESSION_DRAFT);
	cr_expect_str_eq(document.subsessions[0]->session.workflow, "");
	cr_expect_eq(document.subsessions[0]->session.subject.kind, SUBJECT_BUSINESS);
}

SPEC(session_read, mistakes_in_a_subsession_are_found_by_their_path)
{
	expect_refused_at(document_with("'parties':[{'kind':'company','name':'C','session':{'status':'alive'}}]"),
			  "parties[0].session.status", "is 'alive'");
	expect_refused_at(document_with("'parties':[{'kind':'company','name':'C','session':{'parties':[{'kind':'"
					"company','name':'D','session':{}}]}}]"),
			  "parties[0].session.parties[0].session", "is inside a subsession");
}

SPEC(session_read, a_document_arrives_decided_when_anything_in_it_is)
{
	static const char *const decided[] =
		TEXTS("'decisions':[{'decision':'approve','by':'a','at':'2026-01-01T00:00:00Z'}]", "'decided_by':'ana'",
		      "'documents':[{'type':'T','review':'accepted'}]", "'checks':[{'kind':'web','status':'waived'}]",
		      "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','state':'false_positive'}]}]",
		      "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','state':'accepted'}]}]",
		      "'parties':[{'kind':'company','name':'N','verified_elsewhere':{'by':'l','reason':'r'}}]",
		      "'parties':[{'kind':'company','name':'N','session':{'status':'approved'}}]");
	static const char *const open[] =
		TEXTS("", "'documents':[{'type':'T','review':'rejected'}]",
		      "'checks':[{'kind':'web','status':'hit','hits':[{'name':'x','state':'true_match'}]}]",
		      "'parties':[{'kind':'company','name':'N','session':{'status':'manual_review'}}]");
	for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
		cr_expect(read_whole(document_with(decided[i])).has_decided, "%s", decided[i]);
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		cr_expect_not(read_whole(document_with(open[i])).has_decided, "%s", open[i]);
}

SPEC(session_read, a_final_status_arrives_decided)
{
	struct session_document document = read_whole(
		"{'workflow':'w','kind':'kyb','merchant':'m','status':'rejected','external_ref':'R'," SUBJECT "}");
	cr_expect(document.has_decided);
}

SPEC(session_read, imported_decisions_are_marked_and_numbered)
{
	struct session_document document = read_whole(document_with(
		"'decisions':[{'decision':'reject','by':'ana','at':'2026-01-01T00:00:00Z','reason':'other','"
		"retryable':true},{'decision':'reopen','by':'bo','at':'2026-01-02T00:00:00Z','undone':true}]"));
	cr_assert_eq(document.file.decision_count, 2);
	cr_expect(document.file.decisions[0].imported);
	cr_expect(document.file.decisions[0].retryable);
	cr_expect_eq(document.file.decisions[1].number, 2);
	cr_expect_eq(document.file.decisions[1].kind, DECISION_REOPEN);
	cr_expect(document.file.decisions[1].undone);
}

SPEC(session_read, the_hash_does_not_depend_on_order_or_spaces)
{
	struct session_document a = read_whole(
		"{'workflow':'w','kind':'kyb','merchant':'m','status':'active','external_ref':'R'," SUBJECT "}");
	struct session_document b = read_whole(
		" { " SUBJECT
		", 'external_ref' : '\\u0052',\n'status':'active','merchant':'m','kind':'kyb','workflow':'w'}");
	struct session_document c = read_whole(
		"{'workflow':'w','kind':'kyb','merchant':'m','status':'active','external_ref':'S'," SUBJECT "}");
	cr_expect_arr_eq(a.canonical_sha256, b.canonical_sha256, SHA256_SIZE);
	cr_expect(memcmp(a.canonical_sha256, c.canonical_sha256, SHA256_SIZE) != 0);
}

SPEC(session_read, the_hash_is_of_sorted_keys_without_spaces)
{
	struct session_document document = read_whole("{'workflow':'w', "
						      "'kind':'kyb','merchant':'m','status':'active','external_ref'"
						      ":'R','subject':{'name':'N','kind':'business'}}");
	const char *canonical = "{'external_ref':'R','kind':'kyb','merchant':'m','status':'active','subject':{'"
				"kind':'business','name':'N'},'workflow':'w'}";
	uint8_t expected[SHA256_SIZE];
	canonical = json_of(canonical);
	sha256_hash(canonical, strlen(canonical), expected);
	cr_expect_arr_eq(document.canonical_sha256, expected, SHA256_SIZE);
}

SPEC(session_read, a_line_beyond_the_limit_is_refused_unread)
{
	struct session_document document;
	cr_expect(session_read(&arena, "{}", (size_t)SESSION_LINE_MAX + 1, default_countries(), &document, &error) ==
		  ERR_INVALID);
	expect_contains(error.message, "is longer than 8 MiB", "limit");
}
