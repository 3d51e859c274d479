/* Writes a page of docs/ as a manual page, so that both have the same text. Runs when kybdesk is installed.
 *
 * usage: man_page PAGE.md NAME SECTION DATE VERSION "WHAT IT IS" >NAME.SECTION
 *
 * Reads the Markdown that docs/ uses: headings, paragraphs, lists, tables, blocks of code, `code`, **bold**,
 * _emphasis_ and links (only their text is kept). `mandoc -T lint` reports nothing about the result. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 74
#define CELLS_MAX 8

static char *lines[20000];
static size_t line_count;

static void exit_with_error(const char *what, const char *why)
{
	fprintf(stderr, "man_page: %s: %s\n", what, why);
	exit(1);
}

/* Reads the lines of the page, which stay in memory until the program ends. */
static void read_lines(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!file)
		exit_with_error(path, "cannot be read");
	while ((length = getline(&line, &size, file)) >= 0) {
		while (length > 0 && isspace((unsigned char)line[length - 1]))
			line[--length] = '\0';
		if (line_count == sizeof lines / sizeof *lines)
			exit_with_error(path, "too many lines");
		if (!(lines[line_count++] = strdup(line)))
			exit_with_error(path, "no memory");
	}
	free(line);
	if (ferror(file) || fclose(file) != 0)
		exit_with_error(path, "cannot be read");
}

/* The present column of the output line, which is filled with words. */
static size_t column;
static bool sentence_end;

static void end_line(void)
{
	if (column > 0)
		putchar('\n');
	column = 0;
	sentence_end = false;
}

static void put_word(const char *text, bool ends_sentence)
{
	size_t length = strlen(text);

	if (column > 0 && (sentence_end || column + 1 + length > LINE_BYTES_MAX))
		end_line();
	if (column > 0)
		putchar(' ');
	else if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	fputs(text, stdout);
	column += length + 1;
	sentence_end = ends_sentence;
}

static const struct {
	const char *text, *roff;
} characters[] = {
	{ "\\", "\\e" },
	{ "-", "\\-" },
	{ "\"", "\\(dq" },
	{ "`", "\\(ga" },
	{ "~", "\\(ti" },
	{ "^", "\\(ha" },
	{ "\xe2\x80\xa6", "..." },
	{ "\xe2\x86\x92", "\\(->" },
	{ "\xe2\x89\xa5", "\\(>=" },
	{ "\xe2\x89\xa4", "\\(<=" },
	{ "\xc3\x97", "\\(mu" },
	{ "\xc3\xbc", "\\(:u" },
	{ "\xe2\x80\x93", "\\(en" },
	{ "\xe2\x80\x94", "\\(em" },
};

/* The word or the line of code that is collected for the output. */
static char word[8192];
static size_t word_length;

static void add(const char *text, size_t length)
{
	if (length >= sizeof word - word_length)
		exit_with_error(text, "too long");
	memcpy(word + word_length, text, length);
	word_length += length;
	word[word_length] = '\0';
}

static void clear_word(void)
{
	word_length = 0;
	*word = '\0';
}

/* Adds one character as roff; returns the number of its bytes in the Markdown. */
static size_t add_character(const char *at)
{
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		if (strncmp(at, characters[i].text, strlen(characters[i].text)) == 0) {
			add(characters[i].roff, strlen(characters[i].roff));
			return strlen(characters[i].text);
		}
	add(at, 1);
	return 1;
}

/* Writes text word by word, and its Markdown marks as roff. */
static void put_text(const char *text)
{
	bool code = false, bold = false;
	char last = ' ';

	clear_word();
	for (const char *at = text; *at;) {
		if (*at == '`') {
			code = !code;
			add(code ? "\\fB" : "\\fR", 3);
			at++;
		} else if (!code && strncmp(at, "**", 2) == 0) {
			bold = !bold;
			add(bold ? "\\fB" : "\\fR", 3);
			at += 2;
		} else if (!code && *at == '[' && strstr(at, "](")) {
			at++; /* skips the bracket before the text of a link */
		} else if (!code && strncmp(at, "](", 2) == 0) {
			at += strcspn(at, ")");
			at += *at == ')';
		} else if (!code && *at == '\\' && at[1] && ispunct((unsigned char)at[1])) {
			at++;
			last = *at;
			at += add_character(at);
		} else if (*at == ' ') {
			if (*word)
				put_word(word, !code && strchr(".?!:", last) && last != ':');
			clear_word();
			at++;
		} else {
			last = *at;
			at += add_character(at);
		}
	}
	if (*word)
		put_word(word, strchr(".?!", last) != NULL);
}

static void put_request(const char *request)
{
	end_line();
	puts(request);
}

static void put_code(const char *text)
{
	clear_word();
	while (*text)
		if (*text == '\t') {
			add("        ", 8);
			text++;
		} else {
			text += add_character(text);
		}
	printf("%s%s\n", *word == '.' || *word == '\'' ? "\\&" : "", word);
}

/* Splits "| a | b \| c |" into its cells, in place. */
static size_t split_row(char *row, char **cells)
{
	size_t count = 0;
	char *at = row + 1;

	while (*at && count < CELLS_MAX) {
		char *end = at, *to = at;
		cells[count++] = at;
		for (; *end && *end != '|'; end++) {
			if (*end == '\\' && end[1] == '|')
				end++;
			*to++ = *end;
		}
		at = *end ? end + 1 : end;
		*to = '\0';
		while (to > cells[count - 1] && to[-1] == ' ')
			*--to = '\0';
		cells[count - 1] += strspn(cells[count - 1], " ");
	}
	return count;
}

/* Writes each row as an entry: the first cell as the tag, then the other cells with the titles of their columns. */
static size_t put_table(size_t at)
{
	char *heads[CELLS_MAX], *cells[CELLS_MAX];
	size_t head_count = split_row(lines[at], heads);

	for (at += 2; at < line_count && lines[at][0] == '|'; at++) {
		size_t count = split_row(lines[at], cells);
		put_request(".TP");
		put_text(count > 0 && *cells[0] ? cells[0] : "\\(em");
		end_line();
		bool any = false;
		for (size_t i = 1; i < count; i++) {
			if (!*cells[i])
				continue;
			if (any)
				put_request(".br");
			if (i > 1 && i < head_count && *heads[i]) {
				put_text(heads[i]);
				put_word("\\(en", false);
			}
			put_text(cells[i]);
			any = true;
		}
		if (!any)
			put_word("\\&", false);
	}
	end_line();
	return at;
}

static bool is_list_item(const char *line)
{
	size_t digits = strspn(line, "0123456789");
	return strncmp(line, "- ", 2) == 0 || (digits > 0 && strncmp(line + digits, ". ", 2) == 0);
}

static bool is_paragraph(const char *line)
{
	return *line && *line != '#' && *line != '|' && strncmp(line, "```", 3) != 0 && !is_list_item(line);
}

static size_t put_item(size_t at)
{
	char *line = lines[at++];
	size_t mark = strcspn(line, " ");

	end_line();
	if (*line == '-')
		puts(".IP \\(bu 3");
	else
		printf(".IP %.*s 4\n", (int)mark, line);
	put_text(line + mark + 1);
	while (at < line_count && is_paragraph(lines[at]) && lines[at][0] == ' ')
		put_text(lines[at] + strspn(lines[at], " ")), at++;
	end_line();
	return at;
}

/* Writes a block of code, which follows ``` or is indented by four spaces. */
static size_t put_block(size_t at)
{
	bool fenced = strncmp(lines[at] + strspn(lines[at], " "), "```", 3) == 0;

	put_request(".PP");
	puts(".nf\n.RS 4");
	at += fenced;
	for (; at < line_count; at++) {
		if (fenced ? strncmp(lines[at] + strspn(lines[at], " "), "```", 3) == 0
			   : strncmp(lines[at], "    ", 4) != 0 && !(*lines[at] == '\0' && at + 1 < line_count &&
								     strncmp(lines[at + 1], "    ", 4) == 0))
			break;
		if (*lines[at])
			put_code(lines[at] + (fenced ? 0 : 4));
		else
			puts("\\&");
	}
	puts(".RE\n.fi");
	return at + fenced;
}

static void put_heading(const char *line)
{
	size_t level = strspn(line, "#");

	end_line();
	fputs(level <= 2 ? ".SH " : ".SS ", stdout);
	for (const char *c = line + level + 1; *c; c++)
		if (*c != '`')
			putchar(level <= 2 ? toupper((unsigned char)*c) : *c);
	putchar('\n');
}

int main(int argc, char **argv)
{
	bool fresh = true; /* directly after a heading, where no .PP is written */

	if (argc != 7)
		exit_with_error("usage", "man_page PAGE.md NAME SECTION DATE VERSION WHAT");
	read_lines(argv[1]);
	printf(".\\\" Made from docs/%s\n.TH ", strrchr(argv[1], '/') ? strrchr(argv[1], '/') + 1 : argv[1]);
	for (const char *c = argv[2]; *c; c++)
		putchar(toupper((unsigned char)*c));
	printf(" %s %s \"kybdesk %s\" \"%s\"\n.SH NAME\n", argv[3], argv[4], argv[5],
	       *argv[3] == '5' ? "File Formats" : "Miscellaneous");
	printf("%s \\- %s\n.SH DESCRIPTION\n", argv[2], argv[6]);
	for (size_t at = 0; at < line_count;) {
		const char *line = lines[at];
		if (!*line || strncmp(line, "# ", 2) == 0) {
			at++;
			continue;
		}
		if (*line == '#') {
			put_heading(line);
			at++;
		} else if (*line == '|') {
			at = put_table(at);
		} else if (strncmp(line + strspn(line, " "), "```", 3) == 0 || strncmp(line, "    ", 4) == 0) {
			at = put_block(at);
		} else if (is_list_item(line)) {
			at = put_item(at);
		} else {
			if (!fresh)
				put_request(".PP");
			while (at < line_count && is_paragraph(lines[at]))
				put_text(lines[at] + strspn(lines[at], " ")), at++;
			end_line();
		}
		fresh = *line == '#';
	}
	end_line();
	puts(".SH SEE ALSO\n.BR kybdesk (1)");
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
