/*
 * Criterion loads libgit2, to compare texts, and this reads all certificate authorities of the system in each process:
 * a third of the time of a short test. Linked into every test program, this has libgit2 find none; no test asks libgit2
 * for a connection.
 */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return -1;
}
