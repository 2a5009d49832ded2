#include "tests/lib/digest.h"

#include "tests/lib/check.h"

#include <sodium.h>

#include "daemon/core/db.h"

enum { TABLES_MAX = 200, TABLE_NAME = 64 };

static void hash_table(struct db *db, const char *table, unsigned char h[32])
{
	char sql[TABLE_NAME + 60];
	struct rows rows;
	int x;

	snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2, 3", table);
	if (strcmp(table, "node") == 0 || strcmp(table, "closing_state") == 0)
		return;
	x = db_rows(db, &rows, sql, NULL);
	if (x < 0) { /* of fewer than three columns */
		snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2",
			 table);
		rows_end(&rows);
		x = db_rows(db, &rows, sql, NULL);
	}
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = 0;
		for (int c = 0; c < rows_columns(&rows); c++) {
			size_t len = 1;
			const void *is = rows_blob(&rows, c, &len);

			if (!is || len == 0) {
				is = "\x01";
				len = 1;
			}
			crypto_generichash(h, 32, is, len, h, 32);
		}
	}
	rows_end(&rows);
	assert_int_equal(x, ROWS_DONE);
}

void digest_of(struct db *db, char out[DIGEST_TEXT])
{
	static char names[TABLES_MAX][TABLE_NAME];
	unsigned char h[32] = {0};
	struct rows rows;
	int n = 0, x;

	x = db_rows(db, &rows,
		    "SELECT name FROM sqlite_master WHERE type = 'table'"
		    " AND name NOT LIKE 'sqlite%' AND name NOT IN ('audit',"
		    " 'history', 'attachment', 'attachment_content',"
		    " 'child_key') ORDER BY name",
		    NULL);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		assert_true(n < TABLES_MAX);
		snprintf(names[n++], TABLE_NAME, "%s", rows_text(&rows, 0));
		x = 0;
	}
	rows_end(&rows);
	assert_int_equal(x, ROWS_DONE);
	for (int i = 0; i < n; i++)
		hash_table(db, names[i], h);
	sodium_bin2hex(out, DIGEST_TEXT, h, sizeof h);
}
