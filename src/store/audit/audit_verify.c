/* Verifies the chain: each record's own hash, its link to the previous record, and the head. Values are read with
 * their stored type: a text that became a blob is a different value. An attacker may also have changed triggers and
 * tables, so the check reads only rows and relies on no trigger. The row commitments of each record are read
 * together with the record. */
#include "audit_chain.h"
#include "audit/commitment.h"
#include "audit/commitment_list.h"

#include <string.h>

#define CHAIN_COLUMNS                                                                                                  \
	"seq, at, actor, role, action, session_id, session_version, detail, prev_hash, hash, "                         \
	"rows_sha256"
enum { CHAIN_SEQ, CHAIN_AT, CHAIN_ACTION = 4, CHAIN_HASHED = 8, CHAIN_PREV_HASH = 8, CHAIN_HASH, CHAIN_ROWS };

struct link {
	int64_t seq, at;
	bool is_valid; /* whether hash and prev_hash have 32 bytes, and hash is the hash of this record */
	bool is_restore;
	uint8_t previous[SHA256_SIZE], hash[SHA256_SIZE];
	struct commitment_list_hash rows_hash;
};

struct chain {
	struct arena *arena; /* memory for messages and the Merkle tree */
	struct query *query;
	struct sha256 *digest;
	struct strbuf bytes;
	struct audit_tree *tree; /* Merkle tree of the log; NULL: only the chain is verified */
	struct merkle *merkle;
	size_t next_mark; /* index of the next tree size in tree->prefixes that the scan has not reached */
	struct commitment_list commitments;
	size_t next_proof; /* index of the next requested proof with a record that the scan has not reached */
};

static void add_column_bytes(struct chain *chain, int column)
{
	struct db_value value = row_value(chain->query, column);

	audit_add_db_value(&chain->bytes, &value);
}

static bool is_restore_record(const struct chain *chain)
{
	static const char action[] = "store.restore";
	struct db_value value = row_value(chain->query, CHAIN_ACTION);

	return value.length == sizeof action - 1 && memcmp(value.bytes, action, value.length) == 0;
}

static enum err read_next_link(struct chain *chain, struct link *out, bool *row, struct error *error)
{
	uint8_t hash[SHA256_SIZE];
	bool whole;
	enum err err = query_next(chain->query, row, error);

	if (err || !*row)
		return err;
	out->seq = row_int(chain->query, CHAIN_SEQ);
	out->at = row_int(chain->query, CHAIN_AT);
	out->is_restore = chain->tree && is_restore_record(chain);
	whole = audit_read_hash(chain->query, CHAIN_PREV_HASH, out->previous);
	whole = audit_read_hash(chain->query, CHAIN_HASH, out->hash) && whole;
	strbuf_reset(&chain->bytes);
	strbuf_add(&chain->bytes, out->previous, SHA256_SIZE);
	for (int column = 0; column < CHAIN_HASHED; column++)
		add_column_bytes(chain, column);
	out->rows_hash.has_rows_hash = !row_is_null(chain->query, CHAIN_ROWS);
	if (out->rows_hash.has_rows_hash) {
		whole = audit_read_hash(chain->query, CHAIN_ROWS, out->rows_hash.hash) && whole;
		add_column_bytes(chain, CHAIN_ROWS);
	}
	sha256_add(chain->digest, chain->bytes.buf, chain->bytes.len);
	sha256_finish(chain->digest, hash);
	out->is_valid = whole && memcmp(hash, out->hash, SHA256_SIZE) == 0;
	return ERR_OK;
}

static void close_chain(struct chain *chain)
{
	query_end(chain->query);
	sha256_free(chain->digest);
	strbuf_release(&chain->bytes);
	commitment_list_end(&chain->commitments);
}

struct head {
	size_t row_count;
	bool is_valid;
	int64_t seq;
	uint8_t hash[SHA256_SIZE];
	struct commitment_list_hash uncovered; /* commitments that the next record will cover */
};

static enum err read_head(struct store *store, struct head *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query_text(store->db, "audit.verify_head", "SELECT seq, hash, rows_sha256 FROM chain_head",
				     &query, error);

	*out = (struct head){ 0 };
	while (query_fetch_row(&query, &err, error)) {
		out->row_count++;
		out->seq = row_int(query, 0);
		out->is_valid = audit_read_hash(query, 1, out->hash) && row_value(query, 0).type == 'i';
		out->uncovered.has_rows_hash = !row_is_null(query, 2);
		if (out->uncovered.has_rows_hash)
			out->is_valid = audit_read_hash(query, 2, out->uncovered.hash) && out->is_valid;
	}
	return err;
}

static void set_fault(struct audit_verdict *out, int64_t seq, const char *reason)
{
	out->sound = false;
	out->bad_seq = seq;
	out->reason = reason;
}

static const char *span_text(struct arena *arena, int64_t from, int64_t to, const char *one, const char *many)
{
	if (from == to)
		return arena_printf(arena, "record %lld %s", (long long)from, one);
	return arena_printf(arena, "records %lld to %lld %s", (long long)from, (long long)to, many);
}

/* Called for a valid record `link` that does not continue the previous record: one of the two was rewritten with a
 * matching hash. True: the next record continues `link`, so the previous record was rewritten. */
static bool is_chain_continued(const struct link *link, const struct link *next, const struct head *head)
{
	if (next)
		return memcmp(next->previous, link->hash, SHA256_SIZE) == 0;
	return head->is_valid && head->seq == link->seq && memcmp(head->hash, link->hash, SHA256_SIZE) == 0;
}

/* Whether `link` may follow the record `last`. False: *out has the reason. */
static bool check_sequence(struct arena *arena, const struct link *link, int64_t last, struct audit_verdict *out)
{
	if (link->seq == last + 1)
		return true;
	if (link->seq > last + 1)
		set_fault(out, last + 1, span_text(arena, last + 1, link->seq - 1, "is missing", "are missing"));
	else if (link->seq < 1)
		set_fault(out, link->seq,
			  arena_printf(arena, "record %lld was inserted before the first", (long long)link->seq));
	else
		set_fault(
			out, link->seq,
			arena_printf(arena, "record %lld was inserted: its number occurs twice", (long long)link->seq));
	return false;
}

static void fill_proofs(struct chain *chain)
{
	for (size_t i = 0; i < chain->next_proof; i++)
		chain->tree->proofs[i].length = merkle_path(chain->merkle, i, chain->tree->proofs[i].path);
}

static void set_reached_prefixes(struct chain *chain)
{
	struct audit_tree *tree = chain->tree;

	for (; chain->next_mark < tree->count && tree->prefixes[chain->next_mark].size == tree->whole.size;
	     chain->next_mark++) {
		struct audit_log_prefix *mark = &tree->prefixes[chain->next_mark];

		*mark = tree->whole;
		merkle_root(chain->merkle, mark->root);
		if (chain->next_mark + 1 == tree->count)
			fill_proofs(chain);
	}
}

static void begin_tree(struct chain *chain, struct audit_tree *tree)
{
	uint64_t *entries = arena_alloc_array(chain->arena, tree->proof_count + 1, sizeof *entries);

	tree->whole = (struct audit_log_prefix){ .is_size_reached = true };
	tree->restored_at = 0;
	for (size_t i = 0; i < tree->count; i++)
		tree->prefixes[i] = (struct audit_log_prefix){ .size = tree->prefixes[i].size };
	chain->tree = tree;
	for (size_t i = 0; i < tree->proof_count; i++)
		entries[i] = (uint64_t)tree->proofs[i].seq - 1;
	chain->merkle = merkle_new(chain->arena, chain->digest, entries, tree->proof_count);
}

static void grow_tree(struct chain *chain, const struct link *link)
{
	struct audit_tree *tree = chain->tree;

	merkle_add(chain->merkle, link->hash, SHA256_SIZE);
	tree->whole.size = link->seq;
	if (chain->next_proof < tree->proof_count && tree->proofs[chain->next_proof].seq == link->seq) {
		struct audit_proof *proof = &tree->proofs[chain->next_proof++];

		memcpy(proof->previous, link->previous, SHA256_SIZE);
		memcpy(proof->hash, link->hash, SHA256_SIZE);
	}
	if (link->is_restore) {
		tree->whole.restore_count++;
		tree->restored_at = link->seq;
	}
	set_reached_prefixes(chain);
}

/* Compares the hash of the commitments of record `seq` with `wanted`; `seq` may be the number of the next record,
 * which is not written yet. */
static enum err check_rows(struct chain *chain, int64_t seq, const struct commitment_list_hash *wanted,
			   struct audit_verdict *out, struct error *error)
{
	struct commitment_list_hash found;
	enum err err = commitment_list_hash(&chain->commitments, seq, &found, error);

	if (err || (found.has_rows_hash == wanted->has_rows_hash &&
		    (!found.has_rows_hash || memcmp(found.hash, wanted->hash, SHA256_SIZE) == 0)))
		return err;
	set_fault(out, seq,
		  arena_printf(chain->arena,
			       found.has_rows_hash ? "the row commitments (row_commitment) of record %lld were changed"
						   : "the row commitments (row_commitment) of record %lld are missing",
			       (long long)seq));
	return ERR_OK;
}

/* Reads one record ahead, because is_chain_continued() needs the next record. */
static enum err check_records(struct chain *chain, const struct head *head, struct audit_verdict *out,
			      struct link *last, struct error *error)
{
	static const uint8_t none[SHA256_SIZE];
	struct arena *arena = chain->arena;
	struct link link, next;
	bool row, more;
	enum err err = read_next_link(chain, &link, &row, error);

	while (!err && row) {
		if (!check_sequence(arena, &link, last->seq, out))
			return ERR_OK;
		out->rows++;
		if (!link.is_valid) {
			set_fault(out, link.seq, arena_printf(arena, "record %lld was changed", (long long)link.seq));
			return ERR_OK;
		}
		err = read_next_link(chain, &next, &more, error);
		if (err)
			return err;
		if (memcmp(link.previous, link.seq == 1 ? none : last->hash, SHA256_SIZE) != 0) {
			bool fits = is_chain_continued(&link, more ? &next : NULL, head);
			int64_t bad = fits && link.seq > 1 ? last->seq : link.seq;

			set_fault(out, bad,
				  arena_printf(arena,
					       link.seq == 1 ? "record %lld was changed: it does not begin the chain"
							     : "record %lld was changed, and its hash was recomputed",
					       (long long)bad));
			return ERR_OK;
		}
		err = check_rows(chain, link.seq, &link.rows_hash, out, error);
		if (err || !out->sound)
			return err;
		if (chain->tree)
			grow_tree(chain, &link);
		if (link.at < last->at - CLOCK_SPREAD_MAX_MS) {
			out->clock_steps++;
			out->clock_step_seq = link.seq;
			out->clock_step_ms = last->at - link.at;
		}
		*last = link;
		link = next;
		row = more;
	}
	return err;
}

static void check_head(struct arena *arena, const struct head *head, const struct link *last, struct audit_verdict *out)
{
	if (head->row_count != 1) {
		set_fault(out, last->seq,
			  head->row_count ? "the chain's head appears more than once" : "the chain's head is missing");
	} else if (!head->is_valid) {
		set_fault(out, last->seq, "the chain's head was changed: it has no valid hash");
	} else if (head->seq > last->seq) {
		set_fault(out, last->seq + 1,
			  last->seq ? arena_printf(arena, "the end was cut off after record %lld (of %lld)",
						   (long long)last->seq, (long long)head->seq)
				    : arena_printf(arena, "all %lld records are missing", (long long)head->seq));
	} else if (head->seq < last->seq) {
		set_fault(out, head->seq + 1,
			  arena_printf(arena, "%s, or the head was changed: it names record %lld as the last",
				       span_text(arena, head->seq + 1, last->seq, "was added after the head",
						 "were added after the head"),
				       (long long)head->seq));
	} else if (memcmp(head->hash, last->hash, SHA256_SIZE) != 0) {
		set_fault(out, last->seq,
			  last->seq ? arena_printf(arena,
						   "record %lld or the chain's head was changed: their hashes differ",
						   (long long)last->seq)
				    : "the chain's head was changed: it has a hash, but no record exists");
	}
}

static enum err verify_chain(struct store *store, struct arena *arena, struct audit_tree *tree,
			     struct audit_verdict *out, struct error *error)
{
	struct chain chain = { .arena = arena, .digest = sha256_new(), .bytes = STRBUF_INIT };
	struct link last = { 0 };
	struct head head;
	bool own = store->db->depth == 0;
	enum err err = own ? store_begin(store, STORE_READ, error) : commitments_write(store, error);

	*out = (struct audit_verdict){ .sound = true, .reason = "" };
	if (!err)
		err = read_head(store, &head, error);
	if (!err)
		err = db_query_text(store->db, "audit.verify", "SELECT " CHAIN_COLUMNS " FROM audit_event ORDER BY seq",
				    &chain.query, error);
	if (!err)
		commitment_list_begin(&chain.commitments, store);
	if (!err && tree)
		begin_tree(&chain, tree);
	if (!err)
		err = check_records(&chain, &head, out, &last, error);
	if (!err) {
		if (out->sound)
			check_head(arena, &head, &last, out);
		if (out->sound)
			err = check_rows(&chain, last.seq + 1, &head.uncovered, out, error);
		if (!err && out->sound && commitment_list_has_more(&chain.commitments))
			set_fault(out, last.seq + 1,
				  "row commitments (row_commitment) were added after the commitments of the last "
				  "record");
		out->head_seq = head.seq;
		hex_encode(head.hash, SHA256_SIZE, out->head_hash);
	}
	if (!err && tree) {
		merkle_root(chain.merkle, tree->whole.root);
		if (!tree->count)
			fill_proofs(&chain);
	}
	close_chain(&chain);
	if (own)
		store_rollback(store);
	return err;
}

enum err store_audit_verify(struct store *store, struct arena *arena, struct audit_verdict *out, struct error *error)
{
	return verify_chain(store, arena, NULL, out, error);
}

enum err store_audit_prove(struct store *store, struct arena *arena, struct audit_tree *tree, struct audit_verdict *out,
			   struct error *error)
{
	return verify_chain(store, arena, tree, out, error);
}
