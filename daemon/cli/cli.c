#include "daemon/cli/cli.h"

#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/utf8.h"

/* Not an option, a file's name or a key. */
static bool begins_with_word(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return n > 0 && (strchr(" ,;'", text[n]) ||
			 (text[n] == ':' && text[n + 1] == ' '));
}

/* Sentences of the rooms below end without a period: they may be put behind a
 * prefix or on a page. They quote what came from outside, like a file's name,
 * which the terminal must not obey. */
static void complain(int code)
{
	const char *text = err_text(code);
	size_t n = strlen(text);
	bool end = n && strchr(".!?", text[n - 1]);

	fputs("ccfed: ", stderr);
	if (n && begins_with_word(text)) {
		fputc(toupper((unsigned char)*text), stderr);
		text++;
	}
	cli_show(stderr, text);
	fputs(end ? "\n" : ".\n", stderr);
}

static int finish(struct cli *c, int x)
{
	if (x == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		x = err_set(E_IO, "The output could not be written");
	if (x >= 0)
		return CLI_OK;
	complain(x);
	if (x != E_USAGE)
		return CLI_FAILED;
	if (c->cmd)
		fprintf(stderr, "Try: ccfed %s%s%s --help\n", c->cmd->noun,
			*c->cmd->verb ? " " : "", c->cmd->verb);
	else if (c->noun)
		fprintf(stderr, "Try: ccfed %s --help\n", c->noun);
	else
		fprintf(stderr, "Try: ccfed --help\n");
	return CLI_USAGE;
}

/* Columns are as wide as people see them, which takes a UTF-8 locale. */
static void use_utf8(void)
{
	if (!setlocale(LC_CTYPE, "") ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

int cli_main(int argc, char **argv)
{
	struct cli c;
	int x;

	memset(&c, 0, sizeof c);
	err_clear();
	use_utf8();
	if (argc < 2) {
		cli_help_all(stderr);
		return CLI_USAGE;
	}
	x = cli_parse(&c, argc, argv);
	if (x == 0 && c.cmd && !c.help)
		x = c.cmd->run(&c);
	cli_close(&c);
	return finish(&c, x);
}

const char *cli_arg(struct cli *c, int i)
{
	return i >= 0 && i < c->n_args ? c->arg[i] : NULL;
}

int cli_args(struct cli *c)
{
	return c->n_args;
}

const char *cli_get(struct cli *c, const char *name)
{
	const struct cli_opt *o = c->cmd->opts;

	for (int i = 0; o && o[i].name; i++) {
		if (strcmp(o[i].name, name) == 0)
			return c->value[i];
	}
	return NULL;
}

static int number(const char *text, int64_t *out)
{
	bool minus = *text == '-';
	const char *p = text + minus;
	int64_t v = 0;

	if (!*p)
		return E_USAGE;
	for (; *p; p++) {
		if (*p < '0' || *p > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *p - '0', &v))
			return E_USAGE;
	}
	*out = minus ? -v : v;
	return 0;
}

int cli_get_int(struct cli *c, const char *name, int64_t min, int64_t max,
		int64_t *out)
{
	const char *text = cli_get(c, name);
	int64_t v;

	if (!text)
		return 0;
	if (number(text, &v) < 0)
		return err_set(E_USAGE, "--%s takes a whole number, not \"%s\"",
			       name, text);
	if (v < min || v > max)
		return err_set(E_USAGE, "--%s takes %lld to %lld, not %lld",
			       name, (long long)min, (long long)max,
			       (long long)v);
	*out = v;
	return 0;
}

int cli_get_date(struct cli *c, const char *name, int32_t *out)
{
	const char *text = cli_get(c, name);

	if (!text)
		return 0;
	if (date_parse(text, out) == 0)
		return 0;
	return err_prefix(E_USAGE, "--%s", name);
}

int cli_get_text(struct cli *c, const char *name, char *out, size_t size)
{
	const char *text = cli_get(c, name);

	if (!text)
		return 0;
	if (strlen(text) >= size)
		return err_set(
			E_USAGE,
			"--%s is too long: only its first %zu characters fit",
			name, utf8_chars(text, size - 1));
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

int cli_get_yes(struct cli *c, const char *name, bool *out)
{
	const char *text = cli_get(c, name);

	if (!text)
		return 0;
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return err_set(E_USAGE, "--%s takes yes or no, not \"%s\"",
			       name, text);
	*out = strcmp(text, "yes") == 0;
	return 0;
}

int cli_arg_int(struct cli *c, int i, const char *what, int64_t *out)
{
	const char *text = cli_arg(c, i);
	int64_t v;

	if (!text)
		return err_set(E_USAGE, "The number of the %s is missing",
			       what);
	if (number(text, &v) < 0 || v < 1)
		return err_set(E_USAGE, "\"%s\" is not the number of a %s",
			       text, what);
	*out = v;
	return 0;
}

int cli_copy(const char *what, const char *text, char *out, size_t size)
{
	if (text && strlen(text) >= size)
		return err_set(
			E_USAGE,
			"The %s is too long: only its first %zu characters fit",
			what, utf8_chars(text, size - 1));
	if (text)
		snprintf(out, size, "%s", text);
	return 0;
}

int cli_said(struct cli *c, int64_t id, const char *fmt, ...)
{
	va_list ap;

	if (c->format == FORMAT_JSON && id)
		printf("{\"id\":%lld}\n", (long long)id);
	else if (c->format == FORMAT_JSON)
		printf("{}\n");
	if (c->format != FORMAT_TABLE)
		return 0;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return 0;
}

int cli_counted(struct cli *c, const char *name, int64_t count, const char *fmt,
		...)
{
	va_list ap;

	if (c->format == FORMAT_JSON)
		printf("{\"%s\":%lld}\n", name, (long long)count);
	if (c->format != FORMAT_TABLE)
		return 0;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return 0;
}

int cli_no_consent(int x)
{
	if (x == E_DENIED)
		cli_hint(
			"A consent is recorded with ccfed consent add. What "
			"can't wait for one goes with --without-consent TEXT.");
	return x;
}

void cli_hint(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void cli_progress(struct cli *c, const char *what, int64_t done, int64_t of)
{
	bool terminal = isatty(STDERR_FILENO);

	if (!terminal && !c->progress)
		return;
	fprintf(stderr, "%s%s: %lld of %lld%s", terminal ? "\r" : "", what,
		(long long)done, (long long)of,
		!terminal || done >= of ? "\n" : "");
	fflush(stderr);
}
