#include "codec_support.h"
#include "kybdesk/domain/endpoint.h"
#include <jansson.h>
#include <string.h>

static const char base[] =
	"{'name':'acme-kyb','title':'Acme','version':2,'kind':'kyb','subject_kinds':['business'],'steps':[{'id':'"
	"company','title':'Company','fields':[{'id':'country'},{'id':'name','rules':[{'rule':'length','max':256,'"
	"when':{'field':'country','is':'USA'},'message':'too "
	"long','seed':'acme'}]}]}],'documents':[{'type':'DEED','title':'Deed','step':'company','mandatory':true,'"
	"formats':['pdf']},{'type':'MAP','title':'Map','max_bytes':1000,'double_sided':true}],'document_rules':{'"
	"other_documents':true,'formats':['pdf','png'],'max_bytes':5000,'submit_needs_mandatory':true,'submit_"
	"freezes':true},'parties':{'required':true,'control_role_required':true,'owner_threshold_percent':'25','"
	"threshold_inclusive':true,'individuals':'session','companies':'none','workflow':'generic-kyc','max':50,'"
	"roles':['ubo','director'],'control_roles':['CEO']},'checks':{'required':['watchlist'],'waivable':['web'],'"
	"max_age_days':90},'levels':{'initial':'LIGHT','approved':'REGULAR'},'review':{'manual':true,'auto_process'"
	":true,'hours':48,'processing_timeout_minutes':5,'four_eyes_from_risk':70},'link':{'days':14},'retention':{"
	"'days':365},'reasons':{'session':['other','missing_document'],'document':['blurry']},'events':{'level_"
	"changed':'kyc.state_updated','rejected':null},'event_shape':'standard','custom_tags':{'region':'emea'}}";

static struct profile *profile;
static struct profile_mistake *mistakes;
static size_t mistake_count;

static void reading(const char *text)
{
	text = json_of(text);
	profile_read(&arena, text, strlen(text), default_reasons(), &profile, &mistakes, &mistake_count);
}

/* The base profile with the member `key` replaced by `json`; NULL removes the member. */
static const char *base_with(const char *key, const char *json)
{
	json_t *root = json_loads(json_of(base), 0, NULL);
	if (json)
		cr_assert_eq(json_object_set_new(root, key, json_loads(json_of(json), JSON_DECODE_ANY, NULL)), 0, "%s",
			     json);
	else
		json_object_del(root, key);
	char *text = json_dumps(root, JSON_COMPACT);
	const char *copy = arena_strdup(&arena, text);
	free(text);
	json_decref(root);
	return copy;
}

static void expect_one_mistake(const char *text, const char *path, const char *message)
{
	reading(text);
	cr_expect_eq(mistake_count, 1, "%s: %zu mistakes, first %s %s", path, mistake_count,
		     mistake_count ? mistakes[0].path : "", mistake_count ? mistakes[0].message : "");
	if (!mistake_count)
		return;
	cr_expect_null(profile);
	cr_expect_str_eq(mistakes[0].path, path, "%s instead of %s: %s", mistakes[0].path, path, mistakes[0].message);
	expect_contains(mistakes[0].message, message, path);
}

SPEC(profile, a_good_one_is_read_whole)
{
	reading(base);
	cr_assert_eq(mistake_count, 0, "%s %s", mistakes[0].path, mistakes[0].message);
	cr_expect_str_eq(profile->name, "acme-kyb");
	cr_expect_eq(profile->version, 2);
	cr_expect_eq(profile->kind, KIND_KYB);
	cr_expect_eq(profile->subject_kinds, 1u << SUBJECT_BUSINESS);
	const struct field_rule *rule = &profile->steps[0].fields[1].rules[0];
	cr_expect_eq(rule->kind, RULE_LENGTH);
	cr_expect(rule->minimum == RULE_NO_LIMIT && rule->maximum == 256);
	cr_assert_eq(rule->when_count, 1);
	cr_expect_str_eq(rule->when[0].field, "country");
	cr_expect_eq(rule->when[0].kind, CONDITION_IS);
	cr_expect_str_eq(rule->when[0].words[0], "USA");
	cr_expect_str_eq(rule->message, "too long");
	cr_expect(profile->documents[0].mandatory);
	cr_expect_str_eq(profile->documents[0].step_id, "company");
	cr_expect_eq(profile->documents[0].formats, 1u << FORMAT_PDF);
	cr_expect_eq(profile->documents[0].max_bytes, 5000);
	cr_expect_eq(profile->documents[1].formats, 1u << FORMAT_PDF | 1u << FORMAT_PNG);
	cr_expect_eq(profile->documents[1].max_bytes, 1000);
	cr_expect(profile->documents[1].double_sided);
	cr_expect(profile->allows_other_documents && profile->submit_needs_mandatory &&
		  profile->submit_freezes_documents);
	cr_expect_str_eq(profile->parties.owner_threshold_percent, "25");
	cr_expect(profile->parties.threshold_inclusive);
	cr_expect_eq(profile->parties.individual_verification, VERIFY_SESSION);
	cr_expect_eq(profile->parties.company_verification, VERIFY_NONE);
	cr_expect_eq(profile->parties.max_parties, 50);
	cr_expect_eq(profile->parties.roles, 1u << ROLE_UBO | 1u << ROLE_DIRECTOR);
	cr_expect_str_eq(profile->parties.control_roles[0], "CEO");
	cr_expect_eq(profile->checks.required_kind_bits, 1u << CHECK_WATCHLIST);
	cr_expect_eq(profile->checks.waivable_kind_bits, 1u << CHECK_WEB);
	cr_expect_eq(profile->checks.max_age_ms, INT64_C(90) * 86400000);
	cr_expect_str_eq(profile->level_approved, "REGULAR");
	cr_expect_eq(profile->review_ms, INT64_C(48) * 3600000);
	cr_expect_eq(profile->processing_timeout_ms, 300000);
	cr_expect(profile->manual_review && profile->auto_process);
	cr_expect_eq(profile->four_eyes_from_risk, 70);
	cr_expect_eq(profile->link_life_ms, INT64_C(14) * 86400000);
	cr_expect_eq(profile->session_reason_count, 2);
	cr_expect_str_eq(profile->events[EVENT_LEVEL_CHANGED], "kyc.state_updated");
	cr_expect_null(profile->events[EVENT_REJECTED]);
	cr_expect_null(profile->events[EVENT_APPROVED]);
	cr_expect_str_eq(profile->custom_tags_json, json_of("{'region':'emea'}"));
}

SPEC(profile, a_small_one_has_sensible_defaults)
{
	reading("{'name':'x','title':'X','kind':'kyc','subject_kinds':['individual']}");
	cr_assert_eq(mistake_count, 0, "%s %s", mistakes[0].path, mistakes[0].message);
	cr_expect_eq(profile->version, 1);
	cr_expect(profile->manual_review);
	cr_expect_eq(profile->four_eyes_from_risk, RISK_NONE);
	cr_expect_eq(profile->default_format_bits, (1u << FILE_FORMAT_COUNT) - 1);
	cr_expect_eq(profile->parties.individual_verification, VERIFY_NONE);
	cr_expect_str_eq(profile->level_approved, "");
	cr_expect(profile->review_ms > 0 && profile->link_life_ms > 0 && profile->retention_ms > 0);
}

SPEC(profile, each_mistake_has_its_own_path_and_sentence)
{
	static const struct {
		const char *key, *json, *path, *message;
	} cases[] = {
		{ "name", "''", "name", "is empty" },
		{ "name", "'Acme KYB'", "name", "allowed: lower-case letters, digits and -" },
		{ "name", "7", "name", "expected a string, found a number" },
		{ "version", "0", "version", "is 0; allowed: 1 to" },
		{ "kind", "'kyx'", "kind", "is 'kyx'; allowed: kyb, kyc" },
		{ "subject_kinds", "[]", "subject_kinds", "is empty" },
		{ "subject_kinds", "['busness']", "subject_kinds[0]", "did you mean 'business'?" },
		{ "stps", "[]", "stps", "did you mean 'steps'?" },
		{ "steps", "{}", "steps", "expected an array, found an object" },
		{ "steps", "[{'id':'company','title':'C'},{'title':'T'}]", "steps[1].id", "is required" },
		{ "steps", "[{'id':'company'}]", "steps[0].title", "is required" },
		{ "steps", "[{'id':'company','title':'C'},{'id':'company','title':'D'}]", "steps[1].id",
		  "as in element 0" },
		{ "steps", "[{'id':'company','title':'C','field':[]}]", "steps[0].field", "did you mean 'fields'?" },
		{ "steps", "[{'id':'company','title':'C','fields':[{'id':'a'},{'id':'a'}]}]", "steps[0].fields[1].id",
		  "as in element 0" },
		{ "steps", "[{'id':'company','title':'C','fields':[{'id':'a','rules':[{'rule':'lenght'}]}]}]",
		  "steps[0].fields[0].rules[0].rule", "did you mean 'length'?" },
		{ "steps",
		  "[{'id':'company','title':'C','fields':[{'id':'a','rules':[{'rule':'date','when':{'is':'1'}}]}]}"
		  "]",
		  "steps[0].fields[0].rules[0].when.field", "is required" },
		{ "steps",
		  "[{'id':'company','title':'C','fields':[{'id':'a','rules':[{'rule':'date','when':{'field':'a'}}]}"
		  "]}]",
		  "steps[0].fields[0].rules[0].when", "needs 'field' and one of" },
		{ "documents", "[{'title':'T','mandatory':true}]", "documents[0].type", "is required" },
		{ "documents", "[{'type':'T','mandatory':true}]", "documents[0].title", "is required" },
		{ "documents", "[{'type':'T','title':'T','mandatory':true},{'type':'T','title':'U'}]",
		  "documents[1].type", "as in element 0" },
		{ "documents", "[{'type':'T','title':'T','mandatory':true,'step':'compny'}]", "documents[0].step",
		  "is 'compny'; allowed: company; did you mean 'company'?" },
		{ "documents", "[{'type':'T','title':'T','mandatory':true,'formats':[]}]", "documents[0].formats",
		  "is empty" },
		{ "documents", "[{'type':'T','title':'T','mandatory':true,'max_bytes':0}]", "documents[0].max_bytes",
		  "is 0; allowed: 1 or more" },
		{ "documents", "[{'type':'T','title':'T','mandatory':'yes'},{'type':'U','title':'T','mandatory':true}]",
		  "documents[0].mandatory", "expected true or false, found a string" },
		{ "documents", "[{'type':'T','title':'T'}]", "document_rules.submit_needs_mandatory",
		  "no document is mandatory" },
		{ "document_rules", "{'max_bytes':-1}", "document_rules.max_bytes", "allowed: 1 or more" },
		{ "document_rules", "{'freeze':true}", "document_rules.freeze", "is not known here" },
		{ "document_rules", "[]", "document_rules", "expected an object, found an array" },
		{ "parties", "{'owner_threshold_percent':'101'}", "parties.owner_threshold_percent",
		  "a decimal from 0 to 100" },
		{ "parties", "{'owner_threshold_percent':25}", "parties.owner_threshold_percent",
		  "expected a string, found a number" },
		{ "parties", "{'individuals':'sesion'}", "parties.individuals",
		  "is 'sesion'; allowed: none, session, document; did you mean 'session'?" },
		{ "parties", "{'individuals':'session'}", "parties.workflow",
		  "is required when parties are verified by a session" },
		{ "parties", "{'workflow':'generic-kyc'}", "parties.workflow", "no party is verified by a session" },
		{ "parties", "{'max':0}", "parties.max", "is 0; allowed: 1 to 1000" },
		{ "parties", "{'roles':['boss']}", "parties.roles[0]", "is 'boss'; allowed: ubo" },
		{ "parties", "{'roles':[]}", "parties.roles", "is empty" },
		{ "parties", "{'control_roles':['CEO','']}", "parties.control_roles[1]", "is empty" },
		{ "checks", "{'required':['watchlists']}", "checks.required[0]", "did you mean 'watchlist'?" },
		{ "checks", "{'waivable':[1]}", "checks.waivable[0]", "expected a string, found a number" },
		{ "checks", "{'max_age_days':0}", "checks.max_age_days", "allowed: 1 to" },
		{ "levels", "{'initial':'LIGHT'}", "levels.approved", "is required" },
		{ "levels", "{'initial':'A','approved':'A'}", "levels.approved", "would change nothing" },
		{ "review", "{'hours':0}", "review.hours", "is 0; allowed: 1 to" },
		{ "review", "{'hours':1.5}", "review.hours", "found a fraction" },
		{ "review", "{'four_eyes_from_risk':101}", "review.four_eyes_from_risk", "allowed: 0 to 100" },
		{ "review", "{'processing_timeout_minutes':-5}", "review.processing_timeout_minutes", "allowed: 1 to" },
		{ "link", "{'days':0}", "link.days", "allowed: 1 to" },
		{ "retention", "{'day':1}", "retention.day", "did you mean 'days'?" },
		{ "reasons", "{'session':['mising_document']}", "reasons.session[0]",
		  "did you mean 'missing_document'?" },
		{ "reasons", "{'document':['blurry','blurry']}", "reasons.document[1]", "as in element 0" },
		{ "events", "{'level_change':'x'}", "events.level_change", "did you mean 'level_changed'?" },
		{ "events", "{'rejected':''}", "events.rejected", "is empty" },
		{ "events", "{'rejected':'kyc failed'}", "events.rejected", "allowed: lower-case letters" },
		{ "event_shape", "'atelo'", "event_shape", "did you mean 'atelio'?" },
		{ "custom_tags", "[1]", "custom_tags", "expected an object, found an array" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_one_mistake(base_with(cases[i].key, cases[i].json), cases[i].path, cases[i].message);
}

SPEC(profile, a_wrong_format_names_what_is_allowed_and_the_nearest)
{
	expect_one_mistake(
		base_with("documents", "[{'type':'T','title':'T','mandatory':true,'formats':['pdf','pfd']}]"),
		"documents[0].formats[1]", "is 'pfd'; allowed: pdf, xlsx");
	expect_contains(mistakes[0].message, "did you mean 'pdf'?", "nearest");
}

SPEC(profile, what_is_required_is_missed)
{
	static const char *const keys[] = { "name", "title", "kind", "subject_kinds" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		expect_one_mistake(base_with(keys[i], NULL), keys[i], "is required");
}

SPEC(profile, an_event_for_a_level_needs_levels)
{
	expect_one_mistake(base_with("levels", NULL), "events.level_changed", "has no levels; remove it");
}

SPEC(profile, reason_codes_are_not_checked_without_reasons)
{
	const char *text = base_with("reasons", "{'session':['invented']}");
	profile_read(&arena, text, strlen(text), NULL, &profile, &mistakes, &mistake_count);
	cr_expect_eq(mistake_count, 0);
	cr_expect_not_null(profile);
}

SPEC(profile, all_mistakes_are_found_at_once)
{
	reading("{'name':'x','kind':'kyx','subject_kinds':['person'],'review':{'hours':-1},'documents':[{'type':'T'"
		",'step':'none'}],'zzz':1}");
	static const char *const paths[] = {
		"zzz", "title", "kind", "subject_kinds[0]", "documents[0].title", "documents[0].step", "review.hours"
	};
	cr_assert_eq(mistake_count, sizeof paths / sizeof *paths);
	for (size_t i = 0; i < mistake_count; i++)
		cr_expect_str_eq(mistakes[i].path, paths[i]);
}

SPEC(profile, broken_json_is_one_mistake_with_its_place)
{
	expect_one_mistake("{'name':'x',\n'title' 'X'}", "", "line 2, column ");
	expect_one_mistake("[]", "", "expected an object, found an array");
	expect_one_mistake("{'name':'x','name':'y'}", "", "the key 'name' appears twice");
}

SPEC(profile, mistakes_become_one_error_with_the_file)
{
	struct profile_mistake list[] = { { "kind", "is 'x'" }, { "title", "is required" } };
	cr_expect(profile_set_error("my.json", list, 2, &error) == ERR_INVALID);
	cr_expect_str_eq(error.message, "my.json: kind: is 'x' (and 1 more)");
	cr_expect_str_eq(error.field, "kind");
	cr_expect(profile_set_error("my.json", list + 1, 1, &error) == ERR_INVALID);
	cr_expect_str_eq(error.message, "my.json: title: is required");
}

SPEC(profile, ralio_kyb_says_what_its_seed_says)
{
	const struct profile *ralio = default_profile("ralio-kyb");
	static const char *const mandatory[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
						 "DIRECTORS_SHAREHOLDERS_REG" };
	static const char *const optional[] = { "FINANCIAL_STATEMENTS", "LICENSES_PERMITS", "OTHER" };
	cr_expect_eq(ralio->document_count, 7);
	for (size_t i = 0; i < 4; i++)
		cr_expect(profile_document(ralio, mandatory[i])->mandatory, "%s", mandatory[i]);
	for (size_t i = 0; i < 3; i++)
		cr_expect_not(profile_document(ralio, optional[i])->mandatory, "%s", optional[i]);
	for (size_t i = 0; i < 7; i++) {
		cr_expect_str_eq(ralio->documents[i].category, "COMPANY_INFO");
		cr_expect_eq(ralio->documents[i].max_bytes, 10 * 1024 * 1024);
		cr_expect_eq(ralio->documents[i].formats, ((1u << FILE_FORMAT_COUNT) - 1) & ~(1u << FORMAT_HEIC));
	}
	cr_expect_eq(ralio->step_count, 3);
	cr_expect(ralio->submit_needs_mandatory && ralio->submit_freezes_documents && ralio->manual_review);
	cr_expect_str_eq(ralio->level_initial, "LIGHT");
	cr_expect_str_eq(ralio->level_approved, "REGULAR");
	cr_expect_eq(ralio->checks.required_kind_bits, 0);
	cr_expect_eq(ralio->checks.waivable_kind_bits & (1u << CHECK_WATCHLIST | 1u << CHECK_OFAC), 0);
	cr_expect(ralio->parties.required && ralio->parties.control_role_required &&
		  ralio->parties.threshold_inclusive);
	cr_expect_str_eq(ralio->parties.owner_threshold_percent, "25");
	cr_expect_eq(ralio->parties.individual_verification, VERIFY_SESSION);
	cr_expect_eq(ralio->parties.company_verification, VERIFY_NONE);
	cr_expect_str_eq(ralio->parties.workflow, "generic-kyc");
	cr_expect_eq(ralio->parties.control_role_count, 23);
	cr_expect_eq(ralio->review_ms, INT64_C(48) * 3600000);
}

SPEC(profile, a_ralio_kyb_approval_sends_the_level_change_only)
{
	const struct profile *ralio = default_profile("ralio-kyb");
	cr_expect_str_eq(ralio->events[EVENT_LEVEL_CHANGED], "kyc.state_updated");
	cr_expect_str_eq(ralio->events[EVENT_REJECTED], "kyc.session_failed");
	cr_expect_str_eq(ralio->events[EVENT_EXPIRED], "kyc.session_expired");
	cr_expect_null(ralio->events[EVENT_APPROVED]);
	cr_expect_null(ralio->events[EVENT_STATUS_CHANGED]);
}

SPEC(profile, generic_kyc_asks_for_nothing_of_its_own)
{
	const struct profile *generic = default_profile("generic-kyc");
	for (size_t i = 0; i < generic->document_count; i++)
		cr_expect_not(generic->documents[i].mandatory, "%s", generic->documents[i].type);
	cr_expect(generic->allows_other_documents);
	cr_expect_not(generic->parties.required);
	cr_expect_str_eq(generic->level_approved, "");
	cr_expect_eq(generic->review_ms, INT64_C(24) * 3600000);
	cr_expect_str_eq(generic->events[EVENT_STATUS_CHANGED], "session.status_changed");
	cr_expect_str_eq(generic->events[EVENT_SUBSESSION_STATUS_CHANGED], "subsession.status_changed");
}

SPEC(profile, every_event_that_a_shipped_workflow_sends_can_be_subscribed_to)
{
	static const char *const names[] = { "ralio-kyb", "ralio-sandbox", "avenia-kyb-level-1",
					     "atelio-beneficial-owner", "generic-kyc" };
	size_t sent = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct profile *shipped = default_profile(names[i]);
		for (size_t kind = 0; kind < 2 * (size_t)EVENT_KIND_COUNT; kind++) {
			const char *event = kind < EVENT_KIND_COUNT ? shipped->events[kind]
								    : shipped->parties.events[kind - EVENT_KIND_COUNT];
			sent += event != NULL;
			cr_expect_eq(event ? endpoint_event_check(event, NULL) : ERR_OK, ERR_OK, "%s: %s", names[i],
				     event);
		}
	}
	cr_expect_gt(sent, 25);
}

SPEC(profile, short_titles_fit_a_list_of_120_columns)
{
	static const char *const names[] = { "ralio-kyb", "ralio-sandbox", "avenia-kyb-level-1",
					     "atelio-beneficial-owner", "generic-kyc" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct profile *shipped = default_profile(names[i]);
		cr_expect(shipped->short_title[0] && strlen(shipped->short_title) <= 4, "%s", names[i]);
	}
}

SPEC(profile, every_step_and_document_says_what_to_look_for)
{
	static const char *const names[] = { "ralio-kyb", "generic-kyc" };
	for (size_t i = 0; i < 2; i++) {
		const struct profile *shipped = default_profile(names[i]);
		for (size_t j = 0; j < shipped->document_count; j++)
			cr_expect(strlen(shipped->documents[j].guidance) > 60, "%s", shipped->documents[j].type);
		for (size_t j = 0; j < shipped->step_count; j++)
			cr_expect(strlen(shipped->steps[j].guidance) > 60, "%s", shipped->steps[j].id);
	}
}

/* A profile with Avenia's rules from the seed is read without an error. */
SPEC(profile, the_format_carries_avenia_s_rules)
{
	reading("{'name':'avenia-kyb-level-1','title':'Avenia','kind':'kyb','subject_kinds':['business'],'steps':[{"
		"'id':'documents','title':'Documents'},{'id':'ubos','title':'UBOs','fields':[{'id':'dateOfBirth','"
		"rules':[{'rule':'required'},{'rule':'date'},{'rule':'age','min':18,'message':'Minimum age "
		"18','seed':'avenia-kyb-level-1'}]},{'id':'countryOfTaxId'},{'id':'taxIdNumber','rules':[{'rule':'"
		"check_digits','scheme':'cpf','when':{'field':'countryOfTaxId','is':'BRA'}},{'rule':'check_digits',"
		"'scheme':'nine_digits','when':{'field':'countryOfTaxId','is':'USA'}}]},{'id':'"
		"percentageOfOwnership','rules':[{'rule':'decimal','min':'0','max':'100'}]}]},{'id':'company','"
		"title':'Company','fields':[{'id':'companyLegalName','store':'upper'},{'id':'numberOfEmployees','"
		"rules':[{'rule':'one_of','values':['1-10','1001+']}]},{'id':'countryTaxResidence','rules':[{'rule'"
		":'country','forms':['alpha3'],'or':['N/"
		"A']}]}]}],'documents':[{'type':'CERTIFICATE-OF-INCORPORATION','title':'Certificate','mandatory':"
		"true,'formats':['pdf']},{'type':'PASSPORT','title':'Passport','double_sided':true,'formats':['png'"
		",'jpeg']}],'parties':{'required':true,'max':50,'individuals':'document','control_role_required':"
		"true},'events':{'attempt_completed':'kyb.attempt.completed','document_processed':'document."
		"processed'}}");
	cr_assert_eq(mistake_count, 0, "%s %s", mistakes[0].path, mistakes[0].message);
	cr_expect_eq(profile->parties.individual_verification, VERIFY_DOCUMENT);
	cr_expect_str_eq(profile->events[EVENT_ATTEMPT_COMPLETED], "kyb.attempt.completed");
}

SPEC(profile, the_format_carries_atelio_s_events)
{
	reading("{'name':'atelio-beneficial-owner','title':'Atelio','kind':'kyc','subject_kinds':['individual'],'"
		"steps':[{'id':'addresses','title':'Addresses','fields':[{'id':'addresses','rules':[{'rule':'list',"
		"'min':1}],'items':[{'id':'street','rules':[{'rule':'not_po_box'}]}]}]}],'review':{'manual':false},"
		"'checks':{'required':['ofac','bureau','email','ip','mobile']},'event_shape':'atelio','events':{'"
		"approved':'kyc.verification.success','rejected':'kyc.verification.failure','check_error':'kyc."
		"verification.error','check_timeout':'kyc.verification.timeout','document_required':'kyc."
		"verification.document_required','under_review':'kyc.verification.under_review'}}");
	cr_assert_eq(mistake_count, 0, "%s %s", mistakes[0].path, mistakes[0].message);
	cr_expect_eq(profile->event_shape, SHAPE_ATELIO);
	cr_expect_not(profile->manual_review);
}
