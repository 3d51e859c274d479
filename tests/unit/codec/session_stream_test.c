#include "codec_support.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <string.h>
#include <unistd.h>

static struct session_stream *stream;
static int input;

static void begin(void)
{
	clear_input();
	stream = NULL;
	input = -1;
}

static void end(void)
{
	session_stream_free(stream);
	if (input >= 0)
		close(input);
	leave_nothing();
}

static void input_bytes(const char *bytes, size_t length)
{
	input = memfd_create("input", MFD_CLOEXEC);
	cr_assert(input >= 0);
	for (size_t at = 0; at < length;) {
		ssize_t put = write(input, bytes + at, length - at);
		cr_assert(put > 0);
		at += (size_t)put;
	}
	lseek(input, 0, SEEK_SET);
	stream = session_stream_new(input, NULL);
}

static void set_input(const char *text)
{
	input_bytes(text, strlen(text));
}

static void expect_document(const char *expected, size_t expected_line)
{
	const char *text;
	size_t length, line;
	bool at_end;
	enum err err = session_stream_next(stream, &text, &length, &line, &at_end, &error);
	cr_assert(err == ERR_OK, "%s", error.message);
	cr_assert_not(at_end, "the end came before %s", expected);
	cr_expect(length == strlen(expected) && memcmp(text, expected, length) == 0, "%.*s instead of %s", (int)length,
		  text, expected);
	cr_expect_eq(line, expected_line, "line %zu instead of %zu", line, expected_line);
}

static void expect_refused(const char *message, size_t expected_line)
{
	const char *text;
	size_t length, line;
	bool at_end;
	enum err err = session_stream_next(stream, &text, &length, &line, &at_end, &error);
	cr_assert(err == ERR_INVALID, "not refused: %.*s", (int)length, text);
	expect_contains(error.message, message, "sentence");
	cr_expect_eq(line, expected_line, "line %zu instead of %zu", line, expected_line);
	cr_expect_eq(length, 0);
}

static void expect_end(void)
{
	for (int twice = 0; twice < 2; twice++) {
		const char *text;
		size_t length, line;
		bool at_end;
		enum err err = session_stream_next(stream, &text, &length, &line, &at_end, &error);
		cr_assert(err == ERR_OK, "%s", error.message);
		cr_expect(at_end, "more: %.*s", (int)length, text);
	}
}

/* One expected result of an input: its text with single quotes, or the error if `refused`, and its line number. */
struct given {
	const char *text;
	size_t line;
	bool refused;
};
/* clang-format off */
#define DOCUMENT(text, line) { text, line, false }
#define REFUSED(text, line) { text, line, true }
#define STREAM(what, input, ...) { what, input, { __VA_ARGS__ } }
/* clang-format on */
static const struct {
	const char *what, *input;
	struct given gives[5];
} streams[] = {
	STREAM("each line is a document", "{'a':1}\n{'b':2}\n", DOCUMENT("{'a':1}", 1), DOCUMENT("{'b':2}", 2)),
	STREAM("the last line needs no newline", "{'a':1}\n{'b':2}", DOCUMENT("{'a':1}", 1), DOCUMENT("{'b':2}", 2)),
	STREAM("blank lines are skipped and counted", "\n  \n{'a':1}\r\n\n\t\n{'b':2}\n\n", DOCUMENT("{'a':1}\r", 3),
	       DOCUMENT("{'b':2}", 6)),
	STREAM("a byte order mark at the start is skipped", "\xef\xbb\xbf{'a':1}\n", DOCUMENT("{'a':1}", 1)),
	STREAM("a byte order mark before an array is skipped", "\xef\xbb\xbf[{'a':1}]", DOCUMENT("{'a':1}", 1)),
	STREAM("an empty input has no documents", "", { NULL }),
	STREAM("an input of spaces has no documents", " \n\n ", { NULL }),
	STREAM("an empty array has no documents", " [ ] \n", { NULL }),
	STREAM("each element of an array is a document", "[{'a':[1,{}]},\n {'b':']},\\'{'}\n,\n\n{\n'c':3}]\n",
	       DOCUMENT("{'a':[1,{}]}", 1), DOCUMENT("{'b':']},\\'{'}", 2), DOCUMENT("{\n'c':3}", 5)),
	STREAM("elements that are no objects are handed on to be refused", "[1, 'x,]', null,{}]", DOCUMENT("1", 1),
	       DOCUMENT("'x,]'", 1), DOCUMENT("null", 1), DOCUMENT("{}", 1)),
	STREAM("an element with mismatched brackets spoils only itself", "[{'a':1],\n{'b':2}]", DOCUMENT("{'a':1]", 1),
	       DOCUMENT("{'b':2}", 2)),
	STREAM("an array cut off inside an element is reported with its line", "[{'a':1},\n\n{'b':{'c':\n1",
	       DOCUMENT("{'a':1}", 1), REFUSED("the file ends inside this element", 3)),
	STREAM("an array cut off between elements is reported", "[{'a':1},\n", DOCUMENT("{'a':1}", 1),
	       REFUSED("the file ends inside the array", 2)),
	STREAM("an array that is not closed is reported", "[{'a':1}\n", DOCUMENT("{'a':1}", 1),
	       REFUSED("the file ends inside the array", 2)),
	STREAM("a missing comma ends the array", "[{'a':1}\n{'b':2}]", DOCUMENT("{'a':1}", 1),
	       REFUSED("expected ',' or ']'", 2)),
	STREAM("a string that is not closed ends the array", "[{'a':1},\n{'b':'2},\n{'c':3}]", DOCUMENT("{'a':1}", 1),
	       REFUSED("a string in this element is not closed", 2)),
	STREAM("a comma too many is reported", "[{'a':1},]", DOCUMENT("{'a':1}", 1),
	       REFUSED("the array has a comma after its last element", 1)),
	STREAM("an empty place in the array is reported", "[,{'a':1}]", REFUSED("expected an object", 1)),
	STREAM("what follows the array is reported", "[{'a':1}]\n{'b':2}\n", DOCUMENT("{'a':1}", 1),
	       REFUSED("text follows the end of the array", 2)),
};

Test(session_stream, an_input_gives_its_documents_and_what_is_wrong_with_it)
{
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		begin();
		cr_log_info("%s", streams[i].what);
		set_input(json_of(streams[i].input));
		for (const struct given *given = streams[i].gives; given->text; given++)
			if (given->refused)
				expect_refused(given->text, given->line);
			else
				expect_document(json_of(given->text), given->line);
		expect_end();
		end();
	}
}

/* Input: head, then `length` bytes of filler, then tail. */
static void set_long_input(const char *head, size_t length, const char *tail)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_adds(&text, head);
	strbuf_addn(&text, 'x', length);
	strbuf_adds(&text, tail);
	input_bytes(text.buf, text.len);
	strbuf_release(&text);
}

SPEC_AROUND(begin, end, session_stream, a_line_of_the_longest_size_is_read)
{
	set_long_input("", SESSION_LINE_MAX, "\n{}\n");
	const char *text;
	size_t length, line;
	bool at_end;
	cr_assert(session_stream_next(stream, &text, &length, &line, &at_end, &error) == ERR_OK);
	cr_expect_eq(length, SESSION_LINE_MAX);
	expect_document("{}", 2);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, a_longer_line_is_reported_once_and_passed_over)
{
	set_long_input("{}\n", (size_t)3 * SESSION_LINE_MAX, "\n{\"a\":1}\n");
	expect_document("{}", 1);
	expect_refused("longer than 8 MiB", 2);
	expect_document("{\"a\":1}", 3);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, a_longer_last_line_is_reported_once)
{
	set_long_input("{}\n", (size_t)SESSION_LINE_MAX + 1, "");
	expect_document("{}", 1);
	expect_refused("longer than 8 MiB", 2);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, a_longer_element_is_reported_once_and_passed_over)
{
	set_long_input("[{},{\"a\":\"", (size_t)2 * SESSION_LINE_MAX, "\"},\n{\"b\":1}]");
	expect_document("{}", 1);
	expect_refused("longer than 8 MiB", 1);
	expect_document("{\"b\":1}", 2);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, a_nesting_bomb_takes_no_stack)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addch(&text, '[');
	strbuf_addn(&text, '[', 4 << 20);
	input_bytes(text.buf, text.len);
	strbuf_release(&text);
	expect_refused("the file ends inside this element", 1);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, documents_across_blocks_are_whole)
{
	struct strbuf text = STRBUF_INIT;
	for (int i = 0; i < 5000; i++)
		strbuf_addf(&text, "{\"n\":%d,\"pad\":\"%0200d\"}\n", i, i);
	input_bytes(text.buf, text.len);
	for (int i = 0; i < 5000; i++)
		expect_document(arena_printf(&arena, "{\"n\":%d,\"pad\":\"%0200d\"}", i, i), (size_t)i + 1);
	expect_end();
	cr_expect_eq(session_stream_offset(stream), text.len);
	strbuf_release(&text);
}

SPEC_AROUND(begin, end, session_stream, array_elements_across_blocks_are_whole)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addch(&text, '[');
	for (int i = 0; i < 3000; i++)
		strbuf_addf(&text, "%s{\"n\":%d,\"pad\":\"%0200d\"}", i ? ",\n" : "", i, i);
	strbuf_addch(&text, ']');
	input_bytes(text.buf, text.len);
	for (int i = 0; i < 3000; i++)
		expect_document(arena_printf(&arena, "{\"n\":%d,\"pad\":\"%0200d\"}", i, i), (size_t)i + 1);
	expect_end();
	strbuf_release(&text);
}

SPEC_AROUND(begin, end, session_stream, bytes_that_come_one_at_a_time_make_the_same_documents)
{
	int ends[2];
	const char *text = "\xef\xbb\xbf{\"a\":1}\n\n{\"b\":2}\n";
	cr_assert(pipe2(ends, O_CLOEXEC) == 0);
	pid_t writer = fork();
	if (writer == 0) {
		for (const char *at = text; *at; at++) {
			if (write(ends[1], at, 1) != 1)
				_exit(1);
			usleep(300);
		}
		_exit(0);
	}
	close(ends[1]);
	input = ends[0];
	stream = session_stream_new(input, NULL);
	expect_document("{\"a\":1}", 1);
	expect_document("{\"b\":2}", 3);
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, an_input_that_cannot_be_read_is_an_error_and_then_the_end)
{
	const char *text;
	size_t length, line;
	bool at_end;
	input = open(KYB_SOURCE_DIR, O_RDONLY | O_CLOEXEC);
	stream = session_stream_new(input, NULL);
	cr_expect(session_stream_next(stream, &text, &length, &line, &at_end, &error) == ERR_INTERNAL);
	expect_contains(error.message, "the input cannot be read any further", "sentence");
	expect_end();
}

SPEC_AROUND(begin, end, session_stream, every_sample_case_is_a_good_document)
{
	size_t length, count = 0;
	const char *samples = repository_file("data/samples/cases.ndjson", &length);
	input_bytes(samples, length);
	for (;;) {
		const char *text;
		size_t line;
		bool at_end;
		struct session_document document;
		cr_assert(session_stream_next(stream, &text, &length, &line, &at_end, &error) == ERR_OK);
		if (at_end)
			break;
		enum err err = session_read(&arena, text, length, default_countries(), &document, &error);
		cr_expect(err == ERR_OK, "line %zu: %s", line, error.message);
		count++;
	}
	cr_expect(count >= 50, "only %zu samples", count);
}
