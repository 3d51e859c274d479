/* Makes signed checkpoints of the audit log, and verifies the log against earlier checkpoints. */
#include "kybdesk/desk/checkpoint.h"
#include "kybdesk/codec/checkpoint.h"
#include "kybdesk/store/audit.h"
#include "desk_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *checkpoint_origin_of(const struct desk *desk, struct arena *arena,
					const struct audit_log_prefix *mark)
{
	return arena_printf(arena, "kybdesk/%s/%" PRId64, desk->store->id, mark->restore_count + 1);
}

/* Converts the checkpoint to the form that the commands report. */
static struct checkpoint_result checkpoint_result_of(struct arena *arena, const struct checkpoint *checkpoint)
{
	struct strbuf root = STRBUF_INIT;

	base64_encode(&root, checkpoint->root, SHA256_SIZE);
	return (struct checkpoint_result){ .origin = checkpoint->origin,
					   .size = checkpoint->size,
					   .root = strbuf_finish(&root, arena) };
}

/* Makes the checkpoint of the whole log. */
static struct checkpoint checkpoint_of_log(const struct desk *desk, struct arena *arena, const struct audit_tree *tree)
{
	struct checkpoint out = { .origin = checkpoint_origin_of(desk, arena, &tree->whole), .size = tree->whole.size };

	memcpy(out.root, tree->whole.root, SHA256_SIZE);
	return out;
}

enum err desk_audit_check_verdict(const struct audit_verdict *result, struct error *error)
{
	char record[64] = "";

	if (result->sound)
		return ERR_OK;
	if (result->bad_seq)
		(void)snprintf(record, sizeof record, "record %" PRId64 " is the first bad record: ", result->bad_seq);
	return error_set(error, ERR_STORE,
			 "the audit trail was changed: %s%s; keep the store unchanged and compare it with a backup",
			 record, result->reason);
}

/* --- verification --- */

struct log_claim {
	const char *name, *signed_by;
	struct checkpoint checkpoint;
};

static enum err check_origin(const struct desk *desk, const char *origin, struct error *error)
{
	char ours[sizeof "kybdesk//" + sizeof desk->store->id];
	int length = snprintf(ours, sizeof ours, "kybdesk/%s/", desk->store->id);

	if (strncmp(origin, ours, (size_t)length) != 0)
		return error_set(error, ERR_INVALID, "it belongs to %s, but this store is %.*s", origin, length - 1,
				 ours);
	return ERR_OK;
}

static enum err read_claim(const struct desk *desk, struct arena *arena, const struct checkpoint_input *input,
			   size_t at, struct log_claim *out, struct error *error)
{
	const struct checkpoint_file *item = &input->items[at];
	struct signed_note note;
	enum err err = signed_note_read(arena, item->bytes, item->length, &note, error);

	*out = (struct log_claim){ .name = item->name };
	if (!err)
		err = signed_note_check(&note, input->keys, input->key_count, &out->signed_by, error);
	if (!err)
		err = checkpoint_read(arena, note.text, note.length, &out->checkpoint, error);
	if (!err)
		err = check_origin(desk, out->checkpoint.origin, error);
	if (!err && !out->checkpoint.size)
		err = error_set(error, ERR_INVALID, "it covers no records");
	if (err)
		error_prefix(error, "The checkpoint %s", item->name);
	return err;
}

static int compare_claim_sizes(const void *left, const void *right)
{
	const struct log_claim *a = left, *b = right;

	return (a->checkpoint.size > b->checkpoint.size) - (a->checkpoint.size < b->checkpoint.size);
}

struct verifier {
	const struct desk *desk;
	struct arena *arena;
	const struct audit_tree *tree;
	const struct log_claim *claims; /* claims[i] is compared with tree->prefixes[i] */
};

/* Explains a checkpoint (claim) that was signed before a restore from a backup; "" for any other claim. */
static const char *restored_store_text(const struct verifier *verifier, const struct log_claim *log_claim)
{
	const struct audit_tree *tree = verifier->tree;
	const char *present = checkpoint_origin_of(verifier->desk, verifier->arena, &tree->whole);

	if (!tree->restored_at || !strcmp(log_claim->checkpoint.origin, present))
		return "";
	return arena_printf(verifier->arena,
			    "; with record %" PRId64
			    " the store was restored from a backup, and the records after that backup are missing",
			    tree->restored_at);
}

/* Returns the part of a sentence that says that the signature was not verified; "" if it was verified. */
static const char *unsigned_claim_text(const struct verifier *verifier, const struct log_claim *log_claim)
{
	return log_claim->signed_by
		       ? ""
		       : arena_printf(verifier->arena,
				      "; another possible cause is a change of %s: its signature was not verified "
				      "(--key)",
				      log_claim->name);
}

/* Describes how the audit log differs from the checkpoint `at` (a claim); "": no difference. fits: the number of
 * records that match an earlier checkpoint. */
static const char *claim_difference(const struct verifier *verifier, size_t at, int64_t fits)
{
	const struct log_claim *log_claim = &verifier->claims[at];
	const struct audit_log_prefix *mark = &verifier->tree->prefixes[at];
	const char *restored = restored_store_text(verifier, log_claim),
		   *doubt = unsigned_claim_text(verifier, log_claim);

	if (!mark->is_size_reached)
		return arena_printf(
			verifier->arena, "%s was signed for %" PRId64 " records, but the log has %" PRId64 "%s%s",
			log_claim->name, log_claim->checkpoint.size, verifier->tree->whole.size, restored, doubt);
	if (!memcmp(mark->root, log_claim->checkpoint.root, SHA256_SIZE))
		return "";
	return arena_printf(verifier->arena,
			    "records %" PRId64 " to %" PRId64
			    " differ from the records that %s signed, although each follows its predecessor%s%s",
			    fits + 1, log_claim->checkpoint.size, log_claim->name, restored, doubt);
}

static enum err verify_claims(const struct verifier *verifier, struct audit_verdict *out, struct error *error)
{
	const struct audit_tree *tree = verifier->tree;
	int64_t fits = 0;

	for (size_t i = 0; i < tree->count && out->sound; i++) {
		const struct log_claim *log_claim = &verifier->claims[i];
		const char *origin = checkpoint_origin_of(verifier->desk, verifier->arena, &tree->prefixes[i]);

		if (i && log_claim[-1].checkpoint.size < log_claim->checkpoint.size)
			fits = log_claim[-1].checkpoint.size;
		out->reason = claim_difference(verifier, i, fits);
		out->sound = !*out->reason;
		if (out->sound && strcmp(log_claim->checkpoint.origin, origin) != 0)
			return error_set(
				error, ERR_INVALID,
				"The checkpoint %s: it belongs to %s, but its %" PRId64 " records belong to %s",
				log_claim->name, log_claim->checkpoint.origin, log_claim->checkpoint.size, origin);
	}
	return ERR_OK;
}

enum err desk_checkpoints_verify(struct desk *desk, struct arena *arena, const struct checkpoint_input *input,
				 struct checkpoint_verdict **found, struct audit_verdict *out, struct error *error)
{
	struct log_claim *claims = arena_alloc_array(arena, input->count + 1, sizeof *claims);
	struct audit_tree tree = { .prefixes = arena_alloc_array(arena, input->count + 1, sizeof *tree.prefixes),
				   .count = input->count };
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < input->count; i++)
		err = read_claim(desk, arena, input, i, &claims[i], error);
	if (err)
		return err;
	qsort(claims, input->count, sizeof *claims, compare_claim_sizes);
	*found = arena_alloc_array(arena, input->count + 1, sizeof **found);
	for (size_t i = 0; i < input->count; i++) {
		tree.prefixes[i].size = claims[i].checkpoint.size;
		(*found)[i] =
			(struct checkpoint_verdict){ .name = claims[i].name,
						     .root = checkpoint_result_of(arena, &claims[i].checkpoint).root,
						     .size = claims[i].checkpoint.size,
						     .signed_by = claims[i].signed_by };
	}
	err = store_audit_prove(desk->store, arena, &tree, out, error);
	return err ? err : verify_claims(&(const struct verifier){ desk, arena, &tree, claims }, out, error);
}

/* --- checkpoints and proofs --- */

/* Checks that the key has the name under which the audit log is signed. */
static enum err check_key_name(struct arena *arena, const struct signed_note_key *key, const struct audit_tree *tree,
			       const char *origin, struct error *error)
{
	if (!strcmp(key->name, origin))
		return ERR_OK;
	return error_set(error, ERR_INVALID,
			 "The key belongs to %s, but this audit log signs as %s%s; make a key for it with: "
			 "kybdesk audit key FILE --new",
			 key->name, origin,
			 tree->restored_at ? arena_printf(arena,
							  " since record %" PRId64
							  ", with which the store was restored from a backup",
							  tree->restored_at)
					   : "");
}

enum err desk_make_checkpoint(struct desk *desk, struct arena *arena, const struct checkpoint_request *request,
			      struct strbuf *out, struct checkpoint_result *made, struct error *error)
{
	struct audit_log_prefix mark = { 0 };
	struct audit_tree tree = { .prefixes = &mark,
				   .count = request->existing_file != NULL,
				   .proofs = request->proofs,
				   .proof_count = request->count };
	struct strbuf text = STRBUF_INIT;
	struct audit_verdict verdict;
	const struct checkpoint_input existing_file = { .items = request->existing_file, .count = 1 };
	/* The checkpoint for which the records are proved; size 0: the whole log. */
	struct log_claim log_claim = { .name = "" };
	enum err err = request->existing_file ? read_claim(desk, arena, &existing_file, 0, &log_claim, error) : ERR_OK;

	mark.size = log_claim.checkpoint.size;
	if (!err)
		err = store_audit_prove(desk->store, arena, &tree, &verdict, error);
	if (!err)
		err = verify_claims(&(const struct verifier){ desk, arena, &tree, &log_claim }, &verdict, error);
	if (!err)
		err = desk_audit_check_verdict(&verdict, error);
	if (err)
		return err;
	if (!request->existing_file)
		log_claim.checkpoint = checkpoint_of_log(desk, arena, &tree);
	*made = checkpoint_result_of(arena, &log_claim.checkpoint);
	if (request->key)
		err = check_key_name(arena, request->key, &tree, made->origin, error);
	if (err || !out)
		return err;
	if (request->existing_file) {
		strbuf_add(out, request->existing_file->bytes, request->existing_file->length);
		return ERR_OK;
	}
	checkpoint_write(&text, &log_claim.checkpoint);
	if (request->key)
		signed_note_write(out, text.buf, text.len, request->key);
	else
		strbuf_add(out, text.buf, text.len);
	strbuf_release(&text);
	return ERR_OK;
}
