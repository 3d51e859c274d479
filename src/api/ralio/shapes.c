/* Bodies of the dialect of Ralio (seeds ralio-kyb-session, ralio-sandbox; docs/api.md "Dialects"). */
#include "kybdesk/sandbox/order.h"
#include "shape.h"

static const struct shape items[] = {
	{ .name = "Login", .members = "api_code:text api_key:text" },
	{ .name = "Token", .members = "token:text expiresAt:time" },
	{ .name = "WebhookNew", .members = "url:uri events:[text]" },
	{ .name = "Webhook", .members = "id:uuid url:uri events:[text] enabled:bool createdAt:time" },
	{ .name = "WebhookWithSecret", .base = "Webhook", .members = "secret:text" },
	{ .name = "Webhooks", .members = "data:[Webhook]" },
	{ .name = "KybLevel", .words = "LIGHT REGULAR" },
	{ .name = "KybState", .words = "OPEN IN_REVIEW CORRECTIONS_REQUESTED APPROVED REJECTED EXPIRED" },
	{ .name = "KycState", .words = "PENDING IN_REVIEW CORRECTIONS_REQUESTED VERIFIED FAILED EXPIRED" },
	{ .name = "UserKycState",
	  .words = "NOT_STARTED PENDING IN_REVIEW CORRECTIONS_REQUESTED VERIFIED FAILED EXPIRED" },
	{ .name = "BusinessUserNew",
	  .members = "name:text country:text registrationNumber?:text taxId?:text email?:text website?:text" },
	{ .name = "BusinessUser",
	  .members = "id:text uid:text kybId:int name:text registrationNumber:text|null taxId:text|null "
		     "website:text|null kybLevel:KybLevel country:text email:text|null createdAt:time "
		     "updatedAt:time" },
	{ .name = "BusinessUsers", .members = "data:[BusinessUser] page:int limit:int hasMore:bool" },
	{ .name = "IndividualUserNew",
	  .members = "firstName:text lastName:text country:text dateOfBirth?:date email?:text" },
	{ .name = "IndividualUser",
	  .members = "id:text uid:text firstName:text lastName:text dateOfBirth:date|null kycState:UserKycState "
		     "country:text email:text|null createdAt:time updatedAt:time" },
	{ .name = "IndividualUsers", .members = "data:[IndividualUser] page:int limit:int hasMore:bool" },
	{ .name = "KybSession",
	  .members = "id:uuid kybId:int state:KybState documents:[KybDocument] corrections:[KybCorrection] "
		     "hostedUrl:uri|null createdAt:time updatedAt:time" },
	{ .name = "KybCorrection",
	  .members = "id:uuid item:text fieldIds:[text] documentTypes:[text] message:text "
		     "documentIds?:[uuid] partyId?:uuid" },
	{ .name = "KybSessionWithParties", .base = "KybSession", .members = "relatedParties:[RelatedParty]" },
	{ .name = "KybDocumentNew", .members = "category:text type:text file:bytes documentId?:text" },
	{ .name = "KybDocument",
	  .members = "id:uuid category:text type:text fileName:text size:int sha256:text createdAt:time" },
	{ .name = "RelatedParty",
	  .members = "id:uuid name:text roles:[PartyRole] kycState:UserKycState hostedUrl:uri|null" },
	{ .name = "KycSession",
	  .members = "id:uuid state:KycState hostedUrl:uri|null corrections?:[KybCorrection] expiresAt:time|null" },
	{ .name = "AccountNew", .members = "currency:text label?:text" },
	{ .name = "AccountState", .words = "ACTIVE SUSPENDED" },
	{ .name = "Account",
	  .members = "id:uuid currency:text balance:number state:AccountState label:text userId:text "
		     "iban?:text walletAddress?:text" },
	{ .name = "Accounts", .members = "data:[Account]" },
	{ .name = "Money", .members = "currency:text amount:number" },
	{ .name = "TransferNew", .members = "origin:Money recipient:TransferRecipient reference?:text" },
	{ .name = "TransferRecipient", .members = "accountId:uuid" },
	{ .name = "BankPayoutNew", .members = "origin:Money recipient:BankRecipient reference?:text code2fa:text" },
	{ .name = "BankRecipient", .members = "iban:text accountHolder:text bankName?:text" },
	{ .name = "CryptoPayoutNew", .members = "origin:Money recipient:CryptoRecipient reference?:text code2fa:text" },
	{ .name = "CryptoRecipient", .members = "address:text coin?:text accountHolder?:text" },
	{ .name = "PayinNew",
	  .members = "amount:number type?:OrderType currency?:text state?:OrderState reason?:text" },
	{ .name = "OrderChange", .members = "state:OrderState reason?:text" },
	{ .name = "OrderType", .domain_words = order_type_words },
	{ .name = "OrderState", .domain_words = order_state_words },
	{ .name = "OrderRecipient",
	  .members = "accountId?:uuid iban?:text bankName?:text accountHolder?:text address?:text" },
	{ .name = "Exchange", .members = "currency:text amount:number rate:number" },
	{ .name = "Order",
	  .members = "id:uuid type:OrderType state:OrderState accountId:uuid userId:text currency:text "
		     "amount:number exchange:Exchange|null recipient:OrderRecipient|null reference:text|null "
		     "reason:text|null createdAt:time processingAt:time|null completedAt:time|null "
		     "failedAt:time|null cancelledAt:time|null" },
	{ .name = "Orders", .members = "data:[Order] nextCursor:uuid|null" },
	{ .name = "Transaction",
	  .members = "id:uuid orderId:uuid accountId:uuid type:OrderType currency:text amount:number "
		     "balance:number createdAt:time" },
	{ .name = "Transactions", .members = "data:[Transaction] nextCursor:uuid|null" },
};
const struct shapes shapes_ralio = { items, sizeof items / sizeof *items };
