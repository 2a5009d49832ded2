/* signin: the pages by which people come in and go: sign-in, time code, link,
 * sign-out; and what pages of accounts share with them. */
#ifndef CCFED_SIGNIN_H
#define CCFED_SIGNIN_H

#include "daemon/web/page_impl.h"
#include "daemon/web/tpl_account_form.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_select.h"

/* A field of a form with its error; not the value. */
const struct tpl_field *signin_field(struct page *p, const char *name,
				     const char *label, const char *hint);
/* The same for a password; @autocomplete as HTML has it. */
const struct tpl_field *signin_password(struct page *p, const char *name,
					const char *label, const char *hint,
					const char *autocomplete);
const struct tpl_buttons *signin_button(struct page *p, const char *title,
					const char *cancel);
/* The choice of a language, field "lang". */
const struct tpl_select *signin_languages(struct page *p, enum lang lang);
/* The two fields of a new password; 0, or E_INVALID and page_errors. */
int signin_new_password(struct page *p);
/* Hash it in the pool, then @then, which finds the hash by page_data. */
int signin_hash_then(struct page *p, page_fn *then);
/* Only so many passwords are hashed at a time: 64 MiB each. False: too many;
 * then the form says so. */
bool signin_hash_begin(struct page *p);
void signin_hash_end(struct page *p);
/* Note in the site's audit that @field of account @id was changed. */
int signin_audit(struct page *p, int64_t id, const char *field);
/* The role that administers accounts here. */
unsigned signin_chief(const struct page *p);

#endif
