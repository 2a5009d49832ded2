/* sheet_form: a form made of a sheet (regional/case/sheet.h): which columns it
 * asks for and under which label. It draws the fields, reads what was sent into
 * the record, and notices that somebody changed the record meanwhile.
 *
 * Fields are called as their columns. A text column may stand for a set of
 * words, "food, housing": then it is asked with boxes. What it returns lives in
 * the page's arena. */
#ifndef CCFED_SHEET_FORM_H
#define CCFED_SHEET_FORM_H

#include "daemon/web/page.h"
#include "regional/case/sheet.h"
#include "regional/desk/tpl_sheet_form.h"

enum sheet_form_how {
	FORM_AREA = 1 << 0,	/* several lines */
	FORM_OPTIONAL = 1 << 1, /* says so */
	FORM_BOXES = 1 << 2,	/* a set of words of the list @set */
};
struct sheet_form_field {
	const char *column, *label, *hint; /* hint NULL: none */
	unsigned how;
	const char *prompt; /* of a choice; NULL: one is chosen */
	const char *const
		*titles; /* SHEET_ONE, SHEET_YES: one for each value */
	enum words set;	 /* FORM_BOXES */
};
struct sheet_form {
	const struct sheet *sheet;
	const struct sheet_form_field *field;
	int n;
	const char *what; /* "this service" */
};

/* The form with @rec's values. @seen: it changes a record, and notices when
 * that changed. @save: the button; @cancel: an address, NULL none. NULL when
 * memory is out. */
struct tpl_sheet_form *sheet_form_new(struct page *p,
				      const struct sheet_form *f,
				      const void *rec, bool seen,
				      const char *save, const char *cancel);
/* What was sent into @rec. 0 also with page_errors. */
int sheet_form_read(struct page *p, const struct sheet_form *f, void *rec);
/* The same, for a record that stands: @rec holds what is stored now. If that is
 * not what the form began with, each field whose stored value is not the one
 * typed has an error that says it, and saving again puts the typed one there. */
int sheet_form_change(struct page *p, const struct sheet_form *f, void *rec);

#endif
