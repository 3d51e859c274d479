#include "attack.h"
#include "support/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

const struct line attack_plain = {
	.name = "Harbour Lane Trading Ltd",
	.country = "GBR",
	.tax_id = "GB123456789",
	.status = "manual_review",
	.file = { "articles.pdf", "number.pdf", "address.pdf", "register.pdf", NULL },
	.type = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG", "OTHER" },
	.review = { "unreviewed", "unreviewed", "unreviewed", "unreviewed", "unreviewed" },
	.expires = { "", "", "", "", "" },
	.party = "Ines Duarte",
	.born = "1984-02-11",
	.party_country = "PRT",
	.percent = "80",
	.control = "CEO",
	.kyc = "manual_review",
	.passport = "passport.jpg",
	.check = "hit",
	.score = "0.83",
	.state = "open",
	.hit = "Ines Duarte Lopes",
	.class_ = "pep",
	.decision = "",
};

static void add_document(struct strbuf *out, size_t i)
{
	const struct line *line = &stranger.line;

	if (!line->file[i])
		return;
	strbuf_addf(out,
		    "%s{\"category\": \"COMPANY_INFO\", \"type\": \"%s\", \"file_name\": \"%s\", \"file\": "
		    "\"files/%s\", \"upload\": \"ready\", \"review\": \"%s\"%s%s%s}",
		    out->buf[out->len - 1] == '[' ? "" : ", ", line->type[i], line->file[i], line->file[i],
		    line->review[i], *line->expires[i] ? ", \"expires_on\": \"" : "", line->expires[i],
		    *line->expires[i] ? "\"" : "");
}

const char *of_sequence(const char *text)
{
	return arena_printf(&stranger.f.arena, "%s%llu", text, (unsigned long long)stranger.seed);
}

static void write_line(struct strbuf *out)
{
	const struct line *line = &stranger.line;

	strbuf_addf(out,
		    "{\"external_ref\": \"%s\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		    "\"%s\", \"status\": \"%s\", \"subject\": {\"uid\": \"%s\", \"kind\": \"business\", "
		    "\"name\": \"%s\", \"country\": \"%s\", \"tax_id\": \"%s\"}, \"steps\": [{\"id\": "
		    "\"company_info\", \"status\": \"completed\"}], \"documents\": [",
		    stranger.ref, stranger.merchant, line->status, stranger.uid, of_sequence(line->name), line->country,
		    of_sequence(line->tax_id));
	for (size_t i = 0; i < 5; i++)
		add_document(out, i);
	strbuf_addf(out,
		    "], \"parties\": [{\"kind\": \"individual\", \"name\": \"%s\", \"roles\": [\"ubo\"], "
		    "\"control_role\": \"%s\", \"ownership_percent\": \"%s\", \"owner_of\": null, \"country\": "
		    "\"%s\", \"date_of_birth\": \"%s\", \"session\": {\"workflow\": \"generic-kyc\", \"status\": "
		    "\"%s\", \"steps\": [{\"id\": \"identity\", \"status\": \"completed\"}], \"documents\": "
		    "[{\"category\": "
		    "\"IDENTITY\", \"type\": \"PASSPORT\", \"file_name\": \"passport.jpg\", \"file\": \"files/%s\", "
		    "\"upload\": \"ready\", \"review\": \"unreviewed\"}]}}",
		    line->party, line->control, line->percent, line->party_country, line->born, line->kyc,
		    line->passport);
	if (line->second)
		strbuf_adds(out, ", {\"kind\": \"individual\", \"name\": \"Tomas Reis\", \"roles\": [\"director\"], "
				 "\"country\": \"PRT\", \"date_of_birth\": \"1979-05-02\"}");
	strbuf_addf(out,
		    "], \"checks\": [{\"kind\": \"watchlist\", \"status\": \"%s\", \"score\": %s, \"hits\": "
		    "[{\"name\": "
		    "\"%s\", \"list\": \"PEP list\", \"class\": \"%s\", \"score\": %s, \"state\": \"%s\"}]}], ",
		    line->check, line->score, line->hit, line->class_, line->score, line->state);
	if (*line->decision)
		strbuf_addf(out, "\"processing_results\": {\"final_decision\": \"%s\"}, ", line->decision);
	strbuf_adds(out, "\"created_at\": \"2026-11-19T10:00:00Z\", \"submitted_at\": \"2026-11-20T10:00:00Z\"}\n");
}

static void ignore_rejected(void *context, size_t at, const char *field, const char *message, const char *text,
			    size_t length)
{
	(void)context, (void)at, (void)field, (void)text, (void)length;
	strbuf_addf(&stranger.story, "    refused: %s: %s\n", field, message);
}

enum line_taken import_line(struct desk *desk)
{
	char *path = temp_path(stranger.f.folder, "attack.ndjson");
	struct strbuf out = STRBUF_INIT;
	struct import_options options = { .folder = KYB_SOURCE_DIR "/data/samples",
					  .name = "case",
					  .on_rejected = ignore_rejected };
	struct import_report report = { 0 };

	write_line(&out);
	temp_write(path, out.buf, out.len);
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(desk_import(desk, &options, &report, &stranger.f.error), ERR_OK, "%s", stranger.f.error.message);
	close(options.fd);
	strbuf_release(&out);
	return report.rejected ? LINE_REFUSED : report.imported + report.updated ? LINE_TAKEN : LINE_SAME;
}
