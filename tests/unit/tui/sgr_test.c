/* Colours set twice are sent once; everything else stays byte by byte. */
#include "../../../src/tui/term/sgr.h"
#include "tui_support.h"

#define FORE "\033[38;5;253m"
#define BACK "\033[48;5;234m"
#define BOTH "\033[38;5;253;48;5;234m"

static void expect(const char *from, const char *to)
{
	struct sgr sgr = { 0 };
	struct strbuf out = STRBUF_INIT;
	sgr_thin(&sgr, from, strlen(from), &out);
	cr_expect_str_eq(out.buf, to);
	strbuf_release(&out);
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

/* Wherever the bytes are cut, the terminal has the same colours at each letter. */
Test(sgr, a_cut_sequence_stays)
{
	const char *text = FORE BACK "a" FORE BACK "\033[39;49m\033(B\033[m" BACK "b" FORE "\033[K";
	for (size_t cut = 0; cut <= strlen(text); cut++) {
		struct sgr sgr = { 0 };
		struct strbuf out = STRBUF_INIT;
		sgr_thin(&sgr, text, cut, &out);
		sgr_thin(&sgr, text + cut, strlen(text) - cut, &out);
		cr_expect(strstr(out.buf, "\033(B\033[m" BACK "b" FORE "\033[K"), "cut at %zu", cut);
		cr_expect(strstr(out.buf, FORE BACK "a") == out.buf || strstr(out.buf, BOTH "a") == out.buf,
			  "cut at %zu", cut);
		strbuf_release(&out);
	}
}

Test(sgr, a_repetition_is_written_out)
{
	expect("\033[1;1H|-\033[9b+", "\033[1;1H|----------+");
	expect("-\033[3b", "----");
	expect(FORE "- \033[7b" BACK "x", FORE "-        " BACK "x");
}

Test(sgr, a_repetition_of_another_character_stays)
{
	expect("\033[9b", "\033[9b");
	expect("\xe2\x94\x80\033[9b", "\xe2\x94\x80\033[9b");
	expect("a\033[b", "a\033[b");
	expect("a\033[0b", "a\033[0b");
	expect("a\033[2;1H\033[9b", "a\033[2;1H\033[9b");
	expect("a\033[1;2b", "a\033[1;2b");
	expect("a\033[1000b", "a\033[1000b");
}
