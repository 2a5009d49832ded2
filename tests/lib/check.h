/* check: what every test file includes: cmocka and the headers that it wants
 * before it, and the allocation sweep. */
#ifndef CCFED_TEST_CHECK_H
#define CCFED_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* Is the result 0? If not, the sentence that goes with it is printed. */
#define check_ok(call)                                               \
	do {                                                         \
		int r_ = (call);                                     \
		if (r_ != 0)                                         \
			fail_msg("%s: %s (%s)", #call, err_name(r_), \
				 err_text(r_));                      \
	} while (0)

/* Does the sentence of the last failure contain @part? */
#define check_says(part)                                                    \
	do {                                                                \
		if (!strstr(err_text(0), part))                             \
			fail_msg("\"%s\" does not say \"%s\"", err_text(0), \
				 part);                                     \
	} while (0)

/* Run a body with the first allocation failing, then the second, until none
 * of them does:
 *	SWEEP {
 *		int r = x_new(&x);
 *		SWEEP_END(r);
 *		x_free(x);
 *	}
 * SWEEP_END stops the failing and wants E_NOMEM when it has failed, else 0.
 * Run it under the address sanitizer, which finds what is not freed. */
#define SWEEP                                 \
	for (int sweep_n_ = 0, sweep_on_ = 1; \
	     sweep_on_ && (mem_fault(sweep_n_), 1); sweep_n_++)
#define SWEEP_END(r)                                                 \
	do {                                                         \
		int sweep_r_ = (r);                                  \
		sweep_on_ = mem_fault_off();                         \
		assert_int_equal(sweep_r_, sweep_on_ ? E_NOMEM : 0); \
	} while (0)

#endif
