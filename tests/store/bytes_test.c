/* Documents' bytes beside the store. */
#include "store/store_support.h"
#include "support/process.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(struct fixture *f, const char *text, char sha256[65])
{
	OK(f, store_bytes_put(f->store, text, strlen(text), sha256, &f->error));
}

Test(bytes, come_back_by_their_hash)
{
	struct fixture f;
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	OK(&f, store_bytes_put(f.store, "a\0b", 3, sha256, &f.error));
	OK(&f, store_bytes_get(f.store, sha256, &out, &f.error));
	cr_expect_eq(out.len, 3);
	cr_expect_eq(memcmp(out.buf, "a\0b", 3), 0);
	strbuf_release(&out);
	fixture_release(&f);
}

Test(bytes, of_the_same_content_are_written_once)
{
	struct fixture f;
	struct stat before;
	struct stat after;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	put(&f, "content", sha256);
	const char *path = store_bytes_path(f.store, &f.arena, sha256);
	cr_assert_eq(stat(path, &before), 0);
	put(&f, "content", sha256);
	cr_assert_eq(stat(path, &after), 0);
	cr_expect_eq(before.st_ino, after.st_ino, "a second writing would have made another file");
	cr_expect_eq(after.st_mode & 077, 0);
	fixture_release(&f);
}

Test(bytes, cut_off_on_the_disk_are_made_whole_by_putting_them_again)
{
	struct fixture f;
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	put(&f, "content", sha256);
	temp_write(store_bytes_path(f.store, &f.arena, sha256), "cont", 4);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	put(&f, "content", sha256);
	OK(&f, store_bytes_get(f.store, sha256, &out, &f.error));
	cr_expect_str_eq(out.buf, "content");
	strbuf_release(&out);
	fixture_release(&f);
}

Test(bytes, that_were_changed_are_told_as_damage_and_not_given_out)
{
	struct fixture f;
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	put(&f, "content", sha256);
	temp_write(store_bytes_path(f.store, &f.arena, sha256), "Content", 7);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect_eq(out.len, 0);
	cr_expect(strstr(f.error.message, "damaged") != NULL, "%s", f.error.message);
	strbuf_release(&out);
	fixture_release(&f);
}

Test(bytes, that_are_gone_are_told)
{
	struct fixture f;
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	put(&f, "content", sha256);
	cr_assert_eq(unlink(store_bytes_path(f.store, &f.arena, sha256)), 0);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "gone") != NULL, "%s", f.error.message);
	strbuf_release(&out);
	fixture_release(&f);
}

Test(bytes, of_a_hash_that_is_none_lead_out_of_no_folder)
{
	static const char *const names[] = { "", "../kyb.db", "ab/../../../etc/passwd",
					     "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855" };
	struct fixture f;
	struct strbuf out = STRBUF_INIT;
	fixture_init(&f);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		cr_expect_eq(store_bytes_get(f.store, names[i], &out, &f.error), ERR_STORE);
		cr_expect_not(file_exists(store_bytes_path(f.store, &f.arena, names[i])));
	}
	strbuf_release(&out);
	fixture_release(&f);
}

Test(bytes, that_cannot_be_written_are_the_stores_trouble)
{
	struct fixture f;
	char sha256[SHA256_HEX_SIZE];
	fixture_init(&f);
	/* A file stands where the folder must be: holds for root too. */
	cr_assert_eq(rmdir(f.store->documents_folder), 0);
	temp_write(f.store->documents_folder, "x", 1);
	cr_expect_eq(store_bytes_put(f.store, "content", 7, sha256, &f.error), ERR_STORE);
	cr_expect_eq(f.error.code, ERR_STORE);
	fixture_release(&f);
}
