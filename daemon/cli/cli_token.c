#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli_token.h"
#include "daemon/cli/invocation.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/api_token.h"
#include "daemon/hub/hub.h"

enum { WHO = 64 };

static struct ta_hand hand_of(struct hub *h, char who[WHO])
{
	int64_t now = clock_utc_ms(h->clock);

	cli_user(who);
	return (struct ta_hand){.db = h->db,
				.now_utc_ms = now,
				.today = date_of_utc(now),
				.who = who};
}

static int add(struct cli *c, struct hub *h)
{
	char who[WHO], token[SECRET_TOKEN];
	struct ta_hand by = hand_of(h, who);
	int64_t id;
	int x;

	if (cli_args(c) != 2)
		return err_set(E_USAGE, "Say whose key it is, like: hub token "
					"add \"Dashboard of the Department\"");
	x = api_token_add(&by, h->rng, cli_arg(c, 1), token, &id);
	if (x < 0)
		return x;
	/* It stands alone on stdout, to be piped. */
	fprintf(stderr, "Key %lld, shown this once:\n", (long long)id);
	printf("%s\n", token);
	return 0;
}

static int revoke(struct cli *c, struct hub *h)
{
	char who[WHO];
	struct ta_hand by = hand_of(h, who);
	int64_t id;
	int x;

	if (cli_args(c) != 2)
		return err_set(E_USAGE, "Say which: hub token revoke NUMBER");
	if ((x = cli_arg_int(c, 1, "NUMBER", &id)) < 0 ||
	    (x = api_token_revoke(&by, id)) < 0)
		return x;
	return cli_said(c, id, "Key %lld is revoked", (long long)id);
}

static void put_day(struct cli_table *t, int64_t utc_ms)
{
	char text[21];

	cli_cell(t, utc_ms ? date_format_utc(utc_ms, text) : NULL);
}

static int on_token(void *arg, const struct api_token *k)
{
	struct cli_table *t = arg;

	cli_cell_int(t, k->id);
	cli_cell(t, k->title);
	put_day(t, k->made_utc_ms);
	cli_cell(t, k->made_by);
	put_day(t, k->revoked_utc_ms);
	return 0;
}

static int list(struct cli *c, struct hub *h)
{
	static const struct cli_col columns[] = {
		{"key", "Key", CLI_NUMBER},	  {"title", "Whose", CLI_TEXT},
		{"made", "Made", CLI_TEXT},	  {"made_by", "By", CLI_TEXT},
		{"revoked", "Revoked", CLI_TEXT},
	};
	struct cli_table *t;
	int x;

	if (cli_args(c) != 1)
		return err_set(E_USAGE, "hub token list takes nothing more");
	x = cli_table_new(c, &t, columns, 5, NULL);
	if (x < 0)
		return x;
	cli_table_fail(t, api_token_list(h->db, on_token, t));
	return cli_table_end(t, "There is no key yet.");
}

int cli_token_run(struct cli *c)
{
	static int (*const act[])(struct cli * c, struct hub * h) = {add, list,
								     revoke};
	static const char *const word[] = {"add", "list", "revoke"};
	struct hub *h;
	int x;

	for (int i = 0; i < 3; i++) {
		if (strcmp(cli_arg(c, 0), word[i]) != 0)
			continue;
		x = cli_hub(c, &h);
		return x < 0 ? x : act[i](c, h);
	}
	return err_set(E_USAGE,
		       "hub token takes add, list or revoke, not \"%s\"",
		       cli_arg(c, 0));
}
