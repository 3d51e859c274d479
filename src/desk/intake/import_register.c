/* Imports files of company registers: the entry of each business that has a case becomes the result of its check
 * "register" (verb CHECK_REPORT as intake). Skips entries without a case; creates no cases and changes no status.
 *
 * A number is one of its court or register, and the case names neither, so several entries may have a case's number. An
 * entry that agrees with the case counts, wherever it stands in the file: entries that do not agree wait for the end. */
#include "import_internal.h"
#include "use/use.h"
#include "kybdesk/codec/register_codec.h"
#include "kybdesk/desk/import.h"

#include <string.h>

/* An entry that does not agree with its case. */
struct waiting_entry {
	int64_t row;
	struct register_entry entry;
};
struct register_import_run {
	struct desk *desk;
	const struct import_options *options;
	struct import_report *report;
	struct arena arena; /* lives as long as the present entry */
	struct arena kept;  /* lives as long as the import */
	struct waiting_entry *waiting;
	size_t waiting_count, waiting_capacity;
};

/* Finds the sessions with the entry's local register number or with its LEI, since the applicant may have entered
 * either. */
static enum err find_sessions(struct register_import_run *run, const struct register_entry *entry,
			      int64_t rows[2 * SESSIONS_PER_NUMBER_MAX], size_t *count, struct error *error)
{
	static const enum register_field numbers[] = { REGISTER_NUMBER, REGISTER_LEI };
	enum err err = ERR_OK;

	*count = 0;
	for (size_t i = 0; !err && i < 2; i++) {
		size_t more = 0;

		if (*entry->values[numbers[i]])
			err = store_sessions_by_number(run->desk->store, entry->values[REGISTER_COUNTRY],
						       entry->values[numbers[i]], rows + *count, &more, error);
		*count += more;
	}
	return err;
}

static void keep_waiting(struct register_import_run *run, int64_t row, const struct register_entry *entry)
{
	struct waiting_entry copy = { .row = row, .entry = *entry };

	/* A difference is told with the register's legal name, so other names are not needed. */
	copy.entry.other_names = NULL;
	for (size_t i = 0; i < REGISTER_FIELD_COUNT; i++)
		copy.entry.values[i] = arena_strdup(&run->kept, entry->values[i]);
	copy.entry.title = arena_strdup(&run->kept, entry->title);
	*ARENA_PUSH(&run->kept, run->waiting, run->waiting_count, run->waiting_capacity) = copy;
}

/* Whether the check has an entry of this register that agrees with the case, and is of another company. */
static bool has_own_entry(const struct check *present, const struct register_entry *entry)
{
	struct register_entry known;

	return present && present->status == CHECK_PASSED && present->subject_standing.valid &&
	       register_entry_read(present, &known) && !strcmp(known.title, entry->title) &&
	       *known.values[REGISTER_LEI] && strcmp(known.values[REGISTER_LEI], entry->values[REGISTER_LEI]) != 0;
}

/* Prepares the check "register" of a case. *id NULL: nothing to report, because the case already has this entry. */
static enum err prepare_check(struct register_import_run *run, int64_t row, const struct register_entry *entry,
			      bool may_wait, struct check *result, const char **id, struct error *error)
{
	struct register_view view;
	struct case_file file;
	const struct check *present;
	enum err err = desk_case_load(run->desk, &run->arena, row, &file, error);

	*id = NULL;
	if (err)
		return err;
	register_compare(&file.session.subject, entry, &view);
	check_init(result);
	result->kind = CHECK_REGISTER;
	result->status = view.needs_lead_waiver ? CHECK_FAILED : CHECK_PASSED;
	if (view.needs_lead_waiver && may_wait) {
		keep_waiting(run, row, entry);
		return ERR_OK;
	}
	result->detail_json = register_entry_write(&run->arena, entry);
	result->source = entry->title;
	present = case_check(&file, CHECK_REGISTER);
	if (view.needs_lead_waiver && has_own_entry(present, entry))
		return ERR_OK;
	if (!present || !present->subject_standing.valid || !check_is_reported(run->desk, &file, present, result))
		*id = file.session.id;
	result->checked_at = desk_now(run->desk);
	return ERR_OK;
}

static enum err apply_entry_to_case(struct register_import_run *run, int64_t row, const struct register_entry *entry,
				    bool may_wait, struct error *error)
{
	const size_t waiting = run->waiting_count;
	struct check result;
	struct use_out out;
	const char *id = NULL;
	enum err err = desk_begin_read(run->desk, error);

	if (err)
		return err;
	err = prepare_check(run, row, entry, may_wait, &result, &id, error);
	desk_end_read(run->desk);
	if (err || !id) {
		run->report->unchanged += !err && run->waiting_count == waiting;
		return err;
	}
	err = desk_do(
		run->desk, &run->arena,
		&(const struct use_in){
			.verb = VERB_CHECK_REPORT, .capacity = CAPACITY_INTAKE, .session = id, .result = &result },
		&out, error);
	run->report->updated += !err;
	return err;
}

static enum err apply_entry(struct register_import_run *run, const struct register_entry *entry, struct error *error)
{
	int64_t rows[2 * SESSIONS_PER_NUMBER_MAX];
	size_t count = 0;
	enum err err = desk_begin_row_read(run->desk, error);

	if (err)
		return err;
	err = find_sessions(run, entry, rows, &count, error);
	desk_end_read(run->desk);
	run->report->unmatched_count += !err && !count;
	for (size_t i = 0; !err && i < count; i++)
		err = apply_entry_to_case(run, rows[i], entry, true, error);
	return err;
}

static bool may_continue(const struct register_input *input)
{
	const struct register_import_run *run = input->context;

	return !run->options->on_progress ||
	       run->options->on_progress(run->options->context, input->offset, run->report);
}

static enum err import_entry(struct register_input *input, const struct register_line *line,
			     const struct register_entry *entry, struct error *error)
{
	struct register_import_run *run = input->context;
	enum err err = entry ? apply_entry(run, entry, error) : ERR_INVALID;

	if (err)
		err = import_refuse(run->options, run->report, err,
				    &(const struct import_line){
					    .number = line->number, .text = line->text, .length = line->length },
				    error);
	arena_reset(&run->arena);
	input->should_stop = !may_continue(input);
	return err;
}

enum err desk_import_register(struct desk *desk, const char *name, const struct import_options *options,
			      struct import_report *report, struct error *error)
{
	struct register_import_run run = { .desk = desk, .options = options, .report = report };
	struct register_input input = { .name = name, .fd = options->fd, .on_entry = import_entry, .context = &run };
	enum err err;

	*report = (struct import_report){ 0 };
	if (desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot import register data: the store is open for reading only");
	err = desk_require_intake(desk, "import register data", error);
	if (err)
		return err;
	input.countries = desk_countries(desk);
	err = register_file_read(&input, error);
	for (size_t i = 0; !err && !input.should_stop && i < run.waiting_count; i++) {
		err = apply_entry_to_case(&run, run.waiting[i].row, &run.waiting[i].entry, false, error);
		arena_reset(&run.arena);
		input.should_stop = !may_continue(&input);
	}
	if (!err && !input.should_stop)
		(void)may_continue(&input);
	arena_release(&run.arena);
	arena_release(&run.kept);
	return err;
}
