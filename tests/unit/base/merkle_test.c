#include "kybdesk/base/merkle.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct sha256 *digest;

static void set_up(void)
{
	digest = sha256_new();
}

static void tear_down(void)
{
	sha256_free(digest);
	arena_release(&arena);
}

TestSuite(merkle, .init = set_up, .fini = tear_down);

static void expect_root(struct merkle *tree, const char *hex, size_t length)
{
	uint8_t root[SHA256_SIZE];
	char text[SHA256_HEX_SIZE];

	merkle_root(tree, root);
	hex_encode(root, sizeof root, text);
	cr_expect_str_eq(text, hex, "%zu entries", length);
}

/* Published entries and roots for tests of Certificate Transparency implementations (RFC 6962). */
Test(merkle, matches_the_published_roots)
{
	static const struct {
		const char *entry, *root;
	} known[] = {
		{ "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
		{ "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
		{ "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
		{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
		{ "5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
		{ "606162636465666768696a6b6c6d6e6f",
		  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
	};
	struct merkle *tree = merkle_new(&arena, digest, NULL, 0);
	uint8_t entry[16];

	expect_root(tree, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t length = strlen(known[i].entry) / 2;

		cr_assert(hex_decode(known[i].entry, entry, length));
		merkle_add(tree, entry, length);
		expect_root(tree, known[i].root, i + 1);
		/* Reading the root changes nothing. */
		expect_root(tree, known[i].root, i + 1);
	}
}

/* The root as RFC 6962, 2.1, defines it: the left part has as many entries as the largest power of two below count. */
static void defined_root(const uint8_t *entries, size_t count, uint8_t out[SHA256_SIZE])
{
	uint8_t bytes[1 + 2 * SHA256_SIZE] = { 1 };
	size_t left = 1;

	if (count == 1) {
		bytes[0] = 0;
		bytes[1] = *entries;
		sha256_hash(bytes, 2, out);
		return;
	}
	while (left * 2 < count)
		left *= 2;
	defined_root(entries, left, bytes + 1);
	defined_root(entries + left, count - left, bytes + 1 + SHA256_SIZE);
	sha256_hash(bytes, sizeof bytes, out);
}

Test(merkle, is_what_the_standard_defines_at_every_length)
{
	struct merkle *tree = merkle_new(&arena, digest, NULL, 0);
	uint8_t entries[300], defined[SHA256_SIZE], root[SHA256_SIZE];

	for (size_t i = 0; i < sizeof entries; i++) {
		entries[i] = (uint8_t)(i * 7);
		merkle_add(tree, &entries[i], 1);
		defined_root(entries, i + 1, defined);
		merkle_root(tree, root);
		cr_expect_arr_eq(root, defined, SHA256_SIZE, "%zu entries", i + 1);
	}
}

/* Every entry of every tree of up to 70 entries is proved by its path; a changed proof is invalid. */
Test(merkle, proves_every_entry_in_every_tree)
{
	for (size_t size = 1; size <= 70; size++) {
		struct merkle *tree;
		uint64_t places[70];
		uint8_t root[SHA256_SIZE];

		for (size_t i = 0; i < size; i++)
			places[i] = i;
		tree = merkle_new(&arena, digest, places, size);
		for (size_t i = 0; i < size; i++)
			merkle_add(tree, &(uint8_t){ (uint8_t)i }, 1);
		merkle_root(tree, root);
		for (size_t i = 0; i < size; i++) {
			uint8_t path[MERKLE_PATH_MAX][SHA256_SIZE], entry = (uint8_t)i, other = (uint8_t)(i + 1);
			struct merkle_proof proof = { .entry = &entry,
						      .entry_length = 1,
						      .leaf_index = i,
						      .tree_size = size,
						      .path = path[0],
						      .length = merkle_path(tree, i, path) };

			cr_expect(merkle_proof_is_valid(&proof, root), "%zu of %zu", i, size);
			proof.entry = &other;
			cr_expect_not(merkle_proof_is_valid(&proof, root), "another entry at %zu of %zu", i, size);
			proof.entry = &entry;
			proof.leaf_index = size;
			cr_expect_not(merkle_proof_is_valid(&proof, root), "behind the end");
			proof.leaf_index = i;
			proof.length++;
			cr_expect_not(merkle_proof_is_valid(&proof, root), "a longer path at %zu of %zu", i, size);
			proof.length--;
			if (proof.length) {
				path[proof.length - 1][7] ^= 1;
				cr_expect_not(merkle_proof_is_valid(&proof, root), "a changed path at %zu of %zu", i,
					      size);
			}
		}
	}
}
