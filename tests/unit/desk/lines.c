#include "lines.h"
#include "support/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

char refusal[1024];

static void on_rejected(void *context, size_t line, const char *field, const char *message, const char *text,
			size_t length)
{
	(void)context;
	(void)line;
	(void)text;
	(void)length;
	(void)snprintf(refusal, sizeof refusal, "%s: %s", field, message);
}

bool line_taken(struct fixture *f, struct desk *desk, const char *line)
{
	char *path = temp_path(f->folder, "line.ndjson");
	struct import_options options = { .folder = KYB_SOURCE_DIR "/data/samples",
					  .name = "line",
					  .on_rejected = on_rejected };
	struct import_report report = { 0 };
	enum err err;

	temp_write(path, line, strlen(line));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	err = desk_import(desk, &options, &report, &f->error);
	close(options.fd);
	cr_assert_eq(err, ERR_OK, "%s", f->error.message);
	cr_assert_eq(report.imported + report.updated + report.unchanged + report.rejected, 1);
	return report.rejected == 0;
}

const char *line_of(struct fixture *f, const struct company *company)
{
	return arena_printf(
		&f->arena,
		"{\"external_ref\":\"RAL-9\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"m\","
		"\"status\":\"%s\",\"subject\":{\"uid\":\"biz-9\",\"kind\":\"business\",\"name\":\"%s\","
		"\"country\":\"GBR\"},\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\"}],"
		"\"documents\":[%s],\"parties\":[%s]}\n",
		company->status ? company->status : "manual_review",
		company->name ? company->name : "Harbour Lane Trading Ltd",
		company->documents ? company->documents : DOCUMENTS, company->parties ? company->parties : INES);
}

void line_refused(struct fixture *f, struct desk *desk, const char *line, const char *with)
{
	cr_assert(!line_taken(f, desk, line), "the line was taken");
	cr_assert(strstr(refusal, with), "%s", refusal);
}

void line_must_be_imported(struct fixture *f, const struct company *what)
{
	cr_assert(line_taken(f, f->ada, line_of(f, what)), "%s", refusal);
}
