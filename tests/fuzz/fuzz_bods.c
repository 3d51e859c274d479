/* Reads BODS statements as the owners of a subject: each party has a name, each share is of a party or the subject. */
#include "fuzz.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/bods_read.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_line(const struct bods_line *line, size_t size)
{
	PROMISE(line->number >= 1 && line->length <= size && (line->text || !line->length));
}

static bool is_there(const struct bods_owners *owners, const char *record)
{
	for (size_t i = 0; i < owners->count; i++)
		if (!strcmp(owners->parties[i].record_id, record))
			return true;
	return !*record;
}

static void check_party(const struct bods_owners *owners, const struct bods_party *party, size_t size)
{
	const char *const texts[] = { party->record_id,	    party->name,   party->country,
				      party->date_of_birth, party->tax_id, party->registration_number,
				      party->control_role };

	PROMISE(*party->record_id && *party->name);
	check_line(&party->line, size);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		PROMISE(text_is_valid(texts[i], strlen(texts[i])));
	for (size_t i = 0; i < party->share_count; i++) {
		PROMISE(is_there(owners, party->shares[i].owned_record_id));
		check_line(&party->shares[i].line, size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("bods", MFD_CLOEXEC);
	struct arena arena = ARENA_INIT;
	struct bods_owners owners;
	struct error error = { 0 };
	enum err code;

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	code = bods_read(&arena, fd, &owners, &error);
	PROMISE(code == ERR_OK || code == ERR_INVALID);
	if (code)
		fuzz_failed(code, &error);
	for (size_t i = 0; i < owners.fault_count; i++) {
		PROMISE(*owners.faults[i].message);
		check_line(&owners.faults[i].line, size);
	}
	for (size_t i = 0; !code && i < owners.count; i++)
		check_party(&owners, &owners.parties[i], size);
	PROMISE(owners.count <= BODS_STATEMENTS_MAX);
	bods_account_make(&arena, &owners);
	PROMISE(owners.account.taken + owners.account.kept + owners.account.not_taken == owners.account.values);
	arena_release(&arena);
	(void)close(fd);
	return 0;
}
