#include "regional/desk/edit_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_select.h"
#include "regional/case/caregiver.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_word.h"

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* --- values as texts --- */

static const char *number_text(struct page *p, int64_t v, int64_t none)
{
	return v == none ? ""
			 : or_empty(arena_str(&p->a, "%lld", (long long)v));
}

static const char *set_text(struct page *p, const struct edit_field *f,
			    const char *rec)
{
	const char *word = rec + f->at;
	int n = *(const int *)(rec + f->count);
	const char *out = "";

	for (int i = 0; i < n && out; i++)
		out = arena_str(&p->a, "%s%s%s", out, i ? "," : "",
				word + i * VOCABULARY_ID);
	return or_empty(out);
}

const char *edit_text(struct page *p, const struct edit_field *f,
		      const void *rec)
{
	const char *at = (const char *)rec + f->at;
	char day[DATE_TEXT];

	switch (f->kind) {
	case EDIT_DAY:
		if (*(const int32_t *)at == NO_DATE)
			return "";
		date_format(*(const int32_t *)at, day);
		return or_empty(arena_dup(&p->a, day));
	case EDIT_YES:
		return *(const bool *)at ? "1" : "";
	case EDIT_TRI:
	case EDIT_INT:
		return number_text(p, *(const int64_t *)at, -1);
	case EDIT_PICK:
		return number_text(p, *(const int64_t *)at, 0);
	case EDIT_HELP:
		return *(const enum caregiver_help *)at == CAREGIVER_AS_FAMILY
			       ? ""
		       : *(const enum caregiver_help *)at == CAREGIVER_NEEDS_ONE
			       ? "1"
			       : "0";
	case EDIT_SET:
		return set_text(p, f, rec);
	default:
		return or_empty(arena_dup(&p->a, at));
	}
}

/* The title of @id in "id=Title|id=Title". */
static const char *one_said(struct page *p, const char *of, const char *id)
{
	size_t n = strlen(id);

	for (; of; of = strchr(of, '|') ? strchr(of, '|') + 1 : NULL) {
		if (strncmp(of, id, n) != 0 || of[n] != '=')
			continue;
		of += n + 1;
		return or_empty(
			arena_str(&p->a, "%.*s", (int)strcspn(of, "|"), of));
	}
	return id;
}

static const char *pick_said(struct page *p, const struct child_head *c,
			     const struct edit_field *f, const char *text)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_select_options)};
	const struct tpl_select_options *o;

	if (f->pick(p, c, &l) < 0)
		return text;
	o = l.items;
	for (size_t i = 0; i < l.n; i++)
		if (strcmp(o[i].value, text) == 0)
			return o[i].title;
	return text;
}

static const char *set_said(struct page *p, const struct edit_field *f,
			    const char *text)
{
	const char *out = "";

	while (*text && out) {
		size_t n = strcspn(text, ",");
		const char *id = arena_str(&p->a, "%.*s", (int)n, text);

		out = arena_str(&p->a, "%s%s%s", out, *out ? ", " : "",
				id ? desk_word(p, f->list, id) : "");
		text += n + (text[n] == ',');
	}
	return or_empty(out);
}

const char *edit_said(struct page *p, const struct child_head *c,
		      const struct edit_field *f, const char *text)
{
	int32_t day;

	if (f->kind == EDIT_YES)
		return *text == '1' ? "Yes" : "No";
	if (!*text)
		return f->none ? f->none : "nothing";
	switch (f->kind) {
	case EDIT_WORD:
		return desk_word(p, f->list, text);
	case EDIT_ONE:
		return one_said(p, f->of, text);
	case EDIT_TRI:
		return one_said(p, EDIT_YES_NO, text);
	case EDIT_HELP:
		return one_said(p, EDIT_HELPS, text);
	case EDIT_SET:
		return set_said(p, f, text);
	case EDIT_PICK:
		return pick_said(p, c, f, text);
	case EDIT_DAY:
		return date_parse(text, &day) == 0 ? day_text(&p->a, day)
						   : text;
	default:
		return text;
	}
}

static int set_words(struct page *p, const struct edit_field *f,
		     const char *text, char *rec)
{
	char(*word)[VOCABULARY_ID] = (void *)(rec + f->at);
	int room = (int)(f->size / VOCABULARY_ID), n = 0;

	while (*text) {
		size_t len = strcspn(text, ",");

		if (n == room || len >= VOCABULARY_ID) {
			page_error(p, f->name, "Choose at most %d", room);
			return E_INVALID;
		}
		memset(word[n], 0, VOCABULARY_ID);
		memcpy(word[n++], text, len);
		text += len + (text[len] == ',');
	}
	*(int *)(rec + f->count) = n;
	return 0;
}

static int set_number(struct page *p, const struct edit_field *f,
		      const char *text, int64_t none, void *at)
{
	char *end;
	int64_t v = strtoll(text, &end, 10);

	if (*text && (*end || v < 0 || strlen(text) > 15)) {
		page_error(p, f->name, "Enter a whole number");
		return E_INVALID;
	}
	*(int64_t *)at = *text ? v : none;
	return 0;
}

int edit_set(struct page *p, const struct edit_field *f, const char *text,
	     void *rec)
{
	char *at = (char *)rec + f->at;

	if (f->must && !*text && f->kind != EDIT_YES) {
		page_error(p, f->name,
			   f->kind == EDIT_LINE || f->kind == EDIT_AREA ||
					   f->kind == EDIT_DAY
				   ? "Enter: %s"
				   : "Choose: %s",
			   f->label);
		return E_INVALID;
	}
	switch (f->kind) {
	case EDIT_DAY:
		*(int32_t *)at = NO_DATE;
		if (*text && date_parse(text, (int32_t *)at) < 0) {
			page_error(p, f->name,
				   "Enter a date that exists, like "
				   "11/24/2026");
			return E_INVALID;
		}
		return 0;
	case EDIT_YES:
		*(bool *)at = *text == '1';
		return 0;
	case EDIT_TRI:
	case EDIT_INT:
		return set_number(p, f, text, -1, at);
	case EDIT_PICK:
		return set_number(p, f, text, 0, at);
	case EDIT_HELP:
		*(enum caregiver_help *)at = !*text ? CAREGIVER_AS_FAMILY
					     : *text == '1'
						     ? CAREGIVER_NEEDS_ONE
						     : CAREGIVER_NEEDS_NONE;
		return 0;
	case EDIT_SET:
		return set_words(p, f, text, rec);
	default:
		if (strlen(text) >= f->size) {
			page_error(p, f->name, "Enter at most %zu characters",
				   f->size - 1);
			return E_INVALID;
		}
		snprintf(at, f->size, "%s", text);
		return 0;
	}
}

/* --- what was sent --- */

/* 11/24/2026 as 2026-11-24; what is no date stays. */
static const char *day_sent(struct page *p, const char *text)
{
	char iso[40], day[DATE_TEXT];
	int y, m, d, used = 0;
	int32_t on;

	if (sscanf(text, "%2d/%2d/%4d%n", &m, &d, &y, &used) != 3 || text[used])
		return text;
	snprintf(iso, sizeof iso, "%04d-%02d-%02d", y, m, d);
	if (date_parse(iso, &on) < 0)
		return text;
	date_format(on, day);
	return or_empty(arena_dup(&p->a, day));
}

const char *edit_sent(struct page *p, const struct edit_field *f)
{
	const char *text = or_empty(page_form(p, f->name)), *out = "";
	char *copy;

	if (f->kind == EDIT_SET) {
		int n;
		const char *const *all = page_form_all(p, f->name, &n);

		for (int i = 0; i < n && out; i++)
			out = arena_str(&p->a, "%s%s%s", out, i ? "," : "",
					all[i]);
		return or_empty(out);
	}
	if (f->kind == EDIT_DAY)
		return day_sent(p, text);
	copy = arena_dup(&p->a, text);
	for (char *s = copy; s && *s; s++)
		if (*s == '\r' || *s == '\n' || *s == '\t')
			*s = ' ';
	return or_empty(copy);
}

/* --- undo --- */

const char *edit_undo_text(struct page *p, const struct edit *e,
			   const void *was, const void *now)
{
	const char *out = "";

	for (int i = 0; i < e->n && out; i++) {
		const char *a = edit_text(p, &e->field[i], was);
		const char *b = edit_text(p, &e->field[i], now);

		if (strcmp(a, b) != 0)
			out = arena_str(&p->a, "%s%s=%s=%s&", out,
					e->field[i].name, page_url(p, a),
					page_url(p, b));
	}
	return out && *out ? out : NULL;
}

/* The text between @from and @to, decoded. */
static const char *decoded(struct page *p, const char *from, const char *to)
{
	char *out = arena_alloc(&p->a, (size_t)(to - from) + 1), *at = out;
	char hex[3] = "";

	for (; out && from < to; from++) {
		if (*from == '%' && to - from > 2) {
			memcpy(hex, from + 1, 2);
			*at++ = (char)strtol(hex, NULL, 16);
			from += 2;
		} else {
			*at++ = *from;
		}
	}
	return or_empty(out);
}

int edit_undo(struct page *p, const struct edit *e, const char *text, void *rec)
{
	for (int i = 0; i < e->n; i++) {
		const struct edit_field *f = &e->field[i];
		const char *at = strstr(text, arena_str(&p->a, "%s=", f->name));
		const char *mid, *end;

		/* Names end others' names: "name" in "surname". */
		while (at && at != text && at[-1] != '&')
			at = strstr(at + 1, arena_str(&p->a, "%s=", f->name));
		if (!at)
			continue;
		at += strlen(f->name) + 1;
		mid = strchr(at, '=');
		end = mid ? strchr(mid, '&') : NULL;
		if (!end)
			return err_set(E_INVALID, "This can't be undone");
		if (strcmp(edit_text(p, f, rec), decoded(p, mid + 1, end)) != 0)
			return err_set(E_STATE,
				       "%s was changed again since; it stays",
				       f->label);
		if (edit_set(p, f, decoded(p, at, mid), rec) < 0)
			return E_INVALID;
	}
	return 0;
}
