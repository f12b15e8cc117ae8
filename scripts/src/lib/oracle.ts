// Five operators feeding spot prices and volatilities, with small disagreements, one round a block.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { nameOf, Refused, type Call } from "./chain.ts";
import { fixed } from "./units.ts";

/** An eSSVI slice: at-the-money volatility, tilt and steepness of its wings, and carry and rate a year. */
export interface Slice {
	volatility: number;
	rho: number;
	psi: number;
	carry: number;
	rate: number;
}

/**
 * One underlying's spot price and volatility at 7, 14, 30, 60, 90 and 180 days: a slice each, or a number
 * for one that is flat in strike, with the forward price at spot and nothing discounted.
 */
export interface Observation {
	underlying: number;
	spot: number;
	volatility: readonly (number | Slice)[];
}

/** How far each operator's price is from the source, in parts of one. */
const DISAGREEMENT = [-0.0006, -0.0002, 0, 0.0003, 0.0005] as const;

export class Operators {
	private constructor(
		private readonly api: ApiPromise,
		private readonly keys: KeyringPair[],
		private readonly nonces: number[],
	) {}

	static async connect(api: ApiPromise, keys: KeyringPair[]): Promise<Operators> {
		const nonces = await Promise.all(
			keys.map(async (key) => (await api.rpc.system.accountNextIndex(key.address)).toNumber()),
		);
		return new Operators(api, keys, nonces);
	}

	/** Reads every operator's next nonce again, after a round that did not go through. */
	async refresh(): Promise<void> {
		for (const [i, key] of this.keys.entries()) {
			this.nonces[i] = (await this.api.rpc.system.accountNextIndex(key.address)).toNumber();
		}
	}

	/**
	 * Every operator feeds spot and volatility of all underlyings; waits until all are in a block
	 * and returns the number of the latest one.
	 */
	async round(observations: readonly Observation[]): Promise<number> {
		const sent = this.keys.flatMap((key, i) => {
			const factor = 1 + (DISAGREEMENT[i % DISAGREEMENT.length] ?? 0);
			return [
				this.submit(key, i, spotFeed(this.api, observations, factor)),
				this.submit(key, i, volatilityFeed(this.api, observations, factor)),
			];
		});
		const blocks = await Promise.all(sent);
		return Math.max(...blocks);
	}

	private submit(key: KeyringPair, index: number, call: Call): Promise<number> {
		const nonce = this.nonces[index] ?? 0;
		this.nonces[index] = nonce + 1;
		return feed(this.api, key, call, nonce);
	}
}

/** The spot prices of a round as one operator sees them. */
export function spotFeed(api: ApiPromise, observations: readonly Observation[], factor = 1): Call {
	return api.tx.spotOracle!.feedValues!(
		observations.map(({ underlying, spot }) => [underlying, fixed(spot * factor)]),
	);
}

/** The volatilities of a round as one operator sees them. */
export function volatilityFeed(
	api: ApiPromise,
	observations: readonly Observation[],
	factor = 1,
): Call {
	return api.tx.volatilityOracle!.feedValues!(
		observations.map(({ underlying, volatility }) => [
			underlying,
			{ tenors: volatility.map((tenor) => slice(tenor, factor)) },
		]),
	);
}

/** A tenor as the chain takes it, its volatility times a factor. */
function slice(tenor: number | Slice, factor: number): Record<keyof Slice, bigint> {
	const flat = { volatility: 0, rho: 0, psi: 0, carry: 0, rate: 0 };
	const { volatility, rho, psi, carry, rate } =
		typeof tenor === "number" ? { ...flat, volatility: tenor } : tenor;
	return {
		volatility: fixed(volatility * factor),
		rho: fixed(rho),
		psi: fixed(psi),
		carry: fixed(carry),
		rate: fixed(rate),
	};
}

function feed(api: ApiPromise, key: KeyringPair, call: Call, nonce: number): Promise<number> {
	return new Promise((resolve, reject) => {
		let stop: (() => void) | undefined;
		call
			.signAndSend(key, { nonce }, async ({ status, dispatchError }) => {
				if (status.isInvalid || status.isDropped || status.isUsurped) {
					reject(new Refused(`transaction.${status.type}`, "a feed was not taken by the pool"));
				} else if (status.isInBlock || status.isFinalized) {
					stop?.();
					if (dispatchError) return reject(nameOf(api, dispatchError));
					const block = status.isInBlock ? status.asInBlock : status.asFinalized;
					const header = await api.rpc.chain.getHeader(block);
					resolve(header.number.toNumber());
				}
			})
			.then((unsubscribe) => (stop = unsubscribe))
			.catch(reject);
	});
}

/** Tenors at which volatility is quoted, in years. */
const TENORS = [7, 14, 30, 60, 90, 180].map((days) => days / 365);

/**
 * Implied volatility where no market's record exists: a long-run level, towards which an
 * exponentially weighted realised volatility of half-hourly returns reverts within a month.
 */
export class VolatilityModel {
	private variance: number;
	private last: number | undefined;

	constructor(
		private readonly longRun: number,
		private readonly halfLifeHours = 96,
		private readonly reversionYears = 0.08,
	) {
		this.variance = longRun ** 2;
	}

	/** Takes the next half-hourly close and gives the volatility at each tenor. */
	next(close: number): number[] {
		if (this.last !== undefined) {
			const weight = 1 - 2 ** (-0.5 / this.halfLifeHours);
			const annual = Math.log(close / this.last) ** 2 * 2 * 24 * 365;
			this.variance += weight * (annual - this.variance);
		}
		this.last = close;
		return TENORS.map((years) => {
			const pull = years / this.reversionYears;
			const share = (1 - Math.exp(-pull)) / pull;
			return Math.sqrt(this.longRun ** 2 + (this.variance - this.longRun ** 2) * share);
		});
	}
}
