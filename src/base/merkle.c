/* Merkle trees. A growing tree stores only the roots of its complete subtrees, largest first: one root for each set
 * bit of its length. */
#include "kybdesk/base/merkle.h"

#include <string.h>

#define PARTS_MAX 64
#define LEAF_PREFIX 0x00
#define NODE_PREFIX 0x01

/* The path of an entry within the largest complete subtree that contains it. */
struct watched_entry {
	uint64_t entry_index;
	size_t path_length;
	uint8_t path[PARTS_MAX][SHA256_SIZE];
};

struct merkle {
	struct watched_entry *watched; /* ascending */
	size_t watched_count;
	uint64_t entry_count;
	size_t part_count;
	uint8_t parts[PARTS_MAX][SHA256_SIZE];
	struct sha256 *digest; /* borrowed */
};

struct merkle *merkle_new(struct arena *arena, struct sha256 *digest, const uint64_t *proved, size_t count)
{
	struct merkle *tree = arena_alloc(arena, sizeof *tree);

	*tree = (struct merkle){ .watched = arena_alloc_array(arena, count + 1, sizeof *tree->watched),
				 .watched_count = count,
				 .digest = digest };
	for (size_t i = 0; i < count; i++)
		tree->watched[i] = (struct watched_entry){ .entry_index = proved[i] };
	return tree;
}

static void hash_node(struct merkle *tree, const uint8_t left[SHA256_SIZE], const uint8_t right[SHA256_SIZE],
		      uint8_t out[SHA256_SIZE])
{
	static const uint8_t node = NODE_PREFIX;

	sha256_add(tree->digest, &node, 1);
	sha256_add(tree->digest, left, SHA256_SIZE);
	sha256_add(tree->digest, right, SHA256_SIZE);
	sha256_finish(tree->digest, out);
}

static void hash_leaf(struct sha256 *digest, const void *entry, size_t length, uint8_t out[SHA256_SIZE])
{
	static const uint8_t leaf = LEAF_PREFIX;

	sha256_add(digest, &leaf, 1);
	sha256_add(digest, entry, length);
	sha256_finish(digest, out);
}

/* The index in `watched` of the first entry with the number `place` or a higher number. */
static size_t first_watched_index(const struct merkle *tree, uint64_t place)
{
	size_t low = 0, high = tree->watched_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tree->watched[middle].entry_index < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Called when two subtrees of `size` entries are joined; the left subtree begins at `start`. Adds the hash of the
 * other subtree to the path of each watched entry in these subtrees. */
static void extend_paths(struct merkle *tree, uint64_t start, uint64_t size, const uint8_t right[SHA256_SIZE])
{
	const uint8_t *left = tree->parts[tree->part_count];

	for (size_t i = first_watched_index(tree, start);
	     i < tree->watched_count && tree->watched[i].entry_index - start < 2 * size; i++) {
		struct watched_entry *watched = &tree->watched[i];

		memcpy(watched->path[watched->path_length++], watched->entry_index - start < size ? right : left,
		       SHA256_SIZE);
	}
}

void merkle_add(struct merkle *tree, const void *entry, size_t length)
{
	uint64_t size = 1;
	uint8_t hash[SHA256_SIZE];

	hash_leaf(tree->digest, entry, length, hash);
	/* Joins two subtrees of equal size to one subtree of twice the size. */
	for (uint64_t bits = tree->entry_count; bits & 1; bits >>= 1, size *= 2) {
		tree->part_count--;
		extend_paths(tree, tree->entry_count + 1 - 2 * size, size, hash);
		hash_node(tree, tree->parts[tree->part_count], hash, hash);
	}
	memcpy(tree->parts[tree->part_count++], hash, SHA256_SIZE);
	tree->entry_count++;
}

/* Computes the root of the subtrees in `parts` from `first` on. */
static void compute_root(struct merkle *tree, size_t first, uint8_t out[SHA256_SIZE])
{
	memcpy(out, tree->parts[tree->part_count - 1], SHA256_SIZE);
	for (size_t i = tree->part_count - 1; i-- > first;)
		hash_node(tree, tree->parts[i], out, out);
}

void merkle_root(struct merkle *tree, uint8_t out[SHA256_SIZE])
{
	if (tree->part_count)
		compute_root(tree, 0, out);
	else
		sha256_hash("", 0, out);
}

/* The index in `parts` of the complete subtree that contains an entry. */
static size_t find_subtree(const struct merkle *tree, uint64_t entry)
{
	uint64_t end = 0, left = tree->entry_count;

	for (size_t part = 0; part < tree->part_count; part++) {
		uint64_t size = (uint64_t)1 << 63;

		while (!(size & left))
			size >>= 1;
		left -= size;
		end += size;
		if (entry < end)
			return part;
	}
	BUG("entry %llu does not exist: the Merkle tree has %llu entries", (unsigned long long)entry,
	    (unsigned long long)tree->entry_count);
}

size_t merkle_path(struct merkle *tree, size_t which, uint8_t out[MERKLE_PATH_MAX][SHA256_SIZE])
{
	const struct watched_entry *watched = &tree->watched[which];
	size_t part = find_subtree(tree, watched->entry_index), length = watched->path_length;

	memcpy(out, watched->path, length * SHA256_SIZE);
	if (part + 1 < tree->part_count)
		compute_root(tree, part + 1, out[length++]);
	for (size_t i = part; i-- > 0;)
		memcpy(out[length++], tree->parts[i], SHA256_SIZE);
	return length;
}

bool merkle_proof_is_valid(const struct merkle_proof *proof, const uint8_t root[SHA256_SIZE])
{
	struct merkle tree = { .digest = sha256_new() };
	uint64_t place = proof->leaf_index, last = proof->tree_size - 1;
	uint8_t hash[SHA256_SIZE];
	bool right = proof->tree_size && place < proof->tree_size;

	hash_leaf(tree.digest, proof->entry, proof->entry_length, hash);
	for (size_t i = 0; right && i < proof->length; i++) {
		const uint8_t *sibling = proof->path + i * SHA256_SIZE;

		right = last != 0;
		if (place & 1 || place == last) {
			hash_node(&tree, sibling, hash, hash);
			while (place && !(place & 1)) {
				place >>= 1;
				last >>= 1;
			}
		} else {
			hash_node(&tree, hash, sibling, hash);
		}
		place >>= 1;
		last >>= 1;
	}
	sha256_free(tree.digest);
	return right && !last && !memcmp(hash, root, SHA256_SIZE);
}
