/* A command's words, as typed or pasted: a party, its shares, corrections, fields, a filter. The command works or
 * reports an error, and its output is printable. The first byte selects the command, each line is a word. */
#include "cli_internal.h"
#include "fuzz_desk.h"
#include "support/test_world.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORDS_MAX 40
#define ROUNDS 1000 /* inputs until a new store is made, to limit its size and to reproduce a crash */
#define LIST "list"

static const char *const commands[][3] = {
	{ "party", "add", FUZZ_CASE },
	{ "party", "edit", FUZZ_CASE },
	{ "party", "own", FUZZ_CASE },
	{ "party", "remove", FUZZ_CASE },
	{ "party", "verify", FUZZ_CASE },
	{ "party", "copy", FUZZ_CASE },
	{ "party", "gap", FUZZ_CASE },
	{ "corrections", FUZZ_CASE, NULL },
	{ "correction", "answer", FUZZ_CASE },
	{ "step", "edit", FUZZ_CASE },
	{ "reject", FUZZ_CASE, NULL },
	{ "note", FUZZ_CASE, NULL },
	{ "subject", "edit", "biz-1" },
	{ "subject", "add", NULL },
	{ "session", "open", NULL },
	{ LIST, NULL, NULL },
	{ "inbox", NULL, NULL },
	{ "show", FUZZ_CASE, NULL },
	{ "reopen", FUZZ_CASE, NULL },
	{ "undo", FUZZ_CASE, NULL },
	{ "subsession", "add", FUZZ_CASE },
	{ "party", "list", FUZZ_CASE },
	{ "claim", FUZZ_CASE, NULL },
	{ "snooze", FUZZ_CASE, NULL },
};

static struct fuzz_desk desk;
static struct test_world world;
static unsigned rounds;

static void begin_round(void)
{
	if (rounds++ % ROUNDS)
		return;
	if (desk.desk)
		fuzz_desk_close(&desk);
	/* Fixed ids and times, so that a crash that the fuzzer finds can be reproduced. */
	test_world_init(&world, 1795176000000);
	fuzz_desk_open(&desk, &world.world);
}

static void end(void)
{
	if (desk.desk)
		fuzz_desk_close(&desk);
}

/* Commands with a file name are not run: it could name a terminal, which would block, or another user's file. */
static bool names_a_file(const struct command_line *command_line)
{
	for (size_t i = 0; i < command_line->option_count; i++)
		if (command_line->options[i].spec->flags & OPTION_PATH)
			return true;
	for (size_t i = 0; i < command_line->argument_count && i < COMMAND_ARGUMENTS_MAX; i++)
		if (command_line->command->arguments[i].flags & ARGUMENT_PATH)
			return true;
	return false;
}

static void is_printed(int fd, bool lines)
{
	struct strbuf text = STRBUF_INIT;
	char bytes[4096];
	ssize_t count;
	PROMISE(lseek(fd, 0, SEEK_SET) == 0);
	while ((count = read(fd, bytes, sizeof bytes)) > 0)
		strbuf_add(&text, bytes, (size_t)count);
	if (lines)
		fuzz_is_harmless(text.buf, text.len, true);
	else
		PROMISE(!text.len || json_text_is_valid(text.buf, text.len, 64));
	strbuf_release(&text);
}

static void run(struct cli *cli, int argc, char *const *argv)
{
	struct error error = { 0 };
	enum err err = command_parse(&cli->arena, command_set(), argc, argv, &cli->command_line, &error);
	bool runs = !err && cli->command_line.command && !cli->command_line.help && !cli->command_line.version;
	if (runs && !names_a_file(&cli->command_line) && !(cli->command_line.command->flags & COMMAND_NO_STORE)) {
		if (!(cli->command_line.command->flags & COMMAND_NO_JSON) &&
		    parsed_has_option(&cli->command_line, "json"))
			cli->out.format = OUT_JSON;
		if (cli->command_line.command->flags & COMMAND_RUNS_DUE_WORK)
			cli_run_due_work(cli);
		err = (cli->command_line.command->run ? cli->command_line.command->run : cli_run_first_verb)(cli,
													     &error);
	}
	PROMISE(err != ERR_INTERNAL && err != ERR_STORE);
	if (err)
		fuzz_failed(err, &error);
	PROMISE(!out_finish(&cli->out, &error));
	is_printed(cli->out.fd, cli->out.format == OUT_TABLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char program[] = "kybdesk";
	char *words[WORDS_MAX + 5] = { program };
	int count = 1;
	if (!size)
		return 0;
	if (!rounds)
		PROMISE(atexit(end) == 0);
	begin_round();
	struct cli cli = { .world = &world.world,
			   .arena = ARENA_INIT,
			   .desk = desk.desk,
			   .log = { .level = LOG_QUIET, .fd = -1 },
			   .mode = data[0] & 0x80 ? TEXT_ASCII : TEXT_UTF8 };
	const char *const *command = commands[(data[0] & 0x7f) % (sizeof commands / sizeof *commands)];
	for (int i = 0; i < 3 && command[i]; i++)
		words[count++] = arena_strdup(&cli.arena, command[i]);
	const char *at = (const char *)data + 1, *to = (const char *)data + size;
	while (at < to && count < WORDS_MAX + 4) {
		const char *end_of = memchr(at, '\n', (size_t)(to - at));
		size_t length = (size_t)((end_of ? end_of : to) - at);
		words[count++] = arena_strndup(&cli.arena, at, length);
		at += length + 1;
	}
	int fd = memfd_create("out", MFD_CLOEXEC);
	PROMISE(fd >= 0);
	out_init(&cli.out, fd, cli.mode);
	run(&cli, count, words);
	out_release(&cli.out);
	arena_release(&cli.arena);
	(void)close(fd);
	return 0;
}
