/* Boards of the merchants, and of one merchant: the names, permissions and times of the API keys of the merchant
 * and its providers. The boards never show a secret key again. */
#include "workbench.h"

#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/permission.h"

#include <string.h>

struct merchants_data {
	struct merchant_info *merchants;
	struct merchant_key_info *keys;
	size_t count, key_count;
	const struct merchant_info *merchant; /* the merchant that the board is about */
};

static enum err merchants_read(struct desk *desk, struct job *job)
{
	struct merchants_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	enum err err = desk_merchants(desk, &job->arena, &found->merchants, &found->count, &job->error);
	return err ? err : desk_merchant_keys(desk, &job->arena, &found->keys, &found->key_count, &job->error);
}

static enum err merchant_read(struct desk *desk, struct job *job)
{
	enum err err = merchants_read(desk, job);
	struct merchants_data *found = job->board_data;
	for (size_t i = 0; !err && i < found->count; i++)
		if (!strcmp(found->merchants[i].name, job->in.part))
			found->merchant = &found->merchants[i];
	if (err || found->merchant)
		return err;
	return error_not_found(&job->error, "merchant", job->in.part, "List them with: kybdesk merchant list");
}

static const char *key_grants_text(struct arena *arena, const struct merchant_key_info *key)
{
	const char *text = permissions_text(arena, key->permissions);
	if (key->checks[0])
		return arena_printf(arena, "reports %s", key->checks);
	return text[0] ? text : "all";
}

static bool is_merchant_key(const struct merchant_key_info *key, const char *merchant, bool provider)
{
	return !strcmp(key->merchant, merchant) && (key->checks[0] != '\0') == provider;
}

/* --- the list --- */

enum list_column { L_NAME, L_KEYS, L_PROVIDERS, L_CODE, L_SINCE };
static const struct grid_column list_columns[] = {
	[L_NAME] = { "Merchant", 16, 40, TEXT_LEFT, true, 0, false },
	[L_KEYS] = { "Keys", 4, 4, TEXT_RIGHT, false, 0, true },
	[L_PROVIDERS] = { "Providers", 9, 30, TEXT_LEFT, false, 2, false },
	[L_CODE] = { "API code", 8, 20, TEXT_LEFT, false, 3, true },
	[L_SINCE] = { "Since", 12, 12, TEXT_LEFT, false, 1, true },
};

static bool merchants_fill_page(struct page *page, struct job *job)
{
	const struct merchants_data *found = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, "Merchants", "%zu", found->count);
	GRID_LIST(grid, list_columns, "No merchant yet. Add one with: kybdesk merchant add NAME");
	for (size_t i = 0; i < found->count; i++) {
		const struct merchant_info *merchant = &found->merchants[i];
		struct grid_row *row = grid_add_row(grid, ROW_MERCHANT, merchant->name);
		const char *providers = "";
		size_t keys = 0;
		for (size_t k = 0; k < found->key_count; k++) {
			const struct merchant_key_info *key = &found->keys[k];
			keys += key->is_valid && is_merchant_key(key, merchant->name, false);
			if (key->is_valid && is_merchant_key(key, merchant->name, true))
				providers = grid_printf(grid, "%s%s%s", providers, providers[0] ? ", " : "", key->name);
		}
		grid_set_cell(row, L_NAME, THEME_TEXT, merchant->name);
		grid_set_cell(row, L_KEYS, keys ? THEME_TEXT : THEME_MUTED, grid_printf(grid, "%zu", keys));
		grid_set_cell(row, L_PROVIDERS, THEME_TEXT, providers);
		grid_set_cell(row, L_CODE, THEME_MUTED, merchant->api_code);
		grid_set_cell(row, L_SINCE, THEME_MUTED, grid_time(grid, merchant->created_at));
	}
	return true;
}

const struct board_spec merchants_board = { BOARD("Merchants", merchants_read, merchants_fill_page, MERCHANTS, PLAIN),
					    .bar = BAR(BAR_ENTRY(OPEN, "its keys"), BAR_ENTRY(KEY_ADD, "add a key"),
						       BAR_ENTRY(PROVIDER_KEY, "provider key"), BAR_BACK) };

/* --- the keys of one merchant --- */

enum api_key_column { K_NAME, K_PERMISSIONS, K_CREATED, K_USED, K_ENDS, K_STATE };
static const struct grid_column key_columns[] = {
	[K_NAME] = { "Key", 8, 24, TEXT_LEFT, true, 0, false },
	[K_PERMISSIONS] = { "Permissions", 20, 44, TEXT_LEFT, false, 0, false },
	[K_CREATED] = { "Created", 12, 12, TEXT_LEFT, false, 3, true },
	[K_USED] = { "Last used", 12, 12, TEXT_LEFT, false, 2, true },
	[K_ENDS] = { "Ends", 12, 18, TEXT_LEFT, false, 1, true },
	[K_STATE] = { "State", 8, 8, TEXT_LEFT, false, 0, true },
};

static const char *date_time_or_text(struct arena *arena, int64_t at, const char *otherwise, const struct frame *frame)
{
	return at == TIME_NONE ? otherwise : date_time_text(arena, at, frame);
}

/* Whether the key can be rotated or revoked. Keys that were rotated, replaced or revoked are only listed. */
static bool is_key_revocable(const struct merchant_key_info *key)
{
	return !strcmp(key->state, "works") || !strcmp(key->state, "expired");
}

static void key_row(struct grid *grid, const struct merchant_key_info *key)
{
	bool current = is_key_revocable(key);
	struct grid_row *row = grid_add_row(grid, current ? ROW_KEY : ROW_PLAIN, current ? key->name : "");
	enum theme_role role = key->is_valid ? THEME_TEXT : THEME_MUTED;
	row->done = !key->is_valid;
	row->detail = grid_printf(grid, "%s: %s", key->name, key_grants_text(grid->arena, key));
	grid_set_cell(row, K_NAME, role, key->name);
	grid_set_cell(row, K_PERMISSIONS, role, key_grants_text(grid->arena, key));
	grid_set_cell(row, K_CREATED, THEME_MUTED, grid_time(grid, key->created_at));
	grid_set_cell(row, K_USED, THEME_MUTED, date_time_or_text(grid->arena, key->used_at, "never", grid->frame));
	grid_set_cell(row, K_ENDS, THEME_MUTED, date_time_or_text(grid->arena, key->ends_at, "never", grid->frame));
	grid_set_cell(row, K_STATE,
		      !key->is_valid		     ? THEME_MUTED
		      : !strcmp(key->state, "works") ? THEME_OK
						     : THEME_WARNING,
		      key->state);
}

static void add_api_key_rows(struct grid *grid, struct job *job, bool provider)
{
	const struct merchants_data *found = job->board_data;
	facts_add_heading(grid, provider ? "Keys of the providers" : "Keys of the merchant");
	size_t headed = grid->row_count;
	for (size_t i = 0; i < found->key_count; i++)
		if (is_merchant_key(&found->keys[i], found->merchant->name, provider))
			key_row(grid, &found->keys[i]);
	if (grid->row_count == headed)
		grid_set_cell(grid_add_row(grid, ROW_PLAIN, ""), K_NAME, THEME_MUTED, "none");
}

static bool merchant_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct merchants_data *found = job->board_data;
	const char *code = found->merchant->api_code;
	page_set_title(page, "Merchant", "%s", found->merchant->name);
	if (code[0])
		page_set_title(page, page->title, "%s", code);
	GRID_LIST(grid, key_columns, NULL);
	add_api_key_rows(grid, job, false);
	add_api_key_rows(grid, job, true);
	return true;
}

const struct board_spec merchant_board = {
	BOARD("Merchant", merchant_read, merchant_fill_page, MERCHANTS, MERCHANT),
	.bar = BAR(BAR_ENTRY(KEY_ADD, "add"), BAR_ENTRY(PROVIDER_KEY, "add provider key"),
		   BAR_ENTRY(KEY_ROTATE, "rotate"), BAR_ENTRY(KEY_REVOKE, "revoke"), BAR_BACK)
};

/* --- keys --- */

void merchant_open_key_dialog(struct workbench *workbench, const struct command_request *order)
{
	const struct board *board = workbench->boards.top;
	const char *key = board_item_id(board, ROW_KEY);
	if (key[0])
		board_open_dialog(workbench, command_spec(order->command)->opened_dialog, board->page->ref, key);
	else
		REPORT(workbench, "No working key under the cursor: select one first%s",
		       board->spec == &merchants_board ? ", after Enter on the merchant" : "");
}

/* --- the dialogs; item: the merchant, item_name: the key --- */

static enum err make_key(struct desk *desk, struct job *job)
{
	job->in.content_out = &job->bytes; /* receives the secret key; wiped with the request */
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

static void show_created_key(struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = dialog_of_request(workbench, job);
	const struct use_out *out = &job->out;
	if (out->is_proposal || !dialog) {
		announce_result(workbench, job);
		return;
	}
	dialog_show_secret(dialog, &job->bytes, "key");
	DIALOG_LINE(dialog, "of", THEME_TITLE, "%s: %s", dialog->item, out->part_id);
	if (out->api_code[0])
		dialog_add_line(dialog, "api_code", THEME_TEXT, out->api_code);
	dialog_add_line(dialog, "ends", THEME_TEXT,
			date_time_or_text(&dialog->arena, out->expires_at, "when it is revoked", &workbench->frame));
	if (job->in.verb == VERB_MERCHANT_KEY_ROTATE)
		DIALOG_LINE(dialog, "old key", THEME_WARNING, "the previous key works until %s",
			    date_time_text(&dialog->arena, out->old_key_until, &workbench->frame));
	dialog_add_line(dialog, "", THEME_WARNING,
			"The key is shown only once: the desk stores only a hash of the key.");
}

/* The key that the dialog is about; NULL: the key has ended since the dialog opened. */
static const struct merchant_key_info *find_dialog_key(const struct dialog *dialog)
{
	const struct merchants_data *found = dialog->response->board_data;
	for (size_t i = 0; i < found->key_count; i++) {
		const struct merchant_key_info *key = &found->keys[i];
		if (!strcmp(key->merchant, dialog->item) && !strcmp(key->name, dialog->item_name) &&
		    is_key_revocable(key))
			return key;
	}
	return NULL;
}

/* Parses the duration in the field, like "90d" or "0"; an empty field leaves `ms` unchanged. */
static bool read_duration(struct dialog *dialog, size_t field, int64_t *ms)
{
	const char *text = dialog_get_text(dialog, field);
	bool valid = !text[0] || (!strcmp(text, "0") && (*ms = 0, true)) || !duration_parse(text, ms, NULL);
	return valid ||
	       dialog_refuse(dialog, "Write a duration, like 2h or 30d, as the line below the fields explains.");
}

enum add_field { ADD_NAME, ADD_PERMISSIONS, ADD_EXPIRES };

/* Sets *bits from the picked items, and job->in.lifetime_ms from the field for the expiry. If no item is picked,
 * refuses with the message `none`. */
static bool read_picked_bits(struct dialog *dialog, struct job *job, unsigned *bits, unsigned (*bit)(const char *code),
			     const char *none)
{
	const struct input *picks = &dialog->form.fields[ADD_PERMISSIONS];
	for (size_t i = 0; i < picks->item_count; i++)
		if (picks->items[i].checked)
			*bits |= bit(picks->items[i].code);
	return *bits ? read_duration(dialog, ADD_EXPIRES, &job->in.lifetime_ms) : dialog_refuse(dialog, none);
}

/* Offers the permissions for a merchant's key: in a sandbox all, in production only the default permissions. */
static void offer_permissions(struct dialog *dialog, struct input *field)
{
	size_t count;
	const char *const *words = permission_words(&count);
	for (size_t i = 0; i < count; i++) {
		bool usual = permission_bits_read(words[i]) & KEY_PERMISSIONS_DEFAULT;
		if (usual || dialog->context->frame->sandbox)
			form_add_item(field, &dialog->arena, words[i], words[i])->checked = usual;
	}
}

static unsigned permission_bit(const char *word)
{
	return *word ? permission_bits_read(word) : 0;
}

static bool api_key_prepare_job(struct dialog *dialog, struct job *job)
{
	return read_picked_bits(dialog, job, &job->in.permissions, permission_bit,
				"Choose at least one permission: Space checks the item under the cursor.");
}

static const struct dialog_form key_form = {
	.confirm_label = "make it",
	.hint = "Name: \"default\" if empty. Expires: after a time, like 90d; never if empty.",
	.fields = { { TEXT_FIELD("name", REQUEST_OFFSET(in.text)) },
		    { PICKS_FIELD("may", offer_permissions) },
		    { TEXT_FIELD("expires", 0) } },
	.ui_action = UI_ACTION(.verb = VERB_MERCHANT_KEY, .run = make_key, .finish = show_created_key),
	.prepare_job = api_key_prepare_job,
};

static const struct dialog_form *api_key_fill_form(struct dialog *dialog)
{
	dialog_set_name(dialog, dialog->item);
	DIALOG_EFFECT(dialog, "The key is shown once. Other keys of the merchant still work.");
	return &key_form;
}

const struct dialog_spec key_add_dialog = { BOARD_DIALOG(&merchant_board, "New key of", api_key_fill_form),
					    .item_kind = ROW_MERCHANT, .noun = "merchant" };

static unsigned check_kind_bit(const char *code)
{
	enum check_kind kind;
	return check_kind_parse(code, &kind) ? 1u << kind : 0;
}

static void offer_check_kinds(struct dialog *dialog, struct input *field)
{
	size_t count;
	const char *const *words = check_kind_words(&count);
	for (size_t i = 0; i < count; i++)
		form_add_item(field, &dialog->arena, words[i], words[i]);
}

static bool provider_prepare_job(struct dialog *dialog, struct job *job)
{
	return read_picked_bits(dialog, job, &job->in.checks, check_kind_bit,
				"Choose at least one check: Space ticks the item under the cursor.");
}

static const struct dialog_form provider_form = {
	.confirm_label = "make it",
	.hint = "Expires: after a time, like 90d; never if empty.",
	.fields = { { TEXT_FIELD("name", REQUEST_OFFSET(in.text)),
		      .missing_message = "Enter the provider's name first." },
		    { PICKS_FIELD("reports", offer_check_kinds) },
		    { TEXT_FIELD("expires", 0) } },
	.ui_action = UI_ACTION(.verb = VERB_PROVIDER_KEY, .run = make_key, .finish = show_created_key),
	.prepare_job = provider_prepare_job,
};

static const struct dialog_form *provider_fill_form(struct dialog *dialog)
{
	dialog_set_name(dialog, dialog->item);
	DIALOG_EFFECT(dialog,
		      "With this key a provider can only report results of these checks. An older key of the same "
		      "name stops working.");
	return &provider_form;
}

const struct dialog_spec provider_key_dialog = { BOARD_DIALOG(&merchant_board, "New provider key for",
							      provider_fill_form),
						 .item_kind = ROW_MERCHANT, .noun = "merchant" };

enum rotate_dialog_field { ROTATE_OVERLAP, ROTATE_EXPIRES };
#define OVERLAP_DEFAULT_MS (24 * 60 * 60 * (int64_t)1000)

static bool rotate_prepare_job(struct dialog *dialog, struct job *job)
{
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	job->in.overlap_ms = OVERLAP_DEFAULT_MS;
	return read_duration(dialog, ROTATE_OVERLAP, &job->in.overlap_ms) &&
	       read_duration(dialog, ROTATE_EXPIRES, &job->in.lifetime_ms);
}

static const struct dialog_form rotate_form = {
	.confirm_label = "rotate it",
	.hint = "Overlap: 24h if empty; 0: this key stops working at once. Expires: if empty, the lifetime is that of "
		"this key.",
	.fields = { { TEXT_FIELD("overlap", 0) }, { TEXT_FIELD("expires", 0) } },
	.ui_action = UI_ACTION(.verb = VERB_MERCHANT_KEY_ROTATE, .run = make_key, .finish = show_created_key),
	.prepare_job = rotate_prepare_job,
};

/* Sets the title of the dialog, and shows the facts of the key. NULL: the key has ended since the dialog opened,
 * and the dialog says so. */
static const struct merchant_key_info *show_key_details(struct dialog *dialog)
{
	const struct merchant_key_info *key = find_dialog_key(dialog);
	dialog_set_name(dialog, arena_printf(&dialog->arena, "%s of %s", dialog->item_name, dialog->item));
	dialog_add_line(dialog, key ? "may" : "", THEME_TEXT,
			key ? key_grants_text(&dialog->arena, key) : "This key no longer works.");
	if (key)
		dialog_add_line(dialog, "last used", THEME_TITLE,
				date_time_or_text(&dialog->arena, key->used_at, "never", dialog->context->frame));
	return key;
}

static const struct dialog_form *rotate_fill_form(struct dialog *dialog)
{
	if (!show_key_details(dialog))
		return NULL;
	DIALOG_EFFECT(
		dialog,
		"A new key of the same name and permissions is shown once; this key works until the overlap ends.");
	return &rotate_form;
}

const struct dialog_spec key_rotate_dialog = { BOARD_DIALOG(&merchant_board, "Rotate the key", rotate_fill_form) };

static bool revoke_prepare_job(struct dialog *dialog, struct job *job)
{
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return true;
}

static const struct dialog_form revoke_form = {
	.confirm_label = "revoke it",
	.ui_action = UI_ACTION(.verb = VERB_MERCHANT_KEY_REVOKE, .message_start = "Revoked the key"),
	.prepare_job = revoke_prepare_job,
};
static const struct dialog_form provider_revoke_form = {
	.confirm_label = "revoke it",
	.ui_action = UI_ACTION(.verb = VERB_PROVIDER_KEY_REVOKE, .message_start = "Revoked the provider's key"),
	.prepare_job = revoke_prepare_job,
};

static const struct dialog_form *revoke_fill_form(struct dialog *dialog)
{
	const struct merchant_key_info *key = show_key_details(dialog);
	if (!key)
		return NULL;
	dialog_add_line(dialog, "then", THEME_WARNING,
			"This key and the keys that it replaced stop working at once. This cannot be undone.");
	return key->checks[0] ? &provider_revoke_form : &revoke_form;
}

const struct dialog_spec key_revoke_dialog = { BOARD_DIALOG(&merchant_board, "Revoke the key", revoke_fill_form) };
