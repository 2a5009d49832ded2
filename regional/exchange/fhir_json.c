#include "regional/exchange/fhir_item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"

const char fhir_gravity[] = "http://hl7.org/fhir/us/sdoh-clinicalcare/"
			    "CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

enum { HASH_BYTES = 16 };

const char *fhir_text(json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);
	const char *s = json_string_value(v);

	return s && strlen(s) == json_string_length(v) ? s : NULL;
}

/* Length of a character that must not stand in a text, 0 if it may: controls
 * (terminals obey them, C1 too), and what turns the direction of what follows,
 * so that a person reads another text than the machine. */
static bool is_forbidden(const unsigned char *s)
{
	if (*s < 0x20 || *s == 0x7f)
		return true;
	if (s[0] == 0xc2)
		return s[1] < 0xa0;
	if (s[0] != 0xe2 || (s[1] != 0x80 && s[1] != 0x81))
		return false;
	if (s[1] == 0x80)
		return s[2] >= 0xa8 && s[2] <= 0xae; /* also U+2028, U+2029 */
	return s[2] >= 0xa6 && s[2] <= 0xa9;
}

enum fhir_reason fhir_copy(char *out, size_t size, json_t *v)
{
	const char *s = json_string_value(v);
	size_t len;

	out[0] = '\0';
	if (!v || json_is_null(v))
		return FHIR_OK;
	if (!s)
		return FHIR_NOT_TEXT;
	len = json_string_length(v);
	if (strlen(s) != len)
		return FHIR_CONTROL;
	while (len > 0 && s[len - 1] == ' ')
		len--;
	for (; *s == ' '; s++)
		len -= len > 0;
	for (size_t i = 0; i < len; i++) {
		if (is_forbidden((const unsigned char *)s + i))
			return FHIR_CONTROL;
	}
	if (len >= size)
		return FHIR_TOO_LONG;
	memcpy(out, s, len);
	out[len] = '\0';
	return FHIR_OK;
}

/* Exactly @n digits at *@s, which is moved on; -1 if they are not there. */
static int digits(const char **s, int n)
{
	int v = 0;

	for (; n > 0; n--, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return -1;
		v = v * 10 + (**s - '0');
	}
	return v;
}

static bool eat(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* What stands behind the 'T': hh:mm[:ss[.f]][Z|+hh:mm]. @day moves to the
 * civil day of that instant; without a zone it stays, for want of better. */
static bool parse_time(const char *s, int32_t *day)
{
	int h, m, sec = 0, zone_h = 0, zone_m = 0;
	int64_t utc_s;
	char sign;

	h = digits(&s, 2);
	if (h < 0 || h > 24 || !eat(&s, ':'))
		return false;
	m = digits(&s, 2);
	if (m < 0 || m > 59)
		return false;
	if (eat(&s, ':')) {
		sec = digits(&s, 2);
		if (sec < 0 || sec > 60)
			return false;
		if (eat(&s, '.')) {
			if (!isdigit((unsigned char)*s))
				return false;
			s += strspn(s, "0123456789");
		}
	}
	if (!*s)
		return true;
	sign = *s++;
	if (sign == '+' || sign == '-') {
		zone_h = digits(&s, 2);
		if (zone_h < 0 || zone_h > 14 || !eat(&s, ':'))
			return false;
		zone_m = digits(&s, 2);
		if (zone_m < 0 || zone_m > 59)
			return false;
	} else if (sign != 'Z') {
		return false;
	}
	if (*s)
		return false;
	utc_s = (int64_t)*day * 86400 + h * 3600 + m * 60 + sec;
	utc_s -= (sign == '-' ? -1 : 1) * (zone_h * 3600 + zone_m * 60);
	*day = date_of_utc(utc_s * 1000);
	return true;
}

static bool parse_day(const char *s, int32_t *out)
{
	int y, m = 1, d = 1, y2, m2, d2;

	y = digits(&s, 4);
	if (y < 1900 || y > 2200)
		return false;
	if (eat(&s, '-')) {
		m = digits(&s, 2);
		if (m < 1 || m > 12)
			return false;
		if (eat(&s, '-')) {
			d = digits(&s, 2);
			if (d < 1 || d > 31)
				return false;
		} else if (*s) {
			return false;
		}
	} else if (*s) {
		return false;
	}
	*out = date_from_ymd(y, m, d);
	date_to_ymd(*out, &y2, &m2, &d2);
	if (m2 != m || d2 != d)
		return false;
	if (!*s)
		return true;
	return eat(&s, 'T') && parse_time(s, out);
}

enum fhir_reason fhir_day(json_t *object, const char *name, int32_t *out)
{
	json_t *v = json_object_get(object, name);
	const char *s;

	*out = NO_DATE;
	if (!v || json_is_null(v))
		return FHIR_OK;
	s = fhir_text(object, name);
	if (!s || !parse_day(s, out)) {
		*out = NO_DATE;
		return FHIR_BAD_DATE;
	}
	return FHIR_OK;
}

enum fhir_reason fhir_past(struct fhir_map *m, json_t *object, const char *name,
			   int32_t *out)
{
	enum fhir_reason why = fhir_day(object, name, out);

	if (why == FHIR_OK && *out != NO_DATE && *out > m->today)
		return FHIR_FUTURE;
	return why;
}

static bool coding_of(json_t *concept, int *i, const char **system,
		      const char **code)
{
	json_t *list = json_object_get(concept, "coding");
	int n = (int)json_array_size(list);
	json_t *c;

	if (*i >= n) {
		*i -= n;
		return false;
	}
	c = json_array_get(list, (size_t)*i);
	*system = fhir_text(c, "system");
	*code = fhir_text(c, "code");
	if (!*system)
		*system = "";
	if (!*code)
		*code = "";
	return true;
}

bool fhir_coding(json_t *v, int i, const char **system, const char **code)
{
	if (!json_is_array(v))
		return coding_of(v, &i, system, code);
	for (size_t k = 0; k < json_array_size(v); k++) {
		if (coding_of(json_array_get(v, k), &i, system, code))
			return true;
	}
	return false;
}

bool fhir_has_code(json_t *v, const char *system, const char *code)
{
	const char *s, *c;

	for (int i = 0; fhir_coding(v, i, &s, &c); i++) {
		if (strcmp(c, code) == 0 &&
		    (!*system || strcmp(s, system) == 0))
			return true;
	}
	return false;
}

bool fhir_id_valid(const char *id)
{
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789-.");

	return n > 0 && n <= 64 && !id[n];
}

bool fhir_type_valid(const char *type)
{
	size_t n = strspn(type, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz");

	return n > 0 && n < FHIR_TYPE && !type[n] &&
	       isupper((unsigned char)type[0]);
}

void fhir_hash_name(struct fhir_map *m, char prefix, const char *type,
		    const char *a, const char *b, char out[FHIR_ID])
{
	const char *part[] = {type, a, b};
	crypto_generichash_state st;
	unsigned char h[HASH_BYTES];

	crypto_generichash_init(&st, m->key, 32, sizeof h);
	for (int i = 0; i < 3; i++) /* the NUL parts them */
		crypto_generichash_update(&st, (const unsigned char *)part[i],
					  strlen(part[i]) + 1);
	crypto_generichash_final(&st, h, sizeof h);
	out[0] = prefix;
	sodium_bin2hex(out + 1, FHIR_ID - 1, h, sizeof h);
}

void fhir_uuid(const char *full_url, char out[FHIR_ID])
{
	static const char urn[] = "urn:uuid:";
	size_t i = 0;

	out[0] = '\0';
	if (!full_url || strncmp(full_url, urn, sizeof urn - 1) != 0)
		return;
	full_url += sizeof urn - 1;
	if (!fhir_id_valid(full_url))
		return;
	for (; full_url[i]; i++)
		out[i] = (char)tolower((unsigned char)full_url[i]);
	out[i] = '\0';
}

/* Of a contained resource only the name can be told again in the next file. */
static void contained(struct fhir_map *m, const char *id, struct fhir_ref *out)
{
	json_t *list = json_object_get(m->parent, "contained");
	const char *type, *name;
	json_t *v;
	size_t i;

	json_array_foreach (list, i, v) {
		const char *its = fhir_text(v, "id");

		type = fhir_text(v, "resourceType");
		name = fhir_text(v, "name");
		if (!its || strcmp(its, id) != 0 || !type || !name ||
		    !fhir_type_valid(type))
			continue;
		snprintf(out->type, sizeof out->type, "%s", type);
		fhir_hash_name(m, '#', type, name, "", out->id);
		return;
	}
}

static int hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "Location?identifier=system|value", where '|' may be "%7C". */
static void conditional(struct fhir_map *m, const char *ref, const char *query,
			struct fhir_ref *out)
{
	static const char by[] = "identifier=";
	char text[512], *bar;
	size_t n = 0;

	if ((size_t)(query - ref) >= sizeof out->type)
		return;
	query++;
	if (strncmp(query, by, sizeof by - 1) != 0)
		return;
	for (query += sizeof by - 1; *query && *query != '&'; query++) {
		if (n + 1 >= sizeof text)
			return;
		text[n] = *query;
		if (*query == '%' && hex_digit(query[1]) >= 0 &&
		    hex_digit(query[2]) >= 0) {
			text[n] = (char)(hex_digit(query[1]) * 16 +
					 hex_digit(query[2]));
			query += 2;
		}
		n++;
	}
	text[n] = '\0';
	snprintf(out->type, sizeof out->type, "%.*s", (int)strcspn(ref, "?"),
		 ref);
	bar = strchr(text, '|');
	if (bar)
		*bar++ = '\0';
	fhir_hash_name(m, '?', out->type, bar ? text : "", bar ? bar : text,
		       out->id);
}

/* The last two parts of a path, without a version: "http://x/Patient/1",
 * "Patient/1/_history/2". The server's name is not part of an identity; who
 * brings ids of two servers names them with --source. */
static void by_path(const char *ref, struct fhir_ref *out)
{
	const char *end = strstr(ref, "/_history/");
	const char *id, *type;
	size_t id_len, type_len;

	if (!end)
		end = ref + strlen(ref);
	for (id = end; id > ref && id[-1] != '/'; id--)
		;
	if (id == ref)
		return;
	for (type = id - 1; type > ref && type[-1] != '/'; type--)
		;
	id_len = (size_t)(end - id);
	type_len = (size_t)(id - 1 - type);
	if (id_len >= sizeof out->id || type_len >= sizeof out->type)
		return;
	memcpy(out->id, id, id_len);
	memcpy(out->type, type, type_len);
	if (!fhir_id_valid(out->id) || !fhir_type_valid(out->type))
		memset(out, 0, sizeof *out);
}

void fhir_reference(struct fhir_map *m, json_t *v, struct fhir_ref *out)
{
	const char *ref = fhir_text(v, "reference");
	json_t *ident = json_object_get(v, "identifier");
	const char *type = fhir_text(v, "type");
	const char *query;

	memset(out, 0, sizeof *out);
	if (!ref) {
		const char *system = fhir_text(ident, "system");
		const char *value = fhir_text(ident, "value");

		if (!value || !type || !fhir_type_valid(type))
			return;
		snprintf(out->type, sizeof out->type, "%s", type);
		fhir_hash_name(m, '?', type, system ? system : "", value,
			       out->id);
	} else if (ref[0] == '#') {
		contained(m, ref + 1, out);
	} else if (strncmp(ref, "urn:", 4) == 0) {
		fhir_uuid(ref, out->id);
	} else if ((query = strchr(ref, '?')) != NULL) {
		conditional(m, ref, query, out);
	} else {
		by_path(ref, out);
	}
}
