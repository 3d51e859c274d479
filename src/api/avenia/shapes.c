/* Bodies of the dialect of Avenia (seed avenia-kyb-level-1; docs/api.md "Dialects"). */
#include "shape.h"

static const struct shape items[] = {
	{ .name = "Made", .members = "id:uuid" },
	{ .name = "SubAccountType", .words = "COMPANY" },
	{ .name = "SubAccountNew", .members = "accountType:SubAccountType name:text" },
	{ .name = "RecordNew", .members = "documentType:text isDoubleSided?:bool" },
	{ .name = "Record", .members = "id:uuid uploadURLFront:uri uploadURLBack:text" },
	{ .name = "RecordState", .members = "document:RecordDocument" },
	{ .name = "RecordUpload", .words = "WAITING PROCESSING PROCESSED REJECTED" },
	{ .name = "RecordDocument",
	  .members = "id:uuid documentType:text uploadStatusFront:RecordUpload uploadStatusBack?:RecordUpload "
		     "ready:bool" },
	{ .name = "UboNew",
	  .members = "fullName:text dateOfBirth:date countryOfTaxId:text taxIdNumber:text percentageOfOwnership:text "
		     "hasControl?:text uploadedIdentificationId:uuid documentCountry:text streetLine1:text "
		     "streetLine2?:text streetLine3?:text city:text state:text zipCode:text country:text" },
	{ .name = "UboChange",
	  .members = "fullName?:text dateOfBirth?:date countryOfTaxId?:text taxIdNumber?:text "
		     "percentageOfOwnership?:text hasControl?:text uploadedIdentificationId?:uuid "
		     "documentCountry?:text streetLine1?:text streetLine2?:text streetLine3?:text city?:text "
		     "state?:text zipCode?:text country?:text" },
	{ .name = "Ubo", .base = "UboNew", .members = "id:uuid" },
	{ .name = "UboState", .members = "ubo:Ubo" },
	{ .name = "Ubos", .members = "ubos:[Ubo] cursor:text" },
	{ .name = "KybLevel1New",
	  .members = "uboIds:[uuid] companyLegalName:text companyRegistrationNumber:text "
		     "taxIdentificationNumberTin:text businessActivityDescription:text reasonForAccountOpening:text "
		     "sourceOfFundsAndIncome:text numberOfEmployees:text estimatedAnnualRevenueUsd:text "
		     "estimatedMonthlyVolumeUsd:text countryTaxResidence:text countrySubdivisionTaxResidence?:text "
		     "companyStreetLine1:text companyStreetLine2?:text companyStreetLine3?:text companyCity:text "
		     "companyState:text companyZipCode:text companyCountry:text "
		     "certificateOfIncorporationDocumentId:uuid taxIdentificationDocumentId:uuid website?:text "
		     "socialMedia?:text emailPixKey?:text sandboxReject?:bool" },
	{ .name = "AttemptStatus", .words = "PENDING PROCESSING COMPLETED" },
	{ .name = "AttemptResult", .words = " APPROVED REJECTED" }, /* "" until the attempt is decided */
	{ .name = "Attempt",
	  .members = "id:uuid levelName:text status:AttemptStatus result:AttemptResult resultMessage:text "
		     "retryable:bool createdAt:time updatedAt:time" },
	{ .name = "AttemptState", .members = "attempt:Attempt" },
	{ .name = "Attempts", .members = "attempts:[Attempt] cursor:text" },
};
const struct shapes shapes_avenia = { items, sizeof items / sizeof *items };
