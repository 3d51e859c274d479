/* A growing tree stores only the roots of its complete subtrees, the largest first: one per bit set in its length. */
#include "kybdesk/base/merkle.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 64
#define LEAF 0x00
#define NODE 0x01

struct merkle {
	uint64_t length;
	size_t count;
	uint8_t parts[PARTS_MAX][SHA256_SIZE];
	struct sha256 *digest;
};

struct merkle *merkle_new(void)
{
	struct merkle *tree = xcalloc(1, sizeof *tree);

	tree->digest = sha256_new();
	return tree;
}

void merkle_free(struct merkle *tree)
{
	if (!tree)
		return;
	sha256_free(tree->digest);
	free(tree);
}

static void join(struct merkle *tree, const uint8_t left[SHA256_SIZE], const uint8_t right[SHA256_SIZE],
		 uint8_t out[SHA256_SIZE])
{
	static const uint8_t node = NODE;

	sha256_add(tree->digest, &node, 1);
	sha256_add(tree->digest, left, SHA256_SIZE);
	sha256_add(tree->digest, right, SHA256_SIZE);
	sha256_finish(tree->digest, out);
}

void merkle_add(struct merkle *tree, const void *entry, size_t length)
{
	static const uint8_t leaf = LEAF;
	uint8_t hash[SHA256_SIZE];

	sha256_add(tree->digest, &leaf, 1);
	sha256_add(tree->digest, entry, length);
	sha256_finish(tree->digest, hash);
	/* Two subtrees of equal size form one of the next size. */
	for (uint64_t bits = tree->length; bits & 1; bits >>= 1)
		join(tree, tree->parts[--tree->count], hash, hash);
	memcpy(tree->parts[tree->count++], hash, SHA256_SIZE);
	tree->length++;
}

void merkle_root(struct merkle *tree, uint8_t out[SHA256_SIZE])
{
	if (!tree->count) {
		sha256_once("", 0, out);
		return;
	}
	memcpy(out, tree->parts[tree->count - 1], SHA256_SIZE);
	for (size_t i = tree->count - 1; i-- > 0;)
		join(tree, tree->parts[i], out, out);
}
