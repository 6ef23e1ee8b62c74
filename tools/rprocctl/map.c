// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "map.h"
#include "term.h"
#include "text.h"

#define KIND_FREE	0	/* no enum rproc_lite_placement_kind */
#define BAR_MIN		16
#define BAR_MAX		64
#define ROW_FIXED	20	/* columns of a row beside address, bar and label */
#define LABEL_ROOM	24	/* columns kept for what a row says at its end */

/* A row: something placed, or free space. Addresses are da; @end is past it. */
struct row {
	u64 start;
	u64 end;
	u32 kind;
	unsigned int depth;
	const struct rproc_lite_placement *p;
};

/* One region's rows, and the scale that they are drawn to. */
struct map {
	struct row *row;
	size_t num_rows;
	u64 *edge;		/* where anything begins or ends, rising */
	unsigned int *column;	/* of each edge */
	size_t num_edges;
	unsigned int width;
	int digits;		/* of an address */
	bool ascii;
};

static const struct style {
	const char *block;
	char ascii;
	const char *color;
} styles[] = {
	[KIND_FREE] = { "\u2591", '.', TERM_DIM },
	[RPROC_LITE_PLACED_SEGMENT] = { "\u2588", '#', TERM_BLUE },
	[RPROC_LITE_PLACED_TABLE] = { "\u2593", 'T', TERM_MAGENTA },
	[RPROC_LITE_PLACED_CARVEOUT] = { "\u2592", '=', TERM_CYAN },
	[RPROC_LITE_PLACED_DEVMEM] = { "\u2592", '~', TERM_CYAN },
	[RPROC_LITE_PLACED_TRACE] = { "\u2593", 't', TERM_YELLOW },
	[RPROC_LITE_PLACED_VRING] = { "\u2593", 'v', TERM_GREEN },
	[RPROC_LITE_PLACED_BUFFERS] = { "\u2592", 'b', TERM_GREEN },
};

static const struct style unknown_style = { "\u2592", '?', NULL };

/* By address, what encloses before what is enclosed. */
static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

static int compare_edges(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

static u64 region_end(const struct rproc_lite_region *r)
{
	return r->size > U64_MAX - r->da ? U64_MAX : r->da + r->size;
}

static void add_row(struct map *map, u64 start, u64 end, u32 kind,
		    const struct rproc_lite_placement *p)
{
	map->row[map->num_rows++] = (struct row){
		.start = start, .end = end, .kind = kind, .p = p,
	};
}

/* A window shows what is placed in it, whatever region that belongs to. */
static bool is_in(const struct rproc_lite_placement *p, const struct rproc_lite_region *r)
{
	if (!(r->flags & RPROC_LITE_REGION_WINDOW))
		return p->region == r->index;
	return rl_overlaps(p->da, p->size, r->da, region_end(r) - r->da);
}

/* The things in the region, cut to it, in order. */
static void add_placements(struct map *map, const struct model *m,
			   const struct rproc_lite_region *r)
{
	const struct rproc_lite_placement *p;
	u64 start, end, limit = region_end(r);
	size_t i;

	for (i = 0; i < m->num_placements; i++) {
		p = &m->placements[i];
		if (!is_in(p, r) || !p->size || p->da >= limit)
			continue;
		start = p->da < r->da ? r->da : p->da;
		end = p->size > limit - p->da ? limit : p->da + p->size;
		if (end > start)
			add_row(map, start, end, p->kind, p);
	}
	if (map->num_rows)
		qsort(map->row, map->num_rows, sizeof(*map->row), compare_rows);
}

/* How many of the rows before it enclose a row. Rows are in order. */
static void set_depths(struct map *map)
{
	size_t i, k;

	for (i = 0; i < map->num_rows; i++) {
		for (k = i; k-- > 0; ) {
			if (map->row[k].end >= map->row[i].end) {
				map->row[i].depth = map->row[k].depth + 1;
				break;
			}
		}
	}
}

/* Rows for what nothing covers. Returns the bytes. */
static u64 add_free(struct map *map, const struct rproc_lite_region *r)
{
	u64 covered = r->da, limit = region_end(r), total = 0;
	size_t i, n = map->num_rows;

	for (i = 0; i < n; i++) {
		if (map->row[i].start > covered) {
			add_row(map, covered, map->row[i].start, KIND_FREE, NULL);
			total += map->row[i].start - covered;
		}
		if (map->row[i].end > covered)
			covered = map->row[i].end;
	}
	if (limit > covered) {
		add_row(map, covered, limit, KIND_FREE, NULL);
		total += limit - covered;
	}
	if (map->num_rows > n)
		qsort(map->row, map->num_rows, sizeof(*map->row), compare_rows);
	return total;
}

static void set_edges(struct map *map)
{
	size_t i, n = 0;

	for (i = 0; i < map->num_rows; i++) {
		map->edge[n++] = map->row[i].start;
		map->edge[n++] = map->row[i].end;
	}
	if (n)
		qsort(map->edge, n, sizeof(*map->edge), compare_edges);
	map->num_edges = 0;
	for (i = 0; i < n; i++)
		if (!i || map->edge[i] != map->edge[i - 1])
			map->edge[map->num_edges++] = map->edge[i];
}

static u64 square_root(u64 n)
{
	u64 root = 0, bit = 1ULL << 62;

	while (bit > n)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (n >= root + bit) {
			n -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}

/*
 * Give every stretch between two edges a column, and share what is left by the
 * square root of its size. Where there are more stretches than columns, some
 * share one.
 */
static void set_columns(struct map *map)
{
	size_t i, stretches = map->num_edges - 1;
	u64 total = 0, sum = 0, spare;

	for (i = 0; i < stretches; i++)
		total += square_root(map->edge[i + 1] - map->edge[i]);
	spare = stretches < map->width ? map->width - stretches : 0;
	map->column[0] = 0;
	for (i = 0; i < stretches; i++) {
		sum += square_root(map->edge[i + 1] - map->edge[i]);
		if (stretches <= map->width)
			map->column[i + 1] = (unsigned int)(i + 1 + (spare * sum + total / 2) /
							    total);
		else
			map->column[i + 1] = (unsigned int)((i + 1) * map->width / stretches);
	}
}

static unsigned int column_of(const struct map *map, u64 addr)
{
	const u64 *edge = bsearch(&addr, map->edge, map->num_edges, sizeof(*map->edge),
				  compare_edges);

	return edge ? map->column[edge - map->edge] : 0;
}

static void print_bar(FILE *f, const struct map *map, const struct row *row)
{
	const struct style *style = row->kind < ARRAY_SIZE(styles) ?
				    &styles[row->kind] : &unknown_style;
	unsigned int i, from = column_of(map, row->start), to = column_of(map, row->end);

	if (from >= map->width)
		from = map->width - 1;
	if (to <= from)
		to = from + 1;
	fprintf(f, "%s%*s", map->ascii ? "|" : "\u2502", (int)from, "");
	term_paint(f, style->color);
	for (i = from; i < to; i++) {
		if (map->ascii)
			fputc(style->ascii, f);
		else
			fputs(style->block, f);
	}
	term_plain(f);
	fprintf(f, "%*s%s", (int)(map->width - to), "", map->ascii ? "|" : "\u2502");
}

static bool is_named_by_kernel(u32 kind)
{
	return kind == RPROC_LITE_PLACED_SEGMENT || kind == RPROC_LITE_PLACED_VRING ||
	       kind == RPROC_LITE_PLACED_BUFFERS;
}

/* "segment 0 r-x", "trace "log0"": the kind only where the name doesn't say it. */
static void print_label(FILE *f, const struct row *row)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	const char *kind = model_kind_name(row->kind);

	if (row->kind == KIND_FREE)
		fputs("free", f);
	else if (row->kind == RPROC_LITE_PLACED_TABLE)
		fputs("resource table", f);
	else if (!row->p->name[0])
		fprintf(f, "%s %u", kind, row->p->source);
	else if (is_named_by_kernel(row->kind))
		fputs(text_escape(name, sizeof(name), row->p->name), f);
	else	/* the firmware's word, which may be anything */
		fprintf(f, "%s \"%s\"", kind, text_escape(name, sizeof(name), row->p->name));
}

static void print_row(FILE *f, const struct map *map, const struct row *row)
{
	char size[TEXT_SIZE_MAX];

	fprintf(f, "  0x%0*llx  ", map->digits, (unsigned long long)row->start);
	print_bar(f, map, row);
	fprintf(f, "  %10s  %*s", text_size(size, row->p ? row->p->size : row->end - row->start),
		(int)(row->depth < 8 ? row->depth * 2 : 16), "");
	print_label(f, row);
	fputc('\n', f);
}

static void print_heading(FILE *f, const struct map *map,
			  const struct rproc_lite_region *r, u64 free_bytes)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], size[TEXT_SIZE_MAX];

	term_paint(f, TERM_BOLD);
	fputs(text_escape(name, sizeof(name), r->name), f);
	term_plain(f);
	fprintf(f, "  0x%0*llx..0x%0*llx  %s %s", map->digits, (unsigned long long)r->da,
		map->digits, (unsigned long long)region_end(r), text_size(size, r->size),
		r->flags & RPROC_LITE_REGION_WINDOW ? "window" :
		r->flags & RPROC_LITE_REGION_IO ? "of device memory" : "of RAM");
	if (free_bytes == r->size)
		fputs(", all free", f);
	else
		fprintf(f, ", %s free", text_size(size, free_bytes));
	if (r->pa != r->da)
		fprintf(f, ", pa 0x%llx", (unsigned long long)r->pa);
	fputc('\n', f);
}

static void print_region(FILE *f, struct map *map, const struct model *m,
			 const struct rproc_lite_region *r)
{
	u64 free_bytes;
	size_t i;

	map->num_rows = 0;
	add_placements(map, m, r);
	set_depths(map);
	free_bytes = add_free(map, r);
	print_heading(f, map, r, free_bytes);
	if (!map->num_rows)
		return;
	set_edges(map);
	set_columns(map);
	for (i = 0; i < map->num_rows; i++)
		print_row(f, map, &map->row[i]);
}

/* Hexadecimal digits that the longest address needs. */
static int address_digits(const struct model *m)
{
	int digits = 8;
	size_t i;
	u64 end;

	for (i = 0; i < m->num_regions; i++) {
		end = region_end(&m->regions[i]);
		while (digits < 16 && end >> (digits * 4))
			digits++;
	}
	return digits;
}

void map_print(FILE *f, const struct model *m, bool ascii)
{
	size_t i, most = m->num_placements;
	struct map map = {
		.digits = address_digits(m),
		.ascii = ascii || !term_utf8(),
		/* Between any two things, and at both ends, there may be a gap. */
		.row = calloc(2 * most + 1, sizeof(*map.row)),
		.edge = calloc(4 * most + 2, sizeof(*map.edge)),
		.column = calloc(4 * most + 2, sizeof(*map.column)),
	};
	int width = term_width(f) - map.digits - LABEL_ROOM - ROW_FIXED;

	map.width = width < BAR_MIN ? BAR_MIN : width > BAR_MAX ? BAR_MAX : (unsigned int)width;
	if (map.row && map.edge && map.column) {
		for (i = 0; i < m->num_regions; i++)
			print_region(f, &map, m, &m->regions[i]);
	}
	free(map.row);
	free(map.edge);
	free(map.column);
}
