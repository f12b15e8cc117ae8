// What a round must have brought, worked out again from its terms: exact, in integers.

import { ONE } from "./units.ts";
import type { Running, Selling, SharePrice, Vault } from "./vaults.ts";

const YEAR_SECONDS = 31_536_000n;

/** The price per share at which a vault begins: a whole share for a whole unit. */
export function firstPrice(decimals: number): SharePrice {
	return { assets: 1n, shares: 10n ** BigInt(18 - decimals) };
}

/** The higher of two prices per share. */
export function higher(a: SharePrice, b: SharePrice): SharePrice {
	return a.assets * b.shares >= b.assets * a.shares ? a : b;
}

/**
 * How far a round's payoff is from what its options were worth at the settlement price, in units of
 * 1e-18 of the vault's asset: a put's `sold x (strike - price)` in cash, a call's
 * `sold x (price - strike) / price` in the underlying. Below one smallest unit it is its rounding.
 */
export function payoffError(
	vault: Pick<Vault, "strategy" | "decimals">,
	round: Pick<Running, "strike" | "sold">,
	settlement: bigint,
	payoff: bigint,
): bigint {
	const { strike, sold } = round;
	const isCall = vault.strategy === "CoveredCall";
	const inner = isCall ? settlement - strike : strike - settlement;
	const worth = inner > 0n ? (sold * inner) / (isCall ? settlement : ONE) : 0n;
	const error = payoff * 10n ** BigInt(18 - vault.decimals) - worth;
	return error < 0n ? -error : error;
}

/** Price per contract at a moment of an auction, as it falls by itself: rounded up. */
export function priceAt(
	{ start, reserve, began, ends }: Pick<Selling, "start" | "reserve" | "began" | "ends">,
	now: number,
): bigint {
	const [left, length] = [BigInt(Math.max(ends - now, 0)), BigInt(ends - began)];
	return reserve + ((start - reserve) * left + length - 1n) / length;
}

/** One smallest unit of a vault's asset in units of 1e-18. */
export function unit(decimals: number): bigint {
	return 10n ** BigInt(18 - decimals);
}

/** Management fee: on what was locked behind the contracts sold, from the round's beginning to its expiry. */
export function managementFee(
	vault: Pick<Vault, "strategy" | "decimals" | "managementFee">,
	round: Pick<Running, "strike" | "sold" | "expiry"> & { began: number },
): bigint {
	const { strike, sold, expiry, began } = round;
	const locked18 = vault.strategy === "CoveredCall" ? sold : (sold * strike) / ONE;
	const locked = locked18 / unit(vault.decimals);
	const seconds = BigInt(expiry - began);
	return (locked * vault.managementFee * seconds) / (ONE * YEAR_SECONDS);
}

/** Performance fee: on what assets after the management fee are above the high-water mark. */
export function performanceFee(rate: bigint, net: SharePrice, highWater: SharePrice): bigint {
	const before = (net.shares * highWater.assets + highWater.shares - 1n) / highWater.shares;
	return net.assets > before ? ((net.assets - before) * rate) / ONE : 0n;
}
