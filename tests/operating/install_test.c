/* Installs into a folder with `cmake --install`, and runs the program from there. */
#include "kybdesk/base/version.h"
#include "support/keep.h"
#include "support/leak.h"
#include "support/needs.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *root;
static struct process_result said;

/* Runs a shell line in the folder `root`; $B is the build, $S the sources, $K the installed program. */
static int shell(const char *line)
{
	const char *const argv[] = { "sh", "-c", line, NULL };
	char home[400];
	(void)snprintf(home, sizeof home, "HOME=%s/home", root);
	const char *const environment[] = {
		"B=" KYB_BUILD_DIR, "S=" KYB_SOURCE_DIR, "K=usr/bin/kybdesk", home, "KYBDESK_STORE", "DESTDIR",
		"XDG_CONFIG_HOME",  "XDG_DATA_HOME",	 "XDG_STATE_HOME",    NULL
	};
	const struct process_options options = {
		.argv = argv, .environment = environment, .folder = root, .timeout_ms = 120000
	};
	process_run(&options, &said);
	return said.status;
}

static void done(const char *line)
{
	cr_assert_eq(shell(line), 0, "%s\n%s%s", line, said.out, said.err);
}

static void set_up(void)
{
	root = temp_folder_make();
	done("mkdir home && DESTDIR=$PWD cmake --install \"$B\" --prefix /usr");
	cr_expect_str_eq(said.err, "");
}

static void tear_down(void)
{
	said = (struct process_result){ 0 };
	temp_folder_remove(root);
	NO_LEAKS();
}
TestSuite(install, .init = set_up, .fini = tear_down, .timeout = 240);

static void expect_file(const char *path)
{
	cr_expect_eq(access(temp_path(root, path), R_OK), 0, "%s is not installed", path);
}

Test(install, everything_is_where_the_system_looks_for_it)
{
	static const char *const files[] = {
		"usr/bin/kybdesk",
		"usr/share/man/man1/kybdesk.1.gz",
		"usr/share/man/man1/kybdesk-document-accept.1.gz",
		"usr/share/man/man5/kybdesk-config.5.gz",
		"usr/share/man/man5/kybdesk-profile.5.gz",
		"usr/share/man/man7/kybdesk-filter.7.gz",
		"usr/share/bash-completion/completions/kybdesk",
		"usr/share/zsh/vendor-completions/_kybdesk",
		"usr/share/fish/vendor_completions.d/kybdesk.fish",
		"usr/share/kybdesk/workflows/ralio-kyb.json",
		"usr/share/kybdesk/reasons/session.json",
		"usr/share/kybdesk/themes/nord.json",
		"usr/share/kybdesk/samples/cases.ndjson",
		"usr/share/doc/kybdesk/service.md",
		"usr/share/doc/kybdesk/examples/tejo-kyb-pt.json",
		"usr/lib/systemd/system/kybdesk-serve.service",
		"usr/lib/systemd/system/kybdesk-serve.socket",
		"usr/lib/systemd/system/kybdesk-deliver.service",
		"usr/lib/systemd/system/kybdesk-backup.service",
		"usr/lib/systemd/system/kybdesk-hook@.service",
		"usr/lib/systemd/system/kybdesk-backup.timer",
		"usr/lib/sysusers.d/kybdesk.conf",
		"usr/lib/tmpfiles.d/kybdesk.conf",
		"etc/default/kybdesk",
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		expect_file(files[i]);
	/* No file outside usr/bin names the build's folder or contains @CMAKE; everybody can read every installed
	 * file. */
	cr_expect_neq(shell("grep -rlF -e \"$B\" -e @CMAKE etc usr/lib usr/share"), 0, "%s", said.out);
	done("find etc usr ! -perm -o=r");
	cr_expect_str_eq(said.out, "");
}

Test(install, the_installed_program_needs_nothing_else)
{
	cr_expect_eq(shell("$K init --sandbox"), 2);
	cr_expect(strstr(said.err, "/var/lib/kybdesk/kybdesk.db is the store of this machine"), "%s", said.err);
	done("rm etc/default/kybdesk");
	done("$K init --sandbox && $K import usr/share/kybdesk/samples/cases.ndjson");
	done("$K workflow check usr/share/kybdesk/workflows/ralio-kyb.json");
	done("$K workflow check usr/share/doc/kybdesk/examples/tejo-kyb-pt.json");
	done("$K list --filter 'country:GBR risk>40' --json | grep -q '\"country\":\"GBR\"'");
}

Test(install, a_second_installation_keeps_an_administrators_settings)
{
	done("echo KYBDESK_STORE=/srv/desk.db >etc/default/kybdesk");
	done("DESTDIR=$PWD cmake --install \"$B\" --prefix /usr && cat etc/default/kybdesk");
	cr_expect(strstr(said.out, "KYBDESK_STORE=/srv/desk.db"));
}

/* The machine's store is below the user's file, variable and option, and above the default. */
Test(install, the_program_reads_the_machines_store)
{
	static const struct {
		const char *before, *store, *origin;
	} rows[] = {
		{ "true", "/var/lib/kybdesk/kybdesk.db", "etc/default/kybdesk" },
		{ "printf '# a\\n KYBDESK_STORE=/b.db\\nX=1\\nKYBDESK_STORE=\"/srv/a b.db\" \\n#KYBDESK_STORE=/c\\n' "
		  ">etc/default/kybdesk",
		  "/srv/a b.db", "etc/default/kybdesk" },
		{ "mkdir -p home/.config/kybdesk && echo '{\"store\": \"/srv/own.db\"}' "
		  ">home/.config/kybdesk/config.json",
		  "/srv/own.db", "config.json" },
		{ "export KYBDESK_STORE=/srv/said.db", "/srv/said.db", "KYBDESK_STORE" },
		{ "echo KYBDESK_STORE= >etc/default/kybdesk && rm home/.config/kybdesk/config.json",
		  "home/.local/share/kybdesk/kybdesk.db", "default" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		done(test_text("%s && $K config show | grep '^store '", rows[i].before));
		cr_expect(strstr(said.out, rows[i].store) && strstr(said.out, rows[i].origin), "%zu: %s", i, said.out);
	}
	done("echo KYBDESK_STORE=/srv/machine.db >etc/default/kybdesk && \"$B/kybdesk\" config show | grep '^store '");
	cr_expect(!strstr(said.out, "machine"), "a build reads the machine's file: %s", said.out);
}

Test(install, every_command_has_a_page_without_findings)
{
	done("gunzip -r usr/share/man && test $(ls usr/share/man/man1 | grep -c ^kybdesk-) = "
	     "$($K info --reference markdown | grep -c '^### ')");
	NEEDS("mandoc", "mandoc");
	done("mandoc -T lint usr/share/man/man1/* usr/share/man/man5/* usr/share/man/man7/*");
	cr_expect_str_eq(said.out, "");
	done("mandoc -T ascii usr/share/man/man7/kybdesk-filter.7 | sed 's/.\\x08//g' | grep -q 'due<4h'");
}

Test(install, the_completions_are_scripts_of_their_shells)
{
	done("bash -n usr/share/bash-completion/completions/kybdesk && grep -q '^#compdef kybdesk' "
	     "usr/share/zsh/vendor-completions/_kybdesk");
	done("bash -c '. usr/share/bash-completion/completions/kybdesk; COMP_WORDS=(kybdesk docu) COMP_CWORD=1; "
	     "_kybdesk; echo ${COMPREPLY[*]}'");
	cr_expect_str_eq(said.out, "document\n");
}

/* The services run the installed program, under the account that the package makes, and are confined. */
Test(install, the_services_are_valid_and_confined)
{
	done("grep -h '^ExecStart=.*usr/bin/kybdesk' usr/lib/systemd/system/kybdesk-*.service | wc -l");
	cr_expect_str_eq(said.out, "4\n");
	done("! grep -L '^User=kybdesk$' usr/lib/systemd/system/kybdesk-*.service | grep .");
	NEEDS("systemd-analyze", "systemd");
	for (size_t i = 0; i < 4; i++) {
		static const char *const lines[] = { "systemd-analyze security --offline=true --threshold=15 "
						     "usr/lib/systemd/system/kybdesk-serve.service",
						     "systemd-analyze security --offline=true --threshold=15 "
						     "usr/lib/systemd/system/kybdesk-deliver.service",
						     "systemd-analyze security --offline=true --threshold=15 "
						     "usr/lib/systemd/system/kybdesk-backup.service",
						     "systemd-analyze security --offline=true --threshold=15 "
						     "usr/lib/systemd/system/kybdesk-hook@.service" };
		cr_expect_eq(shell(lines[i]), 0, "%s\n%s", said.out, said.err);
	}
	/* systemd-analyze prints a line for each unknown setting and each missing program. */
	done("mkdir units && cp usr/lib/systemd/system/kybdesk-* units && sed -i \"s,/usr/bin,$PWD/usr/bin,; "
	     "/^Documentation/d\" units/* && systemd-analyze verify --man=no units/*");
	cr_expect_str_eq(said.err, "");
}

/* A page for operators must not name a path that the package does not have. */
Test(install, the_paths_of_the_pages_are_in_the_package)
{
	done("cd \"$S/docs\" && grep -ohE '/usr/(local/)?(bin|share|lib)/[[:alnum:]_./-]*kybdesk[[:alnum:]_./-]*' "
	     "access.md operating.md postgresql.md service.md upgrade.md examples/* | sed 's/[.]$//' | sort -u | tr "
	     "'\\n' ' '");
	cr_expect(strstr(said.out, "/usr/bin/kybdesk "), "%s", said.out);
	done(test_text("for path in %s; do test -e .$path || echo $path; done", said.out));
	cr_expect_str_eq(said.out, "");
}

/* The version names the commit. In a tree without git it comes from a file, and no other object contains it. */
Test(install, the_version_is_the_sources_own)
{
	done("$K --version");
	cr_expect_str_eq(said.out, test_text("kybdesk %s\n", program_version));
	done("grep -qxF \"$($K --version | cut -d' ' -f2)\" \"$B/program_version.c.txt\"");
	cr_expect_neq(shell("grep -F \"$(cat \"$B/program_version.c.txt\")\" \"$B/build.ninja\""), 0, "%s", said.out);
	done("mkdir -p deep/tree && cat >run <<'END'\n"
	     "exec cmake -DROOT=$PWD/${1:-deep/tree} -DRELEASE=7.8.9 -DOUT=$PWD/v.c -P "
	     "\"$S/src/tools/version.cmake\"\nEND\n"
	     "export GIT_CEILING_DIRECTORIES=$PWD && sh run && cat v.c.txt");
	cr_expect_str_eq(said.out, "7.8.9+0.unknown\n");
	done("echo 7.8.9+12.gabc >deep/tree/VERSION && sh run && cat v.c.txt && touch -d @1 v.c && sh run && stat -c "
	     "%Y v.c");
	cr_expect_str_eq(said.out, "7.8.9+12.gabc\n1\n");
	cr_expect_neq(shell("echo 'rm -rf' >deep/tree/VERSION && sh run"), 0);
	cr_expect(strstr(said.err, "\"rm -rf\" is not a version such as"), "%s", said.err);
	if (shell("git --version") != 0)
		return;
	done("cd deep && git init -q . && git -c user.name=a -c user.email=a@b.invalid commit -q --allow-empty -m a && "
	     "cd .. && sh run deep && grep -qx '7.8.9+1.g.........' v.c.txt && git -C deep tag v7.8.9 && "
	     "sh run deep && cat v.c.txt");
	cr_expect_str_eq(said.out, "7.8.9\n");
	/* A tree inside another repository is not that repository's version. */
	cr_expect_neq(shell("sh run deep/tree"), 0);
	done("rm deep/tree/VERSION && sh run deep/tree && cat v.c.txt");
	cr_expect_str_eq(said.out, "7.8.9+0.unknown\n");
}

/* The SPDX bill must agree with the linker, with dpkg, and with the versions that the program prints. */
Test(install, the_bill_of_materials_names_every_library)
{
	NEEDS("dpkg-query", "dpkg");
	done("python3 \"$S/src/tools/sbom.py\" \"$B/kybdesk\" 0.1.0 2026-11-24T00:00:00Z >bill.json");
	done("python3 \"$S/tests/operating/check_bill.py\" bill.json \"$B/kybdesk\"");
	/* A bill without one of the libraries is refused. */
	done("sed 's/libjansson4/libjansson3/' bill.json >other.json");
	cr_expect_neq(shell("python3 \"$S/tests/operating/check_bill.py\" other.json \"$B/kybdesk\""), 0);
	done("DESTDIR=$PWD/again cmake --install \"$B\" --prefix /usr >said && ! find again | grep spdx");
}

/* All that the container examples name must exist; no container is built. */
Test(install, the_container_and_its_composition_name_what_is_there)
{
	if (shell("python3 -c 'import yaml'") != 0)
		cr_skip_test("python3-yaml is not installed here; ./dev test installs it");
	done("python3 \"$S/tests/operating/container.py\" \"$S\" \"$B/kybdesk\"");
	done("mkdir -p sources/docs && cp -R \"$S/docs/examples\" sources/docs && cp \"$S/dev\" \"$S/.gitignore\" "
	     "\"$S/.dockerignore\" sources && sed -i 's/--no-deliver/--no-delivery/; s/serve:8080/serve:8081/' "
	     "sources/docs/examples/compose.yaml");
	cr_expect_neq(shell("python3 \"$S/tests/operating/container.py\" sources \"$B/kybdesk\""), 0);
	cr_expect(strstr(said.out, "serve: unknown option --no-delivery\n"), "%s", said.out);
	cr_expect(strstr(said.out, "the proxy goes to another port\n"), "%s", said.out);
}

/* A release must still build if a newer compiler warns about more. */
Test(install, a_warning_stops_only_a_build_of_developers)
{
	done("cmake -S \"$S\" -B release -G Ninja -DCMAKE_BUILD_TYPE=Release -DKYB_TESTS=OFF >said && "
	     "! grep -q -e -Werror release/build.ninja && grep -q -e -Wconversion release/build.ninja");
	done("cmake -S \"$S\" -B debug -G Ninja -DCMAKE_BUILD_TYPE=Debug -DKYB_TESTS=OFF >said && "
	     "grep -q -e -Werror debug/build.ninja");
}
