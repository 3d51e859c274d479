/*
 * Profiles with one mistake each: the reader reports the path of the mistake, the allowed values and the nearest word.
 * Also tests the example of docs/profiles.md.
 */
#include "rule_bench.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct broken {
	const char *path; /* path at which `value` is set */
	const char *value;
	const char *mistake, *says;
};

#define COMPANY "steps[0].fields"
#define RULES "steps[0].fields[1].rules"

static const struct broken broken[] = {
	{ RULES "[1]", "{'rule':'chek_digits','scheme':'pt_nif'}", RULES "[1].rule", "did you mean 'check_digits'?" },
	{ RULES "[1]", "{'rule':'check_digits','scheme':'pt_nfi'}", RULES "[1].scheme", "did you mean 'pt_nif'?" },
	{ RULES "[1]", "{'rule':'check_digits'}", RULES "[1].scheme", "is required for the rule check_digits" },
	{ RULES "[1]", "{'rule':'length'}", RULES "[1]", "needs min, max or both" },
	{ RULES "[1]", "{'rule':'length','min':1,'maximum':3}", RULES "[1].maximum",
	  "known: rule, when, message, seed, min, max" },
	{ RULES "[1]", "{'rule':'length','min':5,'max':3}", RULES "[1].max", "is 3, but min is 5" },
	{ RULES "[1]", "{'rule':'length','min':-1,'max':3}", RULES "[1].min", "is -1; allowed: 0 to" },
	{ RULES "[1]", "{'rule':'length','max':'3'}", RULES "[1].max", "expected a whole number, found a string" },
	{ RULES "[1]", "{'rule':'pattern','pattern':'[0-9'}", RULES "[1].pattern",
	  "not a POSIX extended regular expression" },
	{ RULES "[1]", "{'rule':'pattern','says':'x'}", RULES "[1].pattern", "is required for the rule pattern" },
	{ RULES "[1]", "{'rule':'one_of','values':[]}", RULES "[1].values", "is empty" },
	{ RULES "[1]", "{'rule':'one_of','values':['a','b','a']}", RULES "[1].values[2]", "the same as in element 0" },
	{ RULES "[1]", "{'rule':'one_of','values':'a'}", RULES "[1].values", "expected an array, found a string" },
	{ RULES "[1]", "{'rule':'country','forms':['alpha4']}", RULES "[1].forms[0]",
	  "is 'alpha4'; allowed: alpha2, alpha3, name; did you mean 'alpha2'?" },
	{ RULES "[1]", "{'rule':'decimal','min':0}", RULES "[1].min", "limits are decimal strings" },
	{ RULES "[1]", "{'rule':'decimal','min':'0','max':'-1'}", RULES "[1].max", "allowed: a decimal" },
	{ RULES "[1]", "{'rule':'integer','min':'10','max':'9'}", RULES "[1].max", "is '9', but min is '10'" },
	{ RULES "[1]", "{'rule':'characters','allow':['letter']}", RULES "[1].allow[0]", "did you mean 'letters'?" },
	{ RULES "[1]", "{'rule':'characters','first':'letter'}", RULES "[1]", "allows no character; add" },
	{ RULES "[1]", "{'rule':'subdivision','of':'contry'}", RULES "[1].of",
	  "which is not a field of the same object" },
	{ RULES "[1]", "{'rule':'document','types':['CERTIDAO_PERMANENT']}", RULES "[1].types[0]",
	  "did you mean 'CERTIDAO_PERMANENTE'?" },
	{ RULES "[1]", "{'rule':'required','when':{'field':'legalNam','is':'x'}}", RULES "[1].when.field",
	  "did you mean 'legalName'?" },
	{ RULES "[1]", "{'rule':'required','when':{'field':'steps.compny.nipc','is':'x'}}", RULES "[1].when.field",
	  "did you mean 'company'?" },
	{ RULES "[1]", "{'rule':'required','when':{'field':'steps.company.seat.town','is':'x'}}",
	  RULES "[1].when.field", "is 'town', which is not a field" },
	{ RULES "[1]", "{'rule':'required','when':{'field':'legalName'}}", RULES "[1].when",
	  "needs 'field' and one of 'is'" },
	{ RULES "[1]", "{'rule':'required','when':[{'field':'legalName','is':'a','is_not':'b'}]}", RULES "[1].when[0]",
	  "needs 'field' and one of 'is'" },
	{ RULES "[1]", "{'rule':'required','when':{'field':'legalName','equals':'a'}}", RULES "[1].when.equals",
	  "is not known here" },
	{ COMPANY "[1].from", "'subject.taxid'", COMPANY "[1].from", "did you mean 'subject.tax_id'?" },
	{ COMPANY "[1].from", "['subject.tax_id','party.name']", COMPANY "[1].from[1]",
	  "values of a party are allowed only in parties.fields" },
	{ COMPANY "[1].type", "'txt'", COMPANY "[1].type", "did you mean 'text'?" },
	{ COMPANY "[1].store", "'uper'", COMPANY "[1].store", "did you mean 'upper'?" },
	{ COMPANY "[1].id", "'legalName'", COMPANY "[1].id", "the same as in element 0" },
	{ COMPANY "[1].items", "[{'id':'x'}]", NULL, NULL },
	{ COMPANY "[8].items", "[{'id':'x'}]", COMPANY "[8].items", "cannot be combined with 'fields'" },
	{ "evidence", "{'documents':['CERTIDAO_PERMANENT']}", "evidence.documents[0]",
	  "did you mean 'CERTIDAO_PERMANENTE'?" },
	{ "evidence", "{'documents':'CERTIDAO_PERMANENTE'}", "evidence.documents",
	  "expected an array, found a string" },
	{ "evidence", "{'checks':['facematch']}", "evidence.checks[0]", "did you mean 'face_match'?" },
	{ "evidence", "{'check':['face_match']}", "evidence.check", "is not known here" },
	{ "evidence", "{'results':'yes'}", "evidence.results", "expected" },
	{ "evidence", "[]", "evidence", "expected an object" },
	{ "evidence", "{'documents':[],'checks':[]}", "evidence",
	  "allows nothing that verifies a person; name a document or a check, set 'results', or leave "
	  "'documents' or 'checks' out" },
	{ "parties.fields_for", "['person']", "parties.fields_for[0]", "is 'person'; allowed: individual, company" },
	{ "parties.fields[0].rules[0].rule", "'requird'", "parties.fields[0].rules[0].rule",
	  "did you mean 'required'?" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','PROCURACO']}]", "document_groups[0].any_of[1]",
	  "did you mean 'PROCURACAO'?" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA']}]", "document_groups[0].any_of",
	  "has one document type; a group needs two document types or more" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':[]}]", "document_groups[0].any_of",
	  "has no document type" },
	{ "document_groups", "[{'id':'G','title':'G'}]", "document_groups[0].any_of",
	  "is required: two document types or more" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','ATA']}]", "document_groups[0].any_of[1]",
	  "the same as in element 0" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','RCBE']}]", "document_groups[0].any_of[1]",
	  "is 'RCBE', which is mandatory; the group would always be complete" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','CARTAO_DE_CIDADAO']}]",
	  "document_groups[0].any_of[1]", "which is uploaded on request only" },
	{ "document_groups", "[{'id':'ATA','title':'G','any_of':['ATA','PROCURACAO']}]", "document_groups[0].id",
	  "is 'ATA', which is already a document type" },
	{ "document_groups",
	  "[{'id':'G','title':'G','any_of':['ATA','PROCURACAO']},{'id':'G','title':'G','any_of':['ATA','PROCURACAO'"
	  "]}]",
	  "document_groups[1].id", "the same as in element 0" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','PROCURACAO'],'when':{'field':'kind','is':'x'}}]",
	  "document_groups[0].when.field", "is 'kind', which is not a field" },
	{ "document_groups", "[{'id':'G','title':'G','any_of':['ATA','PROCURACAO'],'on':1}]", "document_groups[0].on",
	  "is not known here" },
	{ "document_rules.upload", "'two-phase'", "document_rules.upload", "did you mean 'two_phase'?" },
	{ "documents[0].on_request", "true", "documents[0].on_request", "a mandatory document is always requested" },
	{ "attempts.max", "0", "attempts.max", "is 0; allowed: 1 to 1000" },
	{ "attempts.resubmitt", "true", "attempts.resubmitt", "did you mean 'resubmit'?" },
	{ "attempts.resubmit", "false", "attempts.max", "neither resubmit nor retry_checks allows a second" },
	{ "foreign", "{'reason':'R'}", "foreign.when", "is required" },
	{ "foreign", "{'when':{'field':'country','country_is_not':'PT'},'reason':'R'}", "foreign.when.field",
	  "is 'country', which is not a field" },
	{ "kind", "[]", "kind", "is empty; allowed: kyb, kyc" },
	{ "kind", "['kyb','kyd']", "kind[1]", "allowed: kyb, kyc" },
	{ "levels.subject_kinds", "['individual']", "levels.subject_kinds",
	  "a kind of subject that is not in the profile's subject_kinds" },
	{ "link.reminders_max", "null", "link.reminders_max", "belong together" },
	{ "accounts", "'yes'", "accounts", "expected true or false, found a string" },
	{ "events.payin_complete", "'payin.completed'", "events.payin_complete", "did you mean 'payin_completed'?" },
	{ "event_shape", "'atelyo'", "event_shape", "did you mean 'atelio'?" },
};

static struct bench bench;

static const struct reasons *all_reasons(void)
{
	static struct reasons reasons;
	struct error error = { 0 };
	for (int set = 0; set < REASON_SET_COUNT; set++) {
		const char *name = reason_set_text((enum reason_set)set);
		size_t length;
		const char *text =
			bench_file(&bench.kept, arena_printf(&bench.kept, "data/reasons/%s.json", name), &length);
		cr_assert_eq(reasons_read(&bench.kept, (enum reason_set)set,
					  &(struct json_source){ text, length, name }, &reasons, &error),
			     ERR_OK, "%s", error.message);
	}
	return &reasons;
}

static json_t *example(void)
{
	size_t length;
	const char *text = bench_file(&bench.kept, "docs/examples/tejo-kyb-pt.json", &length);
	json_t *tree = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(tree);
	return tree;
}

static struct profile *read_tree(const json_t *tree, struct profile_mistake **mistakes, size_t *count)
{
	char *text = json_dumps(tree, JSON_COMPACT);
	struct profile *profile;
	profile_read(&bench.kept, text, strlen(text), all_reasons(), &profile, mistakes, count);
	free(text);
	return profile;
}

Test(broken_profiles, each_has_one_mistake_at_its_path)
{
	size_t tried = 0;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct profile_mistake *mistakes;
		size_t count;
		json_t *tree = example();
		bench_set(&bench, tree, broken[i].path, arena_printf(&bench.arena, "=%s", broken[i].value));
		struct profile *profile = read_tree(tree, &mistakes, &count);
		json_decref(tree);
		if (!broken[i].mistake) {
			cr_expect_not_null(profile, "%s", broken[i].path);
			continue;
		}
		tried++;
		cr_assert_eq(count, 1, "%s = %s: %zu mistakes, the second %s %s", broken[i].path, broken[i].value,
			     count, count > 1 ? mistakes[1].path : "", count > 1 ? mistakes[1].message : "");
		cr_expect_str_eq(mistakes[0].path, broken[i].mistake, "%s: %s", mistakes[0].path, mistakes[0].message);
		cr_expect(strstr(mistakes[0].message, broken[i].says) != NULL, "%s: '%s' does not say '%s'",
			  mistakes[0].path, mistakes[0].message, broken[i].says);
	}
	cr_expect_geq(tried, 30);
	bench_release(&bench);
}

Test(broken_profiles, all_mistakes_of_one_are_found_at_once)
{
	struct profile_mistake *mistakes;
	size_t count;
	bench_init(&bench);
	json_t *tree = example();
	for (size_t i = 0; i < 3; i++)
		bench_set(&bench, tree, broken[i ? 27 + i : 0].path,
			  arena_printf(&bench.arena, "=%s", broken[i ? 27 + i : 0].value));
	bench_set(&bench, tree, "event_shape", "atelyo");
	cr_expect_null(read_tree(tree, &mistakes, &count));
	cr_expect_eq(count, 4);
	json_decref(tree);
	bench_release(&bench);
}

/* A new provider needs only a JSON file: the rules in it are enforced without new code. */
static const char sound_case[] =
	"{'steps':{'company':{'legalForm':'LDA','caePrincipal':'47230','caeSecundarios':[{'code':'46381'}],'"
	"permanentCertificateCode':'1234-5678-9012','seat':{'street':'Rua do Cais "
	"4','postalCode':'1100-053','city':'Lisboa','district':'11','country':'PT'}},'account':{'iban':'"
	"PT50000201231234567890154','ibanCountry':'PT','monthlyVolumeEur':'20000','contacts':[{'name':'Inês "
	"Duarte','duty':'compliance','email':'ines@peixe.example'}]}},'parties':[{'name':'Inês "
	"Duarte','birthDate':'1984-02-11','nif':'501964843','country':'PT','politicallyExposed':false}],'documents'"
	":[]}";

static const struct {
	const char *path, *value, *fails;
} tejo[] = {
	{ "steps.company.legalForm", "LDA", "" },
	{ "steps.company.legalForm", "GMBH", "steps.company.legalForm" },
	{ "steps.company.permanentCertificateCode", "123456789012", "steps.company.permanentCertificateCode" },
	{ "steps.company.seat.postalCode", "1100", "steps.company.seat.postalCode" },
	{ "steps.company.seat.district", "99", "steps.company.seat.district" },
	{ "steps.company.seat.street", "Apartado 4", "steps.company.seat.street" },
	{ "steps.company.caeSecundarios[0].code", "4638", "steps.company.caeSecundarios[0].code" },
	{ "steps.account.iban", "PT50000201231234567890155", "steps.account.iban" },
	{ "steps.account.ibanCountry", "DE", "steps.account.ibanAbroadReason" },
	{ "steps.account.monthlyVolumeEur", "50000001", "steps.account.monthlyVolumeEur" },
	{ "steps.account.contacts[0].duty", "finance", "steps.account.contacts" },
	{ "parties[0].nif", "501964842", "parties[0].nif" },
	{ "parties[0].birthDate", "2010-01-01", "parties[0].birthDate" },
	{ "parties[0].politicallyExposed", "no", "parties[0].politicallyExposed" },
};

Test(example_profile, is_read_and_its_rules_hold)
{
	struct profile_mistake *mistakes;
	size_t count;
	bench_init(&bench);
	json_t *tree = example();
	struct profile *profile = read_tree(tree, &mistakes, &count);
	json_decref(tree);
	cr_assert_not_null(profile, "%s: %s", mistakes[0].path, mistakes[0].message);
	for (size_t i = 0; i < sizeof tejo / sizeof *tejo; i++) {
		struct case_file file;
		json_t *one = json_loads(bench_json(&bench.arena, sound_case), 0, NULL);
		bench_set(&bench, one, tejo[i].path, tejo[i].value);
		bench_fill(&bench, one, &file);
		json_decref(one);
		file.session.subject.name = "Peixe & Irmãos, Lda";
		file.session.subject.tax_id = "501964843";
		file.session.subject.incorporated_on = "2015-03-12";
		struct rule_failures failures = bench_check(&bench, profile, &file);
		cr_expect_str_eq(failures.count ? failures.items[0].path : "", tejo[i].fails, "%s = %s: %s",
				 tejo[i].path, tejo[i].value, failures.count ? failures.items[0].message : "");
		cr_expect_leq(failures.count, 1, "%s = %s", tejo[i].path, tejo[i].value);
	}
	bench_release(&bench);
}

/* Collects the keys of all objects in the value. */
static void keys_of(json_t *value, json_t *keys)
{
	const char *key;
	json_t *member;
	size_t index;
	json_object_foreach(value, key, member)
	{
		json_object_set_new(keys, key, json_true());
		keys_of(member, keys);
	}
	json_array_foreach(value, index, member) keys_of(member, keys);
}

Test(example_profile, every_key_in_use_is_explained)
{
	static const char *const files[] = { "docs/examples/tejo-kyb-pt.json",
					     "data/workflows/avenia-kyb-level-1.json",
					     "data/workflows/atelio-beneficial-owner.json",
					     "data/workflows/ralio-sandbox.json",
					     "data/workflows/ralio-kyb.json",
					     "data/workflows/generic-kyc.json" };
	const char *key;
	json_t *member, *keys = json_object();
	size_t length;
	bench_init(&bench);
	const char *guide = bench_file(&bench.kept, "docs/profiles.md", &length);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *text = bench_file(&bench.kept, files[i], &length);
		json_t *tree = json_loadb(text, length, 0, NULL);
		json_object_del(tree, "custom_tags");
		keys_of(tree, keys);
		json_decref(tree);
	}
	json_object_set_new(keys, "custom_tags", json_true());
	json_object_foreach(keys, key, member) cr_expect(strstr(guide, arena_printf(&bench.kept, "`%s`", key)) != NULL,
							 "docs/profiles.md says nothing of `%s`", key);
	json_decref(keys);
	bench_release(&bench);
}

Test(example_profile, every_rule_and_scheme_is_explained)
{
	size_t length, count;
	bench_init(&bench);
	const char *guide = bench_file(&bench.kept, "docs/profiles.md", &length);
	const char *const *lists[4];
	size_t counts[4];
	lists[0] = rule_kind_words(&counts[0]);
	lists[1] = check_scheme_words(&counts[1]);
	lists[2] = event_kind_words(&counts[2]);
	lists[3] = condition_kind_words(&counts[3]);
	for (size_t l = 0; l < 4; l++)
		for (size_t i = 0; i < counts[l]; i++)
			cr_expect(strstr(guide, arena_printf(&bench.kept, "`%s`", lists[l][i])) != NULL,
				  "docs/profiles.md says nothing of `%s`", lists[l][i]);
	const char *const *sources = field_sources(&count);
	for (size_t i = 0; i < count; i++) {
		const char *member = strrchr(sources[i], '.') + 1;
		cr_expect(strstr(guide, member) != NULL, "docs/profiles.md says nothing of %s", sources[i]);
	}
	bench_release(&bench);
}
