/* Public keys as OpenSSH writes them, with the fingerprints that ssh-keygen -l printed. */
#include "kybdesk/domain/ssh_key.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct error error;

static void tear_down(void)
{
	error_release(&error);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(ssh_key, .fini = tear_down);

static enum err read_text(const char *text, struct ssh_key *out)
{
	error_release(&error);
	return ssh_key_read(&arena, text, strlen(text), out, &error);
}

/* clang-format off */
static const struct { const char *line, *fingerprint; } keys[] = {
	{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX"
	  " ana@desk",
	  "SHA256:NxmrZ+3tH4Nr7OuWyeigDaQds/WJglO5XIPX6aEF7r0" },
	{ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDau8G2LDLitr4O4mVJu0YzUCuXLRXnEUX5uec3ca4c"
	  "zbgkcSkXuRTgOQBRHxbk8CTbCLAebVG06bkINE8dEqu4HNzdaI2yMDfYTuOQC2yV5Fsnic08AWSS3yJz"
	  "UAb3log0gCVgPmMwtIgHAWHLLg4Y3VkcYw8wq81BbEfDJk8D824JpPqFm9N3aSo7fmeb5yuKI4amhEu7"
	  "eVuYVpCW57/DLNfsnr0WpKJMlTtLc6DE0QkK107Cu8QlmPxIBwHuympYdR30jZJ6vhfARUBXJQTGgew+"
	  "SeLzpYzojeyl0YpPZ9Tv59krsJUL+lGaJTb4vlqxxdAn0b7sie52VTJZLGb14NW6Qky+s0Sq2jFlbFaH"
	  "cIp1Cp3s2HbklU3vTzOOLej4tY0fzdCuVtBymLcRBXdZOlzAsaDxfz5ST6VciqSVwIi/zIrxzez05d0P"
	  "JD5aDH6iLADMVknIKndCfpa8BsIeb2DfZsbmfAgqp4tl4501Hlq7nQyS4TmNkA3vInknYjc= rsa",
	  "SHA256:KmWwt11HEipdcXz2A5DghH5RymYw/bZaGMs8pw1Api0" },
	{ "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEkKUa9B"
	  "1mDdp5JR0qfEq0bqlaejKN13cxiHBStE2ghM1Br/FLAayy27NfTRi0vuVvVla64DCZ/oqoMJAExmkPQ="
	  " e",
	  "SHA256:An15rLqD0CmL59RBzvTDoHf/Bq1X72K0ywsWSP4y1vA" },
	{ "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBBGSkKEm"
	  "I0c9S1SrROhLGLIiyV+C06WnaYT97kwxX2UHnVrxf0FgumOh/0ZWpAyU3DnUaSKLgdFsjh7iQji1M4eG"
	  "JVhsEVrupLGO0E7LVPxOaMFLDL5VI4Nz0AcksdRPUA== e",
	  "SHA256:5gF6cMXxUkQJi1mDTBHYPpNpP8yG08hsdvNTda9xkZA" },
	{ "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADSL/KB"
	  "yBNaYEUqg94RBa214qrBuB9Ln0jPsx5XFsy9PugDLZyP9Cg4adPvenWjOS4cr/rnv7jvHej4wnvi7J6w"
	  "awB9xk8NIs4VJQtypjRbaUdQK9zsbFkqj5wONIE6ZgxHANp8xFWSTfwA6ORmu3hW4zA5HABf2FCWIHMb"
	  "fU9XV3s9bg== e",
	  "SHA256:ZZDos6UKogwnlGNfNx+GfJbzFZpjkVPKMjy6MSmDOKI" },
	{ "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEB"
	  "QYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo= sk",
	  "SHA256:/p0CbeE3dk2SyW1OXXsThGc12ezDVD8eGw2/vtztDfk" },
	{ "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNza"
	  "C5jb20AAAAIbmlzdHAyNTYAAABBBEkKUa9B1mDdp5JR0qfEq0bqlaejKN13cxiHBStE2ghM1Br/FLAay"
	  "y27NfTRi0vuVvVla64DCZ/oqoMJAExmkPQAAAAEc3NoOg== ske",
	  "SHA256:9SlfugSFDpdtysccM7RLb0EDy9jFQ11CoiYIALMuY0w" },
};
#define ED_BODY "AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX"
#define ED "ssh-ed25519 " ED_BODY
/* clang-format on */

Test(ssh_key, every_accepted_type_has_the_fingerprint_of_ssh_keygen)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct ssh_key key;
		cr_assert_eq(read_text(keys[i].line, &key), ERR_OK, "%s", error.message);
		cr_expect_str_eq(key.fingerprint, keys[i].fingerprint);
		cr_expect(strstr(keys[i].line, key.type) == keys[i].line);
		cr_expect(strstr(keys[i].line, key.body));
		cr_expect(*key.comment && strstr(keys[i].line, key.comment));
	}
}

Test(ssh_key, a_file_may_have_comments_blank_lines_and_line_ends_of_windows)
{
	struct ssh_key key;
	cr_assert_eq(read_text("# of ana\n\n" ED "  ana at home \r\n\n", &key), ERR_OK, "%s", error.message);
	cr_expect_str_eq(key.comment, "ana at home");
	cr_expect_str_eq(key.body, ED_BODY);
}

static void expect_refused(const char *text, const char *why)
{
	struct ssh_key key;
	cr_expect_eq(read_text(text, &key), ERR_INVALID, "%s", text);
	cr_expect(error.message && strstr(error.message, why), "%s: %s", text, error.message ? error.message : "");
	cr_expect_str_eq(error.field, "key");
}

Test(ssh_key, what_is_no_single_whole_key_is_refused)
{
	static const char *const rows[][2] = {
		{ "", "The public key is missing" },
		{ "# only a comment\n", "The public key is missing" },
		{ ED "\n" ED "\n", "several keys" },
		{ "ssh-ed25519", "does not fit the type" },
		{ "ssh-ed25519 ", "does not fit the type" },
		{ "ssh-ed25519 A!AA", "not base64" },
		{ "ssh-ed25519 AAAA", "does not fit the type" },
		{ "ssh-rsa " ED_BODY, "does not fit the type" },
		{ "ecdsa-sha2-nistp256 " ED_BODY, "does not fit the type" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9E=",
		  "does not fit the type" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FXeA==",
		  "does not fit the type" },
		{ "ssh-dss AAAAB3NzaC1kc3M=", "type of key" },
		{ "ssh-ed25519-cert-v01@openssh.com AAAA", "type of key" },
		{ "command=\"sh\" " ED, "type of key" },
		{ "restrict " ED, "type of key" },
		{ "environment=\"LD_PRELOAD=/x.so\",pty " ED, "type of key" },
		{ "cert-authority " ED, "type of key" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----", "type of key" },
		{ ED " bell\a", "must be text of at most" },
		{ ED " \033[2J", "must be text of at most" },
		{ ED " \xff", "must be text of at most" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_refused(rows[i][0], rows[i][1]);
}

Test(ssh_key, a_text_with_a_zero_byte_is_refused)
{
	static const char text[] = ED "\0"
				      "x";
	struct ssh_key key;
	cr_assert_eq(ssh_key_read(&arena, text, sizeof text - 1, &key, &error), ERR_INVALID);
}

/* clang-format off */
Test(ssh_key, a_short_rsa_key_is_refused_with_what_to_do)
{
	expect_refused("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCpDget3gwtoy72DrhYHd6gqIhk+Pj9oc5qSZP8XMs8"
			      "ygeK4W+ocea0lbofw7sQGFrrcx9TJat5TzEEYcYZ5d5waM7hyXRR4E7tRRJD2gJJ9iDFctUI8SO6W0P3"
			      "lW+shPvL79k/ybK0MUGHRGYT3y6zy8vVpapKzcdRMcoWut5stQogOMwTJfa+Mta//h/MYIcGxHMjnVGz"
			      "ye8Vhhq+BSHCvAUJbKOJfRO/YMumBjobs+uInOGvqSkL5+Eqb9L0fFbSezvwraJOQpgVmFif1ZfbhqZU"
			      "9vCOFzTg4JF2JrELlaGJIic8E5DcU0LhS3vDCFwLVzXaNSHhND352CjDUfyx small",
		       "at least 3072");
}
/* clang-format on */

/* The last character before the padding has unused bits: if they differ, the text is refused or gives the same key. */
Test(ssh_key, the_open_bits_of_base64_make_no_other_key)
{
	struct ssh_key key, other;
	char *line = arena_strdup(&arena, keys[2].line), *end = strchr(line, '=');
	cr_assert(end);
	cr_assert_eq(read_text(line, &key), ERR_OK);
	end[-1]++;
	if (read_text(line, &other) == ERR_OK)
		cr_expect_str_eq(other.body, key.body);
}
