/* bus_nano: the bus over nanomsg: one cooked REQ per dialer, one raw REP per
 * listener, polled by libuv through NN_RCVFD, level-triggered.
 *
 * The listener hands over at most BUS_BATCH messages a turn and never takes
 * EAGAIN to mean "empty" (raw REP says so after a malformed frame). Socket
 * options follow the measurements in nanomsg 1.1.5: NN_RCVMAXSIZE BUS_MAX,
 * NN_TCP_NODELAY, NN_RECONNECT_IVL 100 ms up to 2 s, NN_REQ_RESEND_IVL 30 s. */
#ifndef CCFED_BUS_NANO_H
#define CCFED_BUS_NANO_H

#include "daemon/core/bus.h"

struct uv_loop_s;

/* A bus on @loop, borrowed. On 0 the caller owns *out. */
int bus_nano_new(struct bus **out, struct uv_loop_s *loop);
/* After every listener and dialer was closed and the loop ran once more. */
void bus_nano_free(struct bus *b);

#endif
