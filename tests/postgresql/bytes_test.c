/* Documents' bytes in the server's database. */
#include "store/store_support.h"
#include "../../src/store/parts/bytes_files.h"
#include "kybdesk/base/digest.h"

#include <string.h>

FIXTURE(bytes);

static enum bytes_state state_of(struct fixture *f, struct store *store, const char *sha256)
{
	enum bytes_state state;

	OK(f, store_bytes_state(store, sha256, &state, &f->error));
	return state;
}

static void put(struct fixture *f, struct store *store, const char *text, char sha256[65])
{
	OK(f, store_bytes_put(store, text, strlen(text), sha256, &f->error));
}

/* Inserts a document row with this hash, as the desk does. */
static void name_them(struct fixture *f, int64_t session, const char *sha256)
{
	struct document document;

	document_init(&document);
	document.id = new_id(f);
	document.type = "OTHER";
	document.sha256 = sha256;
	document.upload = UPLOAD_READY;
	WRITE(f, store_document_insert(f->store, session, &document, &f->error));
}

Test(bytes, of_every_length_around_a_part_come_back_by_their_hash)
{
	static const size_t lengths[] = { 0, 1, 3, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (2 << 20) + 5 };

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct strbuf out = STRBUF_INIT;
		char *bytes = xcalloc(lengths[i] + 1, 1);
		char sha256[SHA256_HEX_SIZE];

		for (size_t at = 0; at < lengths[i]; at++)
			bytes[at] = (char)(at * 7 + (at >> 8));
		OK(&f, store_bytes_put(f.store, bytes, lengths[i], sha256, &f.error));
		OK(&f, store_bytes_get(f.store, sha256, &out, &f.error));
		cr_assert_eq(out.len, lengths[i]);
		cr_expect(!out.len || !memcmp(out.buf, bytes, out.len));
		strbuf_release(&out);
		free(bytes);
	}
}

Test(bytes, that_no_row_came_to_name_are_gone_when_let_go_and_named_ones_stay)
{
	struct session session = session_added(&f, "Lane Holdings");
	char named[65], forgotten[65];

	put(&f, f.store, "named", named);
	put(&f, f.store, "forgotten", forgotten);
	name_them(&f, session.row, named);
	store_bytes_release(f.store);
	cr_expect_eq(state_of(&f, f.store, named), BYTES_INTACT);
	cr_expect_eq(state_of(&f, f.store, forgotten), BYTES_MISSING);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM document_mark"), 0);
}

/* Another connection tries to erase the bytes after they were put and before their row is inserted. */
Test(bytes, erased_by_another_between_put_and_row_stay_for_who_put_them)
{
	struct session session = session_added(&f, "Lane Holdings");
	char sha256[65];

	struct store *other = fixture_connect(&f, 0);
	put(&f, f.store, "content", sha256);
	OK(&f, store_begin(other, STORE_WRITE, &f.error));
	OK(&f, store_bytes_erase(other, sha256, &f.error));
	OK(&f, store_commit(other, &f.error));
	name_them(&f, session.row, sha256);
	store_bytes_release(f.store);
	cr_expect_eq(state_of(&f, f.store, sha256), BYTES_INTACT);
	store_close(other);
}

Test(bytes, lost_between_put_and_row_make_no_row)
{
	struct session session = session_added(&f, "Lane Holdings");
	struct document document;
	char sha256[65];

	put(&f, f.store, "content", sha256);
	shell_run(f.path, "DELETE FROM document_bytes");
	document_init(&document);
	document.id = new_id(&f);
	document.type = "OTHER";
	document.sha256 = sha256;
	fixture_begin(&f);
	cr_expect_eq(store_document_insert(f.store, session.row, &document, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "lost the bytes of a document"), "%s", f.error.message);
	store_rollback(f.store);
}

Test(bytes, that_were_changed_are_told_and_made_whole_by_putting_them_again)
{
	struct strbuf out = STRBUF_INIT;
	char sha256[65];

	put(&f, f.store, "content", sha256);
	cr_expect_eq(state_of(&f, f.store, sha256), BYTES_INTACT);
	shell_run(f.path, "UPDATE document_bytes SET bytes = '\\x00'");
	cr_expect_eq(state_of(&f, f.store, sha256), BYTES_ALTERED);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "is damaged"), "%s", f.error.message);
	cr_expect_eq(out.len, 0);
	put(&f, f.store, "content", sha256);
	cr_expect_eq(state_of(&f, f.store, sha256), BYTES_INTACT);
	shell_run(f.path, "DELETE FROM document_bytes");
	cr_expect_eq(state_of(&f, f.store, sha256), BYTES_MISSING);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "are missing"), "%s", f.error.message);
	strbuf_release(&out);
}

/* Simulates a process that was killed between put and row: its mark is more than a day old at the next put. */
Test(bytes, that_a_killed_process_left_are_removed_by_a_later_put)
{
	char left[65], fresh[65];

	struct store *other = fixture_connect(&f, 0);
	put(&f, f.store, "left", left);
	shell_run(f.path, "UPDATE document_mark SET at = at - 90000000");
	put(&f, other, "fresh", fresh);
	cr_expect_eq(state_of(&f, other, left), BYTES_MISSING);
	cr_expect_eq(state_of(&f, other, fresh), BYTES_INTACT);
	store_close(other);
}
