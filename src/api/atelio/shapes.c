/* Bodies of the dialect of Atelio (seed atelio-beneficial-owners; docs/api.md "Dialects"). */
#include "shape.h"

static const struct shape items[] = {
	{ .name = "AtelioError", .members = "Message:text Status:int Code:text Type:text" },
	{ .name = "BusinessNew", .members = "name:text country:text" },
	{ .name = "Business", .members = "business_id:uuid name:text country:text" },
	{ .name = "AddressType", .words = "MAILING PHYSICAL" },
	{ .name = "AddressNew",
	  .members = "address_type:AddressType street:text street2?:text city:text state:text zip_code:text "
		     "country:text is_primary:bool" },
	{ .name = "AddressChange",
	  .members = "address_type?:AddressType street?:text street2?:text city?:text state?:text zip_code?:text "
		     "country?:text is_primary?:bool" },
	{ .name = "Address", .base = "AddressNew", .members = "date_created:time date_updated:time address_id:uuid" },
	{ .name = "AddressDeleted", .base = "Address", .members = "date_deleted:time" },
	{ .name = "OwnerNew",
	  .members = "dob:date first_name:text middle_name?:text last_name:text addresses:[AddressNew]" },
	{ .name = "OwnerChange", .members = "dob?:date first_name?:text middle_name?:text last_name?:text" },
	{ .name = "Owner",
	  .members = "beneficial_owner_id:uuid first_name:text middle_name?:text last_name:text date_created:time "
		     "date_updated:time dob:date address:[Address]" },
	/* The addresses are deleted with the owner. */
	{ .name = "OwnerDeleted", .base = "Owner", .members = "date_deleted:time address:[AddressDeleted]" },
	{ .name = "PageInfo", .members = "page_size:int page:int pages:int" },
	{ .name = "Owners", .members = "page_info:PageInfo data:[Owner]" },
	{ .name = "Addresses", .members = "page_info:PageInfo data:[Address]" },
	{ .name = "OwnerKycNew",
	  .members = "program_id:text ssn?:text phone?:text phone_country_code?:text email?:text ip?:text "
		     "kyc_retry_request?:bool" },
	{ .name = "OwnerKycStarted", .members = "beneficial_owner_id:uuid kyc_status:OwnerKycStatus" },
	{ .name = "OwnerKycStatus",
	  .words = "not_started initialized document_required under_review passed failed error timeout" },
	{ .name = "OwnerKyc",
	  .members = "customer_id:uuid brand_id:uuid kyc_status:OwnerKycStatus results:OwnerKycResults "
		     "health:OwnerKycHealth info:OwnerKycInfo documents?:[OwnerKycDocument] "
		     "corrections?:[OwnerKycCorrection]" },
	{ .name = "OwnerKycDocument",
	  .members = "document_type:text upload_link:uri|null status:OwnerKycDocumentStatus" },
	{ .name = "OwnerKycDocumentStatus", .words = "required submitted" },
	{ .name = "OwnerKycCorrection", .members = "item:text message:text document_ids?:[uuid]" },
	{ .name = "OwnerKycResult", .words = "pending passed failed error timeout" },
	{ .name = "OwnerKycResults",
	  .members = "ofac:OwnerKycResult bureau:OwnerKycResult email:OwnerKycResult ip:OwnerKycResult "
		     "mobile:OwnerKycResult" },
	{ .name = "ServiceHealth", .words = "SERVICE_GOOD SERVICE_ERROR" },
	{ .name = "OwnerKycHealth",
	  .members = "overall:ServiceHealth ofac:ServiceHealth bureau:ServiceHealth email:ServiceHealth "
		     "ip:ServiceHealth mobile:ServiceHealth" },
	{ .name = "OwnerKycInfo", .members = "ofac:OwnerKycOfac bureau:OwnerKycBureau phone:OwnerKycPhone" },
	{ .name = "OwnerKycOfac", .members = "name_matched:bool|null dob_matched:bool|null" },
	{ .name = "OwnerKycBureau", .members = "application_status:text|null" },
	{ .name = "OwnerKycPhone",
	  .members = "first_name_match:int|null last_name_match:int|null address_match:int|null "
		     "service_status:text|null service_type:text|null service_duration:text|null "
		     "service_ported_duration:text|null" },
};
const struct shapes shapes_atelio = { items, sizeof items / sizeof *items };
