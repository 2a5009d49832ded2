#include "daemon/cli/cli_pdf.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/core/err.h"

extern char **environ;

static int run(const char *program, const char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	int status = 0, failed;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	failed = posix_spawnp(&pid, program, &quiet, NULL, (char *const *)argv,
			      environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (failed)
		return err_set(E_IO,
			       "can't start %s (%s); see \"chromium\" in "
			       "ccfed.conf",
			       program, strerror(failed));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0)
		return err_set(E_IO, "%s ended without printing", program);
	return 0;
}

static int check(const char *pdf)
{
	char head[5] = "";
	FILE *f = fopen(pdf, "r");
	size_t n = f ? fread(head, 1, sizeof head, f) : 0;

	if (f)
		fclose(f);
	if (n != sizeof head || memcmp(head, "%PDF-", n) != 0)
		return err_set(E_IO, "no PDF was written to %s", pdf);
	return 0;
}

int cli_pdf(const char *chromium, const char *html, const char *pdf)
{
	char to[700], from[4200], path[4096];
	/* root, as in a container, has no sandbox */
	const char *const argv[] = {chromium,
				    "--headless",
				    geteuid() == 0 ? "--no-sandbox"
						   : "--disable-gpu",
				    "--disable-background-networking",
				    "--no-first-run",
				    "--no-pdf-header-footer",
				    "--virtual-time-budget=5000",
				    to,
				    from,
				    NULL};
	int r;

	if (!*chromium)
		return err_set(E_STATE,
			       "PDF is printed by Chromium, and none is named: "
			       "say \"chromium = /usr/bin/chromium\" in "
			       "ccfed.conf, or print the HTML from a browser");
	if (!realpath(html, path))
		return err_set(E_IO, "can't read %s", html);
	snprintf(to, sizeof to, "--print-to-pdf=%s", pdf);
	snprintf(from, sizeof from, "file://%s", path);
	remove(pdf);
	r = run(chromium, argv);
	return r < 0 ? r : check(pdf);
}
