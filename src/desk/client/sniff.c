/* Detects the type of a file by its content. Looks into the containers of Office files: a ZIP or OLE2 container
 * that is encrypted or has other content counts as unknown. A second format appended to the file does not matter:
 * the desk never executes the bytes, it only saves and opens them. */
#include "client/client.h"
#include "kybdesk/desk/import.h"

#include <inttypes.h>
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

static bool contains_text(const struct bytes *bytes, const char *text)
{
	size_t length = strlen(text);

	return bytes->length >= length && memmem(bytes->at, bytes->length, text, length) != NULL;
}

/* ISO 32000 allows the header anywhere in the first 1,024 bytes, but this desk accepts it only at the start of the
 * file. Refuses an encrypted PDF, because a reviewer cannot read it. */
static bool is_pdf(const struct bytes *bytes)
{
	return has_bytes_at(bytes, 0, "%PDF-", 5) && !contains_text(bytes, "/Encrypt");
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

static enum file_format zip_format(const struct bytes *bytes)
{
	size_t offset = 0, members = 0;
	bool types = false, word = false, sheet = false;

	if (!has_bytes_at(bytes, 0, "PK\3\4", 4) || !find_zip_directory(bytes, &offset, &members))
		return FILE_FORMAT_COUNT;
	for (size_t i = 0; i < members; i++) {
		size_t length;

		if (!has_bytes_at(bytes, offset, "PK\1\2", 4) || bytes->length - offset < ZIP_MEMBER_SIZE)
			return FILE_FORMAT_COUNT;
		if (read_number(bytes, offset + 8, 2) & 1) /* encrypted */
			return FILE_FORMAT_COUNT;
		length = read_number(bytes, offset + 28, 2);
		if (length == 19 && has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "[Content_Types].xml", 19))
			types = true;
		word = word || has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "word/", 5);
		sheet = sheet || has_bytes_at(bytes, offset + ZIP_MEMBER_SIZE, "xl/", 3);
		offset += ZIP_MEMBER_SIZE + length + read_number(bytes, offset + 30, 2) +
			  read_number(bytes, offset + 32, 2);
	}
	if (!types || word == sheet)
		return FILE_FORMAT_COUNT;
	return word ? FORMAT_DOCX : FORMAT_XLSX;
}

/* MS-CFB: a header, sectors, and a directory of 128-byte entries with UTF-16 names. */
#define OLE_ENTRY_SIZE 128
#define OLE_NAME_MAX 64
#define OLE_LAST_SECTOR 0xFFFFFFFAu

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

	/* Searches only the 109 sectors of the allocation table that the header lists. They cover the first 6.8 MB
	 * of a file with small sectors, and the directory is near the start of the file. */
	if (table >= 109)
		return OLE_LAST_SECTOR;
	table_sector = read_number(bytes, 76 + table * 4, 4);
	if (table_sector >= OLE_LAST_SECTOR)
		return OLE_LAST_SECTOR;
	return read_number(bytes, ((size_t)table_sector + 1) * size + sector % per_table * 4, 4);
}

static enum file_format ole_format(const struct bytes *bytes)
{
	static const unsigned char magic[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };
	uint32_t shift = read_number(bytes, 30, 2), sector = read_number(bytes, 48, 4);
	bool word = false, sheet = false;
	size_t size, steps;

	if (!has_bytes_at(bytes, 0, magic, sizeof magic) || (shift != 9 && shift != 12))
		return FILE_FORMAT_COUNT;
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
				return FILE_FORMAT_COUNT;
			word = word || ole_name_is(bytes, entry, "WordDocument");
			sheet = sheet || ole_name_is(bytes, entry, "Workbook") || ole_name_is(bytes, entry, "Book");
		}
		sector = ole_next_sector(bytes, sector, size);
	}
	if (word == sheet)
		return FILE_FORMAT_COUNT;
	return word ? FORMAT_DOC : FORMAT_XLS;
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

static int find_format(const struct bytes *bytes)
{
	enum file_format format;

	if (is_pdf(bytes))
		return FORMAT_PDF;
	if (has_bytes_at(bytes, 0, "\x89PNG\r\n\x1a\n", 8) && has_bytes_at(bytes, 12, "IHDR", 4))
		return FORMAT_PNG;
	if (has_bytes_at(bytes, 0, "\xff\xd8\xff", 3))
		return FORMAT_JPEG;
	if (is_heic(bytes))
		return FORMAT_HEIC;
	format = ole_format(bytes);
	return format == FILE_FORMAT_COUNT ? (int)zip_format(bytes) : (int)format;
}

enum file_format desk_detect_format(const void *bytes, size_t length, const char **media_type)
{
	const struct bytes view = { bytes, length };
	int format = find_format(&view);

	if (media_type)
		*media_type = media_types[format];
	return (enum file_format)format;
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
			     size_t length, const char **media_type, struct error *error)
{
	const struct document_spec *spec = profile_document(profile, type);
	unsigned formats = spec ? spec->formats : profile->default_format_bits;
	int64_t max = spec ? spec->max_bytes : profile->default_max_bytes;
	enum file_format found = desk_detect_format(bytes, length, media_type);
	enum file_format claimed = format_of_name(file_name);
	struct strbuf allowed = STRBUF_INIT;
	enum err code = ERR_OK;

	add_format_names(&allowed, formats);
	if (length == 0)
		code = error_invalid(error, "file", "the file is empty");
	else if (max > 0 && (uint64_t)length > (uint64_t)max)
		code = error_invalid(error, "file", "the file is larger than %" PRId64 " bytes, the limit for %s", max,
				     type);
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
	return code;
}
