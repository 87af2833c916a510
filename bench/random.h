/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * random.h - the only randomness a workload may use: xoshiro256**, seeded by splitmix64
 * (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H

#include "plat_types.h"

struct bench_random {
	uint64_t state[4];
};

static inline uint64_t random_splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Streams of different @stream (a worker's index) of one seed are independent. */
static inline void bench_random_seed(struct bench_random *random, uint64_t seed, uint64_t stream)
{
	uint64_t mix = seed ^ (stream + 1) * 0xd1342543de82ef95;

	for (int i = 0; i < 4; i++)
		random->state[i] = random_splitmix(&mix);
}

static inline uint64_t random_rotate(uint64_t value, int bits)
{
	return (value << bits) | (value >> (64 - bits));
}

static inline uint64_t bench_random(struct bench_random *random)
{
	uint64_t *s = random->state;
	uint64_t result = random_rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = random_rotate(s[3], 45);
	return result;
}

/* 0 .. bound-1 (bound below 2^32), by multiplication: no division, bias below 2^-32. */
static inline uint32_t bench_random_below(struct bench_random *random, uint32_t bound)
{
	return (uint32_t)(((bench_random(random) >> 32) * bound) >> 32);
}

#endif /* BENCH_RANDOM_H */
