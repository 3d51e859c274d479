#include "new_store.h"
#include "process.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 512

/* Files of a new store: the database, its log, the other files that init makes, and the notes of a test. */
static const char *const ends[] = { "", "-wal", "-shm", "-mark", ".key", "-notes" };
#define DOCUMENTS "-documents"
#define NUMBER "/number"

static bool joined(char path[PATH_SIZE], const char *folder, const char *name)
{
	int length = snprintf(path, PATH_SIZE, "%s%s", folder, name);
	return length > 0 && length < PATH_SIZE;
}

/* False: the source file does not exist. */
static bool copy_file(const char *from, const char *to)
{
	static char bytes[65536];
	FILE *source = fopen(from, "rb");
	if (!source)
		return false;
	FILE *copy = fopen(to, "wb");
	cr_assert(copy, "%s: %s", to, strerror(errno));
	for (size_t got; (got = fread(bytes, 1, sizeof bytes, source)) > 0;)
		cr_assert_eq(fwrite(bytes, 1, got, copy), got, "%s: %s", to, strerror(errno));
	cr_assert_eq(fclose(copy), 0, "%s: %s", to, strerror(errno));
	fclose(source);
	cr_assert_eq(chmod(to, 0600), 0);
	return true;
}

/* Copies the documents; each is in a folder named by the first two digits of its hash. */
static void copy_documents(char *from, const char *to)
{
	char *const folders[] = { from, NULL };
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char copy[PATH_SIZE];
	for (FTSENT *at; walk && (at = fts_read(walk));) {
		if (at->fts_info != FTS_D && at->fts_info != FTS_F)
			continue;
		cr_assert(joined(copy, to, at->fts_path + strlen(from)));
		cr_assert(at->fts_info == FTS_D ? !mkdir(copy, 0700) || errno == EEXIST : copy_file(at->fts_path, copy),
			  "%s: %s", copy, strerror(errno));
	}
	(void)fts_close(walk);
}

static bool copy_store(const char *from, const char *to)
{
	char source[PATH_SIZE], copy[PATH_SIZE];
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		cr_assert(joined(source, from, ends[i]) && joined(copy, to, ends[i]));
		if (!copy_file(source, copy) && i == 0)
			return false;
	}
	cr_assert(joined(source, from, DOCUMENTS) && joined(copy, to, DOCUMENTS));
	cr_assert(!mkdir(copy, 0700) || errno == EEXIST, "%s: %s", copy, strerror(errno));
	copy_documents(source, copy);
	return true;
}

/* Returns folder and path of the kept store of a kind; false: stores are not kept, or `path` is on a server. */
static bool place_of(const char *kind, const char *path, char folder[PATH_SIZE], char store[PATH_SIZE])
{
	const char *kept = getenv("KYBDESK_TEST_NEW_STORES");
	int length = kept && *kept && path[0] == '/' ? snprintf(folder, PATH_SIZE, "%s/%s", kept, kind) : -1;
	return length > 0 && length < PATH_SIZE && joined(store, folder, "/store.db");
}

bool new_store_copied(const char *kind, const char *path, uint64_t *number)
{
	char folder[PATH_SIZE], store[PATH_SIZE], name[PATH_SIZE];
	if (!place_of(kind, path, folder, store) || !copy_store(store, path))
		return false;
	cr_assert(joined(name, folder, NUMBER));
	FILE *file = fopen(name, "r");
	cr_assert(file && fscanf(file, "%" SCNu64, number) == 1, "%s: no number in it", name);
	fclose(file);
	return true;
}

static void put_number(const char *folder, uint64_t number)
{
	char name[PATH_SIZE];
	cr_assert(joined(name, folder, NUMBER));
	FILE *file = fopen(name, "w");
	cr_assert(file && fprintf(file, "%" PRIu64, number) > 0 && !fclose(file), "%s: %s", name, strerror(errno));
}

void new_store_keep(const char *kind, const char *path, uint64_t number)
{
	char folder[PATH_SIZE], store[PATH_SIZE], made[PATH_SIZE];
	if (!place_of(kind, path, folder, store) || !joined(made, folder, ".XXXXXX"))
		return;
	cr_assert(mkdtemp(made), "%s: %s", made, strerror(errno));
	cr_assert(joined(store, made, "/store.db"));
	cr_assert(copy_store(path, store), "%s: not there", path);
	put_number(made, number);
	(void)rename(made, folder); /* fails if another test was first: then this copy stays, until the run ends */
}

static bool copy_folder(const char *from, const char *to)
{
	struct process_result result;
	process_call(&result, NULL, NULL, "cp", "-R", from, to, NULL);
	return result.status == 0;
}

bool new_folder_copied(const char *kind, const char *folder)
{
	char kept[PATH_SIZE], store[PATH_SIZE];
	return place_of(kind, folder, kept, store) && access(kept, F_OK) == 0 &&
	       copy_folder(test_text("%s/.", kept), folder);
}

void new_folder_keep(const char *kind, const char *folder)
{
	char kept[PATH_SIZE], store[PATH_SIZE], made[PATH_SIZE];
	if (!place_of(kind, folder, kept, store) || !joined(made, kept, ".XXXXXX"))
		return;
	cr_assert(mkdtemp(made), "%s: %s", made, strerror(errno));
	cr_assert(copy_folder(test_text("%s/.", folder), made), "%s cannot be copied", folder);
	(void)rename(made, kept); /* fails if another test was first, as above */
}
