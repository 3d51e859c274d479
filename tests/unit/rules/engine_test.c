/* How rules find values, and the gate's result: cases that no sentence of a seed document describes alone. */
#include "rule_bench.h"
#include <criterion/criterion.h>
#include <string.h>

static struct bench bench;
static struct profile *profile;
static struct case_file file;
static struct step steps[2];
static struct party parties[3];
static struct party_share share;

static void read_profile(const char *fields, const char *party_fields, const char *party_keys)
{
	struct profile_mistake *mistakes;
	size_t count;
	bench_init(&bench);
	const char *text = arena_printf(
		&bench.kept,
		"{'name':'p','title':'P','source':'acme','kind':'kyb','subject_kinds':['business'],'documents':[{'"
		"type':'DEED','title':'Deed'},{'type':'CARD','title':'Card','double_sided':true}],'steps':[{'id':'"
		"company','title':'Company','fields':[%s]},{'id':'other','title':'Other','fields':[{'id':'places','"
		"items':[{'id':'country'}]}]}],'parties':{'fields':[%s]%s}}",
		fields, party_fields, party_keys);
	text = bench_json(&bench.kept, text);
	profile_read(&bench.kept, text, strlen(text), NULL, &profile, &mistakes, &count);
	cr_assert_not_null(profile, "%s: %s", mistakes[0].path, mistakes[0].message);
	case_file_init(&file);
	step_init(&steps[0]);
	step_init(&steps[1]);
	steps[0].id = "company";
	steps[0].status = steps[1].status = STEP_COMPLETED;
	steps[1].id = "other";
	file.steps = steps;
	file.step_count = 2;
	file.parties = parties;
	for (size_t i = 0; i < 3; i++) {
		party_init(&parties[i]);
		parties[i].name = i ? "Rui Costa" : "Ines Duarte";
		parties[i].id = i ? "p1" : "p0";
	}
	share = (struct party_share){ .owned_party_id = "", .percent = "60" };
	parties[0].shares = &share;
	parties[0].share_count = 1;
}

static void leave(void)
{
	bench_release(&bench);
}

/* Parses the JSON texts that the test has set in the case. */
static void parse(void)
{
	struct subject *subject = &file.session.subject;
	for (size_t i = 0; i < 2; i++)
		steps[i].fields_json = bench_json(&bench.arena, steps[i].fields_json);
	for (size_t i = 0; i < 3; i++) {
		parties[i].fields_json = bench_json(&bench.arena, parties[i].fields_json);
		parties[i].addresses_json = bench_json(&bench.arena, parties[i].addresses_json);
	}
	subject->address_json = bench_json(&bench.arena, subject->address_json);
	case_values_parse(&bench.arena, &file);
}

/* All failures, as "path rule|path rule". */
static const char *failing(void)
{
	parse();
	struct rule_failures failures = bench_check(&bench, profile, &file);
	const char *all = "";
	for (size_t i = 0; i < failures.count; i++)
		all = arena_printf(&bench.arena, "%s%s%s %s", all, i ? "|" : "", failures.items[i].path,
				   failures.items[i].rule);
	return all;
}

static const char *first_message(void)
{
	parse();
	struct rule_failures failures = bench_check(&bench, profile, &file);
	return failures.count ? failures.items[0].message : "";
}

#define ENGINE(name, fields, party_fields, party_keys)                                                                 \
	static void name##_body(void);                                                                                 \
	Test(rules_engine, name)                                                                                       \
	{                                                                                                              \
		read_profile(fields, party_fields, party_keys);                                                        \
		name##_body();                                                                                         \
		leave();                                                                                               \
	}                                                                                                              \
	static void name##_body(void)

#define REQUIRED "'rules':[{'rule':'required'}]"

ENGINE(a_member_of_the_subject_stands_in_for_a_field, "{'id':'legalName','from':'subject.name'," REQUIRED "}", "", "")
{
	cr_expect_str_eq(failing(), "steps.company.legalName required");
	file.session.subject.name = "Harbour Lane";
	cr_expect_str_eq(failing(), "");
}

ENGINE(a_field_of_its_own_comes_before_what_stands_in,
       "{'id':'site','from':'subject.website','rules':[{'rule':'url'}]}", "", "")
{
	file.session.subject.website = "https://good.example";
	steps[0].fields_json = "{'site':'bad'}";
	cr_expect_str_eq(failing(), "steps.company.site from|steps.company.site url");
	steps[0].fields_json = "{'site':''}";
	cr_expect_str_eq(failing(), "");
}

#define SAME(given, member, verdict)                                                                                   \
	do {                                                                                                           \
		steps[0].fields_json = given;                                                                          \
		member;                                                                                                \
		cr_expect_str_eq(failing(), verdict, "%s: %s", given, failing());                                      \
	} while (0)

ENGINE(what_stands_in_two_places_says_the_same_in_both,
       "{'id':'name','from':'subject.name','store':'upper'},{'id':'tin','from':['subject.tax_id','subject."
       "registration_number'],'rules':[{'rule':'check_digits','scheme':'cnpj'}]},{'id':'land','from':'subject."
       "country','rules':[{'rule':'country','forms':['alpha2','alpha3','name']}]}",
       "", "")
{
	struct subject *subject = &file.session.subject;

	SAME("{'name':'LANE LTD'}", subject->name = "Lane Ltd", "");
	SAME("{'name':'LANE LTD'}", subject->name = "Lane Limited", "steps.company.name from");
	SAME("{'name':'LANE LTD'}", subject->name = "", "");
	SAME("{'tin':'16.727.230/0001-97'}", subject->tax_id = "16727230000197", "");
	SAME("{'tin':'16.727.230/0001-97'}", subject->tax_id = "1", "steps.company.tin from");
	SAME("{'tin':'16.727.230/0001-97'}", subject->registration_number = "16727230000197", "");
	subject->tax_id = subject->registration_number = "";
	SAME("{'land':'Portugal'}", subject->country = "PRT", "");
	SAME("{'land':'Portugal'}", subject->country = "ESP", "steps.company.land from");
}

ENGINE(a_part_of_a_country_is_the_same_with_and_without_the_country,
       "{'id':'land'},{'id':'state','from':'subject.address.state','rules':[{'rule':'subdivision','of':'land'}]}", "",
       "")
{
	struct subject *subject = &file.session.subject;

	SAME("{'land':'BRA','state':'SP'}", subject->address_json = "{'state':'BR-SP'}", "");
	SAME("{'land':'BRA','state':'BR-SP'}", subject->address_json = "{'state':'sp'}", "");
	SAME("{'land':'BRA','state':'SP'}", subject->address_json = "{'state':'BR-RJ'}", "steps.company.state from");
	SAME("{'land':'BRA','state':'SP'}", subject->address_json = "{'state':'RJ'}", "steps.company.state from");
}

ENGINE(a_party_says_the_same_of_itself_in_both_places, "",
       "{'id':'role','from':'party.control_role','type':'text'},{'id':'share','from':'party.ownership_percent','"
       "rules':[{'rule':'decimal'}]}",
       "")
{
	static struct party_share shares[2];

	file.party_count = 1;
	parties[0].control_role = "CEO";
	parties[0].fields_json = "{'role':'CEO','share':'60.0'}";
	cr_expect_str_eq(failing(), "");
	parties[0].fields_json = "{'role':'CFO','share':'40'}";
	cr_expect_str_eq(failing(), "parties[0].role from|parties[0].share from");
	/* With a direct share and a share through a company, the field may mean either: it is not compared. */
	shares[0] = share;
	shares[1] = (struct party_share){ .owned_party_id = "p1", .percent = "5" };
	parties[0].shares = shares;
	parties[0].share_count = 2;
	cr_expect_str_eq(failing(), "parties[0].role from");
}

ENGINE(a_company_has_no_control_role, "", "{'id':'a'}", "")
{
	file.party_count = 1;
	parties[0].kind = PARTY_COMPANY;
	cr_expect_str_eq(failing(), "");
	parties[0].control_role = "CEO";
	cr_expect_str_eq(failing(), "parties[0].control_role control_role");
}

ENGINE(a_document_is_in_the_category_of_its_type, "{'id':'a'}", "", "")
{
	struct document document;

	document_init(&document);
	document.type = "DEED";
	file.documents = &document;
	file.document_count = 1;
	profile->documents[0].category = "PAPERS";
	cr_expect_str_eq(failing(), "");
	document.category = "PAPERS";
	cr_expect_str_eq(failing(), "");
	document.category = "PICTURES";
	cr_expect_str_eq(failing(), "documents[0].category category");
	document.replaced = true;
	cr_expect_str_eq(failing(), "");
}

ENGINE(the_first_place_that_says_something_counts,
       "{'id':'country','from':['subject.address.country','subject.country'],'rules':[{'rule':'one_of','values':['"
       "PRT']}]}",
       "", "")
{
	file.session.subject.country = "PRT";
	cr_expect_str_eq(failing(), "");
	file.session.subject.address_json = "{'country':'ESP'}";
	cr_expect_str_eq(failing(), "steps.company.country one_of");
}

ENGINE(a_party_s_own_members_stand_in_too, "",
       "{'id':'born','from':'party.date_of_birth'," REQUIRED
       "},{'id':'share','from':'party.ownership_percent','rules':[{'rule':'decimal','max':'50'}]},{'id':'street','"
       "from':'party.address.street'," REQUIRED "}",
       "")
{
	file.party_count = 1;
	cr_expect_str_eq(failing(), "parties[0].born required|parties[0].share decimal|parties[0].street required");
	parties[0].date_of_birth = "1984-02-11";
	share.percent = "50";
	parties[0].addresses_json = "[{'street':''},{'street':'4 Lane','is_primary':true}]";
	cr_expect_str_eq(failing(), "");
}

ENGINE(each_party_has_its_place_in_the_path, "", "{'id':'email','from':'party.email'," REQUIRED "}", "")
{
	file.party_count = 2;
	parties[0].email = "a@b.example";
	cr_expect_str_eq(failing(), "parties[1].email required");
	cr_expect_str_eq(first_message(), "Rui Costa: email is missing; it is required");
}

ENGINE(fields_may_be_asked_of_people_only, "", "{'id':'born'," REQUIRED "}", ",'fields_for':['individual']")
{
	file.party_count = 2;
	parties[1].kind = PARTY_COMPANY;
	cr_expect_str_eq(failing(), "parties[0].born required");
}

ENGINE(conditions_look_at_other_steps,
       "{'id':'reason','rules':[{'rule':'required','when':{'field':'steps.other.places[].country','country_is':'US'"
       "}}]}",
       "", "")
{
	cr_expect_str_eq(failing(), "");
	steps[1].fields_json = "{'places':[{'country':'PT'},{'country':'United States'}]}";
	cr_expect_str_eq(failing(), "steps.company.reason required");
	cr_expect_str_eq(first_message(), "reason is missing; it is required when steps.other.places[].country is US");
	steps[1].fields_json = "{'places':[{'country':'PT'},{'country':'ES'}]}";
	cr_expect_str_eq(failing(), "");
}

ENGINE(several_conditions_hold_together,
       "{'id':'a'},{'id':'b'},{'id':'c','rules':[{'rule':'required','when':[{'field':'a','is':['x','y']},{'field':'"
       "b','given':false}]}]}",
       "", "")
{
	steps[0].fields_json = "{'a':'y'}";
	cr_expect_str_eq(failing(), "steps.company.c required");
	cr_expect_str_eq(first_message(), "c is missing; it is required when a is x or y and b is not given");
	steps[0].fields_json = "{'a':'y','b':'1'}";
	cr_expect_str_eq(failing(), "");
	steps[0].fields_json = "{'a':'z'}";
	cr_expect_str_eq(failing(), "");
}

ENGINE(is_not_holds_where_nothing_is_said,
       "{'id':'a'},{'id':'c','rules':[{'rule':'required','when':{'field':'a','is_not':'x'}}]}", "", "")
{
	cr_expect_str_eq(failing(), "steps.company.c required");
	steps[0].fields_json = "{'a':'x'}";
	cr_expect_str_eq(failing(), "");
}

ENGINE(true_and_false_can_be_conditions,
       "{'id':'pep','type':'boolean'},{'id':'office','rules':[{'rule':'required','when':{'field':'pep','is':'true'}"
       "}]}",
       "", "")
{
	steps[0].fields_json = "{'pep':false}";
	cr_expect_str_eq(failing(), "");
	steps[0].fields_json = "{'pep':true}";
	cr_expect_str_eq(failing(), "steps.company.office required");
}

ENGINE(objects_and_lists_are_walked_with_their_paths,
       "{'id':'seat','title':'Seat','fields':[{'id':'city'," REQUIRED
       "}]},{'id':'contacts','title':'Contact','rules':[{'rule':'list','max':2},{'rule':'at_least_one','of':'duty',"
       "'values':['aml']}],'items':[{'id':'duty'},{'id':'email','rules':[{'rule':'email'}]}]}",
       "", "")
{
	steps[0].fields_json = "{'seat':{'town':'x'},'contacts':[{'duty':'aml'},{'email':'x'}]}";
	cr_expect_str_eq(failing(), "steps.company.seat.city required|steps.company.contacts[1].email email");
	cr_expect_str_eq(first_message(), "Seat: city is missing; it is required");
	steps[0].fields_json = "{'contacts':[{'duty':'sales'},{'email':'a@b.example'},{}]}";
	cr_expect_str_eq(failing(), "steps.company.contacts list|steps.company.contacts at_least_one");
	steps[0].fields_json = "{'contacts':[{'duty':'aml'},'x']}";
	cr_expect_str_eq(failing(), "steps.company.contacts[1] type");
	steps[0].fields_json = "{'contacts':{'duty':'aml'},'seat':[]}";
	cr_expect_str_eq(failing(), "steps.company.seat type|steps.company.contacts type");
}

ENGINE(what_is_not_public_is_masked_in_sentences,
       "{'id':'ssn','rules':[{'rule':'ssn'}]},{'id':'mobile','personal':true,'rules':[{'rule':'phone'}]},{'id':'"
       "vat','from':'subject.tax_id','rules':[{'rule':'check_digits','scheme':'pt_nif'}]},{'id':'city','rules':[{'"
       "rule':'one_of','values':['Porto']}]},{'id':'kind','public':true,'rules':[{'rule':'one_of','values':['A']}]"
       "}",
       "", "")
{
	steps[0].fields_json = "{'kind':'B','ssn':'123-45-678','mobile':'+351912345678','city':'Lisboa'}";
	file.session.subject.tax_id = "501964842";
	parse();
	struct rule_failures failures = bench_check(&bench, profile, &file);
	cr_assert_eq(failures.count, 5);
	cr_expect_str_eq(failures.items[0].found_text, "'******-678'");
	cr_expect_str_eq(failures.items[1].found_text, "'*********5678'");
	cr_expect_str_eq(failures.items[2].found_text, "'*****4842'");
	cr_expect_str_eq(failures.items[3].found_text, "'********'");
	cr_expect_str_eq(failures.items[4].found_text, "'B'");
}

ENGINE(long_values_are_cut_in_sentences, "{'id':'a','rules':[{'rule':'one_of','values':['x']}]}", "", "")
{
	char json[20000];
	memset(json, 'y', sizeof json);
	memcpy(json, "{'a':'", 6);
	memcpy(json + sizeof json - 3, "'}", 3);
	steps[0].fields_json = json;
	cr_expect_lt(strlen(first_message()), 200);
}

ENGINE(an_update_leaves_out_what_it_likes, "{'id':'a'," REQUIRED "},{'id':'b','rules':[{'rule':'email'}]}", "", "")
{
	struct rule_failures failures = { 0 };
	const struct rules_input input = {
		.file = &file, .profile = profile, .countries = &bench.countries, .today = BENCH_TODAY, .partial = true
	};
	steps[0].fields_json = "{'b':'x'}";
	parse();
	rules_check_step(&bench.arena, &input, &profile->steps[0], steps[0].values, &failures);
	cr_assert_eq(failures.count, 1);
	cr_expect_str_eq(failures.items[0].path, "steps.company.b");
}

ENGINE(what_is_only_begun_may_lack_entries,
       "{'id':'contacts','rules':[{'rule':'list','min':2,'max':3},{'rule':'at_least_one','of':'duty','values':['"
       "aml']}],'items':[{'id':'duty'}]}",
       "", "")
{
	static const struct {
		const char *fields, *whole, *begun;
	} rows[] = {
		{ "{'contacts':[]}", "list at_least_one", "" },
		{ "{'contacts':[{'duty':'sales'}]}", "list at_least_one", "" },
		{ "{'contacts':[{'duty':'aml'},{},{},{}]}", "list", "list" },
	};

	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		struct rule_failures failures = { 0 };
		const struct rules_input input = { .file = &file,
						   .profile = profile,
						   .countries = &bench.countries,
						   .today = BENCH_TODAY,
						   .partial = true,
						   .is_in_progress = i % 2 };
		struct strbuf found = STRBUF_INIT;

		steps[0].fields_json = rows[i / 2].fields;
		parse();
		rules_check_step(&bench.arena, &input, &profile->steps[0], steps[0].values, &failures);
		for (size_t f = 0; f < failures.count; f++)
			strbuf_addf(&found, "%s%s", f ? " " : "", failures.items[f].rule);
		cr_expect_str_eq(found.buf, i % 2 ? rows[i / 2].begun : rows[i / 2].whole, "%zu: %s", i, found.buf);
		strbuf_release(&found);
	}
}

ENGINE(without_a_list_of_countries_codes_have_their_shape,
       "{'id':'c','rules':[{'rule':'country','forms':['alpha3']}]},{'id':'s','rules':[{'rule':'subdivision','of':'"
       "c'}]}",
       "", "")
{
	struct rule_failures failures = { 0 };
	const struct rules_input input = { .file = &file, .profile = profile, .today = BENCH_TODAY };
	steps[0].fields_json = "{'c':'QQQ','s':'QQ-Z9'}";
	parse();
	rules_check_case(&bench.arena, &input, &failures);
	cr_expect_eq(failures.count, 0);
	steps[0].fields_json = "{'c':'QQ','s':'QQ-Z999'}";
	parse();
	rules_check_case(&bench.arena, &input, &failures);
	cr_expect_eq(failures.count, 2);
}

ENGINE(control_roles_outside_the_profile_s_list_are_named, "", "", ",'control_roles':['CEO','Director']")
{
	file.party_count = 1;
	parties[0].control_role = "Directr";
	cr_expect_str_eq(failing(), "parties[0].control_role one_of");
	cr_expect_str_eq(first_message(),
			 "Ines Duarte: control_role is 'Directr'; allowed: CEO or Director; did you mean 'Director'?");
	parties[0].control_role = "";
	cr_expect_str_eq(failing(), "");
}

ENGINE(roles_and_the_number_of_parties_are_limited_by_the_profile, "", "", ",'roles':['ubo'],'max':1")
{
	file.party_count = 2;
	parties[0].roles = 1u << ROLE_UBO;
	parties[1].roles = 1u << ROLE_UBO | 1u << ROLE_SUBMERCHANT;
	cr_expect_str_eq(failing(), "parties list|parties[1].roles roles");
}

ENGINE(a_single_sided_document_has_no_back, "", "", "")
{
	struct document documents[3];
	for (size_t i = 0; i < 3; i++) {
		document_init(&documents[i]);
		documents[i].type = i == 1 ? "CARD" : i ? "MAP" : "DEED";
		documents[i].double_sided = true;
	}
	file.documents = documents;
	file.document_count = 3;
	cr_expect_str_eq(failing(), "documents[0].side double_sided");
	documents[0].replaced = true;
	cr_expect_str_eq(failing(), "");
}

static struct blockers gate(void)
{
	struct blockers blockers;
	const struct gate_context context = { .profile = profile,
					      .countries = &bench.countries,
					      .actor = "ana",
					      .role = ROLE_REVIEWER,
					      .now = BENCH_NOW,
					      .last_decision_by = "",
					      .last_decision_at = TIME_NONE };
	file.session.status = SESSION_MANUAL_REVIEW;
	gate_check(&bench.arena, &file, &context, GATE_APPROVAL, &blockers);
	return blockers;
}

ENGINE(the_gate_blocks_with_the_path_of_each_field,
       "{'id':'numberOfEmployees','public':true,'title':'Number of "
       "employees','rules':[{'rule':'one_of','values':['1-10','11-50']}]}",
       "", "")
{
	steps[0].fields_json = "{'numberOfEmployees':'12'}";
	parse();
	struct blockers blockers = gate();
	cr_assert_eq(blockers.count, 1);
	cr_expect_eq(blockers.items[0].code, BLOCKER_FIELD_INVALID);
	cr_expect_str_eq(blockers.items[0].ref, "steps.company.numberOfEmployees");
	cr_expect_str_eq(blockers.items[0].message, "Number of employees is '12'; allowed: 1-10 or 11-50");
	steps[0].fields_json = "{'numberOfEmployees':'1-10'}";
	parse();
	cr_expect_eq(gate().count, 0);
}

ENGINE(values_that_nobody_parsed_block, "{'id':'a'," REQUIRED "}", "", "")
{
	steps[0].fields_json = "{'a':'1'}";
	cr_assert_eq(gate().count, 1);
	parse();
	cr_expect_eq(gate().count, 0);
}

ENGINE(ages_count_to_the_day_of_the_check,
       "{'id':'born','rules':[{'rule':'date','past':true},{'rule':'age','min':18,'max':100}]}", "", "")
{
	steps[0].fields_json = "{'born':'2008-11-20'}";
	cr_expect_str_eq(failing(), "");
	steps[0].fields_json = "{'born':'2008-11-21'}";
	cr_expect_str_eq(failing(), "steps.company.born age");
	steps[0].fields_json = "{'born':'1925-11-20'}";
	cr_expect_str_eq(failing(), "steps.company.born age");
	steps[0].fields_json = "{'born':'2026-11-21'}";
	cr_expect_str_eq(failing(), "steps.company.born date|steps.company.born age");
	steps[0].fields_json = "{'born':'11/20/2008'}";
	cr_expect_str_eq(failing(), "steps.company.born date");
}

ENGINE(a_pattern_is_anchored_at_both_ends, "{'id':'a','rules':[{'rule':'pattern','pattern':'a|bc'}]}", "", "")
{
	static const char *const fit[] = { "a", "bc" }, *const others[] = { "ab", "xa", "abc", "bc ", "a\\n" };
	for (size_t i = 0; i < 2; i++) {
		steps[0].fields_json = arena_printf(&bench.arena, "{'a':'%s'}", fit[i]);
		cr_expect_str_eq(failing(), "", "%s", fit[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		steps[0].fields_json = arena_printf(&bench.arena, "{'a':'%s'}", others[i]);
		cr_expect_str_eq(failing(), "steps.company.a pattern", "%s", others[i]);
	}
}

ENGINE(names_in_capitals_and_countries_as_codes_are_stored_so,
       "{'id':'legalName','from':'subject.name','store':'upper'},{'id':'seat','fields':[{'id':'country','store':'"
       "alpha3'}]},{'id':'note'}",
       "", "")
{
	file.session.subject.name = "Peixe & Irmãos";
	steps[0].fields_json =
		bench_json(&bench.arena, "{'legalName':'Peixe','seat':{'country':'Portugal'},'note':'as it is'}");
	case_values_normalise(&bench.arena, profile, &bench.countries, &file);
	cr_expect_str_eq(file.session.subject.name, "PEIXE & IRMÃOS");
	cr_expect_str_eq(steps[0].fields_json,
			 bench_json(&bench.arena, "{'legalName':'PEIXE','seat':{'country':'PRT'},'note':'as it is'}"));
	cr_expect_str_eq(value_text(value_member(steps[0].values, "legalName")), "PEIXE");
}

ENGINE(a_hostile_list_does_not_fill_the_screen,
       "{'id':'places','items':[{'id':'city'," REQUIRED "},{'id':'street'," REQUIRED "}]}", "", "")
{
	struct strbuf json = STRBUF_INIT;
	strbuf_adds(&json, "{'places':[{}");
	for (int i = 0; i < 100000; i++)
		strbuf_adds(&json, ",{}");
	strbuf_adds(&json, "]}");
	steps[0].fields_json = json.buf;
	parse();
	struct rule_failures failures = bench_check(&bench, profile, &file);
	cr_expect_geq(failures.count, RULE_FAILURES_MAX);
	cr_expect_leq(failures.count, RULE_FAILURES_MAX + 10);
	strbuf_release(&json);
}
