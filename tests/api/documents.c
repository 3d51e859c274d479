#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char jpeg_bytes[] = "\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9";

size_t jpeg_length(void)
{
	return sizeof jpeg_bytes - 1;
}

int document_put(struct api *api, const char *url, const struct document *document, bool only_once)
{
	const char *token = api->token;
	int status;

	cr_assert(strstr(url, "/uploads/"), "%s", url);
	char *headers = test_text("Content-Type: %s\r\n%s", document->type, only_once ? "If-None-Match: *\r\n" : "");
	api->token = NULL;
	status = api_send(api, "PUT", strstr(url, "/uploads/"), headers, document->bytes, document->length);
	api->token = token;
	return status;
}

char *document_record(struct api *api, const char *account, const char *type, bool two, char **url)
{
	char *body = test_text("{\"documentType\":\"%s\",\"isDoubleSided\":%s}", type, two ? "true" : "false");
	cr_assert_eq(api_callf(api, "POST", body, "/v2/documents?subAccountId=%s", account), 201, "%s", api->last.body);
	*url = api_keep(api, "uploadURLFront");
	return api_keep(api, "id");
}

char *avenia_owner(const char *name, const char *tax, const char *percent, const char *identification, const char *note)
{
	return test_text(
		"{\"fullName\":\"%s\",\"dateOfBirth\":\"1988-07-22\",\"countryOfTaxId\":\"BRA\",\"taxIdNumber\":\"%"
		"s\","
		"\"percentageOfOwnership\":\"%s\",\"hasControl\":\"CEO\",\"uploadedIdentificationId\":\"%s\","
		"\"documentCountry\":\"BRA\",\"streetLine1\":\"RUA AURORA 456 APTO 12\",\"streetLine2\":\"%s\","
		"\"streetLine3\":\"\",\"city\":\"SAO PAULO\",\"state\":\"SP\",\"zipCode\":\"01209-001\","
		"\"country\":\"BRA\"}",
		name, tax, percent, identification, note);
}

char *avenia_company(const char *name, const char *ubos, const char *certificate, const char *tax)
{
	return test_text(
		"{\"uboIds\":[%s],\"companyLegalName\":\"%s\",\"companyRegistrationNumber\":\"42731085000128\","
		"\"taxIdentificationNumberTin\":\"42.731.085/0001-28\",\"businessActivityDescription\":"
		"\"Custom software development and IT consulting services for financial institutions.\","
		"\"website\":\"https://www.nexoradigital.com.br\",\"socialMedia\":"
		"\"https://linkedin.com/company/nexoradigital\",\"reasonForAccountOpening\":"
		"\"receive_payments_for_goods_and_services\",\"sourceOfFundsAndIncome\":"
		"\"sales_of_goods_and_services\",\"numberOfEmployees\":\"1-10\",\"estimatedAnnualRevenueUsd\":"
		"\"less_than_100k\",\"estimatedMonthlyVolumeUsd\":\"2000\",\"countryTaxResidence\":\"BRA\","
		"\"countrySubdivisionTaxResidence\":\"BR-SP\",\"companyStreetLine1\":\"AV PAULISTA 1000 CONJ 204\","
		"\"companyStreetLine2\":\"\",\"companyStreetLine3\":\"\",\"companyCity\":\"SAO PAULO\","
		"\"companyState\":\"SP\",\"companyZipCode\":\"01310-100\",\"companyCountry\":\"Brazil\","
		"\"certificateOfIncorporationDocumentId\":\"%s\",\"taxIdentificationDocumentId\":\"%s\"}",
		ubos, name, certificate, tax);
}
