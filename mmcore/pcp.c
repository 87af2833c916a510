/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcp.c - per-CPU lists: the page allocator's front, as Linux has it.
 *
 * A list belongs to its CPU: being inside (cpus.h) is the only exclusion, so the fast path
 * takes no lock and writes no line another CPU reads. The price: frames in a list are out of
 * reach of other CPUs; an allocation that finds nothing else drains them all (pages_slow.c).
 *
 * How much a list holds adapts, as Linux does since 6.7 (52166607ecc9, "mm: restrict the pcp
 * batch scale factor", and the series around it; nr_pcp_alloc(), nr_pcp_free(), nr_pcp_high(),
 * decay_pcp_high()): refills in a row double what the next one takes, up to 32 batches, and
 * raise the high mark; drains in a row raise the mark to what was freed; what is not used
 * decays. pcp_batch and pcp_high are where it starts and returns to, pcp_high_max is where it
 * ends. Differs from Linux: the marks are of each list and not of their sum, frees in a row
 * are seen only where the list was refilled or drained, and the decay counts refills and
 * drains of the CPU instead of seconds, so that what happens depends on the operations alone.
 */
#include "core.h"

#define SCALE_MAX 5U
/* Decay one eighth after so many refills and drains. More: idle lists keep frames longer. */
#define DECAY_MOVES 64U
/* Blocks of one order may hold this part of what single frames may. More: less hidden. */
#define BLOCKS_SHARE 4U
/* No list holds more than this: 256 KiB of pfns. */
#define HIGH_LIMIT 65536UL

static const uint8_t block_order[PCP_BLOCK_LISTS] = {1, 2, 3, PAGEBLOCK_ORDER};

/* Its place in the arrays, or PCP_BLOCK_LISTS. */
static unsigned int block_list(unsigned int order)
{
	unsigned int i = 0;

	while (i < PCP_BLOCK_LISTS && block_order[i] != order)
		i++;
	return i;
}

static unsigned long smaller(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

static unsigned long larger(unsigned long a, unsigned long b)
{
	return a > b ? a : b;
}

static void set_count(struct pcp_list *list, unsigned long count)
{
	__atomic_store_n(&list->count, (uint32_t)count, __ATOMIC_RELAXED);
	list->settled = (uint32_t)count;
}

/* Where the list's mark starts and decays to. */
static unsigned long base_high(const struct tri_core *core, const struct pcp_list *list)
{
	return smaller(core->tunable[TRI_TUNABLE_pcp_high], list->high_max);
}

static bool zone_is_short(struct tri_core *core, struct zone *zone)
{
	return zone_free(core, zone) < zone->watermark[WATERMARK_HIGH];
}

/* The oldest @n go back; the others move down. */
static void put_oldest(struct tri_core *core, struct pcp_list *list, struct zone *zone,
		       unsigned long n)
{
	unsigned long rest = list->count - n;

	zone_put_bulk(core, zone, list->pfn, n);
	/* In steps of the distance: what is copied never overlaps. */
	for (unsigned long at = 0; at < rest; at += n)
		memcpy(&list->pfn[at], &list->pfn[at + n],
		       smaller(n, rest - at) * sizeof(*list->pfn));
	set_count(list, rest);
}

/* One eighth of what is above the base goes, and the frames above the new mark. */
static void decay(struct tri_core *core, struct pcp *pcp)
{
	for (unsigned int place = 0; place < PLACES; place++) {
		struct pcp_list *list = &pcp->list[place];
		unsigned long base = base_high(core, list);

		if (list->high <= base)
			continue;
		list->high = (uint32_t)larger(list->high - list->high / 8, base);
		if (list->count > list->high)
			put_oldest(core, list, zone_of_place(&core->zones, place),
				   list->count - list->high);
	}
}

static void moved(struct tri_core *core, struct pcp *pcp)
{
	if (++pcp->moves % DECAY_MOVES == 0)
		decay(core, pcp);
}

/* How many frames an empty list asks for. */
static unsigned long refill_size(struct tri_core *core, struct pcp_list *list, struct zone *zone)
{
	unsigned long base = core->tunable[TRI_TUNABLE_pcp_batch], batch = base << list->scale;
	unsigned long most;

	if (list->high < base)
		return 1;
	if (!zone_is_short(core, zone))
		list->high = (uint32_t)smaller(list->high + batch, list->high_max);
	most = larger(list->high - base, base);
	if (batch <= most && list->scale < SCALE_MAX)
		list->scale++;
	return smaller(smaller(batch, most), list->room);
}

static unsigned long number_of(const struct tri_core *core, const struct zone *zone)
{
	return (unsigned long)(zone - core->zones.zone);
}

bool pcp_refill(struct tri_core *core, struct pcp *pcp, struct zone *zone, enum migratetype type,
		unsigned long most)
{
	struct pcp_list *list = &pcp->list[zone->place | (unsigned int)type << 2];
	unsigned long n;

	if (!list->room)
		return false;
	moved(core, pcp);
	n = smaller(refill_size(core, list, zone), most);
	n = zone_take_bulk(core, zone, type, list->pfn, n);
	/* They are popped from the end: the one to be used first must come to stand there. */
	for (unsigned long i = 0; i < n / 2; i++) {
		uint32_t first = list->pfn[i];

		list->pfn[i] = list->pfn[n - 1 - i];
		list->pfn[n - 1 - i] = first;
	}
	set_count(list, n);
	list->freed = 0;
	list->drained = 0;
	tri_count(core, TRI_EVENT_pcp_refill, 1);
	trace_pcp_refill(number_of(core, zone), type, n);
	return n;
}

void pcp_push_full(struct tri_core *core, struct pcp *pcp, unsigned int place, uint32_t pfn)
{
	struct pcp_list *list = &pcp->list[place];
	struct zone *zone = zone_of_place(&core->zones, place);
	unsigned long batch = core->tunable[TRI_TUNABLE_pcp_batch], most, lot = 0;

	moved(core, pcp);
	list->scale = 0;
	list->freed += list->count > list->settled ? list->count - list->settled : 0;
	if (zone_is_short(core, zone))
		list->high = (uint32_t)larger(list->high - smaller(list->high, batch),
					      base_high(core, list));
	else
		list->high =
			(uint32_t)larger(list->high, smaller(list->freed + batch, list->high_max));
	/*
	 * Frees in a row go back in ever larger lots; a batch stays for what is allocated next.
	 * A large lot at once would make those who free as many as the list holds, and then
	 * allocate them again, go to the zone for half of them each time.
	 */
	if (list->count >= list->high || list->count == list->room) {
		most = larger(list->count - smaller(list->count, batch), 1);
		lot = smaller(batch << list->drained, most);
		put_oldest(core, list, zone, lot);
		if (list->drained < SCALE_MAX)
			list->drained++;
	}
	tri_count(core, TRI_EVENT_pcp_drain, 1);
	trace_pcp_drain(number_of(core, zone), place_type(place), lot);
	list->pfn[list->count] = pfn;
	__atomic_store_n(&list->count, list->count + 1, __ATOMIC_RELAXED);
}

struct frame *pcp_pop_block(struct tri_core *core, struct pcp *pcp, unsigned int place,
			    unsigned int order)
{
	unsigned int i = block_list(order);
	struct frame_list *list = &pcp->blocks[place][i];

	if (i == PCP_BLOCK_LISTS || !list->count)
		return NULL;
	return frame_list_pop_head(&core->frames, list);
}

bool pcp_push_block(struct tri_core *core, struct pcp *pcp, struct frame *frame, unsigned int order)
{
	unsigned int i = block_list(order), place = frame_place(frame);

	if (i == PCP_BLOCK_LISTS)
		return false;
	if ((pcp->blocks[place][i].count + 1) << order > pcp->list[place].high_max / BLOCKS_SHARE)
		return false;
	frame_list_push_head(&core->frames, &pcp->blocks[place][i], frame);
	return true;
}

/* Inside, or the CPU is stopped. */
static void drain_place(struct tri_core *core, struct pcp *pcp, unsigned int place)
{
	struct pcp_list *list = &pcp->list[place];
	struct zone *zone = zone_of_place(&core->zones, place);

	if (list->count)
		zone_put_bulk(core, zone, list->pfn, list->count);
	set_count(list, 0);
	list->scale = 0;
	list->freed = 0;
	list->drained = 0;
	if (list->hot != PCP_NONE)
		zone_put_bulk(core, zone, &list->hot, 1);
	__atomic_store_n(&list->hot, PCP_NONE, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < PCP_BLOCK_LISTS; i++) {
		struct frame_list *blocks = &pcp->blocks[place][i];

		while (blocks->count)
			zone_put(core, zone, frame_list_pop_head(&core->frames, blocks),
				 block_order[i]);
	}
}

static void drain_cpu(struct tri_core *core, struct tri_cpu *cpu)
{
	for (unsigned int place = 0; place < PLACES; place++)
		drain_place(core, &cpu->pcp, place);
}

void pcp_drain(struct tri_core *core)
{
	struct tri_cpu *cpu = tri_enter(core);

	drain_cpu(core, cpu);
	tri_leave(cpu);
}

void pcp_drain_all(struct tri_core *core)
{
	struct tri_cpu *self = tri_enter(core);

	for (unsigned int i = 0; i < core->cpus; i++)
		drain_cpu(core, &core->cpu[i]);
	tri_leave(self);
}

unsigned long pcp_count(const struct pcp *pcp, unsigned int place)
{
	const struct pcp_list *list = &pcp->list[place];
	unsigned long frames = __atomic_load_n(&list->count, __ATOMIC_RELAXED);

	frames += __atomic_load_n(&list->hot, __ATOMIC_RELAXED) != PCP_NONE;
	for (unsigned int i = 0; i < PCP_BLOCK_LISTS; i++)
		frames += frame_list_count(&pcp->blocks[place][i]) << block_order[i];
	return frames;
}

unsigned long pcp_frames(const struct tri_core *core)
{
	unsigned long frames = 0;

	for (unsigned int cpu = 0; cpu < core->cpus; cpu++)
		for (unsigned int place = 0; place < PLACES; place++)
			frames += pcp_count(&core->cpu[cpu].pcp, place);
	return frames;
}

/* An eighth of the zone over all CPUs: Linux's MIN_PERCPU_PAGELIST_HIGH_FRACTION. */
static unsigned long high_max(const struct tri_config *config, unsigned long managed)
{
	unsigned long max = config->tunable[TRI_TUNABLE_pcp_high_max];

	if (!max)
		max = larger(config->tunable[TRI_TUNABLE_pcp_high], managed / 8 / config->cpus);
	return smaller(smaller(max, HIGH_LIMIT), managed);
}

/* Entries a list of one zone may need: it is full, or took a batch. */
static unsigned long list_room(const struct tri_config *config, unsigned long managed)
{
	return smaller(larger(high_max(config, managed), config->tunable[TRI_TUNABLE_pcp_batch]),
		       managed);
}

size_t pcp_bytes(const struct tri_config *config)
{
	unsigned long managed[ZONES], room = 0;

	zones_measure(config, managed);
	for (int i = 0; i < ZONES; i++)
		room += list_room(config, managed[i]);
	return config->cpus * MIGRATE_TYPES * room * sizeof(uint32_t);
}

void pcp_init(struct tri_core *core, const struct tri_config *config, uint32_t *pfn)
{
	bool used = !core->zones.direct;

	for (unsigned int n = 0; n < core->cpus * PLACES; n++)
		core->cpu[n / PLACES].pcp.list[n % PLACES].hot = PCP_NONE;
	for (unsigned int n = 0; used && n < core->cpus * ZONES * MIGRATE_TYPES; n++) {
		struct zone *zone = &core->zones.zone[n / MIGRATE_TYPES % ZONES];
		unsigned int place = zone->place | n % MIGRATE_TYPES << 2;
		struct pcp_list *list = &core->cpu[n / MIGRATE_TYPES / ZONES].pcp.list[place];

		if (!zone->managed)
			continue;
		list->pfn = pfn;
		list->room = (uint32_t)list_room(config, zone->managed);
		list->high_max = (uint32_t)high_max(config, zone->managed);
		list->high = (uint32_t)base_high(core, list);
		pfn += list->room;
	}
}
