/* The bytes of documents, which are files beside the store. */
#include "store/store_support.h"
#include "support/process.h"
#include "../../src/store/parts/bytes_files.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE(bytes);

static void put(struct fixture *f, const char *text, char sha256[65])
{
	OK(f, store_bytes_put(f->store, text, strlen(text), sha256, &f->error));
}

Test(bytes, come_back_by_their_hash)
{
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	OK(&f, store_bytes_put(f.store, "a\0b", 3, sha256, &f.error));
	OK(&f, store_bytes_get(f.store, sha256, &out, &f.error));
	cr_expect_eq(out.len, 3);
	cr_expect_eq(memcmp(out.buf, "a\0b", 3), 0);
	strbuf_release(&out);
}

Test(bytes, of_the_same_content_are_written_once)
{
	struct stat before, after;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	const char *path = store_bytes_path(f.store, &f.arena, sha256);
	cr_assert_eq(stat(path, &before), 0);
	put(&f, "content", sha256);
	cr_assert_eq(stat(path, &after), 0);
	cr_expect_eq(before.st_ino, after.st_ino, "a second writing would have made another file");
	cr_expect_eq(after.st_mode & 077, 0);
}

Test(bytes, cut_off_on_the_disk_are_made_whole_by_putting_them_again)
{
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	temp_write(store_bytes_path(f.store, &f.arena, sha256), "cont", 4);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	put(&f, "content", sha256);
	OK(&f, store_bytes_get(f.store, sha256, &out, &f.error));
	cr_expect_str_eq(out.buf, "content");
	strbuf_release(&out);
}

Test(bytes, that_were_changed_are_told_as_damage_and_not_given_out)
{
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	temp_write(store_bytes_path(f.store, &f.arena, sha256), "Content", 7);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect_eq(out.len, 0);
	cr_expect(strstr(f.error.message, "damaged") != NULL, "%s", f.error.message);
	strbuf_release(&out);
}

Test(bytes, that_are_gone_are_told)
{
	struct strbuf out = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	cr_assert_eq(unlink(store_bytes_path(f.store, &f.arena, sha256)), 0);
	cr_expect_eq(store_bytes_get(f.store, sha256, &out, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "are missing") != NULL, "%s", f.error.message);
	strbuf_release(&out);
}

Test(bytes, of_a_hash_that_is_none_lead_out_of_no_folder)
{
	static const char *const names[] = { "", "../kyb.db", "ab/../../../etc/passwd",
					     "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855" };
	struct strbuf out = STRBUF_INIT;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		cr_expect_eq(store_bytes_get(f.store, names[i], &out, &f.error), ERR_STORE);
		cr_expect_not(file_exists(store_bytes_path(f.store, &f.arena, names[i])));
	}
	strbuf_release(&out);
}

Test(bytes, that_cannot_be_written_are_the_stores_trouble)
{
	char sha256[SHA256_HEX_SIZE];
	/* A file replaces the folder, so that the write fails for root, too. */
	cr_assert_eq(rmdir(f.store->documents_folder), 0);
	temp_write(f.store->documents_folder, "x", 1);
	cr_expect_eq(store_bytes_put(f.store, "content", 7, sha256, &f.error), ERR_STORE);
	cr_expect_eq(f.error.code, ERR_STORE);
}

/* Inserts a document with the hash of the bytes in a new case, as an upload does. */
static void name(struct fixture *f, const char *sha256)
{
	struct session session;
	struct document document;
	session_add(f, &session, "Harbour Lane");
	document_init(&document);
	document.id = new_id(f);
	document.type = "BUSINESS_NUMBER";
	document.sha256 = sha256;
	document.upload = UPLOAD_READY;
	WRITE(f, store_document_insert(f->store, session.row, &document, &f->error));
}

static void erase_by_another(struct fixture *f, const char *sha256)
{
	struct store *other = fixture_connect(f, 0);
	OK(f, store_begin(other, STORE_WRITE, &f->error));
	OK(f, store_bytes_erase(other, sha256, &f->error));
	OK(f, store_commit(other, &f->error));
	store_close(other);
}

static size_t staged_names(struct fixture *f)
{
	size_t count = 0;
	DIR *folder = opendir(arena_printf(&f->arena, "%s/staging", f->store->documents_folder));
	cr_assert(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

static enum bytes_state state_of(struct fixture *f, const char *sha256)
{
	enum bytes_state state = BYTES_MISSING;
	OK(f, store_bytes_state(f->store, sha256, &state, &f->error));
	return state;
}

Test(bytes, erased_by_another_between_put_and_row_are_there_with_the_row)
{
	char sha256[SHA256_HEX_SIZE];
	/* First the store writes the file itself; then it finds the file of another connection. */
	for (int found = 0; found < 2; found++) {
		struct store *other = fixture_connect(&f, 0);
		const char *text = found ? "found" : "written";
		if (found)
			OK(&f, store_bytes_put(other, text, strlen(text), sha256, &f.error));
		put(&f, text, sha256);
		erase_by_another(&f, sha256);
		cr_assert_eq(state_of(&f, sha256), BYTES_MISSING);
		name(&f, sha256);
		cr_expect_eq(state_of(&f, sha256), BYTES_INTACT);
		store_close(other);
		cr_expect_eq(state_of(&f, sha256), BYTES_INTACT, "named bytes outlive who put them");
		erase_by_another(&f, sha256);
		cr_expect_eq(state_of(&f, sha256), BYTES_INTACT);
	}
}

Test(bytes, forged_between_put_and_row_are_the_true_ones_with_the_row)
{
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	const char *path = store_bytes_path(f.store, &f.arena, sha256);
	cr_assert_eq(unlink(path), 0);
	temp_write(path, "Content", 7);
	name(&f, sha256);
	cr_expect_eq(state_of(&f, sha256), BYTES_INTACT);
}

Test(bytes, that_are_forged_are_made_whole_by_putting_them_again)
{
	struct stat status;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	const char *path = store_bytes_path(f.store, &f.arena, sha256);
	/* i: 0, 2 change the file, 1, 3 replace it, 4 keeps it, 5 makes it a link; then the bytes are put again. */
	for (int i = 0; i < 6; i++) {
		if (i % 2)
			cr_assert_eq(unlink(path), 0);
		if (i < 4)
			temp_write(path, "Content", 7);
		else if (i == 5)
			cr_assert_eq(symlink("/etc/passwd", path), 0);
		if (i != 4)
			cr_assert_eq(state_of(&f, sha256), BYTES_ALTERED, "%d", i);
		if (i == 2)
			name(&f, sha256);
		if (i > 1)
			store_bytes_release(f.store);
		put(&f, "content", sha256);
		cr_expect_eq(state_of(&f, sha256), BYTES_INTACT, "%d", i);
		cr_assert_eq(lstat(path, &status), 0);
		cr_expect(S_ISREG(status.st_mode));
	}
}

Test(bytes, altered_without_a_trace_in_size_and_time_are_seen_when_asked_again)
{
	struct stat before;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	name(&f, sha256);
	store_bytes_release(f.store);
	const char *path = store_bytes_path(f.store, &f.arena, sha256);
	/* A file that has not changed for two seconds is read again only if its status (size, times, inode) differs. */
	test_sleep_ms(2100);
	cr_expect_eq(state_of(&f, sha256), BYTES_INTACT);
	cr_expect_str_eq(f.store->bytes->cache[strtoul(arena_strndup(&f.arena, sha256, 2), NULL, 16)].sha256, sha256,
			 "it would be read each time");
	cr_expect_eq(state_of(&f, sha256), BYTES_INTACT);
	cr_assert_eq(stat(path, &before), 0);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	cr_assert_eq(pwrite(fd, "C", 1, 0), 1);
	cr_assert_eq(futimens(fd, (const struct timespec[]){ before.st_atim, before.st_mtim }), 0);
	(void)close(fd);
	cr_expect_eq(state_of(&f, sha256), BYTES_ALTERED);
	cr_expect_eq(state_of(&f, sha256), BYTES_ALTERED);
	cr_assert_eq(unlink(path), 0);
	cr_expect_eq(state_of(&f, sha256), BYTES_MISSING);
	enum bytes_state state;
	cr_expect_eq(store_bytes_state(f.store, "../kyb.db", &state, &f.error), ERR_STORE);
}

Test(bytes, that_no_row_came_to_name_are_gone_when_let_go)
{
	char named[SHA256_HEX_SIZE], unnamed[SHA256_HEX_SIZE];
	put(&f, "named", named);
	put(&f, "unnamed", unnamed);
	name(&f, named);
	cr_expect_eq(staged_names(&f), 2);
	store_bytes_release(f.store);
	cr_expect_eq(staged_names(&f), 0);
	cr_expect_eq(state_of(&f, named), BYTES_INTACT);
	cr_expect_eq(state_of(&f, unnamed), BYTES_MISSING);
}

Test(bytes, that_a_killed_process_left_are_removed_by_a_later_put_and_named_ones_stay)
{
	char named[SHA256_HEX_SIZE], unnamed[SHA256_HEX_SIZE], fresh[SHA256_HEX_SIZE];
	pid_t child = fork();
	if (child == 0) {
		struct store *killed = fixture_connect(&f, 0);
		OK(&f, store_bytes_put(killed, "named", 5, named, &f.error));
		OK(&f, store_bytes_put(killed, "unnamed", 7, unnamed, &f.error));
		_exit(0);
	}
	cr_assert_eq(waitpid(child, NULL, 0), child);
	put(&f, "named", named);
	name(&f, named);
	cr_expect_eq(staged_names(&f), 3, "a young name may be somebody's who is putting");
	store_bytes_release(f.store);
	struct store *later = fixture_connect(&f, 0);
	bytes_of(later)->leftover_age_s = -10;
	OK(&f, store_bytes_put(later, "fresh", 5, fresh, &f.error));
	cr_expect_eq(staged_names(&f), 1);
	cr_expect_eq(state_of(&f, named), BYTES_INTACT);
	cr_expect_eq(state_of(&f, fresh), BYTES_INTACT);
	uint8_t hash[SHA256_SIZE];
	sha256_hash("unnamed", 7, hash);
	hex_encode(hash, sizeof hash, unnamed);
	cr_expect_eq(state_of(&f, unnamed), BYTES_MISSING);
	store_close(later);
}

/* Runs in a process of its own, which ends without closing anything, as if it were killed. */
static void in_a_killed_process(struct fixture *f, void (*what)(struct fixture *f, const char *sha256),
				const char *sha256)
{
	pid_t child = fork();
	int status = 0;
	if (child == 0) {
		f->store = fixture_connect(f, 0);
		what(f, sha256);
		_exit(0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
}

static void put_and_name(struct fixture *f, const char *sha256)
{
	char found[SHA256_HEX_SIZE];
	put(f, "content", found);
	name(f, sha256);
}

static void erase(struct fixture *f, const char *sha256)
{
	fixture_begin(f);
	OK(f, store_bytes_erase(f->store, sha256, &f->error));
	OK(f, store_commit(f->store, &f->error));
}

static void write_over(const char *path, const struct strbuf *bytes)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	cr_assert_eq(pwrite(fd, bytes->buf, bytes->len, 0), (ssize_t)bytes->len);
	(void)close(fd);
}

/*
 * A process that is killed after its commit is in the log, but before it is published, leaves a row that is invisible
 * until the log is read anew. Here the publication is undone afterwards.
 */
Test(bytes, that_nobody_sees_a_row_of_are_erased_only_when_the_row_cannot_come_back, .timeout = 60)
{
	struct strbuf before = STRBUF_INIT, marked = STRBUF_INIT;
	char sha256[SHA256_HEX_SIZE];
	put(&f, "content", sha256);
	store_bytes_release(f.store);
	char *shared = arena_printf(&f.arena, "%s-shm", f.path), *mark = arena_printf(&f.arena, "%s-mark", f.path);
	OK(&f, file_read(shared, 1 << 20, &before, &f.error));
	OK(&f, file_read(mark, 1 << 20, &marked, &f.error));
	in_a_killed_process(&f, put_and_name, sha256);
	write_over(shared, &before);
	write_over(mark, &marked);
	in_a_killed_process(&f, erase, sha256);
	/* As after a restart of the machine: the copy has no shared memory, so its log is read anew. */
	struct process_result result;
	char *copy = arena_printf(&f.arena, "mkdir '%s/later' && cp -a '%s' '%s-wal' '%s-documents' '%s/later/'",
				  f.folder, f.path, f.path, f.path, f.folder);
	process_call(&result, NULL, NULL, "sh", "-c", copy, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	struct store *now = f.store;
	char *path = f.path;
	f.path = arena_printf(&f.arena, "%s/later/%s", f.folder, path_basename(f.path));
	f.store = fixture_connect(&f, 0);
	cr_expect(!bytes_are_referenced(f.store, sha256) || state_of(&f, sha256) == BYTES_INTACT,
		  "a row names them, and they are gone");
	store_close(f.store);
	f.store = now;
	f.path = path;
	strbuf_release(&before);
	strbuf_release(&marked);
}
