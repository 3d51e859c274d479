/*
 * Signed decisions, an option of the store: the reviewer's own SSH key signs the text of a decision (with the hash of
 * its evidence) before the lock is taken. Nobody without that key, root included, can make a decision in the
 * reviewer's name. The system's decisions are not signed.
 */
#include "decide/decide.h"
#include "kybdesk/base/ssh_signature.h"
#include "kybdesk/desk/evidence.h"
#include "kybdesk/store/access.h"
#include "use/caller.h"

#include <string.h>

static const char *hash_of(struct arena *arena, const char *text)
{
	return *text ? sha256_text(arena, text, strlen(text)) : "none";
}

/* A code unchanged; the hash of any other text. */
static const char *reason_of(struct arena *arena, const char *reason)
{
	return reason[strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789_")] ? hash_of(arena, reason)
	       : *reason						       ? reason
									       : "none";
}

/* One fact in each line; docs/evidence.md describes it. */
static const char *signed_text(struct use *use)
{
	const struct use_in *in = use->in;
	const struct decision *last = case_last_decision(&use->file);

	return arena_printf(use->arena,
			    "kybdesk decision 1\nsession %s\nnumber %lld\ndecision %s\nreason %s\nmessage %s\n"
			    "note %s\nevidence %s\nby %s\n",
			    use->file.session.id, (long long)(last ? last->number : 0) + 1, use->row->word,
			    reason_of(use->arena, in->reason), hash_of(use->arena, in->text),
			    hash_of(use->arena, in->note), use->decision.evidence_sha256, use->desk->actor);
}

static enum err is_required(struct use *use, bool *out, struct error *error)
{
	const char *value = "";
	enum err err = use->in->as == CAPACITY_STAFF && use->desk->role != ROLE_SYSTEM
			       ? store_info_get(use->desk->store, use->arena, STORE_SIGNED_DECISIONS, &value, error)
			       : ERR_OK;

	*out = !strcmp(value, SIGNED_DECISIONS_REQUIRED);
	return err;
}

static enum err sign_with(struct use *use, const struct access_key *key, const char *text, struct error *error)
{
	const char *line = arena_printf(use->arena, "%s %s", key->key.type, key->key.body);
	struct strbuf armored = STRBUF_INIT;
	enum err err = ssh_sign(use->desk->store->world, line, DECISION_PURPOSE, text, &armored, error);

	if (!err)
		err = ssh_signature_check(&(const struct ssh_signature){ text, DECISION_PURPOSE, armored.buf },
					  line, error);
	if (!err) {
		use->signature = (struct decision_signature){ text, strbuf_to_arena(&armored, use->arena), line };
	}
	strbuf_release(&armored);
	return err;
}

enum err decision_keep_signature(struct use *use, struct error *error)
{
	const struct decision *decision = &use->decision;
	const char *evidence = arena_printf(use->arena, "\nnumber %lld\n", (long long)decision->number);

	if (!*use->signature.armored)
		return ERR_OK;
	if (!strstr(use->signature.text, evidence) ||
	    !strstr(use->signature.text, arena_printf(use->arena, "\nevidence %s\n", decision->evidence_sha256)))
		return error_set(error, ERR_CONFLICT,
				 "The case changed while the decision was signed; review it again");
	return store_signature_insert(use->desk->store, use->file.session.row, decision->number, &use->signature,
				      error);
}

enum err decision_sign(struct use *use, struct error *error)
{
	const struct desk *desk = use->desk;
	struct access_key *keys = NULL;
	size_t count = 0;
	bool required = false;
	const char *text;
	enum err err = is_required(use, &required, error);

	if (err || !required)
		return err;
	if (desk->caller)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s: this store requires signed decisions, and an API key cannot sign; "
				 "decide by command or in the workbench",
				 use->row->does);
	err = store_access_key_list(desk->store, use->arena, desk->actor, &keys, &count, error);
	if (err)
		return err;
	if (!count)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot %s: this store requires signed decisions, and %s has no SSH key; an admin "
				 "adds it with: kybdesk access add %s KEYFILE",
				 use->row->does, desk->actor, desk->actor);
	text = signed_text(use);
	/* The agent may have any of the reviewer's keys. */
	for (size_t i = 0; i < count; i++) {
		error_release(error);
		err = sign_with(use, &keys[i], text, error);
		if (!err)
			return ERR_OK;
	}
	error_prefix(error, "Cannot %s: this store requires signed decisions", use->row->does);
	return err;
}
