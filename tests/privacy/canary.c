#include "tests/privacy/canary.h"

#include <ctype.h>
#include <dirent.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/core/date.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	LONGEST = 200, /* of a value */
	CODED = 6 * LONGEST,
	BUCKETS = 1 << 18,
	FILE_MAX = 1 << 30
};

struct pattern {
	struct pattern *next; /* in its bucket */
	const char *value;
	enum canary_code code;
	bool number; /* only where no digit stands beside it */
	size_t len;
	char bytes[];
};
struct value {
	struct value *next;
	char text[];
};
struct canary {
	struct value *values;
	struct pattern *bucket[BUCKETS];
};

static const char *const code_text[CANARY_CODES] = {
	"as it is", "lower case", "upper case", "base64", "hexadecimal",
	"reversed", "UTF-16",	  "JSON",	"date"};

const char *canary_code_text(enum canary_code code)
{
	return code_text[code];
}

int canary_new(struct canary **out)
{
	*out = mem_calloc(1, sizeof **out);
	return *out ? 0 : err_set(E_NOMEM, "out of memory for canaries");
}

void canary_free(struct canary *c)
{
	if (!c)
		return;
	for (int i = 0; i < BUCKETS; i++)
		while (c->bucket[i]) {
			struct pattern *p = c->bucket[i];

			c->bucket[i] = p->next;
			mem_free(p);
		}
	while (c->values) {
		struct value *v = c->values;

		c->values = v->next;
		mem_free(v);
	}
	mem_free(c);
}

/* By the first bytes, of which every pattern has enough. */
static uint32_t hash(const void *bytes)
{
	const unsigned char *b = bytes;
	uint32_t h = 0;

	for (int i = 0; i < CANARY_SHORTEST; i++)
		h = h * 16777619u ^ b[i];
	return (h ^ h >> 16) & (BUCKETS - 1);
}

/* Patterns of the value that is being added stand first in their buckets. */
static bool known(const struct pattern *p, const void *bytes, size_t len,
		  const char *value)
{
	for (; p && p->value == value; p = p->next)
		if (p->len == len && memcmp(p->bytes, bytes, len) == 0)
			return true;
	return false;
}

static bool all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return true;
}

/* Too short a piece would be found anywhere; the same bytes count once. */
static int add_pattern(struct canary *c, const char *value,
		       enum canary_code code, const char *bytes, size_t len)
{
	struct pattern *p;
	uint32_t at;

	if (len < CANARY_SHORTEST)
		return 0;
	at = hash(bytes);
	if (known(c->bucket[at], bytes, len, value))
		return 0;
	p = mem_alloc(sizeof *p + len);
	if (!p)
		return err_set(E_NOMEM, "out of memory for canaries");
	p->value = value;
	p->code = code;
	p->number = all_digits(bytes, len);
	p->len = len;
	memcpy(p->bytes, bytes, len);
	p->next = c->bucket[at];
	c->bucket[at] = p;
	return 0;
}

static int add_cases(struct canary *c, const char *v, size_t len)
{
	char lower[LONGEST], upper[LONGEST], back[LONGEST];
	int r;

	for (size_t i = 0; i < len; i++) {
		lower[i] = (char)tolower((unsigned char)v[i]);
		upper[i] = (char)toupper((unsigned char)v[i]);
		back[i] = v[len - 1 - i];
	}
	r = add_pattern(c, v, CANARY_LOWER, lower, len);
	if (r == 0)
		r = add_pattern(c, v, CANARY_UPPER, upper, len);
	if (r == 0)
		r = add_pattern(c, v, CANARY_REVERSED, back, len);
	return r;
}

static int add_hex(struct canary *c, const char *v, size_t len)
{
	char hex[2 * LONGEST + 1];
	int r;

	sodium_bin2hex(hex, sizeof hex, (const unsigned char *)v, len);
	r = add_pattern(c, v, CANARY_HEX, hex, 2 * len);
	for (size_t i = 0; i < 2 * len; i++)
		hex[i] = (char)toupper((unsigned char)hex[i]);
	return r == 0 ? add_pattern(c, v, CANARY_HEX, hex, 2 * len) : r;
}

/* Within a longer text the value begins at any of three places of a group of
 * four letters. Letters that also depend on its neighbors are left out. */
static int add_base64(struct canary *c, const char *v, size_t len)
{
	static const int variant[] = {sodium_base64_VARIANT_ORIGINAL,
				      sodium_base64_VARIANT_URLSAFE};
	char text[LONGEST + 2] = "", out[CODED];
	int r = 0;

	for (size_t before = 0; before < 3; before++)
		for (int i = 0; i < 2 && r == 0; i++) {
			size_t from = before ? before + 1 : 0;
			size_t to = (before + len) * 8 / 6;

			memcpy(text + before, v, len);
			sodium_bin2base64(out, sizeof out,
					  (unsigned char *)text, before + len,
					  variant[i]);
			r = add_pattern(c, v, CANARY_BASE64, out + from,
					to - from);
		}
	return r;
}

/* One character of UTF-8; broken bytes stand for themselves. */
static uint32_t next_char(const char *s, size_t len, size_t *at)
{
	unsigned char b = (unsigned char)s[(*at)++];
	int more = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : b >= 0xc0 ? 1 : 0;
	uint32_t u = more ? b & (0x3fu >> more) : b;

	while (more-- > 0 && *at < len)
		u = u << 6 | ((unsigned char)s[(*at)++] & 0x3f);
	return u;
}

static size_t utf16(uint32_t u, uint16_t out[2])
{
	if (u < 0x10000) {
		out[0] = (uint16_t)u;
		return 1;
	}
	out[0] = (uint16_t)(0xd800 + ((u - 0x10000) >> 10));
	out[1] = (uint16_t)(0xdc00 + ((u - 0x10000) & 0x3ff));
	return 2;
}

static size_t json_char(char *out, uint32_t u, bool slash, bool upper)
{
	uint16_t unit[2];
	size_t n = 0;

	if (u == '"' || u == '\\' || (slash && u == '/'))
		return (size_t)snprintf(out, 13, "\\%c", (char)u);
	if (u >= 0x20 && u < 0x7f) {
		*out = (char)u;
		return 1;
	}
	for (size_t i = 0, k = utf16(u, unit); i < k; i++)
		n += (size_t)(upper ? snprintf(out + n, 13 - n, "\\u%04X",
					       unit[i])
				    : snprintf(out + n, 13 - n, "\\u%04x",
					       unit[i]));
	return n;
}

static int add_wide(struct canary *c, const char *v, size_t len)
{
	char wide[CODED], json[CODED + 13];
	size_t w = 0;
	int r;

	for (size_t at = 0; at < len;) {
		uint16_t unit[2];
		size_t k = utf16(next_char(v, len, &at), unit);

		for (size_t i = 0; i < k; i++) {
			wide[w++] = (char)(unit[i] & 0xff);
			wide[w++] = (char)(unit[i] >> 8);
		}
	}
	r = add_pattern(c, v, CANARY_UTF16, wide, w);
	for (int i = 0; i < 4 && r == 0; i++) {
		size_t j = 0;

		for (size_t at = 0; at < len;)
			j += json_char(json + j, next_char(v, len, &at), i & 1,
				       i & 2);
		r = add_pattern(c, v, CANARY_JSON, json, j);
	}
	return r;
}

static int add_value(struct canary *c, const char *text, const char **out)
{
	size_t len = strlen(text);
	struct value *v;
	int r;

	if (len < CANARY_SHORTEST || len >= LONGEST)
		return err_set(E_INVALID, "a canary of %zu bytes", len);
	v = mem_alloc(sizeof *v + len + 1);
	if (!v)
		return err_set(E_NOMEM, "out of memory for canaries");
	memcpy(v->text, text, len + 1);
	v->next = c->values;
	c->values = v;
	*out = v->text;

	r = add_pattern(c, v->text, CANARY_AS_IS, v->text, len);
	if (r == 0)
		r = add_cases(c, v->text, len);
	if (r == 0)
		r = add_hex(c, v->text, len);
	if (r == 0)
		r = add_base64(c, v->text, len);
	if (r == 0)
		r = add_wide(c, v->text, len);
	return r;
}

int canary_add(struct canary *c, const char *value)
{
	const char *kept;

	return add_value(c, value, &kept);
}

int canary_add_date(struct canary *c, int32_t day)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr",
					    "May", "Jun", "Jul", "Aug",
					    "Sep", "Oct", "Nov", "Dec"};
	char iso[DATE_TEXT], form[8][24];
	const char *kept;
	int y, m, d, r, n = 0;

	date_to_ymd(day, &y, &m, &d);
	r = add_value(c, date_format(day, iso), &kept);
	snprintf(form[n++], sizeof form[0], "%02d/%02d/%04d", m, d, y);
	snprintf(form[n++], sizeof form[0], "%d/%d/%04d", m, d, y);
	snprintf(form[n++], sizeof form[0], "%04d/%02d/%02d", y, m, d);
	snprintf(form[n++], sizeof form[0], "%04d%02d%02d", y, m, d);
	snprintf(form[n++], sizeof form[0], "%d.%d.%04d", d, m, y);
	snprintf(form[n++], sizeof form[0], "%02d.%02d.%04d", d, m, y);
	snprintf(form[n++], sizeof form[0], "%s %d, %04d", month[m - 1], d, y);
	snprintf(form[n++], sizeof form[0], "%d", (int)day);
	for (int i = 0; i < n && r == 0; i++)
		r = add_pattern(c, kept, CANARY_DATE, form[i], strlen(form[i]));
	return r;
}

static bool digit_at(const char *b, size_t len, size_t at)
{
	return at < len && isdigit((unsigned char)b[at]);
}

int canary_search(const struct canary *c, const char *where, const void *bytes,
		  size_t len, canary_fn *fn, void *arg)
{
	const char *b = bytes;
	int hits = 0;

	for (size_t i = 0; i + CANARY_SHORTEST <= len; i++) {
		const struct pattern *p = c->bucket[hash(b + i)];

		for (; p; p = p->next) {
			struct canary_hit hit = {p->value, p->code, where, i};

			if (p->len > len - i ||
			    memcmp(p->bytes, b + i, p->len) != 0)
				continue;
			if (p->number && ((i > 0 && digit_at(b, len, i - 1)) ||
					  digit_at(b, len, i + p->len)))
				continue;
			hits++;
			if (fn)
				fn(arg, &hit);
		}
	}
	return hits;
}

static int search_file(const struct canary *c, const char *path, canary_fn *fn,
		       void *arg)
{
	char *bytes = NULL;
	size_t len;
	int r;

	r = disk_read(disk_system(), path, FILE_MAX, &bytes, &len);
	if (r == 0)
		r = canary_search(c, path, bytes, len, fn, arg);
	mem_free(bytes);
	return r;
}

int canary_search_dir(const struct canary *c, const char *dir, canary_fn *fn,
		      void *arg)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int hits = 0, r = 0;

	if (!d)
		return err_set(E_IO, "can't open folder %s", dir);
	while (r >= 0 && (e = readdir(d))) {
		char path[4096];
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (lstat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			r = canary_search_dir(c, path, fn, arg);
		else if (S_ISREG(st.st_mode))
			r = search_file(c, path, fn, arg);
		else
			continue;
		if (r > 0)
			hits += r;
	}
	closedir(d);
	return r < 0 ? r : hits;
}
