/*
 * Every key of a profile's file has an effect, or is in the table as not enforced by this version. A key that
 * neither shows an effect here nor is in that table fails.
 *
 * For a key of the domain, two profiles that differ in this one value make a case come out
 * differently. For a key of the desk or the front ends, the test finds the place that reads it: their own tests
 * check the effect.
 */
#include "rule_bench.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/processing.h"
#include "kybdesk/domain/profile_keys.h"
#include "kybdesk/domain/submit.h"
#include <criterion/criterion.h>
#include <ftw.h>
#include <string.h>

static const char base_text[] =
	"{'name':'p','title':'P','source':'acme','kind':'kyb','subject_kinds':['business'],'steps':[{'id':'company'"
	",'title':'Company','fields':[{'id':'code','title':'Code','rules':[{'rule':'one_of','values':['x']}]},{'id'"
	":'land','rules':[]},{'id':'part','rules':[]},{'id':'other'},{'id':'day','rules':[]},{'id':'number','rules'"
	":[]},{'id':'paper','rules':[]},{'id':'site','from':'subject.website','rules':[{'rule':'required'}]},{'id':"
	"'seat','fields':[{'id':'city','rules':[{'rule':'required'}]}]},{'id':'people','items':[{'id':'name','"
	"rules':[{'rule':'required'}]}]}]},{'id':'papers','title':'Papers'}],'document_rules':{'other_documents':"
	"false,'submit_needs_mandatory':true},'documents':[{'type':'DEED','title':'Deed','category':'PAPERS','step'"
	":'company'},{'type':'NOTE','title':'Note','mandatory':true},{'type':'CARD','title':'Card','mandatory':"
	"true},{'type':'MAP','title':'Map'},{'type':'PLAN','title':'Plan'}],'parties':{'individuals':'session','"
	"workflow':'generic-kyc','owner_threshold_percent':'25','threshold_inclusive':true,'fields':[{'id':'nif','"
	"rules':[{'rule':'required'}]}]},'checks':{'required':['web','email'],'waivable':['web']},'foreign':{'when'"
	":{'field':'subject.country','country_is':'PRT'},'reason':'Far'},'levels':{'initial':'LIGHT','approved':'"
	"FULL'},'attempts':{'resubmit':true,'max':3},'review':{'manual':true,'hours':1,'four_eyes':{}}}";

static struct bench bench;

static void set_up(void)
{
	bench_init(&bench);
}
static void tear_down(void)
{
	bench_release(&bench);
}
TestSuite(profile_keys, .init = set_up, .fini = tear_down);

static struct profile *read_with(const char *path, const char *value)
{
	json_t *tree = json_loads(bench_json(&bench.arena, base_text), 0, NULL);
	struct profile_mistake *mistakes;
	struct profile *profile;
	size_t count;
	char *text;

	cr_assert_not_null(tree);
	if (path)
		bench_set(&bench, tree, path, value);
	text = json_dumps(tree, 0);
	profile_read(&bench.arena, text, strlen(text), NULL, &profile, &mistakes, &count);
	cr_assert_not_null(profile, "%s = %s: %s: %s", path, value, count ? mistakes[0].path : "",
			   count ? mistakes[0].message : "");
	free(text);
	json_decref(tree);
	return profile;
}

/* A case with data for every rule. */
struct sample {
	struct case_file file;
	struct step steps[2];
	struct document documents[4];
	struct party parties[3];
	struct party_share share;
	struct check checks[2];
	struct hit hit;
	struct decision decision;
};

static void fill_sample(struct sample *sample)
{
	static const char *const types[] = { "DEED", "NOTE", "CARD", "SELFIE" };

	case_file_init(&sample->file);
	sample->file.session.status = SESSION_MANUAL_REVIEW;
	sample->file.session.kind = KIND_KYB;
	sample->file.session.attempt_number = 2;
	sample->file.session.risk_score = 50;
	sample->file.session.submitted_at = BENCH_NOW;
	sample->file.session.subject.name = "Lane";
	sample->file.session.subject.country = "PRT";
	sample->file.session.subject.website = "https://lane.example";
	for (size_t i = 0; i < 2; i++) {
		step_init(&sample->steps[i]);
		sample->steps[i].id = i ? "papers" : "company";
		sample->steps[i].status = STEP_IN_PROGRESS;
	}
	sample->steps[0].fields_json = bench_json(
		&bench.arena, "{'code':'1b','land':'PT','part':'PT-11','other':'ES','day':'2030-01-01','number':'"
			      "501964843','paper':'d0','seat':{'town':'Porto'},'people':[{'nick':'Bo'}]}");
	sample->file.steps = sample->steps;
	sample->file.step_count = 2;
	for (size_t i = 0; i < 4; i++) {
		document_init(&sample->documents[i]);
		sample->documents[i].id = arena_printf(&bench.arena, "d%zu", i);
		sample->documents[i].type = types[i];
		sample->documents[i].upload = i == 1 || i == 3 ? UPLOAD_WAITING : UPLOAD_READY;
		sample->documents[i].review = REVIEW_ACCEPTED;
		sample->documents[i].double_sided = i == 0 || i == 2;
	}
	sample->documents[0].category = "PAPERS";
	sample->documents[2].sha256 = "22"; /* hash of the front; the back is missing */
	sample->file.documents = sample->documents;
	sample->file.document_count = 4;
	for (size_t i = 0; i < 3; i++) {
		party_init(&sample->parties[i]);
		sample->parties[i].id = arena_printf(&bench.arena, "p%zu", i);
		sample->parties[i].name = i == 1 ? "Hold" : i ? "Rui" : "Ines";
		sample->parties[i].kind = i == 1 ? PARTY_COMPANY : PARTY_INDIVIDUAL;
		sample->parties[i].roles = 1u << ROLE_SHAREHOLDER;
	}
	sample->parties[0].control_role = "CEO";
	sample->parties[0].session_id = "s1";
	sample->parties[0].session_workflow = "generic-kyc";
	sample->parties[0].session_status = SESSION_APPROVED;
	sample->share = (struct party_share){ .owned_party_id = "", .percent = "25" };
	sample->parties[0].shares = &sample->share;
	sample->parties[0].share_count = 1;
	sample->file.parties = sample->parties;
	sample->file.party_count = 3;
	for (size_t i = 0; i < 2; i++)
		check_init(&sample->checks[i]);
	sample->checks[0].kind = CHECK_WEB;
	sample->checks[0].status = CHECK_WAIVED;
	sample->checks[0].waived_by = "lea";
	hit_init(&sample->hit);
	sample->hit.class_ = HIT_PEP;
	sample->checks[0].hits = &sample->hit;
	sample->checks[0].hit_count = 1;
	sample->checks[1].kind = CHECK_FACE_MATCH;
	sample->checks[1].status = CHECK_PASSED;
	sample->checks[1].checked_at = BENCH_NOW - INT64_C(5) * 86400000;
	sample->file.checks = sample->checks;
	sample->file.check_count = 2;
	decision_init(&sample->decision);
	sample->decision.kind = DECISION_REJECT;
	sample->decision.retryable = true;
	sample->file.decisions = &sample->decision;
	sample->file.decision_count = 1;
}

static void write_gate(struct strbuf *out, const struct case_file *file, const struct profile *profile)
{
	const struct gate_context context = { .profile = profile,
					      .countries = &bench.countries,
					      .actor = "ana",
					      .role = ROLE_REVIEWER,
					      .now = BENCH_NOW,
					      .last_decision_by = "",
					      .last_decision_at = TIME_NONE };
	struct blockers blockers;

	gate_check(&bench.arena, file, &context, GATE_APPROVAL, &blockers);
	strbuf_addf(out, "approval: %s\n", approval_stage_text(gate_approval_stage(file, &context)));
	for (size_t i = 0; i < blockers.count; i++)
		strbuf_addf(out, "%s %s %s\n", blocker_code_text(blockers.items[i].code), blockers.items[i].ref,
			    blockers.items[i].message);
}

static void write_processing(struct strbuf *out, const struct rules_input *rules, struct case_file *file,
			     enum check_status status)
{
	struct processing_input input = { .file = file, .profile = rules->profile, .countries = rules->countries };
	struct processing_outcome outcome;

	file->checks[0].status = file->checks[1].status = status;
	input.foreign = rules->profile->foreign.when_count &&
			rules_conditions_hold(&bench.arena, rules, rules->profile->foreign.when,
					      rules->profile->foreign.when_count);
	processing_evaluate(&bench.arena, &input, &outcome);
	strbuf_addf(out, "%s: waits for %s, %s, %s, %s, %s\n", check_status_text(status), outcome.missing_checks,
		    final_decision_text(outcome.decision), outcome.reason, outcome.review_reason,
		    outcome.can_retry_checks ? "retry" : "");
}

/* All results of the domain for the sample under a profile, as text. */
static const char *outcome_of(const struct profile *profile)
{
	struct sample *sample = arena_alloc(&bench.arena, sizeof *sample);
	struct case_file *file = &sample->file;
	struct transition_context transition = { .profile = profile };
	enum session_status to = SESSION_DRAFT;
	struct strbuf out = STRBUF_INIT;
	struct blockers missing;
	const char *text;
	size_t problems;

	fill_sample(sample);
	case_values_normalise(&bench.arena, profile, &bench.countries, file);
	strbuf_addf(&out, "%s %s\n", sample->steps[0].fields_json, sample->documents[2].category);
	write_gate(&out, file, profile);
	const struct rules_input rules = {
		.file = file, .profile = profile, .countries = &bench.countries, .today = BENCH_TODAY
	};
	struct rule_failures failures = { 0 };
	rules_check_case(&bench.arena, &rules, &failures);
	for (size_t i = 0; i < failures.count; i++)
		strbuf_addf(&out, "%s (%s)\n", failures.items[i].sentence, failures.items[i].source_document);
	ownership_compute(&bench.arena, file, profile, &problems);
	strbuf_addf(&out, "owner: %d\n", sample->parties[0].is_beneficial_owner);
	submit_check(&bench.arena, &rules, &missing);
	strbuf_addf(&out, "missing for submit: %zu\n", missing.count);
	due_set_deadline(&file->session, profile);
	strbuf_addf(&out, "due %lld\n", (long long)file->session.due_at);
	due_set_alert(&file->session, profile, BENCH_NOW);
	strbuf_addf(&out, "alert due %lld\n", (long long)file->session.due_at);
	(void)transition_find(SESSION_COMPLETED, ACTION_SUBMIT, ROLE_CLIENT, &transition, &to);
	strbuf_addf(&out, "submitted: %s\n", session_status_text(to));
	file->session.status = SESSION_REJECTED;
	(void)case_may_resubmit(&bench.arena, file, profile, &text);
	strbuf_addf(&out, "again: %s\n", text);
	sample->parties[0].control_role = "";
	file->session.status = SESSION_MANUAL_REVIEW;
	write_gate(&out, file, profile);
	file->party_count = 0;
	write_gate(&out, file, profile);
	/* A person's case with one kind of evidence at a time: a document, a passed check, approved results. */
	file->session.kind = KIND_KYC;
	for (int kept = 0; kept < 3; kept++) {
		file->document_count = kept == 0 ? 1 : 0;
		file->checks = kept == 1 ? &sample->checks[1] : sample->checks;
		file->check_count = kept == 1 ? 1 : 0;
		file->results_decision = kept == 2 ? FINAL_APPROVED : FINAL_NONE;
		file->session.results_capacity = "provider";
		write_gate(&out, file, profile);
	}
	file->results_decision = FINAL_NONE;
	file->session.kind = KIND_KYB;
	file->checks = sample->checks;
	file->document_count = 4;
	file->check_count = 2;
	sample->checks[0].hit_count = 0;
	write_processing(&out, &rules, file, CHECK_FAILED);
	sample->checks[1].kind = CHECK_EMAIL;
	write_processing(&out, &rules, file, CHECK_FAILED);
	write_processing(&out, &rules, file, CHECK_ERROR);
	return strbuf_finish(&out, &bench.arena);
}

/* Keys of the domain: the values `one` and `other` (written as in rule_rows.h) give the same case different results. */
#define CODE "steps[0].fields[0].rules"
#define FIELD(n) "steps[0].fields[" #n "].rules"
#define WHEN "=[{'rule':'required'},{'rule':'length','max':1,'when':"
static const struct probe {
	const char *section, *key, *path, *one, *other;
} probes[] = {
	{ "", "source", "source", "acme", "other" },
	{ "steps", "id", "steps[1].id", "papers", "pap" },
	{ "steps", "title", "steps[0].title", "Company", "Firm" },
	{ "steps", "fields", "steps[0].fields", "=[]", "=[{'id':'x','rules':[{'rule':'required'}]}]" },
	{ "fields", "id", "steps[0].fields[0].id", "code", "kode" },
	{ "fields", "title", "steps[0].fields[0].title", "Code", "Sign" },
	{ "fields", "from", "steps[0].fields[7].from", "subject.website", "subject.email" },
	{ "fields", "type", "steps[0].fields[3].type", "text", "boolean" },
	{ "fields", "store", "steps[0].fields[1].store", "as_given", "alpha3" },
	{ "fields", "public", "steps[0].fields[0].public", "=true", "=false" },
	{ "fields", "personal", "steps[0].fields[0]",
	  "={'id':'code','public':true,'personal':true,'rules':[{'rule':'email'}]}",
	  "={'id':'code','public':true,'personal':false,'rules':[{'rule':'email'}]}" },
	{ "fields", "rules", CODE, "=[]", "=[{'rule':'not_accepted'}]" },
	{ "fields", "fields", "steps[0].fields[8].fields", "=[{'id':'city'}]",
	  "=[{'id':'city','rules':[{'rule':'required'}]}]" },
	{ "fields", "items", "steps[0].fields[9].items", "=[{'id':'name'}]",
	  "=[{'id':'name','rules':[{'rule':'required'}]}]" },
	{ "rules", "rule", CODE, "=[{'rule':'email'}]", "=[{'rule':'url'}]" },
	{ "rules", "when", CODE, WHEN "{'field':'land','is':'PT'}}]", WHEN "{'field':'land','is':'ES'}}]" },
	{ "rules", "message", CODE, "=[{'rule':'email','message':'A'}]", "=[{'rule':'email','message':'B'}]" },
	{ "rules", "seed", CODE, "=[{'rule':'email','seed':'A'}]", "=[{'rule':'email','seed':'B'}]" },
	{ "rules", "min", CODE, "=[{'rule':'length','min':2}]", "=[{'rule':'length','min':3}]" },
	{ "rules", "max", CODE, "=[{'rule':'length','max':2}]", "=[{'rule':'length','max':1}]" },
	{ "rules", "allow", CODE, "=[{'rule':'characters','allow':['letters']}]",
	  "=[{'rule':'characters','allow':['letters','digits']}]" },
	{ "rules", "others", CODE, "=[{'rule':'characters','allow':['letters'],'others':'1'}]",
	  "=[{'rule':'characters','allow':['letters'],'others':'2'}]" },
	{ "rules", "first", CODE, "=[{'rule':'characters','allow':['letters','digits']}]",
	  "=[{'rule':'characters','allow':['letters','digits'],'first':'letter'}]" },
	{ "rules", "pattern", CODE, "=[{'rule':'pattern','pattern':'1b'}]", "=[{'rule':'pattern','pattern':'2b'}]" },
	{ "rules", "says", CODE, "=[{'rule':'pattern','pattern':'x','says':'an x'}]",
	  "=[{'rule':'pattern','pattern':'x','says':'one x'}]" },
	{ "rules", "values", CODE, "=[{'rule':'one_of','values':['1b']}]", "=[{'rule':'one_of','values':['2b']}]" },
	{ "rules", "forms", FIELD(1), "=[{'rule':'country','forms':['alpha2']}]",
	  "=[{'rule':'country','forms':['alpha3']}]" },
	{ "rules", "or", FIELD(1), "=[{'rule':'country','forms':['alpha3'],'or':['PT']}]",
	  "=[{'rule':'country','forms':['alpha3'],'or':['N/A']}]" },
	{ "rules", "of", FIELD(2), "=[{'rule':'subdivision','of':'land'}]", "=[{'rule':'subdivision','of':'other'}]" },
	{ "rules", "past", FIELD(4), "=[{'rule':'date'}]", "=[{'rule':'date','past':true}]" },
	{ "rules", "scheme", FIELD(5), "=[{'rule':'check_digits','scheme':'pt_nif'}]",
	  "=[{'rule':'check_digits','scheme':'cpf'}]" },
	{ "rules", "types", FIELD(6), "=[{'rule':'document','types':['DEED']}]",
	  "=[{'rule':'document','types':['CARD']}]" },
	{ "when", "field", CODE, WHEN "{'field':'land','is':'PT'}}]", WHEN "{'field':'other','is':'PT'}}]" },
	{ "when", "is", CODE, WHEN "{'field':'land','is':['FR','PT']}}]", WHEN "{'field':'land','is':'FR'}}]" },
	{ "when", "is_not", CODE, WHEN "{'field':'land','is_not':'PT'}}]", WHEN "{'field':'land','is_not':'FR'}}]" },
	{ "when", "country_is", CODE, WHEN "{'field':'land','country_is':'PRT'}}]",
	  WHEN "{'field':'land','country_is':'FRA'}}]" },
	{ "when", "country_is_not", CODE, WHEN "{'field':'land','country_is_not':'PRT'}}]",
	  WHEN "{'field':'land','country_is_not':'FRA'}}]" },
	{ "when", "given", CODE, WHEN "{'field':'land','given':true}}]", WHEN "{'field':'land','given':false}}]" },
	{ "document_rules", "other_documents", "document_rules.other_documents", "=true", "=false" },
	{ "document_rules", "submit_needs_mandatory", "document_rules.submit_needs_mandatory", "=true", "=false" },
	{ "documents", "type", "documents[1].type", "NOTE", "NOTICE" },
	{ "documents", "category", "documents[0].category", "PAPERS", "PICTURES" },
	{ "documents", "title", "documents[1].title", "Note", "Remark" },
	{ "documents", "step", "documents[2].step", "company", "papers" },
	{ "documents", "mandatory", "documents[1].mandatory", "=false", "=true" },
	{ "documents", "double_sided", "documents[2].double_sided", "=false", "=true" },
	{ "document_groups", "id", "document_groups", "=[{'id':'G','title':'Group','any_of':['MAP','PLAN']}]",
	  "=[{'id':'H','title':'Group','any_of':['MAP','PLAN']}]" },
	{ "document_groups", "title", "document_groups", "=[{'id':'G','title':'Group','any_of':['MAP','PLAN']}]",
	  "=[{'id':'G','title':'Other','any_of':['MAP','PLAN']}]" },
	{ "document_groups", "any_of", "document_groups", "=[{'id':'G','title':'Group','any_of':['MAP','PLAN']}]",
	  "=[{'id':'G','title':'Group','any_of':['DEED','PLAN']}]" },
	{ "document_groups", "when", "document_groups", "=[{'id':'G','title':'Group','any_of':['MAP','PLAN']}]",
	  "=[{'id':'G','title':'Group','any_of':['MAP','PLAN'],'when':{'field':'subject.kind','is':'nobody'}}]" },
	{ "parties", "required", "parties.required", "=true", "=false" },
	{ "parties", "control_role_required", "parties.control_role_required", "=true", "=false" },
	{ "parties", "owner_threshold_percent", "parties.owner_threshold_percent", "25", "26" },
	{ "parties", "threshold_inclusive", "parties.threshold_inclusive", "=true", "=false" },
	{ "parties", "individuals", "parties",
	  "={'individuals':'session','companies':'session','workflow':'generic-kyc'}",
	  "={'individuals':'none','companies':'session','workflow':'generic-kyc'}" },
	{ "parties", "companies", "parties.companies", "none", "session" },
	{ "parties", "workflow", "parties.workflow", "generic-kyc", "another-kyc" },
	{ "parties", "max", "parties.max", "=1", "=2" },
	{ "parties", "roles", "parties.roles", "=['shareholder']", "=['ubo']" },
	{ "parties", "control_roles", "parties.control_roles", "=['CEO']", "=['CFO']" },
	{ "parties", "fields", "parties.fields", "=[]", "=[{'id':'nif','rules':[{'rule':'required'}]}]" },
	{ "parties", "fields_for", "parties.fields_for", "=['individual']", "=['company']" },
	{ "checks", "required", "checks.required", "=['web']", "=['ofac']" },
	{ "checks", "optional_when", "checks.optional_when", "-", "={'email':{'field':'subject.country','is':'PRT'}}" },
	{ "checks", "waivable", "checks.waivable", "=['web']", "=['email']" },
	{ "checks", "max_age_days", "checks.max_age_days", "=4", "=6" },
	{ "evidence", "documents", "evidence", "={'documents':['DEED'],'checks':[]}",
	  "={'documents':['NOTE'],'checks':[]}" },
	{ "evidence", "checks", "evidence", "={'documents':[],'checks':['face_match']}",
	  "={'documents':[],'checks':['web']}" },
	{ "evidence", "results", "evidence", "={'documents':[],'checks':['ofac'],'results':true}",
	  "={'documents':[],'checks':['ofac']}" },
	{ "attempts", "resubmit", "attempts", "={'resubmit':true}", "={'resubmit':false}" },
	{ "attempts", "retry_checks", "attempts.retry_checks", "=true", "=false" },
	{ "attempts", "max", "attempts.max", "=2", "=3" },
	{ "foreign", "when", "foreign.when", "={'field':'subject.country','country_is':'PRT'}",
	  "={'field':'subject.country','country_is':'ESP'}" },
	{ "foreign", "reason", "foreign.reason", "Far", "Farther" },
	{ "review", "manual", "review.manual", "=true", "=false" },
	{ "review", "hours", "review.hours", "=1", "=2" },
	{ "review", "alert_hours", "review.alert_hours", "=1", "=2" },
	{ "review", "four_eyes_from_risk", "review.four_eyes_from_risk", "=50", "=51" },
	{ "review", "four_eyes", "review.four_eyes", "={'kinds':['kyb']}", "={}" },
	{ "four_eyes", "countries", "review.four_eyes.countries", "=['PRT']", "=['ESP']" },
	{ "four_eyes", "levels", "review.four_eyes.levels", "=['FULL']", "=['LIGHT']" },
	{ "four_eyes", "hits", "review.four_eyes.hits", "=['pep']", "=['sanctions']" },
	{ "four_eyes", "kinds", "review.four_eyes.kinds", "=['kyb']", "=['kyc']" },
};
#define PROBE_COUNT (sizeof probes / sizeof *probes)

/* Keys enforced by the desk, the front ends and the bodies of webhooks: `text` must occur in the sources, outside of
 * the code that reads and shows profiles. */
static const struct reader {
	const char *section, *key, *text;
} readers[] = {
	{ "", "name", "profile->name" },
	{ "", "title", "profile->title" },
	{ "", "short_title", "profile->short_title" },
	{ "", "provider", "profile->provider" },
	{ "", "version", "profile->version" },
	{ "", "kind", "profile_has_kind(" },
	{ "", "subject_kinds", "profile->subject_kinds" },
	{ "", "accounts", "profile->allows_accounts &&" },
	{ "", "event_shape", "profile->event_shape" },
	{ "", "custom_tags", "profile->custom_tags_json" },
	{ "steps", "guidance", "->guidance" },
	{ "fields", "guidance", "fields[i].guidance" },
	{ "document_rules", "formats", "->default_format_bits" },
	{ "document_rules", "max_bytes", "->default_max_bytes" },
	{ "document_rules", "upload", "UPLOAD_TWO_PHASE" },
	{ "document_rules", "submit_freezes", "submit_freezes_documents" },
	{ "document_rules", "refuse_active", "refuses_active_files" },
	{ "documents", "guidance", "->guidance" },
	{ "documents", "on_request", "->is_provider_requested" },
	{ "documents", "formats", "->formats" },
	{ "documents", "max_bytes", "->max_bytes" },
	{ "documents", "shows", "spec->expected_parts" },
	{ "documents", "max_age_months", "spec->max_age_months" },
	{ "levels", "initial", "profile_initial_level(" },
	{ "levels", "approved", "profile_approved_level(" },
	{ "levels", "subject_kinds", "level_subject_kinds" },
	{ "attempts", "final_approval", "attempts.approval_is_final" },
	{ "attempts", "level_name", "attempts.level_name" },
	{ "review", "auto_process", "->auto_process" },
	{ "review", "processing_timeout_minutes", "processing_timeout_ms" },
	{ "link", "days", "->link_life_ms" },
	{ "retention", "days", "profile->retention_ms" },
	{ "retention", "sanctions_days", "profile->retention_sanctions_ms" },
	{ "link", "reminder_days", "link_reminder_ms" },
	{ "link", "reminders_max", "link_reminders_max" },
	{ "reasons", "session", "session_reasons" },
	{ "reasons", "document", "document_reasons" },
	{ "reasons", "contradicted", "profile->contradicted_reason_policy)" },
	{ "reasons", "contradicted_hits", "profile->contradicted_hit_policy" },
	{ "events", "level_changed", "EVENT_LEVEL_CHANGED" },
	{ "events", "approved", "EVENT_APPROVED" },
	{ "events", "rejected", "EVENT_REJECTED" },
	{ "events", "expired", "EVENT_EXPIRED" },
	{ "events", "status_changed", "EVENT_STATUS_CHANGED" },
	{ "events", "corrections_requested", "EVENT_CORRECTIONS_REQUESTED" },
	{ "events", "subsession_status_changed", "EVENT_SUBSESSION_STATUS_CHANGED" },
	{ "events", "party_kyc_requested", "EVENT_PARTY_KYC_REQUESTED" },
	{ "events", "link_expiring", "EVENT_LINK_EXPIRING" },
	{ "events", "under_review", "EVENT_UNDER_REVIEW" },
	{ "events", "document_required", "EVENT_DOCUMENT_REQUIRED" },
	{ "events", "check_error", "EVENT_CHECK_ERROR" },
	{ "events", "check_timeout", "EVENT_CHECK_TIMEOUT" },
	{ "events", "document_processed", "EVENT_DOCUMENT_PROCESSED" },
	{ "events", "attempt_completed", "EVENT_ATTEMPT_COMPLETED" },
	{ "events", "withdrawn", "EVENT_WITHDRAWN" },
	{ "events", "account_activated", "EVENT_ACCOUNT_ACTIVATED" },
	{ "events", "payin_processing", "EVENT_PAYIN_PROCESSING" },
	{ "events", "payin_completed", "EVENT_PAYIN_COMPLETED" },
	{ "events", "payin_failed", "EVENT_PAYIN_FAILED" },
	{ "events", "payout_processing", "EVENT_PAYOUT_PROCESSING" },
	{ "events", "payout_completed", "EVENT_PAYOUT_COMPLETED" },
	{ "events", "transfer_processing", "EVENT_TRANSFER_PROCESSING" },
	{ "events", "transfer_completed", "EVENT_TRANSFER_COMPLETED" },
	{ "parties", "events", "parties.events" },
	{ "parties", "by_client", "parties.client_declares_parties" },
};
#define READER_COUNT (sizeof readers / sizeof *readers)

static struct strbuf sources;

static int add_source(const char *path, const struct stat *what, int type, struct FTW *walk)
{
	/* These files only read, print or name the keys, which does not count as an effect. */
	static const char *const passive[] = { "/src/codec/profile/", "/src/cli/admin/cmd_workflow.c",
					       "/src/domain/types.c", "/src/domain/profile_keys.c",
					       "/src/desk/use/profiles.c" };
	size_t length = strlen(path);
	struct strbuf text = STRBUF_INIT;

	(void)what;
	(void)walk;
	if (type != FTW_F || length < 2 || strcmp(path + length - 2, ".c") != 0)
		return 0;
	for (size_t i = 0; i < sizeof passive / sizeof *passive; i++)
		if (strstr(path, passive[i]))
			return 0;
	if (file_read(path, 1 << 20, &text, NULL) == ERR_OK)
		strbuf_add(&sources, text.buf, text.len);
	strbuf_release(&text);
	return 0;
}

static bool is(const char *section, const char *key, const struct profile_key *row)
{
	return !strcmp(section, row->section) && !strcmp(key, row->key);
}

static bool shows_effect(const struct profile_key *row)
{
	for (size_t i = 0; i < PROBE_COUNT; i++)
		if (is(probes[i].section, probes[i].key, row))
			return true;
	for (size_t i = 0; i < READER_COUNT; i++)
		if (is(readers[i].section, readers[i].key, row))
			return true;
	return false;
}

/* The keys of one section, which must be adjacent in the table. */
static const struct profile_key *keys_of(const char *section, size_t *count)
{
	const struct profile_key *found = NULL;

	*count = 0;
	for (size_t i = 0; i < profile_key_count; i++) {
		if (strcmp(profile_keys[i].section, section) != 0)
			continue;
		found = found ? found : &profile_keys[i];
		cr_assert_eq(&found[*count], &profile_keys[i], "%s.%s is apart", section, profile_keys[i].key);
		(*count)++;
	}
	return found;
}

/* Whether the key only contains other keys, which are tested themselves. */
static bool is_section(const struct profile_key *row)
{
	size_t count;

	(void)keys_of(row->key, &count);
	return !*row->section && count > 0;
}

Test(profile_keys, each_has_an_effect_or_is_not_enforced)
{
	for (size_t i = 0; i < profile_key_count; i++) {
		const struct profile_key *row = &profile_keys[i];
		bool enforcement = row->enforcement != NULL;

		if (enforcement && is_section(row))
			continue;
		cr_expect_eq(shows_effect(row), enforcement, "%s.%s %s", row->section, row->key,
			     enforcement ? "shows no effect here; give it a probe, or say that it is not enforced"
					 : "has a probe and is said not to be enforced");
	}
}

Test(profile_keys, none_is_asked_here_that_does_not_exist)
{
	for (size_t p = 0; p < PROBE_COUNT + READER_COUNT; p++) {
		const char *section = p < PROBE_COUNT ? probes[p].section : readers[p - PROBE_COUNT].section;
		const char *key = p < PROBE_COUNT ? probes[p].key : readers[p - PROBE_COUNT].key;
		bool known = false;

		for (size_t i = 0; i < profile_key_count; i++)
			known = known || is(section, key, &profile_keys[i]);
		cr_expect(known, "%s.%s", section, key);
	}
}

Test(profile_keys, a_case_comes_out_differently)
{
	for (size_t i = 0; i < PROBE_COUNT; i++) {
		const char *one = outcome_of(read_with(probes[i].path, probes[i].one));
		const char *other = outcome_of(read_with(probes[i].path, probes[i].other));

		cr_expect_str_neq(one, other, "%s.%s: %s and %s make no difference", probes[i].section, probes[i].key,
				  probes[i].one, probes[i].other);
		cr_expect_str_eq(one, outcome_of(read_with(probes[i].path, probes[i].one)), "%s.%s: by chance",
				 probes[i].section, probes[i].key);
	}
}

Test(profile_keys, somebody_reads_what_the_domain_does_not)
{
	strbuf_init(&sources);
	cr_assert_eq(nftw(KYB_SOURCE_DIR "/src", add_source, 16, FTW_PHYS), 0);
	for (size_t i = 0; i < READER_COUNT; i++)
		cr_expect(strstr(sources.buf, readers[i].text), "nobody reads %s.%s (%s)", readers[i].section,
			  readers[i].key, readers[i].text);
	strbuf_release(&sources);
}

Test(profile_keys, what_is_not_enforced_is_named_where_it_is_asked_for)
{
	struct profile *profile = read_with("accounts", "=false");
	size_t count;
	const char **names;

	(void)profile_unenforced_keys(&bench.arena, profile, &count);
	cr_expect_eq(count, 0);
	profile->allows_accounts = true;
	profile->events[EVENT_PAYIN_FAILED] = "payin.failed";
	profile->events[EVENT_APPROVED] = "approved";
	names = profile_unenforced_keys(&bench.arena, profile, &count);
	cr_expect_eq(count, 0, "%s", names[0]);
}

/* The table of keys must have the codec's words for events and for conditions, in the same order. */
Test(profile_keys, every_event_and_condition_has_a_row)
{
	size_t count, known_count;
	const char *const *words = event_kind_words(&count);
	const struct profile_key *known = keys_of("events", &known_count);

	cr_assert_eq(known_count, count);
	for (size_t i = 0; i < count; i++)
		cr_expect_str_eq(known[i].key, words[i]);
	words = condition_kind_words(&count);
	known = keys_of("when", &known_count);
	cr_assert_eq(known_count, count + 1);
	for (size_t i = 0; i < count; i++)
		cr_expect_str_eq(known[i + 1].key, words[i]);
}
