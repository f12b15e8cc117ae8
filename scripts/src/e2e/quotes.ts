// A calm market: Deribit's BTC options on 30 December 2025, 17:31 UTC (public book summaries), and the
// surface that `math/tools/fit_surface.py` fits to the whole chain of 191 liquid strikes.

import type { Slice } from "../lib/oracle.ts";

/** The index price. */
export const SPOT = 88_524.14;

/** The fitted slices at 7, 14, 30, 60, 90 and 180 days. */
export const FITTED: readonly Slice[] = [
	{ volatility: 0.3621, rho: -0.1087, psi: 0.0445, carry: 0.0652, rate: 0 },
	{ volatility: 0.3826, rho: -0.238, psi: 0.064, carry: 0.0469, rate: 0 },
	{ volatility: 0.3946, rho: -0.2268, psi: 0.0958, carry: 0.0526, rate: 0 },
	{ volatility: 0.4079, rho: -0.2066, psi: 0.1385, carry: 0.0451, rate: 0 },
	{ volatility: 0.4147, rho: -0.1922, psi: 0.1735, carry: 0.0493, rate: 0 },
	{ volatility: 0.4504, rho: -0.1995, psi: 0.2284, carry: 0.0455, rate: 0 },
];

/** Seconds to expiry, strike, and the exchange's mark volatility in per cent: the wings and the middle. */
export const MARKS: readonly (readonly [number, number, number])[] = [
	[224_940, 83_000, 47.93],
	[224_940, 87_000, 37.57],
	[224_940, 94_000, 43.12],
	[829_740, 80_000, 48.02],
	[829_740, 86_000, 39.47],
	[829_740, 96_000, 37.87],
	[1_434_540, 75_000, 52.48],
	[1_434_540, 100_000, 39.24],
	[2_644_140, 70_000, 54.04],
	[2_644_140, 86_000, 40.77],
	[2_644_140, 108_000, 41.78],
	[5_063_340, 65_000, 53.76],
	[5_063_340, 98_000, 40.16],
	[5_063_340, 120_000, 44.04],
	[7_482_540, 60_000, 54.7],
	[7_482_540, 102_000, 40.94],
	[7_482_540, 130_000, 45.44],
	[15_344_940, 60_000, 52.17],
	[15_344_940, 100_000, 43.98],
	[15_344_940, 165_000, 48.16],
	[31_069_740, 50_000, 54.57],
	[31_069_740, 130_000, 46.14],
	[31_069_740, 220_000, 49.35],
];
