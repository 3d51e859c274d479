/* Checks the output file of the option -o. */
#include "../cli_internal.h"

#include <sys/stat.h>

/* Refuses devices and links: the file is written under a temporary name and renamed, which would replace a device
 * or link. */
static enum err check_output_path(const char *path, struct error *error)
{
	struct stat found;

	if (lstat(path, &found) != 0 || S_ISREG(found.st_mode))
		return ERR_OK;
	if (S_ISDIR(found.st_mode))
		return error_invalid(error, "output", "%s is a folder; use a file in this folder", path);
	if (S_ISLNK(found.st_mode))
		return error_invalid(error, "output",
				     "%s is a symbolic link; use the file itself, or -o - for standard output", path);
	return error_invalid(error, "output",
			     "%s is not a regular file; use a regular file, or -o - for standard output", path);
}

enum err cli_check_output_path(struct cli *cli, const char *path, const char *what, struct error *error)
{
	enum err err;

	if (strcmp(path, "-") == 0) {
		if (cli->out.terminal)
			return error_set(error, ERR_USAGE,
					 "-o - prints %s, which a terminal cannot show; use -o FILE or a pipe", what);
		if (cli_is_json(cli))
			return error_set(error, ERR_USAGE, "-o - prints %s; --json needs -o FILE", what);
		return ERR_OK;
	}
	err = check_output_path(path, error);
	if (!err)
		err = desk_check_path(cli->desk, "output", path, error);
	if (err)
		return err;
	if (file_exists(path) && !parsed_has_option(&cli->command_line, "force"))
		return error_invalid(error, "output", "%s already exists; overwrite it with --force", path);
	return ERR_OK;
}
