#include "codec_support.h"
#include "kybdesk/domain/mask.h"
#include <string.h>

#define DOCUMENT                                                                                                       \
	"{'id':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01','external_ref':'RAL-2031','workflow':'ralio-kyb','kind':'"       \
	"kyb','merchant':'northwind-pay','status':'manual_review','subject':{'uid':'biz-2031','kind':'business','"     \
	"name':'Harbour Lane Trading "                                                                                 \
	"Ltd','country':'GBR','level':'LIGHT','registration_number':'09482213','tax_id':'GB123456789','"               \
	"incorporated_on':'2015-03-12','website':'https://harbourlane.example','address':{'street':'4 Harbour "        \
	"Lane','city':'Bristol','state':'','zip_code':'BS1 "                                                           \
	"5TY','country':'GBR'}},'custom_tags':{'region':'emea'},'risk_score':42,'risk_factors':[{'code':'country'"     \
	",'points':12,'detail':'operates in a high-risk "                                                              \
	"corridor'}],'steps':[{'id':'company_info','status':'completed','fields':{'business_activity':'Wholesale "     \
	"of "                                                                                                          \
	"fish','taxIdNumber':'GB987654321'}}],'documents':[{'id':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a02','"             \
	"category':'COMPANY_INFO','type':'BUSINESS_NUMBER','file_name':'number.pdf','file':'files/"                    \
	"number.pdf','upload':'ready','review':'unreviewed','sha256':'','size':0,'media_type':'','review_reason':"     \
	"'','extracted':{'document_number':'P12345678','birth':{'date_of_birth':'1984-02-11'}}}],'parties':[{'id'"     \
	":'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a03','kind':'individual','name':'Ines "                                    \
	"Duarte','roles':['ubo','director'],'control_role':'CEO','ownership_percent':'60','owner_of':null,'date_"      \
	"of_birth':'1984-02-11','country':'PRT','tax_id':'','addresses':[],'session':{'id':'0b0f8a52-6a55-4c53-"       \
	"9d3e-5f5f2b8f1a04','workflow':'generic-kyc','status':'active','compliance_status':'pending'},'effective_"     \
	"percent':null,'beneficial_owner':false}],'checks':[{'kind':'watchlist','status':'hit','score':0.83,'"         \
	"detail':{},'hits':[{'id':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a05','name':'Inês Duarte','list':'OFAC "          \
	"SDN','class':'sanctions','score':0.83,'state':'open'}]}],'created_at':'2026-11-02T09:14:00Z','submitted_"     \
	"at':'2026-11-03T10:00:00Z','updated_at':'2026-11-03T10:00:00Z','expires_at':'2026-12-02T09:14:00Z'"
#define HISTORY                                                                                                        \
	",'corrections':[{'id':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a06','round':1,'step_id':'company_info','field_"      \
	"ids':['business_activity'],'document_types':['BUSINESS_NUMBER'],'message':'m','state':'accepted','asked_"     \
	"by':'ana','asked_at':'2026-11-04T10:00:00Z','answered_at':'2026-11-05T10:00:00Z','closed_at':null}],'"        \
	"decisions':[{'decision':'corrections','by':'ana','at':'2026-11-04T10:00:00Z','reason':'','message':'','"      \
	"retryable':false,'note':'','undone':false,'imported':true,'number':1}],'notes':[{'text':'called "             \
	"them','by':'bo','at':'2026-11-04T11:00:00Z'}]"

static struct session_document read_whole(const char *text)
{
	struct session_document document;
	text = json_of(text);
	enum err err = session_read(&arena, text, strlen(text), default_countries(), &document, &error);
	cr_assert(err == ERR_OK, "%s", error.message);
	return document;
}

static const char *written(struct json_value *value)
{
	struct strbuf out = STRBUF_INIT;
	json_write(&out, value, JSON_COMPACT_LAYOUT, false);
	const char *text = plain_of(strbuf_finish(&out, &arena));
	json_free(value);
	return text;
}

static const char *shown(const struct case_file *file, const struct blockers *blockers)
{
	const struct session_write_options options = { .blockers = blockers, .now = INT64_C(1795168800000) };
	return written(session_write(file, &options));
}

SPEC(session_write, a_whole_document_comes_back_as_it_was_written)
{
	struct session_document document = read_whole(DOCUMENT HISTORY "}");
	cr_expect_str_eq(shown(&document.file, NULL), DOCUMENT HISTORY "}");
}

SPEC(session_write, what_was_written_reads_back_and_writes_the_same)
{
	struct session_document document = read_whole(
		"{'workflow':'w','kind':'kyc','merchant':'m','status':'expired','external_ref':'R','subject':{'"
		"kind':'individual','name':'A\xe2\x80\xae\\u001bB','email':'a@b.example','phone':'1','kyb_id':7,'"
		"date_of_birth':'1990-01-01'},'expired_from':'active','final_decision':'flagged','decided_by':'x','"
		"decided_at':'2026-01-01T00:00:00.5Z','retryable':true,'decision_reason':'other','processing_"
		"results':{'n':0.1},'returned':true,'parent_id':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01','documents':"
		"[{'type':'T','side':'back','step_id':'s','review':'rejected','reviewed_by':'a','reviewed_at':'"
		"2026-01-01T00:00:00Z','expires_on':'2030-01-31','replaced':true}],'parties':[{'id':'0b0f8a52-6a55-"
		"4c53-9d3e-5f5f2b8f1a08','kind':'company','name':'C'},{'kind':'individual','name':'D','owns':[{'of'"
		":'C','percent':'1.5'},{'of':null,'percent':'2'}],'fields':{'k':1},'verified_elsewhere':{'by':'l','"
		"reason':'long "
		"enough'}}],'checks':[{'kind':'web','status':'waived','waived_by':'l','waive_reason':'r','checked_"
		"at':'2026-01-01T00:00:00Z','hits':[{'name':'x','state':'accepted','accepted_by':'l','accept_"
		"reason':'r','reason':'same_person','note':'n','resolved_by':'a','resolved_at':'2026-01-01T00:00:"
		"00Z','detail':{'a':1}}]}]}");
	const char *once = shown(&document.file, NULL);
	struct session_document again = read_whole(once);
	cr_expect_str_eq(shown(&again.file, NULL), once);
	expect_contains(once, "'expired_from':'active'", "expired");
	expect_contains(once, "'owns':[{'of':'0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a08','percent':'1.5'}", "owns");
	expect_contains(once, "'expires_on':'2030-01-31'", "paper");
	expect_contains(once, "'name':'A\\u202e\\u001bB'", "hostile text is escaped");
}

SPEC(session_write, show_adds_where_the_case_stands)
{
	struct session_document document = read_whole(DOCUMENT "}");
	struct blocker blocker = { BLOCKER_HIT_OPEN, "a hit is open", "h1" };
	const struct blockers blockers = { &blocker, 1, 1 };
	document.file.session.version = 14;
	document.file.session.assignee = "ana";
	document.file.session.due_at = INT64_C(1795168800000);
	const char *text = shown(&document.file, &blockers);
	cr_expect_str_eq(
		strstr(text, "'expires_at'"),
		"'expires_at':'2026-12-02T09:14:00Z','compliance_status':'manual_review','version':14,'blockers':[{"
		"'code':'hit_open','message':'a hit is "
		"open','ref':'h1'}],'corrections':[],'decisions':[],'notes':[],'assignee':'ana','due_at':'2026-11-"
		"20T10:00:00Z','parent_id':null,'returned':false,'attempts':[{'number':1,'submitted_at':'2026-11-"
		"03T10:00:00Z','ended_at':null,'result':null,'reason':'','retryable':false,'present':true}]}");
	(void)read_whole(text);
}

SPEC(session_write, a_claim_that_ran_out_has_no_assignee)
{
	struct session_document document = read_whole(DOCUMENT "}");
	const struct blockers none = { 0 };
	document.file.session.assignee = "ana";
	document.file.session.claimed_at = 1;
	document.file.session.claim_expires_at = 2;
	expect_contains(shown(&document.file, &none), "'assignee':null", "claim");
}

SPEC(session_write, a_list_item_has_the_documented_members_in_order)
{
	struct session_item item = {
		.id = "i",
		.external_ref = "R",
		.workflow = "w",
		.merchant = "m",
		.subject_name = "N",
		.country = "GBR",
		.assignee = "",
		.level = "LIGHT",
		.parent_id = "",
		.kind = KIND_KYB,
		.status = SESSION_PROCESSED,
		.risk_score = RISK_NONE,
		.parties_total = 3,
		.parties_verified = 1,
		.documents_total = 4,
		.documents_accepted = 2,
		.submitted_at = INT64_C(1795168800000),
		.due_at = TIME_NONE,
		.updated_at = INT64_C(1795168800000),
		.created_at = 0,
		.version = 5,
	};
	cr_expect_str_eq(written(session_item_write(&item)),
			 "{'id':'i','external_ref':'R','kind':'kyb','workflow':'w','merchant':'m','subject_name':'"
			 "N','country':'GBR','status':'processed','compliance_status':'completed','risk_score':"
			 "null,'assignee':null,'level':'LIGHT','parties_total':3,'parties_verified':1,'documents_"
			 "total':4,'documents_accepted':2,'submitted_at':'2026-11-20T10:00:00Z','due_at':null,'"
			 "updated_at':'2026-11-20T10:00:00Z','version':5,'parent_id':null,'why':null}");
	item.blocker = "hit_open";
	cr_expect(strstr(written(session_item_write(&item)), "'why':'hit_open'}"));
	item.blocker = "";
	item.clean = true;
	cr_expect(strstr(written(session_item_write(&item)), "'why':'clean'}"));
}

SPEC(session_write, a_decision_has_the_documented_members)
{
	struct decision decision;
	decision_init(&decision);
	decision.kind = DECISION_REJECT;
	decision.by = "ana";
	decision.at = INT64_C(1795168800000);
	decision.reason = "expired_document";
	decision.message = "m";
	decision.retryable = true;
	decision.note = "n";
	decision.number = 2;
	cr_expect_str_eq(written(decision_write(&decision)),
			 "{'decision':'reject','by':'ana','at':'2026-11-20T10:00:00Z','reason':'expired_document','"
			 "message':'m','retryable':true,'note':'n','undone':false,'number':2}");
}

static const char *evidence(const struct case_file *file, const struct profile *profile)
{
	const struct checklist_item checklist[] = {
		{ .met = false,
		  .code = BLOCKER_HIT_OPEN,
		  .message = "a hit is open",
		  .ref = "h1",
		  .other_ref = "",
		  .link_ref = "",
		  .tab = TAB_CHECKS },
		{ .met = false,
		  .code = BLOCKER_SECOND_REVIEWER,
		  .message = "one more has to approve",
		  .ref = "",
		  .other_ref = "",
		  .link_ref = "",
		  .tab = TAB_SUMMARY },
		{ .met = true,
		  .code = BLOCKER_CLAIMED_BY_OTHER,
		  .message = "nobody else holds it",
		  .ref = "",
		  .other_ref = "",
		  .link_ref = "",
		  .tab = TAB_SUMMARY },
	};
	struct strbuf out = STRBUF_INIT;
	const struct reasons reasons = { .sha256 = { "aa", "bb", "cc" } };
	const struct evidence_rules rules = { .profile = profile, .reasons = &reasons, .program_version = "1.2.3" };
	evidence_write(&out, file, checklist, 3, &rules);
	return plain_of(strbuf_finish(&out, &arena));
}

SPEC(session_write, evidence_names_the_case_the_checklist_and_the_profile)
{
	struct session_document document = read_whole(DOCUMENT "}");
	const struct profile profile = { .name = "ralio-kyb", .version = 3, .sha256 = "0c" };
	const char *text = evidence(&document.file, &profile);
	cr_expect(strncmp(text, "{'case':{'checks':[{'detail':{}", 31) == 0, "keys are sorted: %.80s", text);
	expect_contains(text,
			"'checklist':[{'code':'hit_open','message':'a hit is "
			"open','met':false,'ref':'h1'}],'profile':{'name':'ralio-kyb','sha256':'0c','version':3},'"
			"program':'1.2.3','reasons':{'document':'bb','hit':'cc','session':'aa','sha256':'",
			"verdict");
	expect_contains(text, "'tax_id':'GB123456789'", "values as they were");
	expect_contains(evidence(&document.file, NULL), "'profile':null,'program'", "no profile");
}

SPEC(session_write, evidence_is_the_same_until_something_in_the_case_changes)
{
	struct session_document document = read_whole(DOCUMENT "}");
	const char *before = evidence(&document.file, NULL);
	document.file.session.version++;
	document.file.session.updated_at++;
	document.file.session.assignee = "bo";
	cr_expect_str_eq(evidence(&document.file, NULL), before);
	document.file.documents[0].sha256 = "00";
	cr_expect_str_neq(evidence(&document.file, NULL), before);
}

static const char *subject_of(enum subject_kind kind)
{
	struct case_file file;
	case_file_init(&file);
	file.session.subject.kind = kind;
	file.session.subject.date_of_birth = kind == SUBJECT_BUSINESS ? "" : "1984-02-11";
	const char *text = shown(&file, NULL);
	const char *start = strstr(text, "'subject':");
	const char *end = start ? strchr(start, '}') : NULL;
	cr_assert(start && end, "%s", text);
	return arena_strndup(&arena, start, (size_t)(end - start));
}

/* The members always have the same order, which helps people and line-based tools. */
SPEC(session_write, a_subject_says_what_its_kind_has_in_the_order_of_the_document)
{
	cr_expect_str_eq(subject_of(SUBJECT_BUSINESS),
			 "'subject':{'uid':'','kind':'business','name':'','country':'','level':'','registration_"
			 "number':'','tax_id':'','incorporated_on':'','website':'','address':{");
	cr_expect_str_eq(subject_of(SUBJECT_INDIVIDUAL),
			 "'subject':{'uid':'','kind':'individual','name':'','country':'','level':'','tax_id':'','"
			 "date_of_birth':'1984-02-11','address':{");
}
