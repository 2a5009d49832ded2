#include "regional/desk/desk_table.h"

#include "daemon/web/page.h"

void desk_table_begin(struct desk_table *t, struct page *p)
{
	*t = (struct desk_table){
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_table_rows)}};
}

struct tpl_table_rows_cells *desk_table_row(struct desk_table *t,
					    const char *name, const char *href,
					    int cells)
{
	struct tpl_table_rows_cells *c =
		arena_alloc(&t->p->a, (size_t)cells * sizeof *c);
	struct tpl_table_rows *row = c ? arena_add(&t->rows) : NULL;

	if (!row)
		return NULL;
	row->name = name;
	row->href = href;
	row->cells = c;
	row->cells_n = (size_t)cells;
	return c;
}

const struct tpl_table *desk_table_end(struct desk_table *t,
				       const char *caption,
				       const char *const *title, int columns,
				       bool sortable)
{
	const struct tpl_table_rows *row = t->rows.items;
	struct tpl_table *out = arena_alloc(&t->p->a, sizeof *out);
	struct tpl_table_columns *c =
		arena_alloc(&t->p->a, (size_t)columns * sizeof *c);

	if (!out || !c || t->rows.n == 0)
		return NULL;
	for (int i = 0; i < columns; i++) {
		c[i].title = title[i];
		c[i].number = i > 0 && row->cells[i - 1].number;
	}
	*out = (struct tpl_table){.caption = caption,
				  .quiet = true,
				  .sortable = sortable,
				  .columns = c,
				  .columns_n = (size_t)columns,
				  .rows = row,
				  .rows_n = t->rows.n};
	return out;
}
