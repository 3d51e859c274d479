/* The verbs with their arguments in a row, for tests that read like a story. */
#ifndef KYB_TESTS_DESK_VERBS_H
#define KYB_TESTS_DESK_VERBS_H

#include "kybdesk/desk/use.h"

#include <string.h>

struct decide_options {
	int64_t seen_version, grace_s; /* negative: the default */
	const char *note;
};
#define decide_result use_out
#define link_result use_out
#define delete_result use_out
#define WITH(options)                                                                                              \
	.seen_version = (options) ? (options)->seen_version : 0,                                                   \
	.own_grace = (options) && (options)->grace_s >= 0, .grace_s = (options) ? (options)->grace_s : 0,          \
	.note = (options) ? (options)->note : NULL
#define DO(out, ...) desk_do(desk, arena, &(const struct use_in){ .session = reference, __VA_ARGS__ }, (out), error)
#define VERB_ARGUMENTS struct desk *desk, struct arena *arena, const char *reference

/* For verbs that return only the session's id. */
static inline enum err verb_do(struct desk *desk, struct arena *arena, const struct use_in *in, const char **id,
			       struct error *error)
{
	struct use_out out;
	enum err err = desk_do(desk, arena, in, &out, error);

	*id = out.id;
	return err;
}
#define DO_ID(...) verb_do(desk, arena, &(const struct use_in){ .session = reference, __VA_ARGS__ }, id, error)

static inline enum err desk_approve(VERB_ARGUMENTS, const struct decide_options *options, struct use_out *out,
				    struct error *error)
{
	return DO(out, .verb = VERB_APPROVE, WITH(options));
}
static inline enum err desk_reject(VERB_ARGUMENTS, const char *reason, const char *message, int retryable,
				   const struct decide_options *options, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_REJECT, .reason = reason, .text = message,
		  .retryable = retryable < 0 ? CHOICE_DEFAULT
			       : retryable   ? CHOICE_YES
					     : CHOICE_NO,
		  WITH(options));
}
static inline enum err desk_request_corrections(VERB_ARGUMENTS, const struct correction_request *requests,
						size_t count, int64_t days, const struct decide_options *options,
						struct use_out *out, const char **link, struct error *error)
{
	enum err err = DO(out, .verb = VERB_CORRECTIONS, .requests = requests, .request_count = count, .days = days,
			  WITH(options));

	*link = out->link;
	return err;
}
static inline enum err desk_withdraw_corrections(VERB_ARGUMENTS, const struct decide_options *options,
						 struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_WITHDRAW, WITH(options));
}
static inline enum err desk_accept_correction(VERB_ARGUMENTS, const char *correction, const char **id,
					      struct error *error)
{
	return DO_ID(.verb = VERB_CORRECTION_ACCEPT, .part = correction);
}
static inline enum err desk_undo(VERB_ARGUMENTS, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_UNDO);
}
static inline enum err desk_reopen(VERB_ARGUMENTS, const char *reason, const struct decide_options *options,
				   struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_REOPEN, .reason = reason, WITH(options));
}
static inline enum err desk_reactivate(VERB_ARGUMENTS, int64_t days, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_REACTIVATE, .days = days);
}
static inline enum err desk_escalate(VERB_ARGUMENTS, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_ESCALATE);
}
static inline enum err desk_process(VERB_ARGUMENTS, const struct decide_options *options, struct use_out *out,
				    struct error *error)
{
	return DO(out, .verb = VERB_PROCESS, WITH(options));
}
static inline enum err desk_claim(VERB_ARGUMENTS, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_CLAIM);
}
static inline enum err desk_release(VERB_ARGUMENTS, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_RELEASE);
}
static inline enum err desk_assign(VERB_ARGUMENTS, const char *reviewer, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_ASSIGN, .part = reviewer);
}
static inline enum err desk_next(struct desk *desk, struct arena *arena, struct list_query *query, const char **id,
				 struct error *error)
{
	const char *reference = NULL;

	return DO_ID(.verb = VERB_NEXT, .query = query);
}
static inline enum err desk_snooze(VERB_ARGUMENTS, int64_t until, const char *reason, const char **id,
				   struct error *error)
{
	return DO_ID(.verb = VERB_SNOOZE, .until = until, .reason = reason);
}
static inline enum err desk_snooze_end(VERB_ARGUMENTS, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_WAKE);
}
static inline enum err desk_note(VERB_ARGUMENTS, const char *text, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_NOTE, .text = text);
}
static inline enum err desk_document_accept(VERB_ARGUMENTS, const char *document, const char **id,
					    struct error *error)
{
	return DO_ID(.verb = VERB_DOCUMENT_ACCEPT, .part = document);
}
static inline enum err desk_document_reject(VERB_ARGUMENTS, const char *document, const char *reason,
					    const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_DOCUMENT_REJECT, .part = document, .reason = reason);
}
static inline enum err desk_document_add(VERB_ARGUMENTS, const char *type, const char *side, const char *name,
					 const void *bytes, size_t length, const char **id,
					 const char **document_id, struct error *error)
{
	struct use_out out;
	enum err err = DO(&out, .verb = VERB_DOCUMENT_ADD, .type = type, .side = side, .file_name = name,
			  .bytes = bytes, .length = length);

	*id = out.id;
	*document_id = out.part_id;
	return err;
}
static inline enum err desk_document_bytes(VERB_ARGUMENTS, const char *document, const char *purpose,
					   struct strbuf *bytes, struct document *info, struct error *error)
{
	struct use_out out;
	enum err err = DO(&out, .verb = strcmp(purpose, "save") ? VERB_DOCUMENT_OPEN : VERB_DOCUMENT_SAVE,
			  .part = document, .into = bytes);

	*info = out.document;
	return err;
}
static inline enum err desk_hit_resolve(VERB_ARGUMENTS, const char *hit, bool match, const char *reason,
					const char *note, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_HIT_RESOLVE, .part = hit, .match = match, .reason = reason, .note = note);
}
static inline enum err desk_hit_accept(VERB_ARGUMENTS, const char *hit, const char *reason, const char **id,
				       struct error *error)
{
	return DO_ID(.verb = VERB_HIT_ACCEPT, .part = hit, .reason = reason);
}
static inline enum err desk_check_waive(VERB_ARGUMENTS, enum check_kind kind, const char *reason, const char **id,
					struct error *error)
{
	return DO_ID(.verb = VERB_CHECK_WAIVE, .check = kind, .reason = reason);
}
static inline enum err desk_validate(VERB_ARGUMENTS, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_VALIDATE);
}
static inline enum err desk_duplicate_dismiss(VERB_ARGUMENTS, const char *other, const char *reason,
					      const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_DUPLICATE_DISMISS, .part = other, .reason = reason);
}
static inline enum err desk_link(VERB_ARGUMENTS, int64_t days, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_LINK, .days = days);
}
static inline enum err desk_session_delete(VERB_ARGUMENTS, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_DELETE);
}
static inline enum err desk_party_add(VERB_ARGUMENTS, const struct party_input *input, const char **id,
				      const char **party_id, const char **subsession_id, struct error *error)
{
	struct use_out out;
	enum err err = DO(&out, .verb = VERB_PARTY_ADD, .party = input);

	*id = out.id;
	*party_id = out.part_id;
	*subsession_id = out.subsession_id;
	return err;
}
static inline enum err desk_party_edit(VERB_ARGUMENTS, const char *party, const struct party_input *input,
				       const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_EDIT, .part = party, .party = input);
}
static inline enum err desk_party_own(VERB_ARGUMENTS, const char *party, const char *of, const char *percent_,
				      const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_OWN, .part = party, .from = of, .percent = percent_);
}
static inline enum err desk_party_remove(VERB_ARGUMENTS, const char *party, const char *reason, const char **id,
					 struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_REMOVE, .part = party, .reason = reason);
}
static inline enum err desk_party_verify(VERB_ARGUMENTS, const char *party, const char *reason, const char **id,
					 struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_VERIFY, .part = party, .reason = reason);
}
static inline enum err desk_party_unverify(VERB_ARGUMENTS, const char *party, const char **id, struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_UNVERIFY, .part = party);
}
static inline enum err desk_party_gap(VERB_ARGUMENTS, const char *reason, const char *text, const char **id,
				      struct error *error)
{
	return DO_ID(.verb = VERB_PARTY_GAP, .reason = reason, .text = text);
}
static inline enum err desk_party_copy(VERB_ARGUMENTS, const char *from, const char *party,
				       const struct party_input *input, const char **id, const char **copied,
				       struct error *error)
{
	struct use_out out;
	enum err err = DO(&out, .verb = VERB_PARTY_COPY, .from = from, .part = party, .party = input);

	*id = out.id;
	*copied = out.part_id;
	return err;
}
static inline enum err desk_subsession_add(VERB_ARGUMENTS, const char *party, const char **id,
					   const char **subsession_id, struct error *error)
{
	struct use_out out;
	enum err err = DO(&out, .verb = VERB_SUBSESSION_ADD, .part = party);

	*id = out.id;
	*subsession_id = out.subsession_id;
	return err;
}
static inline enum err desk_subsession_remove(VERB_ARGUMENTS, const char *party, const char **id,
					      struct error *error)
{
	return DO_ID(.verb = VERB_SUBSESSION_REMOVE, .part = party);
}
static inline enum err desk_reviewer_add(struct desk *desk, const char *name, enum role role, bool supervised,
					 struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_out out;
	enum err err =
		desk_do(desk, &arena,
			&(const struct use_in){
				.verb = VERB_REVIEWER_ADD, .part = name, .role = role, .supervised = supervised },
			&out, error);

	arena_release(&arena);
	return err;
}
static inline enum err desk_reviewer_role(struct desk *desk, const char *name, enum role role, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_out out;
	enum err err = desk_do(desk, &arena,
			       &(const struct use_in){ .verb = VERB_REVIEWER_ROLE, .part = name, .role = role },
			       &out, error);

	arena_release(&arena);
	return err;
}
static inline enum err desk_reviewer_disable(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_out out;
	enum err err = desk_do(desk, &arena, &(const struct use_in){ .verb = VERB_REVIEWER_DISABLE, .part = name },
			       &out, error);

	arena_release(&arena);
	return err;
}

static inline enum err desk_merchant_add(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_out out;
	enum err err = desk_do(desk, &arena, &(const struct use_in){ .verb = VERB_MERCHANT_ADD, .part = name },
			       &out, error);

	arena_release(&arena);
	return err;
}
static inline enum err desk_store_set(struct desk *desk, struct arena *arena, const char *name, const char *value,
				      struct error *error)
{
	struct use_out out;

	return desk_do(desk, arena, &(const struct use_in){ .verb = VERB_STORE_SET, .part = name, .text = value },
		       &out, error);
}
static inline enum err desk_link_show(VERB_ARGUMENTS, struct use_out *out, struct error *error)
{
	return DO(out, .verb = VERB_LINK_SHOW);
}
static inline enum err desk_workflow_install(struct desk *desk, struct arena *arena, const char *text,
					     struct rule_change *change, struct error *error)
{
	struct use_out out;
	enum err err = desk_do(desk, arena, &(const struct use_in){ .verb = VERB_WORKFLOW_INSTALL, .part = text },
			       &out, error);

	*change = out.rule;
	return err;
}
static inline enum err desk_reasons_install(struct desk *desk, struct arena *arena, const char *text,
					    const char *set, struct rule_change *change, struct error *error)
{
	struct use_out out;
	enum err err = desk_do(desk, arena,
			       &(const struct use_in){ .verb = VERB_REASONS_INSTALL, .part = text, .type = set },
			       &out, error);

	*change = out.rule;
	return err;
}
static inline enum err desk_endpoint_add(struct desk *desk, struct arena *arena, const char *merchant,
					 const char *url, const char *const *events, size_t event_count,
					 struct endpoint *endpoint, struct strbuf *secret, struct error *error)
{
	struct use_out out;
	enum err err = desk_do(desk, arena,
			       &(const struct use_in){ .verb = VERB_ENDPOINT_ADD,
						       .part = merchant,
						       .url = url,
						       .events = events,
						       .event_count = event_count,
						       .into = secret },
			       &out, error);

	*endpoint = out.endpoint;
	return err;
}

#endif
