/* edit_form: the forms in which a record of a child is changed, told by tables:
 * a field is one line, and drawing, reading, the earlier values, two people at
 * one record, and undo follow from it.
 *
 * Two people: a form carries in "was_NAME" the values that it began from. If
 * another has changed the record meanwhile, nothing is written; both values of
 * each field that differs stand side by side, and the person takes one of them
 * ("take_NAME": mine or theirs; "saw_NAME" is what stood there). A value that
 * changes again while they choose is asked about again.
 *
 * Values are compared as texts, the same that the audit has: a day as
 * 2026-11-24, a yes as "1", words as their ids. */
#ifndef CCFED_EDIT_FORM_H
#define CCFED_EDIT_FORM_H

#include <stddef.h>

#include "daemon/web/page.h"
#include "regional/desk/tpl_edit_parts.h"
#include "proto/vocabulary.h"
#include "regional/desk/child_head.h"

enum edit_kind {
	EDIT_LINE, /* char[] */
	EDIT_AREA, /* char[], several lines high */
	EDIT_WORD, /* char[], of the vocabulary */
	EDIT_ONE,  /* char[], of those that .of names */
	EDIT_SET,  /* char[][VOCABULARY_ID], words; their number at .count */
	EDIT_DAY,  /* int32_t, or NO_DATE */
	EDIT_YES,  /* bool: a box */
	EDIT_TRI,  /* int64_t: 1, 0, or -1 for not known */
	EDIT_HELP, /* enum caregiver_help */
	EDIT_INT,  /* int64_t, or -1 for not known */
	EDIT_PICK, /* int64_t: an id that .pick offers; 0 none */
};

struct edit;
/* What may be chosen, in a list of struct tpl_select_options. */
typedef int edit_pick_fn(struct page *p, const struct child_head *c,
			 struct arena_list *options);

struct edit_field {
	const char *name; /* as the audit has it */
	const char *label, *hint;
	enum edit_kind kind;
	size_t at, size;
	enum words list;
	const char *of;	    /* "female=Female|male=Male" */
	edit_pick_fn *pick; /* EDIT_PICK */
	const char *none;   /* what choosing nothing means; NULL: not known */
	size_t count;	    /* EDIT_SET: where its int is */
	bool must;	    /* may not be empty */
	bool once;	    /* only when it is added; fixed later */
};

enum edit_may {
	EDIT_ADD = 1 << 0,    /* .../new */
	EDIT_CHANGE = 1 << 1, /* of a record that is there */
	EDIT_UNDO = 1 << 2,   /* a change can be put back by .write */
	EDIT_FRESH = 1 << 3,  /* what it begins from is no stored value */
};
struct edit {
	const char *what; /* in the address */
	const char *title, *save;
	const char *table; /* in the audit; static */
	const char *tab;   /* of the record's pages, and its path */
	unsigned may;
	const struct edit_field *field;
	int n;
	size_t size;	  /* of the struct */
	const char *help; /* NULL none */
	/* Another form of the same row, and what leading there is called. */
	const char *also, *also_title;
	/* The record, which is this child's (else E_NOTFOUND); @row 0: what a
	 * new one begins with. */
	int (*read)(struct page *p, const struct child_head *c, int64_t row,
		    void *rec);
	int (*write)(struct page *p, const struct child_head *c, int64_t row,
		     const void *rec);
	/* What to know before; NULL: nothing. *out lives as long as the page */
	int (*before)(struct page *p, const struct child_head *c, int64_t row,
		      const void *rec, const char **out);
	/* It should never have been written; NULL: can't be said. */
	int (*wrong)(struct page *p, int64_t row);
};

/* --- edit_value.c --- */
/* Choices of EDIT_TRI and EDIT_HELP. */
#define EDIT_YES_NO "1=Yes|0=No"
#define EDIT_HELPS "0=Not needed|1=Needed"

/* The value of @f in @rec, and as people read it. "" when not known. */
const char *edit_text(struct page *p, const struct edit_field *f,
		      const void *rec);
const char *edit_said(struct page *p, const struct child_head *c,
		      const struct edit_field *f, const char *text);
/* @text into @rec; what does not fit is a page_error, and E_INVALID. */
int edit_set(struct page *p, const struct edit_field *f, const char *text,
	     void *rec);
/* What was sent for @f, "" for nothing. */
const char *edit_sent(struct page *p, const struct edit_field *f);

/* --- edit_form.c --- */
/* How many fields of the form that was sent differ from @now, which is not
 * what it began from. */
int edit_conflicts(struct page *p, const struct edit *e, const void *now);
/* What was sent, into @rec, which holds @now's values. */
int edit_read(struct page *p, const struct edit *e, bool adding, void *rec);

/* The parts of the form, struct tpl_edit_parts_parts; @now as stored. Sets
 * *conflict. */
int edit_draw(struct page *p, const struct child_head *c, const struct edit *e,
	      bool adding, const void *now, struct arena_list *parts,
	      bool *conflict);
/* Hidden values that the form began from, struct tpl_edit_began. */
void edit_began(struct page *p, const struct edit *e, const void *now,
		struct arena_list *out);

/* --- edit_value.c --- */
/* What puts back the change from @was to @now, and doing so into @rec: E_STATE
 * if it is not any more what the change made it. */
const char *edit_undo_text(struct page *p, const struct edit *e,
			   const void *was, const void *now);
int edit_undo(struct page *p, const struct edit *e, const char *text,
	      void *rec);

#endif
