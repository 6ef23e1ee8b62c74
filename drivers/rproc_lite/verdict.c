// SPDX-License-Identifier: GPL-2.0-only
/* Why something was refused: the one writer of struct rproc_lite_verdict. */
#include "verdict.h"

int rl_refuse(struct rproc_lite_verdict *v, int error, u32 where, u32 index,
	      u64 offset, const char *fmt, ...)
{
	va_list args;

	memset(v, 0, sizeof(*v));
	v->error = error;
	v->where = where;
	v->index = index;
	v->offset = offset;
	va_start(args, fmt);
	vsnprintf(v->text, sizeof(v->text), fmt, args);
	va_end(args);
	return error;
}
