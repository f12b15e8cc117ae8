// The people of the development preset, by the derivation paths that the preset funds.

import type { KeyringPair } from "@polkadot/keyring/types";
import { key } from "./chain.ts";

/** The five oracle operators. */
export const operators: KeyringPair[] = [1, 2, 3, 4, 5].map((n) => key(`//Operator//${n}`));

export const actors = {
	/** Sudo of the development preset. */
	sudo: key("//Alice"),
	/** Provides liquidity to the mutual pool. */
	provider: key("//Provider"),
	/** Buys puts. */
	buyer: key("//Buyer"),
	/** Writes options on thin margin. */
	writer: key("//Writer"),
	/** Writes options on ample margin. */
	prudent: key("//Prudent"),
	/** Holds the underlying and writes calls against it. */
	covered: key("//Covered"),
	/** Bids in liquidation auctions. */
	bidder: key("//Bidder"),
	/** Starts liquidations for a reward. */
	keeper: key("//Keeper"),
};

const WELL_KNOWN = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"] as const;

/** Holders of most BLST of the presets, to vote together: all accounts but the operators. */
export const voters: KeyringPair[] = [
	...WELL_KNOWN.flatMap((name) => [key(`//${name}`), key(`//${name}//stash`)]),
	...["Provider", "Buyer", "Writer", "Prudent", "Covered", "Bidder", "Keeper"].map((name) => key(`//${name}`)),
];

/** Underlyings of the presets. */
export const UNDERLYING = { BTC: 1, ETH: 2, DOT: 3 } as const;

/** Assets of the presets, with their decimals. */
export const ASSET = {
	USD: { id: 1, decimals: 6 },
	BTC: { id: 2, decimals: 8 },
	ETH: { id: 3, decimals: 18 },
	DOT: { id: 4, decimals: 10 },
} as const;
