/* SPDX-License-Identifier: GPL-2.0-only */
/* The remote's memory, drawn. */
#ifndef RPROCCTL_MAP_H
#define RPROCCTL_MAP_H

#include "model.h"

/**
 * map_print() - draw what lies where in every region
 * @f: where to
 * @m: the remote
 * @ascii: use ASCII characters only
 *
 * A row for each thing, its bar where it lies in the region; a thing within
 * another is indented under it. Widths go with the square root of the size, so
 * that a table of 300 bytes and 4 MiB of free space can both be seen, and
 * nothing is narrower than a column. Free space gets rows too.
 */
void map_print(FILE *f, const struct model *m, bool ascii);

#endif /* RPROCCTL_MAP_H */
