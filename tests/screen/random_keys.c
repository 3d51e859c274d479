#include "random_keys.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

void random_keys_seed(struct random_keys *keys, uint64_t seed)
{
	keys->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

/* xorshift64*: in contrast to the C library's generator, it gives the same numbers on every system. */
unsigned random_below(struct random_keys *keys, unsigned most)
{
	keys->state ^= keys->state >> 12;
	keys->state ^= keys->state << 25;
	keys->state ^= keys->state >> 27;
	return (unsigned)((keys->state * UINT64_C(2685821657736338717)) >> 33) % most;
}

static void press_special(struct random_keys *keys)
{
	static const enum terminal_key special[] = { TERMINAL_ENTER,	 TERMINAL_TAB,	  TERMINAL_BACK_TAB,
						     TERMINAL_BACKSPACE, TERMINAL_UP,	  TERMINAL_DOWN,
						     TERMINAL_LEFT,	 TERMINAL_RIGHT,  TERMINAL_HOME,
						     TERMINAL_END,	 TERMINAL_DELETE, TERMINAL_PAGE_UP,
						     TERMINAL_ENTER,	 TERMINAL_ENTER,  TERMINAL_PAGE_DOWN };
	terminal_press(keys->terminal, special[random_below(keys, sizeof special / sizeof *special)]);
}

static void press_letter(struct random_keys *keys)
{
	/* Keys that open something come more often than the others. */
	static const char letters[] = "aarrxxnncczzmuARXKVlLedy+jjjjkkgGhs1234567q?/ 09:<>R";
	char text[2] = { letters[random_below(keys, sizeof letters - 1)], '\0' };
	if (*text == 'q' && keys->stays)
		*text = '\033';
	terminal_type(keys->terminal, text);
}

static void resize(struct random_keys *keys)
{
	static const int sizes[][2] = { { 24, 80 }, { 36, 120 }, { 15, 60 }, { 10, 40 }, { 50, 200 }, { 24, 119 } };
	const int *size = sizes[random_below(keys, sizeof sizes / sizeof *sizes)];
	terminal_resize(keys->terminal, size[0], size[1]);
	keys->resizes++;
}

static void click(struct random_keys *keys)
{
	char bytes[32];
	int row = (int)random_below(keys, 30) + 1, col = (int)random_below(keys, 90) + 1;
	int length = snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", col, row, col, row);
	terminal_send(keys->terminal, bytes, (size_t)length);
}

/* Keys typed too quickly for a response: the dialog closes before its data has arrived. */
static void press_quickly(struct random_keys *keys)
{
	static const char *const bursts[] = { "a\033", "r\033",	 "x\033", "jjjj\r", "12345", "aay",    "z\033z\033",
					      "n\033", "\rq\rq", "sss",	  "/a\r",   "/\r",   "c\033c", "G1G2" };
	const char *burst = bursts[random_below(keys, sizeof bursts / sizeof *bursts)];
	if (!keys->stays || !strchr(burst, 'q'))
		terminal_type(keys->terminal, burst);
}

static void one(struct random_keys *keys)
{
	static const char *const pastes[] = { "Ines Duarte", "y\ny\n", "2026-12-01", "\t\033[31m", "country:PRT" };
	unsigned what = random_below(keys, 100);
	if (what < 45)
		press_letter(keys);
	else if (what < 67)
		press_special(keys);
	else if (what < 77)
		terminal_press(keys->terminal, TERMINAL_ESCAPE);
	else if (what < 90)
		press_quickly(keys);
	else if (what < 93)
		terminal_paste(keys->terminal, pastes[random_below(keys, sizeof pastes / sizeof *pastes)]);
	else if (what < 96)
		resize(keys);
	else if (what < 99)
		click(keys);
	else {
		char letter = (char)('a' + random_below(keys, 25)); /* not Ctrl-Z: no shell would resume the program */
		keys->interrupted |= letter == 'c';
		terminal_control(keys->terminal, letter);
	}
}

void random_keys_press(struct random_keys *keys)
{
	one(keys);
	keys->typed++;
	unsigned pause = random_below(keys, 10);
	if (pause < 3) {
		(void)terminal_settle(keys->terminal, pause * 5 + 1, 40);
		keys->bursts++;
	}
}

/* In the output, not on the screen: a narrow one breaks a sentence, and a low one scrolls it away. */
static bool has_said(struct terminal *terminal, const char *text)
{
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);

	return memmem(raw, length, text, strlen(text)) != NULL;
}

/* After a q, the program has restored the terminal, and a Ctrl-C sends SIGINT to the program. A change that was refused
 * after the q is told by the status and a sentence. */
bool random_keys_ended_well(const struct random_keys *keys, int status)
{
	enum { BLOCKED = 4, NOT_ALLOWED = 7 };

	return !status || (keys->interrupted && status == 128 + SIGINT) ||
	       (status >= BLOCKED && status <= NOT_ALLOWED &&
		has_said(keys->terminal, "you left before the store confirmed this"));
}

const char *last_words(struct terminal *terminal)
{
	static char words[901]; /* Criterion cuts a message after 1024 bytes */
	size_t length, count = 0;
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (size_t i = length > 6000 ? length - 6000 : 0; i < length; i++) {
		bool escape = raw[i] == 27;
		while (escape && i + 1 < length && raw[i] != 'm' && raw[i] != 'H' && raw[i] != 'K')
			i++;
		if (escape || (raw[i] < ' ' && raw[i] != '\n') || raw[i] > '~')
			continue;
		if (count == sizeof words - 1)
			memmove(words, words + 1, --count);
		words[count++] = (char)raw[i];
	}
	words[count] = '\0';
	return words;
}
