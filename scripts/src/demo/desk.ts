// What the people of the story do on the chain: deposit, trade with the pool, bid.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { ASSET, UNDERLYING } from "../lib/actors.ts";
import { send, type Call, type Included } from "../lib/chain.ts";
import { fixed, scaled } from "../lib/units.ts";
import { marketNow, seriesId, withdrawable, type Auction } from "../lib/views.ts";

/** 13 March 2020, 08:00 UTC. */
export const EXPIRY_DAY = Date.UTC(2020, 2, 13, 8) / 1000;
/** 27 March 2020, 08:00 UTC. */
export const EXPIRY_MONTH = Date.UTC(2020, 2, 27, 8) / 1000;

export interface Contract {
	underlying: keyof typeof UNDERLYING;
	kind: "Call" | "Put";
	strike: number;
	expiry: number;
}

/** Seconds of market time for which a price limit stands. */
const DEADLINE = 6 * 3600;

export class Desk {
	constructor(readonly api: ApiPromise) {}

	/** The id of a listed series. */
	series(contract: Contract): Promise<number> {
		return seriesId(this.api, {
			underlying: UNDERLYING[contract.underlying],
			kind: contract.kind,
			strike: fixed(contract.strike),
			expiry: contract.expiry,
		});
	}

	/** Several calls in one transaction: all or none. */
	all(who: KeyringPair, calls: Call[]): Promise<Included> {
		return send(this.api, who, this.api.tx["utility"]!["batchAll"]!(calls));
	}

	/** Deposit dollars. */
	deposit(dollars: number): Call {
		return this.api.tx["margin"]!["deposit"]!(scaled(dollars, ASSET.USD.decimals));
	}

	/** Deposit bitcoin as collateral. */
	depositBitcoin(units: number): Call {
		const amount = scaled(units, ASSET.BTC.decimals);
		return this.api.tx["margin"]!["depositCollateral"]!(ASSET.BTC.id, amount);
	}

	/** Buy from the pool, paying at most `most` dollars in all. */
	async buy(contract: Contract, quantity: number, most: number): Promise<Call> {
		const [id, now] = await Promise.all([this.series(contract), marketNow(this.api)]);
		return this.api.tx["riskPool"]!["buy"]!(id, fixed(quantity), fixed(most), now + DEADLINE);
	}

	/** Sell to the pool, for at least `least` dollars in all. */
	async sell(contract: Contract, quantity: number, least: number): Promise<Call> {
		const [id, now] = await Promise.all([this.series(contract), marketNow(this.api)]);
		return this.api.tx["riskPool"]!["sell"]!(id, fixed(quantity), fixed(least), now + DEADLINE);
	}

	/** Takes out everything that initial margin does not need, less a reserve in dollars. */
	async thinOut(who: KeyringPair, reserve: number): Promise<Included> {
		const free = (await withdrawable(this.api, who.address)) - fixed(reserve);
		const amount = free / 10n ** BigInt(18 - ASSET.USD.decimals);
		return send(this.api, who, this.api.tx["margin"]!["withdraw"]!(amount));
	}

	/** Bids for a share of an account under auction, at any price the auction asks now or less. */
	bid(who: KeyringPair, auction: Auction, share: bigint, mostDollars: number): Promise<Included> {
		return send(
			this.api,
			who,
			this.api.tx["liquidation"]!["bid"]!(
				auction.account,
				share,
				fixed(mostDollars),
				auction.lastBid,
			),
		);
	}
}
