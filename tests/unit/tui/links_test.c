/* Which texts become links, and in which terminals. */
#include "../../../src/tui/term/terminal_type.h"
#include "tui_support.h"

#include "kybdesk/base/world.h"
#include "support/test_world.h"

static struct stage stage;

Test(links, only_a_plain_address_is_one)
{
	static const char *const good[] = { "https://hooks.example/kyb", "http://127.0.0.1:8080/a?b=c&d=%20#e",
					    "https://[::1]:8443/x", "https://a.example/user@mail" };
	static const char *const bad[] = { "",
					   "https://",
					   "https:///path",
					   "javascript:alert(1)",
					   "file:///etc/passwd",
					   "ftp://a.example/",
					   "HTTPS://a.example",
					   " https://a.example",
					   "https://a.example/ b",
					   "https://bank.example@elsewhere.example/",
					   "https://user:secret@a.example",
					   "https://a.example/\033\\\033]0;owned\a",
					   "https://a.example/\033]8;;https://elsewhere.example\033\\",
					   "https://a.example/\a",
					   "https://a.example/\x9c",
					   "https://a.example/\xc2\x9c",
					   "https://a.example/\xe2\x80\xae",
					   "https://p\xd0\xb0ypal.example/",
					   "https://a.example/\n",
					   "https://a.example/\x7f",
					   "https://a.example/\"onclick",
					   "https://a.example/<b>",
					   "https://a.example/`x`" };
	char longest[LINK_BYTES_MAX + 2];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(surface_is_link(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(surface_is_link(bad[i]), "%zu: %s", i, bad[i]);
	memset(longest, 'a', sizeof longest);
	memcpy(longest, "https://", strlen("https://"));
	longest[LINK_BYTES_MAX] = '\0';
	cr_expect(surface_is_link(longest));
	longest[LINK_BYTES_MAX] = 'a';
	longest[LINK_BYTES_MAX + 1] = '\0';
	cr_expect_not(surface_is_link(longest));
}

/* Every byte of an address must be printable ASCII and not a blank. */
Test(links, no_byte_that_ends_or_begins_a_sequence_is_let_through)
{
	static const char address[] = "https://a.example/x/y";
	for (size_t at = 0; at < strlen(address); at++)
		for (unsigned byte = 1; byte < 256; byte++) {
			char changed[sizeof address];
			memcpy(changed, address, sizeof address);
			changed[at] = (char)byte;
			if (surface_is_link(changed))
				cr_expect(byte > ' ' && byte < 0x7f, "0x%02x at %zu", byte, at);
		}
}

static size_t links_of(struct box box, const char *address)
{
	surface_begin(&stage.surface, 24, 80);
	surface_add_link(&stage.surface, box, address);
	return stage.surface.link_count;
}

Test(links, they_stay_on_the_surface_and_under_nothing)
{
	const char *good = "https://hooks.example/kyb";
	stage_open(&stage, TEXT_UTF8, 24, 80);
	cr_expect_eq(links_of((struct box){ 3, 5, 1, 25 }, good), 1);
	cr_expect_str_eq(stage.surface.links[0].address, good);
	surface_begin_overlay(&stage.surface, (struct box){ 2, 2, 10, 40 });
	cr_expect_eq(stage.surface.link_count, 0, "a dialog covers it");
	cr_expect_eq(links_of((struct box){ 24, 5, 1, 25 }, good), 0);
	cr_expect_eq(links_of((struct box){ 3, 60, 1, 25 }, good), 0);
	cr_expect_eq(links_of((struct box){ 3, 80, 1, 1 }, good), 0);
	cr_expect_eq(links_of((struct box){ 3, 5, 1, 0 }, good), 0);
	cr_expect_eq(links_of((struct box){ 3, 5, 1, 25 }, "file:///etc/passwd"), 0);
	stage_close(&stage);
	NO_LEAKS();
}

static bool known(const char *const *environment)
{
	struct test_world test;
	test_world_init(&test, TEST_NOW);
	test.environment = environment;
	return supports_hyperlinks(&test.world);
}

Test(links, only_terminals_that_are_known_to_have_them_get_them)
{
	static const char *const yes[][3] = { { "TERM=xterm-kitty" },
					      { "TERM=foot" },
					      { "TERM=xterm-256color", "VTE_VERSION=7600" },
					      { "TERM=xterm-256color", "KONSOLE_VERSION=230401" },
					      { "TERM=xterm-256color", "TERM_PROGRAM=iTerm.app" },
					      { "TERM=xterm-256color", "WT_SESSION=1" } };
	static const char *const no[][3] = { { NULL },
					     { "TERM=xterm-256color" },
					     { "TERM=dumb", "VTE_VERSION=7600" },
					     { "TERM=linux", "VTE_VERSION=7600" },
					     { "TERM=vt220" },
					     { "TERM=xterm-256color", "VTE_VERSION=4999" },
					     { "TERM=xterm-256color", "VTE_VERSION=many" },
					     { "TERM=tmux-256color", "VTE_VERSION=7600" },
					     { "TERM=screen", "WT_SESSION=1" },
					     { "TERM=xterm-kitty", "TMUX=/tmp/tmux" } };
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		cr_expect(known(yes[i]), "%s", yes[i][0]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		cr_expect_not(known(no[i]), "%s", no[i][0] ? no[i][0] : "nothing");
}
