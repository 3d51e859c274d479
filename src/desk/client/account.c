/* Opens an account of a verified user. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/domain/currency.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/store/account.h"
#include "use/events.h"
#include "use/ids.h"
#include "use/refusal.h"
#include "use/rules.h"
#include "use/standing.h"

#include <string.h>

#define LABEL_MAX 100

/* Sets *file to the case with an approval that opens accounts. ERR_FORBIDDEN if none does. */
static enum err check_verified(struct use *use, const struct subject_record *record,
			       const struct subject_sessions *sessions, struct case_file *file, struct error *error)
{
	struct user_verification standing;
	enum err err = desk_standing(use->desk, use->arena, record, sessions, &standing, error);

	*file = standing.file;
	if (!err && !standing.verified)
		err = error_set(error, ERR_FORBIDDEN, "%s", standing.why);
	return err;
}

static enum err check_currency(const char *currency, struct error *error)
{
	if (currency_is_known(currency))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "currency",
			       "\"%s\" is not a currency; use an ISO 4217 code in capital letters, for example EUR",
			       currency);
}

static enum err check_label(const char *label, struct error *error)
{
	enum err err = text_check("label", "The label", label, false, error);

	if (!err && strlen(label) > LABEL_MAX)
		err = error_set_field(error, ERR_INVALID, "label", "The label has more than %d bytes", LABEL_MAX);
	if (!err && strchr(label, '\n'))
		err = error_set_field(error, ERR_INVALID, "label", "The label must be one line");
	return err;
}

/* The event at the opening: a new account is active at once. */
static enum err announce(struct use *use, const struct case_file *file, const struct account *account,
			 struct error *error)
{
	const struct event_input input = {
		.kind = EVENT_ACCOUNT_ACTIVATED,
		.account_id = account->id,
		.currency = account->currency,
		.due_at = use->now,
		.reported = true,
	};
	const struct profile *profile = NULL;
	enum err err = desk_session_profile_or_bare(use->desk, &file->session, &profile, error);

	return err ? err : desk_event_write(use, &file->session, profile, &input, error);
}

/* Reads in->part: UID or MERCHANT/UID; in->type: the currency; in->text: a label. */
enum err use_account_open(struct use *use, struct error *error)
{
	struct account account = { .currency = use->in->type, .label = use->in->text, .created_at = use->now };
	struct subject_sessions sessions;
	struct subject_record record;
	struct case_file file;
	enum err err = client_subject(use, &record, &sessions, error);

	if (!err)
		err = check_currency(account.currency, error);
	if (!err)
		err = check_label(account.label, error);
	if (!err)
		err = check_verified(use, &record, &sessions, &file, error);
	if (err)
		return err;
	account.id = id_new(use->desk, use->arena);
	use->out->part_id = account.id;
	json_set_text(use->detail, "merchant", record.merchant);
	json_set_text(use->detail, "subject", record.subject.uid);
	json_set_text(use->detail, "account", account.id);
	json_set_text(use->detail, "currency", account.currency);
	err = store_account_insert(use->desk->store, record.subject.row, &account, error);
	return err ? err : announce(use, &file, &account, error);
}
