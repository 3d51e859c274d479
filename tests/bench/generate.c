/*
 * Prints made-up sessions as NDJSON; the same number always gives the same session. They have names in several
 * scripts, every status, parties, documents and checks, and about 1.4 KB each, as
 * the benchmarks assume. usage: generate COUNT [FIRST]
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned below(unsigned bound)
{
	return (unsigned)(next() % bound);
}

#define PICK(list) list[below(sizeof list / sizeof list[0])]

static const char *const starts[] = { "Harbour", "Aurora", "Kestrel", "Nordlys",  "Soluções", "Łódzka",
				      "Café",	 "Vela",   "Iron",    "Silver",	  "Green",    "Blue",
				      "ミナト",	 "北京",   "Новая",   "Ελληνική", "São",      "Nguyễn",
				      "Gōdo",	 "Prime",  "Atlas",   "Cobalt",	  "Delta",    "Echo" };
static const char *const middles[] = { "Lane",	  "Digital", "Trading",	  "Marine",  "Foods", "商事",
				       "Энерго",  "Health",  "Logistics", "Capital", "Media", "Power",
				       "Textile", "Travel",  "Labs",	  "Works" };
static const char *const ends[] = { "Ltd", "Ltd", "GmbH", "Ltda", "株式会社", "B.V.", "S.A.", "Inc", "AB", "ООО" };
static const char *const given[] = {
	"Ines", "Tomás", "Mara", "健太", "Анна", "Chloé", "Omar", "Linh", "Paweł", "Sofía"
};
static const char *const family[] = { "Duarte", "Reis",	  "Lane", "田中",  "Иванова",
				      "Dubois", "Haddad", "Trần", "Nowak", "García" };
static const char *const countries[] = { "GBR", "BRA", "JPN", "PRT", "DEU", "FRA", "USA", "POL", "VNM", "GRC" };
static const char *const regions[] = { "emea", "apac", "latam", "north" };

/* Most sessions of a large store are decided; few are under review. */
static const char *pick_status(void)
{
	unsigned at = below(1000);

	if (at < 640)
		return "approved";
	if (at < 800)
		return "rejected";
	if (at < 870)
		return "draft";
	if (at < 910)
		return "expired";
	if (at < 940)
		return "active";
	if (at < 950)
		return "processing";
	if (at < 965)
		return "awaiting_client_correction";
	if (at < 975)
		return "completed";
	if (at < 980)
		return "processed";
	return "manual_review";
}

static void print_time(const char *key, int64_t seconds)
{
	time_t at = (time_t)seconds;
	struct tm parts;
	char text[32];

	gmtime_r(&at, &parts);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	printf(",\"%s\":\"%s\"", key, text);
}

static void print_party(unsigned number, unsigned percent)
{
	printf("%s{\"kind\":\"individual\",\"name\":\"%s "
	       "%s\",\"roles\":[\"ubo\",\"director\"],\"control_role\":\"%s\","
	       "\"ownership_percent\":\"%u\",\"date_of_birth\":\"19%02u-%02u-%02u\",\"country\":\"%s\",\"tax_id\":"
	       "\"%09u\","
	       "\"email\":\"party%u@mail.example\"}",
	       number ? "," : "", PICK(given), PICK(family), number ? "" : "CEO", percent, 40 + below(60),
	       1 + below(12), 1 + below(28), PICK(countries), below(1000000000), number);
}

static void print_session(uint64_t number)
{
	static const char *const documents[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
						 "DIRECTORS_SHAREHOLDERS_REG" };
	const char *status, *country;
	int64_t created;
	unsigned percent;

	state = number * UINT64_C(0xd1342543de82ef95) + 7;
	status = pick_status();
	country = PICK(countries);
	created = INT64_C(1762000000) - (int64_t)below(40000000);
	percent = 1 + below(99);
	printf("{\"external_ref\":\"BEN-%08" PRIu64
	       "\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"merchant-%02u\","
	       "\"status\":\"%s\"",
	       number, below(20), status);
	printf(",\"subject\":{\"uid\":\"biz-%" PRIu64
	       "\",\"kind\":\"business\",\"name\":\"%s %s %s\",\"country\":\"%s\",",
	       number, PICK(starts), PICK(middles), PICK(ends), country);
	printf("\"registration_number\":\"%08u\",\"tax_id\":\"%s%09u\",\"website\":\"https://site%u.example\","
	       "\"address\":{\"street\":\"%u Harbour "
	       "Lane\",\"city\":\"Bristol\",\"state\":\"\",\"zip_code\":\"BS%u 5TY\","
	       "\"country\":\"%s\"}}",
	       below(100000000), country, below(1000000000), below(100000), 1 + below(200), below(30), country);
	printf(",\"custom_tags\":{\"region\":\"%s\",\"tier\":\"%u\"}", PICK(regions), below(4));
	if (below(5))
		printf(",\"risk_score\":%u", below(101));
	printf(",\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\",\"fields\":{\"business_activity\":"
	       "\"Wholesale of "
	       "goods number %u\"}}]",
	       below(5000));
	printf(",\"documents\":[");
	for (unsigned i = 0; i < 4; i++)
		printf("%s{\"category\":\"COMPANY_INFO\",\"type\":\"%s\",\"upload\":\"required\"}", i ? "," : "",
		       documents[i]);
	printf("],\"parties\":[");
	print_party(0, percent);
	print_party(1, 100 - percent);
	printf("],\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\",\"score\":0.%02u,\"detail\":{}}]",
	       below(100));
	print_time("created_at", created);
	/* A session that was never submitted has no time of submission. */
	if (status[0] != 'd' && !(status[0] == 'a' && status[1] == 'c'))
		print_time("submitted_at", created + 3600 + below(86400));
	print_time("updated_at", created + 100000 + below(1000000));
	printf("}\n");
}

int main(int count, char **arguments)
{
	uint64_t sessions = count > 1 ? strtoull(arguments[1], NULL, 10) : 0;
	uint64_t first = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;

	if (!sessions) {
		fprintf(stderr, "usage: generate COUNT [FIRST]\n");
		return 2;
	}
	for (uint64_t i = 0; i < sessions; i++)
		print_session(first + i);
	return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
