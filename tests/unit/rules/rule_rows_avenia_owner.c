/* Rules of the seed avenia-kyb-level-1: documents and owners. */
#include "rule_rows.h"

#define OTHER(id, type, rest) "documents[+]=={\"id\":\"00000000-5c9f-4d2e-b847-" id "\",\"type\":\"" type "\"," rest "}"
#define FILE_OF(file) "\"file\":\"files/" file "\",\"review\":\"accepted\""
/* An identification of each type, and a passport without its bytes. */
#define IDENTIFICATIONS                                                                                                \
	OTHER("000000000002", "ID", FILE_OF("identity.png"))                                                           \
	";" OTHER("000000000003", "DRIVERS-LICENSE", FILE_OF("identity.png")) ";" OTHER(                               \
		"000000000004", "RESIDENCE-PERMIT", FILE_OF("bill.jpeg")) ";" OTHER("000000000005", "PASSPORT",        \
										    "\"upload\":\"waiting\"")

#define AT_MINIMUM "At minimum, three documents must be uploaded before KYB Level 1 can be submitted:"
#define SINGLE_SIDED(type, title)                                                                                      \
	RULE(side, "L46 " type " single-sided", "All corporate documents are single-sided.",                           \
	     title " has a back, but this type is single-sided; remove the back", ACCEPTED("", "front"),               \
	     REFUSED("back"), .path = type, .rule = "double_sided")
#define FORMATS "Corporate documents accept application/pdf; identification documents accept image/png or image/jpeg."
#define CORPORATE_FORMAT(type)                                                                                         \
	RULE(format, "L52 " type " format", FORMATS, "the content is png; allowed for " type ": pdf", ACCEPTED("pdf"), \
	     REFUSED("png", "jpeg", "docx", "xlsx", "heic", "png named pdf"), .path = type)
#define IDENTIFICATION_FORMAT(type)                                                                                    \
	RULE(format, "L52 " type " format", FORMATS, "the content is pdf; allowed for " type ": jpeg or png",          \
	     ACCEPTED("png", "jpeg", "jpg"), REFUSED("pdf", "heic", "docx", "gif", "png named jpg"), .path = type)

static const struct rule_row avenia_owner_rows[] = {
	RULE_MANDATORY("L28", "CERTIFICATE-OF-INCORPORATION", AT_MINIMUM, "Certificate of incorporation"),
	SINGLE_SIDED("CERTIFICATE-OF-INCORPORATION", "Certificate of incorporation"),
	CORPORATE_FORMAT("CERTIFICATE-OF-INCORPORATION"),
	RULE_MANDATORY("L29", "COMPANY-TAX-IDENTIFICATION-DOCUMENT", AT_MINIMUM, "Tax identification document"),
	SINGLE_SIDED("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "Tax identification document"),
	CORPORATE_FORMAT("COMPANY-TAX-IDENTIFICATION-DOCUMENT"),
	IDENTIFICATION_FORMAT("ID"),
	IDENTIFICATION_FORMAT("DRIVERS-LICENSE"),
	IDENTIFICATION_FORMAT("PASSPORT"),
	IDENTIFICATION_FORMAT("RESIDENCE-PERMIT"),
	RULE(two_sided, "L46 identification double-sided",
	     "Only identification documents (ID, DRIVERS-LICENSE, PASSPORT, RESIDENCE-PERMIT) support "
	     "isDoubleSided: true.",
	     "CERTIFICATE-OF-INCORPORATION has no sides; leave the side out",
	     ACCEPTED("ID", "DRIVERS-LICENSE", "PASSPORT", "RESIDENCE-PERMIT"),
	     REFUSED("CERTIFICATE-OF-INCORPORATION", "COMPANY-TAX-IDENTIFICATION-DOCUMENT"), .path = "double_sided"),
	RULE(owners, "L65 one UBO",
	     "At least one UBO is required, and at least one UBO must have hasControl set to a valid corporate "
	     "role.",
	     "No related party is declared; add the owners and a person with a control role", ACCEPTED("1"),
	     REFUSED("0"), .path = "parties", .rule = "list"),
	RULE(owners, "L112 fifty UBOs", "A single company can register up to 50 UBOs.",
	     "There are 51 persons among the parties; at most 50 are allowed", ACCEPTED("50"), REFUSED("51"),
	     .path = "parties", .rule = "list"),
	RULE(control, "L65 hasControl in the set",
	     "at least one UBO must have hasControl set to a valid corporate role.",
	     "No natural person has a control role; add the person who controls the company", ACCEPTED("CEO", "Member"),
	     REFUSED("-"), .path = "parties"),
	RULE_FIELD("L87 hasControl values", "", "parties[0].hasControl", "one_of",
		   "Ines Duarte: Control role is 'Janitor'; allowed: CEO, CFO, COO, CTO, President, Vice "
		   "President, Director, Managing Director, Managing Partner, General Partner, Partner, Secretary, "
		   "Treasurer, Chairman, Board Member, Authorized Signatory, General Counsel, Owner, Founder, "
		   "Manager, Member, Comptroller or Chief Compliance Officer",
		   ACCEPTED("CEO", "CFO", "COO", "CTO", "President", "Vice President", "Director", "Managing Director",
			    "Managing Partner", "General Partner", "Partner", "Secretary", "Treasurer", "Chairman",
			    "Board Member", "Authorized Signatory", "General Counsel", "Owner", "Founder", "Manager",
			    "Member", "Comptroller", "Chief Compliance Officer"),
		   REFUSED("Janitor", "ceo", "Vice-President")),
	RULE_FIELD("L71 fullName required", "", "parties[0].name", "line", "parties[0].name: is required",
		   ACCEPTED("A"), REFUSED("-", "", "=null")),
	RULE_FIELD("L71 fullName length", "Full legal name (max 256 chars).", "parties[0].fullName", "length", NULL,
		   ACCEPTED("a*256", "é*256"), REFUSED("a*257", "é*257")),
	RULE_REQUIRED("L72 dateOfBirth", "parties[0].dateOfBirth", "", "Ines Duarte: Date of birth", "1988-07-22"),
	RULE_FIELD("L72 dateOfBirth format", "YYYY-MM-DD.", "parties[0].dateOfBirth", "date",
		   "Ines Duarte: Date of birth is '****-**-**'; allowed: a date as YYYY-MM-DD, not after today",
		   ACCEPTED("1988-07-22", "2000-02-29"),
		   REFUSED("22-07-1988", "1988-7-22", "1988-02-30", "1999-02-29", "1988-07-22T00:00:00Z", "tomorrow")),
	RULE_FIELD("L72 dateOfBirth age", "Minimum age 18.", "parties[0].dateOfBirth", "age",
		   "Ines Duarte: Date of birth means an age of 17 years; allowed: at least 18 years",
		   ACCEPTED("2008-11-20", "1930-01-01"), REFUSED("2008-11-21", "2026-11-20")),
	RULE_REQUIRED("L73 countryOfTaxId", "parties[0].countryOfTaxId", "", "Ines Duarte: Country of the tax number",
		      "BRA"),
	RULE_FIELD("L73 countryOfTaxId alpha-3", "ISO 3166-1 alpha-3 (e.g. BRA, USA).", "parties[0].countryOfTaxId",
		   "country",
		   "Ines Duarte: Country of the tax number is 'Brazil'; allowed: an ISO 3166-1 alpha-3 code such "
		   "as BRA; did you mean 'BRA'?",
		   ACCEPTED("BRA", "PRT"), REFUSED("Brazil", "BR", "bra", "BRX", "N/A")),
	RULE_REQUIRED("L74 taxIdNumber", "parties[0].taxIdNumber", "", "Ines Duarte: Tax number", "39053344705"),
	RULE_FIELD("L74 taxIdNumber CPF", "For BRA a valid CPF is required", "parties[0].taxIdNumber", "check_digits",
		   "Ines Duarte: Tax number is '*******9111'; allowed: a CPF: 11 digits, the last two of them check "
		   "digits",
		   ACCEPTED("39053344705", "390.533.447-05"),
		   REFUSED("11182159111", "39053344706", "3905334470", "390533447050", "11111111111", "39053344A05")),
	RULE_FIELD("L74 taxIdNumber USA", "for USA a 9-digit number is required.", "parties[0].taxIdNumber",
		   "check_digits", "Ines Duarte: Tax number is '****5678'; allowed: nine digits",
		   ACCEPTED("123456789", "000000000"), REFUSED("12345678", "1234567890", "12345678A", "123-45-6789"),
		   .with = "parties[0].countryOfTaxId=USA;parties[0].taxIdNumber=123456789"),
	RULE_REQUIRED("L75 percentageOfOwnership", "parties[0].percentageOfOwnership", "",
		      "Ines Duarte: Percentage of ownership", "100"),
	RULE_FIELD("L75 percentageOfOwnership range",
		   "Ownership share as a numeric string between \"0\" and \"100\" (e.g. \"25.5\").",
		   "parties[0].percentageOfOwnership", "decimal",
		   "Ines Duarte: Percentage of ownership is '100.0000001'; allowed: a decimal number from 0 to 100",
		   ACCEPTED("0", "100", "25.5", "100.000", "0.0000001"),
		   REFUSED("100.0000001", "-1", "25,5", "25.5%", "1e1", "abc")),
	RULE_FIELD("L75 percentageOfOwnership string", "", "parties[0].percentageOfOwnership", "type",
		   "Ines Duarte: Percentage of ownership is a number; allowed: a text", ACCEPTED("25.5"),
		   REFUSED("=25.5", "=100")),
	RULE_REQUIRED("L77 uploadedIdentificationId", "parties[0].uploadedIdentificationId", "",
		      "Ines Duarte: Identification", "00000000-5c9f-4d2e-b847-000000000001"),
	RULE_FIELD("L77 uploadedIdentificationId ready",
		   "ID from Step 2 of this UBO's identification document (must have ready: true).",
		   "parties[0].uploadedIdentificationId", "document",
		   "Ines Duarte: Identification names a document whose upload is waiting; allowed: the id of a "
		   "ready document of type ID, DRIVERS-LICENSE, PASSPORT or RESIDENCE-PERMIT",
		   ACCEPTED("00000000-5c9f-4d2e-b847-000000000001", "00000000-5c9f-4d2e-b847-000000000002",
			    "00000000-5c9f-4d2e-b847-000000000003", "00000000-5c9f-4d2e-b847-000000000004"),
		   REFUSED("00000000-5c9f-4d2e-b847-000000000005", "00000000-e3a8-4c1f-9e62-00000000000c",
			   "00000000-5c9f-4d2e-b847-000000000009"),
		   .with = IDENTIFICATIONS),
	RULE_REQUIRED("L78 documentCountry", "parties[0].documentCountry", "",
		      "Ines Duarte: Country of the identification", "BRA"),
	RULE_FIELD("L78 documentCountry alpha-3", "Country that issued the identification document (ISO alpha-3).",
		   "parties[0].documentCountry", "country",
		   "Ines Duarte: Country of the identification is 'US'; allowed: an ISO 3166-1 alpha-3 code such "
		   "as BRA; did you mean 'USA'?",
		   ACCEPTED("USA", "DEU"), REFUSED("US", "Germany", "ZZZ")),
	RULE_REQUIRED("L79 streetLine1", "parties[0].streetLine1", "", "Ines Duarte: Street, first line", "R"),
	RULE_AT_MOST_256("L79 streetLine1", "parties[0].streetLine1", "Street address, first line (max 256 chars).",
			 "Ines Duarte: Street, first line"),
	RULE_FIELD("L80 streetLine2 optional", "", "parties[0].streetLine2", "type",
		   "Ines Duarte: Street, second line is a number; allowed: a text", ACCEPTED("-", "", "=null", "Apt 4"),
		   REFUSED("=4", "=[]")),
	RULE_FIELD("L81 streetLine3 optional", "", "parties[0].streetLine3", "type",
		   "Ines Duarte: Street, third line is a number; allowed: a text", ACCEPTED("-", "", "=null", "Apt 4"),
		   REFUSED("=4", "=[]")),
	RULE_REQUIRED("L82 city", "parties[0].city", "City of residence.", "Ines Duarte: City", "Y"),
	RULE_REQUIRED("L83 state", "parties[0].state", "", "Ines Duarte: State", "SP"),
	RULE_FIELD("L83 state subdivision", "ISO 3166-2 subdivision code (e.g. SP, NY).", "parties[0].state",
		   "subdivision",
		   "Ines Duarte: State is '********'; allowed: an ISO 3166-2 subdivision of Brazil: AC, AL, AM, "
		   "AP, BA, CE, DF, ES, GO, MA, MG, MS, MT, PA, PB, PE, PI, PR, RJ, RN, RO, RR, RS, SC, SE, SP, TO",
		   ACCEPTED("SP", "BR-SP", "TO"), REFUSED("NY", "US-NY", "sp", "Sao Paulo")),
	RULE_FIELD("L83 state of another country", "ISO 3166-2 subdivision code (e.g. SP, NY).", "parties[0].state",
		   "subdivision", NULL, ACCEPTED("NY", "US-NY", "PR"), REFUSED("SP", "XX"),
		   .with = "parties[0].country=USA;parties[0].state=NY"),
	RULE_REQUIRED("L84 zipCode", "parties[0].zipCode", "Postal code.", "Ines Duarte: Postal code", "0"),
	RULE_REQUIRED("L85 country", "parties[0].country", "", "Ines Duarte: Country of residence", "BRA"),
	RULE_FIELD("L85 country alpha-3", "Country of residence (ISO alpha-3).", "parties[0].country", "country",
		   "Ines Duarte: Country of residence is 'BR'; allowed: an ISO 3166-1 alpha-3 code such as BRA; "
		   "did you mean 'BRA'?",
		   ACCEPTED("BRA"), REFUSED("BR", "Brasil", "Brazil ")),
	RULE_FIELD("L88 email not accepted", "email and phone are not accepted by this endpoint.", "parties[0].email",
		   "not_accepted", "Ines Duarte: E-mail is not accepted here; leave it out", ACCEPTED("-", ""),
		   REFUSED("a@b.example")),
	RULE_FIELD("L88 phone not accepted", "email and phone are not accepted by this endpoint.", "parties[0].phone",
		   "not_accepted", "Ines Duarte: Phone is not accepted here; leave it out", ACCEPTED("-", ""),
		   REFUSED("a@b.example")),
};
RULE_TABLE(avenia_owner, "avenia-kyb-level-1", "avenia-kyb-level-1");
