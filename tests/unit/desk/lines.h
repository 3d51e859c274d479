/*
 * Lines of an import: a company with one owner, and a person with checks. taken() returns whether the line was
 * accepted; if not, `refusal` says why. refused() fails the test if the line is accepted, must_import() if it is refused.
 * The macros use the variable `f` of the test file, its only fixture.
 */
#ifndef KYB_TESTS_DESK_LINES_H
#define KYB_TESTS_DESK_LINES_H

#include "fixture.h"

extern char refusal[1024];

bool line_taken(struct fixture *f, struct desk *desk, const char *line);
#define taken(desk, line) line_taken(&f, desk, line)

struct company {
	const char *status, *name, *documents, *parties; /* NULL: as usual */
};
const char *line_of(struct fixture *f, const struct company *company);
#define company(...) line_of(&f, __VA_ARGS__)

void line_refused(struct fixture *f, struct desk *desk, const char *line, const char *with);
void line_must_be_imported(struct fixture *f, const struct company *what);
#define refused(desk, line, with) line_refused(&f, desk, line, with)
#define must_import(...) line_must_be_imported(&f, __VA_ARGS__)

#define DOCUMENT(type, file, more)                                                                                     \
	"{\"category\":\"COMPANY_INFO\",\"type\":\"" type "\",\"file_name\":\"" file "\",\"file\":\"files/" file       \
	"\",\"upload\":\"ready\"" more "}"
#define DOCUMENTS                                                                                                      \
	DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf", "")                                                            \
	"," DOCUMENT("BUSINESS_NUMBER", "number.pdf", ",\"expires_on\":\"2027-01-01\"") "," DOCUMENT(                  \
		"PROOF_OF_ADDRESS", "address.pdf", "") "," DOCUMENT("DIRECTORS_SHAREHOLDERS_REG", "register.pdf", "")
#define OWNER(name, birth, more)                                                                                       \
	"{\"kind\":\"individual\",\"name\":\"" name                                                                    \
	"\",\"roles\":[\"ubo\"],\"control_role\":\"CEO\",\"ownership_percent\":\"80\",\"owner_of\":null,"              \
	"\"country\":\"PRT\",\"date_of_birth\":\"" birth "\"" more "}"
#define INES OWNER("Ines Duarte", "1984-02-11", ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"active\"}")

#define PERSON(status, more)                                                                                           \
	"{\"external_ref\":\"KYC-9\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","                \
	"\"status\":\"" status "\",\"subject\":{\"uid\":\"ind-9\",\"kind\":\"individual\",\"name\":\"Jo Reyes\"},"     \
	"\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}]" more "}\n"
#define HIT(id, name, state)                                                                                           \
	"{" id "\"name\":\"" name "\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"score\":0.8,\"state\":\"" state  \
	"\"}"
#define WATCHLIST(hits) ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[" hits "]}]"
#define HIT_ID "\"id\":\"0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a77\","
#define FACE(status, score) ",\"checks\":[{\"kind\":\"face_match\",\"status\":\"" status "\",\"score\":" score "}]"

#endif
