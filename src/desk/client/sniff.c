/* Detects the type of a file by its content, and what keeps the desk from taking it. Looks into the containers of
 * Office files: a ZIP or OLE2 container with other content counts as unknown. A second format appended to the file
 * does not matter: the desk never executes the bytes, it only saves and opens them. */
#include "client/client.h"
#include "kybdesk/base/deflate.h"
#include "kybdesk/base/pdf_lock.h"
#include "kybdesk/desk/import.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

/* The bytes of a file, read as little-endian numbers. A number beyond the end of the file reads as UINT32_MAX. */
struct bytes {
	const unsigned char *at;
	size_t length;
};

static bool has_bytes_at(const struct bytes *bytes, size_t offset, const void *text, size_t length)
{
	return offset <= bytes->length && length <= bytes->length - offset && !memcmp(bytes->at + offset, text, length);
}

static uint32_t read_number(const struct bytes *bytes, size_t offset, size_t size)
{
	uint32_t value = 0;

	if (offset > bytes->length || size > bytes->length - offset)
		return UINT32_MAX;
	for (size_t i = size; i-- > 0;)
		value = value << 8 | bytes->at[offset + i];
	return value;
}

/* Like read_number(), for four bytes with the highest first. */
static uint32_t read_big(const struct bytes *bytes, size_t offset)
{
	return __builtin_bswap32(read_number(bytes, offset, 4));
}

static bool contains_text(const struct bytes *bytes, const char *text)
{
	size_t length = strlen(text);

	return bytes->length >= length && memmem(bytes->at, bytes->length, text, length) != NULL;
}

/* Why a file of a known kind is refused. */
enum fault { FAULT_NONE, FAULT_BROKEN, FAULT_SAME_NAMES, FAULT_PASSWORD, FAULT_MACROS };

struct finding {
	enum file_format format; /* FILE_FORMAT_COUNT: unknown; with FAULT_PASSWORD possibly unknown, too */
	enum fault fault;
};

static const struct finding nothing_found = { (enum file_format)FILE_FORMAT_COUNT, FAULT_NONE };

/* Whether a browser would take the file for a page or a drawing: a tag is first but for blank space and comments. */
static bool is_markup(const struct bytes *bytes)
{
	size_t at = has_bytes_at(bytes, 0, "\xEF\xBB\xBF", 3) ? 3 : 0;

	for (;;) {
		const unsigned char *end = NULL;

		while (at < bytes->length && memchr(" \t\n\f\r", bytes->at[at], 5))
			at++;
		if (has_bytes_at(bytes, at, "<!--", 4))
			end = memmem(bytes->at + at, bytes->length - at, "-->", 3);
		if (!end)
			return has_bytes_at(bytes, at, "<", 1);
		at = (size_t)(end - bytes->at) + 3;
	}
}

/* A PDF may begin with a blank line, a byte order mark or other bytes, but not with a web page; readers take one without
 * its header. A file without a trailer that has its end is left to the reader. */
static bool find_pdf(const struct bytes *bytes, struct finding *out)
{
	size_t searched = bytes->length < PDF_HEADER_MAX ? bytes->length : PDF_HEADER_MAX;
	bool is_named = searched >= 5 && memmem(bytes->at, searched, "%PDF-", 5);
	enum pdf_state state;

	if (is_markup(bytes) || (!is_named && !contains_text(bytes, "startxref")))
		return false;
	state = pdf_check(bytes->at, bytes->length);
	if (state == PDF_BROKEN && !is_named)
		return false;
	*out = (struct finding){ FORMAT_PDF, state == PDF_LOCKED ? FAULT_PASSWORD : FAULT_NONE };
	if (state == PDF_BROKEN && !contains_text(bytes, "%%EOF"))
		out->fault = FAULT_BROKEN;
	return true;
}

static bool find_png(const struct bytes *bytes, struct finding *out)
{
	if (!has_bytes_at(bytes, 0, "\x89PNG\r\n\x1a\n", 8))
		return false;
	*out = (struct finding){ FORMAT_PNG, FAULT_NONE };
	if (!has_bytes_at(bytes, 12, "IHDR", 4) || !contains_text(bytes, "IEND"))
		out->fault = FAULT_BROKEN;
	return true;
}

/* The offset of the picture's data: behind the segments up to the start of the scan (ITU-T T.81, B.1.1). 2: the
 * segments cannot be followed. */
static size_t find_jpeg_scan(const struct bytes *bytes)
{
	for (size_t at = 2; at + 4 <= bytes->length && bytes->at[at] == 0xFF;) {
		if (bytes->at[at + 1] == 0xDA)
			return at;
		at += 2 + ((size_t)bytes->at[at + 2] << 8 | bytes->at[at + 3]);
	}
	return 2;
}

/* A picture is cut off if its end marker does not follow its data; the marker of a thumbnail does not count. */
static bool find_jpeg(const struct bytes *bytes, struct finding *out)
{
	size_t scan = 2;

	if (!has_bytes_at(bytes, 0, "\xff\xd8\xff", 3))
		return false;
	scan = find_jpeg_scan(bytes);
	*out = (struct finding){ FORMAT_JPEG, FAULT_NONE };
	if (!memmem(bytes->at + scan, bytes->length - scan, "\xff\xd9", 2))
		out->fault = FAULT_BROKEN;
	return true;
}

/* Whether the last box of the file is whole (ISO 14496-12, 4.2). A size of 0 means the rest of the file; 1 means that
 * the size follows in eight bytes, of which the lower four count here. */
static bool has_whole_boxes(const struct bytes *bytes)
{
	size_t at = 0;

	while (at < bytes->length) {
		uint32_t size = read_big(bytes, at);

		size = size == 1 ? read_big(bytes, at + 12) : size;
		if (!size)
			return true;
		if (size < 8 || size > bytes->length - at)
			return false;
		at += size;
	}
	return true;
}

/* Whether the file begins with the box "ftyp" (ISO 14496-12) and a brand of HEIF. */
static bool is_heic(const struct bytes *bytes)
{
	static const char *const brands[] = { "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" };

	if (!has_bytes_at(bytes, 4, "ftyp", 4))
		return false;
	for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
		if (has_bytes_at(bytes, 8, brands[i], 4))
			return true;
	}
	return false;
}

/* PKWARE APPNOTE: the central directory at the end names every member; the local headers alone are not reliable. */
#define ZIP_END_SIZE 22
#define ZIP_COMMENT_MAX 65535
#define ZIP_MEMBER_SIZE 46

static bool find_zip_directory(const struct bytes *bytes, size_t *offset, size_t *members)
{
	size_t lowest;

	if (bytes->length < ZIP_END_SIZE)
		return false;
	lowest = bytes->length > ZIP_END_SIZE + ZIP_COMMENT_MAX ? bytes->length - ZIP_END_SIZE - ZIP_COMMENT_MAX : 0;
	for (size_t at = bytes->length - ZIP_END_SIZE + 1; at-- > lowest;) {
		if (!has_bytes_at(bytes, at, "PK\5\6", 4))
			continue;
		*members = read_number(bytes, at + 10, 2);
		*offset = read_number(bytes, at + 16, 4);
		return *offset < at;
	}
	return false;
}

static size_t next_member(const struct bytes *bytes, size_t entry)
{
	return entry + ZIP_MEMBER_SIZE + read_number(bytes, entry + 28, 2) + read_number(bytes, entry + 30, 2) +
	       read_number(bytes, entry + 32, 2);
}

static bool name_ends_in(const struct bytes *bytes, size_t at, size_t length, const char *ending)
{
	size_t size = strlen(ending);

	return length >= size && has_bytes_at(bytes, at + length - size, ending, size);
}

/* Unpacks a member that may name programs or contents from elsewhere; PKWARE APPNOTE, 4.3.7. */
static void add_part(const struct bytes *bytes, size_t entry, struct strbuf *parts)
{
	static const char *const names[] = { ".rels", "[Content_Types].xml", "document.xml", ".bin" };
	size_t name = read_number(bytes, entry + 28, 2), packed = read_number(bytes, entry + 20, 4);
	size_t local = read_number(bytes, entry + 42, 4);
	size_t start = local + 30 + read_number(bytes, local + 26, 2) + read_number(bytes, local + 28, 2);
	bool is_sought = bytes->length - entry - ZIP_MEMBER_SIZE >= 17 &&
			 memmem(bytes->at + entry + ZIP_MEMBER_SIZE, 17, "xl/externalLinks/", 17);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		is_sought |= name_ends_in(bytes, entry + ZIP_MEMBER_SIZE, name, names[i]);
	if (!is_sought || start > bytes->length || packed > bytes->length - start || parts->len > FILE_PARTS_MAX)
		return;
	if (read_number(bytes, entry + 10, 2) == 8)
		(void)inflate_bytes(parts, bytes->at + start, packed, FILE_PART_MAX, true);
	else
		strbuf_add(parts, (const char *)bytes->at + start, packed);
}

struct part_name {
	const char *at;
	size_t length;
};

static int compare_part_names(const void *a, const void *b)
{
	const struct part_name *left = a, *right = b;
	int order = strncasecmp(left->at, right->at, left->length < right->length ? left->length : right->length);

	return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* Whether the member has another name for programs that read it (PKWARE APPNOTE, 4.6.9). */
static bool has_second_name(const struct bytes *bytes, size_t entry)
{
	size_t at = entry + ZIP_MEMBER_SIZE + read_number(bytes, entry + 28, 2);
	const size_t end = at + read_number(bytes, entry + 30, 2);

	for (; at < end; at += 4 + read_number(bytes, at + 2, 2))
		if (read_number(bytes, at, 2) == 0x7075)
			return true;
	return false;
}

/* ISO/IEC 29500-2, 6.2.2.3: no two parts of a package have one name, also in other letters; of two, programs show
 * different ones. A member beyond the count of the directory is such a second one, too. A name ends before a zero, as
 * it does for unzip. entry: the first member, all of which are in the file. */
static bool has_same_names(const struct bytes *bytes, size_t entry, size_t members)
{
	struct part_name *names = xcalloc(members + 1, sizeof *names);
	bool found = false;

	for (size_t i = 0; i < members; i++) {
		names[i].at = (const char *)bytes->at + entry + ZIP_MEMBER_SIZE;
		names[i].length = strnlen(names[i].at, read_number(bytes, entry + 28, 2));
		found = found || has_second_name(bytes, entry);
		entry = next_member(bytes, entry);
	}
	qsort(names, members, sizeof *names, compare_part_names);
	for (size_t i = 1; i < members && !found; i++)
		found = compare_part_names(&names[i - 1], &names[i]) == 0;
	free(names);
	return found || has_bytes_at(bytes, entry, "PK\1\2", 4);
}

/* parts: what add_part() unpacks; NULL: nothing is unpacked. */
static struct finding find_zip(const struct bytes *bytes, struct strbuf *parts)
{
	size_t first = 0, offset, members = 0;
	bool types = false, word = false, sheet = false, macros = false;

	if (!has_bytes_at(bytes, 0, "PK\3\4", 4))
		return nothing_found;
	if (!find_zip_directory(bytes, &first, &members))
		return (struct finding){ (enum file_format)FILE_FORMAT_COUNT, FAULT_BROKEN };
	offset = first;
	for (size_t i = 0; i < members; i++) {
		size_t length = read_number(bytes, offset + 28, 2);

		if (!has_bytes_at(bytes, offset, "PK\1\2", 4) || bytes->length - offset < ZIP_MEMBER_SIZE + length)
			return nothing_found;
		if (read_number(bytes, offset + 8, 2) & 1)
			return (struct finding){ (enum file_format)FILE_FORMAT_COUNT, FAULT_PASSWORD };
		if (length == 19 && has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "[Content_Types].xml", 19))
			types = true;
		word = word || has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "word/", 5);
		sheet = sheet || has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "xl/", 3);
		macros = macros || name_ends_in(bytes, offset + ZIP_MEMBER_SIZE, length, "/vbaProject.bin");
		if (parts)
			add_part(bytes, offset, parts);
		offset = next_member(bytes, offset);
	}
	if (!types || word == sheet)
		return nothing_found;
	if (has_same_names(bytes, first, members))
		return (struct finding){ word ? FORMAT_DOCX : FORMAT_XLSX, FAULT_SAME_NAMES };
	return (struct finding){ word ? FORMAT_DOCX : FORMAT_XLSX, macros ? FAULT_MACROS : FAULT_NONE };
}

/* MS-CFB: a header, sectors, and a directory of 128-byte entries with UTF-16 names. */
#define OLE_ENTRY_SIZE 128
#define OLE_NAME_MAX 64
#define OLE_LAST_SECTOR 0xFFFFFFFAu
#define OLE_TABLE_SECTOR 0xFFFFFFFDu
#define OLE_FREE_SECTOR 0xFFFFFFFFu
#define OLE_TABLES 109 /* sectors of the allocation table that the header lists */

static bool ole_name_is(const struct bytes *bytes, size_t entry, const char *name)
{
	size_t length = strlen(name);

	if (read_number(bytes, entry + OLE_NAME_MAX, 2) != (length + 1) * 2)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (read_number(bytes, entry + i * 2, 2) != (unsigned char)name[i])
			return false;
	}
	return true;
}

static uint32_t ole_next_sector(const struct bytes *bytes, uint32_t sector, size_t size)
{
	size_t per_table = size / 4, table = sector / per_table;
	uint32_t table_sector;

	/* Searches only the sectors of the allocation table that the header lists. They cover the first 6.8 MB
	 * of a file with small sectors, and the directory is near the start of the file. */
	if (table >= OLE_TABLES)
		return OLE_LAST_SECTOR;
	table_sector = read_number(bytes, 76 + table * 4, 4);
	if (table_sector >= OLE_LAST_SECTOR)
		return OLE_LAST_SECTOR;
	return read_number(bytes, ((size_t)table_sector + 1) * size + sector % per_table * 4, 4);
}

/* Whether the file ends before the last sector that its allocation table has in use. */
static bool is_ole_cut(const struct bytes *bytes, size_t size)
{
	for (size_t table = 0; table < OLE_TABLES; table++) {
		uint32_t sector = read_number(bytes, 76 + table * 4, 4);
		size_t start = ((size_t)sector + 1) * size;

		if (sector >= OLE_LAST_SECTOR)
			continue;
		if (start > bytes->length || size > bytes->length - start)
			return true;
		/* The table has its own sectors in use; a sector that it has not belongs to something else. */
		if (ole_next_sector(bytes, sector, size) != OLE_TABLE_SECTOR)
			continue;
		for (size_t i = 0; i < size / 4; i++)
			if (read_number(bytes, start + i * 4, 4) != OLE_FREE_SECTOR &&
			    (table * (size / 4) + i + 1) * size >= bytes->length)
				return true;
	}
	return false;
}

static struct finding find_ole(const struct bytes *bytes)
{
	static const unsigned char magic[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };
	uint32_t shift = read_number(bytes, 30, 2), sector = read_number(bytes, 48, 4);
	bool word = false, sheet = false;
	size_t size, steps;

	if (!has_bytes_at(bytes, 0, magic, sizeof magic) || (shift != 9 && shift != 12))
		return nothing_found;
	size = (size_t)1 << shift;
	steps = bytes->length / size + 1; /* a chain with more sectors than the file has is a loop */
	for (; sector < OLE_LAST_SECTOR && steps; steps--) {
		size_t start = ((size_t)sector + 1) * size;

		if (start >= bytes->length)
			break;
		for (size_t entry = start; entry < start + size; entry += OLE_ENTRY_SIZE) {
			/* An Office file with a password is an OLE2 container with one of these entries. */
			if (ole_name_is(bytes, entry, "EncryptedPackage") ||
			    ole_name_is(bytes, entry, "EncryptionInfo"))
				return (struct finding){ (enum file_format)FILE_FORMAT_COUNT, FAULT_PASSWORD };
			word = word || ole_name_is(bytes, entry, "WordDocument");
			sheet = sheet || ole_name_is(bytes, entry, "Workbook") || ole_name_is(bytes, entry, "Book");
		}
		sector = ole_next_sector(bytes, sector, size);
	}
	if (word == sheet)
		return nothing_found;
	return (struct finding){ word ? FORMAT_DOC : FORMAT_XLS, is_ole_cut(bytes, size) ? FAULT_BROKEN : FAULT_NONE };
}

static const char *const media_types[FILE_FORMAT_COUNT + 1] = {
	[FORMAT_PDF] = "application/pdf",
	[FORMAT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	[FORMAT_XLS] = "application/vnd.ms-excel",
	[FORMAT_DOCX] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	[FORMAT_DOC] = "application/msword",
	[FORMAT_JPEG] = "image/jpeg",
	[FORMAT_PNG] = "image/png",
	[FORMAT_HEIC] = "image/heic",
	[FILE_FORMAT_COUNT] = "application/octet-stream",
};

static bool is_unknown(const struct finding *found)
{
	return found->format == FILE_FORMAT_COUNT && found->fault == FAULT_NONE;
}

static struct finding find_format(const struct bytes *bytes, struct strbuf *parts)
{
	struct finding found = nothing_found;

	if (find_png(bytes, &found) || find_jpeg(bytes, &found))
		return found;
	if (is_heic(bytes))
		return (struct finding){ FORMAT_HEIC, has_whole_boxes(bytes) ? FAULT_NONE : FAULT_BROKEN };
	found = find_ole(bytes);
	if (is_unknown(&found))
		found = find_zip(bytes, parts);
	if (is_unknown(&found))
		(void)find_pdf(bytes, &found);
	return found;
}

enum file_format desk_detect_format(const void *bytes, size_t length, const char **media_type)
{
	const struct bytes view = { bytes, length };
	struct finding found = find_format(&view, NULL);

	if (found.fault)
		found = nothing_found;
	if (media_type)
		*media_type = media_types[found.format];
	return found.format;
}

/* Whether the name says that the file is an Office file with macros. */
static bool is_macro_name(const char *file_name)
{
	static const char *const endings[] = { "xlsm", "xltm", "xlsb", "docm", "dotm" };
	const char *point = strrchr(file_name, '.');

	for (size_t i = 0; point && i < sizeof endings / sizeof endings[0]; i++) {
		if (!strcasecmp(point + 1, endings[i]))
			return true;
	}
	return false;
}

/* The format that a file name claims; FILE_FORMAT_COUNT if its extension is unknown. */
static enum file_format format_of_name(const char *file_name)
{
	static const struct {
		const char *ending;
		enum file_format format;
	} endings[] = {
		{ "pdf", FORMAT_PDF },	 { "xlsx", FORMAT_XLSX }, { "xls", FORMAT_XLS },   { "docx", FORMAT_DOCX },
		{ "doc", FORMAT_DOC },	 { "jpg", FORMAT_JPEG },  { "jpeg", FORMAT_JPEG }, { "png", FORMAT_PNG },
		{ "heic", FORMAT_HEIC }, { "heif", FORMAT_HEIC },
	};
	const char *point = strrchr(file_name, '.');

	for (size_t i = 0; point && i < sizeof endings / sizeof endings[0]; i++) {
		if (!strcasecmp(point + 1, endings[i].ending))
			return endings[i].format;
	}
	return (enum file_format)FILE_FORMAT_COUNT;
}

/* Writes the formats as a list, such as "pdf, jpeg or png". */
static void add_format_names(struct strbuf *out, unsigned formats)
{
	size_t left = 0;

	for (unsigned i = 0; i < FILE_FORMAT_COUNT; i++)
		left += (formats >> i) & 1u;
	for (unsigned i = 0; i < FILE_FORMAT_COUNT; i++) {
		if (!(formats & (1u << i)))
			continue;
		strbuf_adds(out, file_format_text((enum file_format)i));
		left--;
		strbuf_adds(out, left > 1 ? ", " : left == 1 ? " or " : "");
	}
}

enum err document_file_check(const struct profile *profile, const char *type, const char *file_name, const void *bytes,
			     size_t length, struct file_facts *out, struct error *error)
{
	const struct document_spec *spec = profile_document(profile, type);
	unsigned formats = spec ? spec->formats : profile->default_format_bits;
	int64_t max = spec ? spec->max_bytes : profile->default_max_bytes;
	const struct bytes view = { bytes, length };
	struct arena arena = ARENA_INIT;
	struct strbuf parts = STRBUF_INIT;
	struct finding finding = find_format(&view, &parts);
	enum file_format found = finding.format;
	enum file_format claimed = format_of_name(file_name);
	struct strbuf allowed = STRBUF_INIT;
	enum err code = ERR_OK;

	*out = (struct file_facts){ media_types[found], file_marks_find(found, &parts, bytes, length) };
	strbuf_release(&parts);
	if (!finding.fault && (found == FORMAT_DOCX || found == FORMAT_XLSX) && out->marks >> MARK_MACROS & 1)
		finding.fault = FAULT_MACROS;
	add_format_names(&allowed, formats);
	if (length == 0)
		code = error_invalid(error, "file", "the file is empty");
	else if (max > 0 && (uint64_t)length > (uint64_t)max)
		code = error_invalid(error, "file", "the file is larger than %" PRId64 " bytes, the limit for %s", max,
				     type);
	else if (finding.fault == FAULT_PASSWORD)
		code = error_invalid(error, "file",
				     "the file needs a password to be opened; save it without a password, and choose "
				     "it again");
	else if (finding.fault == FAULT_MACROS || (found != FILE_FORMAT_COUNT && is_macro_name(file_name)))
		code = error_invalid(error, "file",
				     "the file has macros, which this desk does not take; save it without macros, "
				     "as a PDF for example, and choose it again");
	else if (profile->refuses_active_files && out->marks & FILE_MARKS_ACTIVE)
		code = error_invalid(
			error, "file",
			"the file has more than text and pictures (%s), which this workflow does not take; "
			"print it to a PDF, and choose that",
			file_marks_text(&arena, file_marks_words(&arena, out->marks)));
	else if (finding.fault == FAULT_BROKEN)
		code = error_invalid(error, "file",
				     "the file is a broken %s: a part of it is missing; choose the whole file",
				     found == FILE_FORMAT_COUNT ? "zip" : file_format_text(found));
	else if (finding.fault == FAULT_SAME_NAMES)
		code = error_invalid(error, "file",
				     "two parts of the %s have one name, or one has two, so that programs show "
				     "different texts; save it "
				     "as a PDF, and choose that",
				     file_format_text(found));
	else if (found == FILE_FORMAT_COUNT)
		code = error_invalid(error, "file", "the content has none of the formats allowed for %s: %s", type,
				     allowed.buf);
	else if (formats && !(formats & (1u << found)))
		code = error_invalid(error, "file", "the content is %s; allowed for %s: %s", file_format_text(found),
				     type, allowed.buf);
	else if (claimed == FILE_FORMAT_COUNT)
		code = error_invalid(error, "file",
				     "the file name has no known extension; the content is %s, so end the name in .%s",
				     file_format_text(found), file_format_text(found));
	else if (claimed != found)
		code = error_invalid(
			error, "file",
			"the file name claims %s, but the content is %s; correct the name or choose another file",
			file_format_text(claimed), file_format_text(found));
	strbuf_release(&allowed);
	arena_release(&arena);
	return code;
}
