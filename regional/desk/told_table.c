#include "regional/desk/told_table.h"

#include "daemon/core/db.h"
#include "daemon/web/page.h"
#include "regional/case/field.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"

static const char *said(struct page *p, const struct told_table *t,
			struct rows *r, int i)
{
	const char *text = rows_text(r, i + 1);

	if (!text)
		return "";
	switch (t->cell[i].as) {
	case TOLD_DAY:
		return day_text(&p->a, field_day_of_sql(text));
	case TOLD_WORD:
		return desk_word(p, t->cell[i].list, arena_dup(&p->a, text));
	case TOLD_YES:
		return text[0] == '1' ? "Yes" : "No";
	case TOLD_TEXT:
		break;
	}
	return arena_dup(&p->a, text);
}

int told_table_read(struct page *p, int64_t child, int64_t second,
		    const struct told_table *t, const struct tpl_table **out)
{
	struct tpl_table_rows_cells *cell;
	struct desk_table table;
	const char *href = NULL;
	struct rows r;
	int x;

	desk_table_begin(&table, p);
	x = db_rows(p->db, &r, t->sql, "ii", child, second);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		x = 0;
		if (t->what)
			href = arena_str(&p->a, "child/%lld/edit/%s/%lld",
					 (long long)child, t->what,
					 (long long)rows_int(&r, 0));
		cell = desk_table_row(&table, said(p, t, &r, 0),
				      t->act ? NULL : href, t->n - 1);
		for (int i = 1; cell && i < t->n; i++)
			cell[i - 1].text = said(p, t, &r, i);
		if (cell && t->act && !*cell[t->n - 2].text) {
			cell[t->n - 2].text = t->act;
			cell[t->n - 2].href = href;
		}
	}
	rows_end(&r);
	*out = desk_table_end(&table, t->caption, t->title, t->n, false);
	return x < 0 ? x : 0;
}
