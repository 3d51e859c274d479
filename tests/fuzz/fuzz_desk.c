#include "fuzz_desk.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/import.h"

#include <ftw.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char cases[] =
	"{\"external_ref\":\"" FUZZ_CASE "\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"" FUZZ_MERCHANT
	"\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"biz-1\",\"kind\":\"business\",\"name\":\"Soluções "
	"Aurora\",\"country\":\"GBR\",\"level\":\"LIGHT\"},\"steps\":[{\"id\":\"company_info\",\"status\":"
	"\"completed\"}],\"parties\":[{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"roles\":[\"ubo\","
	"\"director\"],\"control_role\":\"CEO\",\"ownership_percent\":\"60\",\"country\":\"GBR\",\"date_of_birth\":"
	"\"1980-02-01\",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"approved\"}},{\"kind\":\"company\","
	"\"name\":\"Holding BV\",\"roles\":[\"shareholder\"],\"ownership_percent\":\"40\",\"country\":\"NLD\"}],"
	"\"created_at\":\"2026-11-01T09:00:00Z\",\"submitted_at\":\"2026-11-02T09:00:00Z\"}\n"
	"{\"external_ref\":\"" FUZZ_DRAFT "\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"" FUZZ_MERCHANT
	"\",\"status\":\"draft\",\"subject\":{\"uid\":\"biz-2\",\"kind\":\"business\",\"name\":\"New "
	"Ltd\",\"country\":"
	"\"GBR\"},\"created_at\":\"2026-11-01T09:00:00Z\"}\n";

static void must(enum err err, const struct error *error)
{
	if (err)
		(void)fprintf(stderr, "%s\n", error->message);
	PROMISE(!err);
}

static void import_cases(struct desk *desk)
{
	struct error error = { 0 };
	struct import_report report = { 0 };
	int fd = memfd_create("cases", MFD_CLOEXEC);
	const struct import_options options = { .fd = fd, .folder = "/nonexistent", .name = "cases" };
	PROMISE(fd >= 0 && write(fd, cases, sizeof cases - 1) == (ssize_t)sizeof cases - 1);
	PROMISE(lseek(fd, 0, SEEK_SET) == 0);
	must(desk_import(desk, &options, &report, &error), &error);
	PROMISE(report.imported == 2);
	(void)close(fd);
}

void fuzz_desk_open(struct fuzz_desk *out, const struct world *world)
{
	const char *base = getenv("TMPDIR");
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	char *path;
	*out = (struct fuzz_desk){ .world = world };
	(void)json_set_up();
	crypto_set_up();
	(void)snprintf(out->folder, sizeof out->folder, "%s/kybdesk-fuzz.XXXXXX", base && *base ? base : "/tmp");
	PROMISE(mkdtemp(out->folder));
	(void)snprintf(out->path, sizeof out->path, "%s/kybdesk.db", out->folder);
	const struct desk_options options = {
		.store_path = out->path, .actor = "ada", .world = world, .log = { .level = LOG_QUIET, .fd = -1 }
	};
	must(desk_init(&options, true, &path, &arena, &error), &error);
	must(desk_open(&options, &out->desk, &error), &error);
	import_cases(out->desk);
	arena_release(&arena);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void fuzz_desk_close(struct fuzz_desk *desk)
{
	desk_close(desk->desk);
	PROMISE(nftw(desk->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
	*desk = (struct fuzz_desk){ 0 };
}
