/* Colours set twice are sent once; everything else stays byte by byte. */
#include "../../../src/tui/term/sgr.h"
#include "tui_support.h"

#define FORE "\033[38;5;253m"
#define BACK "\033[48;5;234m"
#define BOTH "\033[38;5;253;48;5;234m"

static void expect(const char *from, const char *to)
{
	char bytes[256];
	struct sgr sgr = { 0 };
	size_t length = strlen(from);
	memcpy(bytes, from, length + 1);
	length = sgr_thin(&sgr, bytes, length);
	bytes[length] = '\0';
	cr_expect_str_eq(bytes, to);
}

Test(sgr, a_colour_that_is_set_is_not_sent_again)
{
	expect(FORE BACK "a\033[38;5;77m" BACK "b" FORE BACK "c", BOTH "a\033[38;5;77mb" FORE "c");
	expect("\033[31m\033[44ma\033[32m\033[44mb\033[92m\033[104m\033[92m\033[104mc",
	       "\033[31;44ma\033[32mb\033[92;104mc");
	expect("\033[38;5;1ma\033[38;5;11mb\033[38;5;1mc", "\033[38;5;1ma\033[38;5;11mb\033[38;5;1mc");
}

Test(sgr, what_may_change_a_colour_makes_both_unknown)
{
	static const char *const others[] = { "\033[m",	    "\033[0m",	      "\033[39;49m",	  "\033[39m",
					      "\033(B",	    "\033[1m",	      "\033[38;2;1;2;3m", "\033]8;;x\033\\",
					      "\033c",	    "\033[48;5;1;4m", "\033[38:5:1m",	  "\033[100000m",
					      "\033[48;5;m" };
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const char *text = arena_printf(&arena, FORE BACK "%sa" FORE BACK "b", others[i]);
		expect(text, arena_printf(&arena, BOTH "%sa" BOTH "b", others[i]));
	}
	arena_release(&arena);
}

Test(sgr, movement_and_text_change_no_colour)
{
	expect(FORE BACK "\033[K\r\033[6d\033[1;5H\xe2\x96\xb8" FORE BACK "a",
	       BOTH "\033[K\r\033[6d\033[1;5H\xe2\x96\xb8"
		    "a");
}

Test(sgr, colours_are_reset_once)
{
	expect(BACK "a\033[39;49m\033(B\033[m", BACK "a\033(B\033[m");
	expect(BACK "a\033[39;49m\033[m", BACK "a\033[m");
	expect(BACK "a\033[39;49m\033(B\033[0;1m" BACK, BACK "a\033(B\033[0;1m" BACK);
	expect(BACK "a\033[39;49m\033[1m" BACK, BACK "a\033[39;49m\033[1m" BACK);
	expect(BACK "a\033[39;49m", BACK "a\033[39;49m");
}

/* A frame longer than a piece: wherever it is cut, the terminal has the same colours at each letter. */
Test(sgr, a_cut_sequence_stays)
{
	const char *text = FORE BACK "a" FORE BACK "\033[39;49m\033(B\033[m" BACK "b" FORE "\033[K";
	for (size_t cut = 0; cut <= strlen(text); cut++) {
		struct sgr sgr = { 0 };
		char bytes[128], out[129];
		memcpy(bytes, text, strlen(text));
		size_t first = sgr_thin(&sgr, bytes, cut);
		memcpy(out, bytes, first);
		size_t second = sgr_thin(&sgr, bytes + cut, strlen(text) - cut);
		memcpy(out + first, bytes + cut, second);
		out[first + second] = '\0';
		cr_expect(strstr(out, "\033(B\033[m" BACK "b" FORE "\033[K"), "cut at %zu", cut);
		cr_expect(strstr(out, FORE BACK "a") == out || strstr(out, BOTH "a") == out, "cut at %zu", cut);
	}
}
