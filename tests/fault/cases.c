#include "fault/cases.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

void cases_approvable(struct lines *lines, unsigned number)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };
	lines_add(lines,
		  "{\"external_ref\":\"CASE-%u\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
		  "\"northwind-pay\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"biz-%u\",\"kind\":"
		  "\"business\",\"name\":\"Case %u Trading Ltd\",\"country\":\"GBR\",\"level\":\"LIGHT\"},"
		  "\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\"}],\"documents\":[",
		  number, number, number);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		lines_add(lines,
			  "%s{\"category\":\"COMPANY_INFO\",\"type\":\"%s\",\"file_name\":\"paper.pdf\",\"file\":"
			  "\"paper.pdf\",\"upload\":\"ready\",\"review\":\"accepted\"}",
			  i ? "," : "", types[i]);
	lines_add(lines,
		  "],\"parties\":[{\"kind\":\"individual\",\"name\":\"Owner %u\",\"roles\":[\"ubo\",\"director\"],"
		  "\"control_role\":\"CEO\",\"ownership_percent\":\"100\",\"owner_of\":null,\"country\":\"GBR\","
		  "\"date_of_birth\":\"1980-02-01\",\"session\":{\"workflow\":\"generic-kyc\",\"status\":"
		  "\"approved\"}}],\"created_at\":\"2026-11-01T09:00:00Z\",\"submitted_at\":"
		  "\"2026-11-02T09:00:00Z\"}\n",
		  number);
}

void cases_plain(struct lines *lines, unsigned number)
{
	static const char *const statuses[] = {
		"manual_review", "draft",   "active",	"completed", "processed",     "processing",
		"manual_review", "expired", "approved", "rejected",  "manual_review", "awaiting_client_correction",
	};
	static const char *const names[] = {
		"Soluções Aurora",     "Juniper Bakery",     "株式会社ミナト商事", "Groß & Söhne",
		"Ελληνικά Πλοία",      "Северный Ветер",     "شركة النور",	   "บริษัท สยาม",
		"Nguyễn Thị Ánh",      "Ó Súilleabháin",     "דניאל לוי",	   "한빛 무역",
		"Smith, Jones & Sons", "\\\"Quoted\\\" Inc", "d'Artagnan",	   "Łódź Tekstylia",
	};
	static const char *const countries[] = { "GBR", "BRA", "JPN", "DEU", "GRC", "USA", "ARE", "THA" };
	static const char *const merchants[] = { "northwind-pay", "harbour-bank", "ostsee-kasse" };
	const unsigned mixed = number * 2654435761u;
	lines_add(lines,
		  "{\"external_ref\":\"PLAIN-%u\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"%s\","
		  "\"status\":\"%s\",\"subject\":{\"uid\":\"ind-%u\",\"kind\":\"individual\",\"name\":\"%s %u\","
		  "\"country\":\"%s\",\"tax_id\":\"T%08u\"},\"custom_tags\":{\"region\":\"r%u\"}",
		  number, merchants[mixed % 3], statuses[number % (sizeof statuses / sizeof *statuses)], number,
		  names[(mixed >> 5) % (sizeof names / sizeof *names)], number,
		  countries[(mixed >> 9) % (sizeof countries / sizeof *countries)], mixed % 100000000u, mixed % 7);
	if (mixed % 4)
		lines_add(lines, ",\"risk_score\":%u", (mixed >> 3) % 101);
	/* Many cases share a due time, so that pages end inside a run of equal keys. */
	lines_add(lines,
		  ",\"created_at\":\"2026-11-%02uT09:00:00Z\",\"submitted_at\":\"2026-11-%02uT10:00:00Z\","
		  "\"updated_at\":\"2026-11-%02uT10:00:00Z\"}\n",
		  1 + number % 5, 6 + number % 3, 10 + number % 5);
}

/* Uses a sample file of the program: any other file in several cases would make these cases duplicates. */
void cases_write_pdf(const char *path)
{
	char bytes[4096];
	FILE *in = fopen(KYB_SOURCE_DIR "/data/samples/files/articles.pdf", "rb");
	size_t length = in ? fread(bytes, 1, sizeof bytes, in) : 0;

	cr_assert_gt(length, 0);
	fclose(in);
	temp_write(path, bytes, length);
}

void cases_import(const struct site *site, const struct lines *lines, int expected_status)
{
	char *input = site_path(site, "cases.ndjson"), *document = site_path(site, "paper.pdf");
	temp_write(input, lines->text, lines->length);
	cases_write_pdf(document);
	site_expect(site, expected_status, "import", input, NULL);
}

void cases_bring(const struct site *site, unsigned first, unsigned count)
{
	struct lines lines = { 0 };
	for (unsigned i = 0; i < count; i++)
		cases_approvable(&lines, first + i);
	cases_import(site, &lines, 0);
	lines_release(&lines);
}

void cases_history(const struct site *site)
{
	site_expect(site, 0, "claim", "CASE-1", NULL);
	site_expect(site, 0, "note", "CASE-1", "looked at the register", NULL);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note", "explained in full",
		    NULL);
	site_expect(site, 0, "undo", "CASE-2", NULL);
	cr_assert_eq(site_number(site, "SELECT max(seq) FROM audit_event"), CASES_HISTORY_RECORDS);
}

const char *cases_reference(unsigned number)
{
	static char texts[8][24];
	static unsigned next;
	char *text = texts[next++ % 8];
	(void)snprintf(text, sizeof texts[0], "CASE-%u", number);
	return text;
}

char *cases_endpoint(const struct site *site, const char *url)
{
	char *text = site_output(site, "endpoint", "add", "--merchant", "northwind-pay", "--url", url, "--event", "*",
				 "--json", NULL);
	json_t *endpoint = test_keep(json_loads(text, 0, NULL));
	const char *secret = json_string_value(json_object_get(endpoint, "secret"));
	cr_assert(secret, "%s", text);
	return test_keep(strdup(secret));
}
