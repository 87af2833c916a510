/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atrace_crc.h - CRC32C (Castagnoli, reflected polynomial 0x82f63b78), which guards each part of
 * an allocation trace: all changes of up to 3 bits in a block of ours are seen, and all bursts of
 * up to 32. Four bits a step, 64 bytes of table: some 250 MB/s, and no part of a timed slice.
 */
#ifndef BENCH_ATRACE_CRC_H
#define BENCH_ATRACE_CRC_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t atrace_crc(const void *data, size_t bytes)
{
	static const uint32_t table[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
		0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};
	const unsigned char *byte = data;
	uint32_t crc = ~0U;

	for (; bytes; bytes--) {
		crc ^= *byte++;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

#endif /* BENCH_ATRACE_CRC_H */
