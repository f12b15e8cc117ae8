// The events of the vaults in words.

import { ASSET } from "../../lib/actors.ts";
import { human } from "../../lib/units.ts";
import { outcome, perShare, type SharePrice } from "../../lib/vaults.ts";
import { big } from "../../lib/views.ts";
import type { Entry } from "../journal.ts";
import { CALLS } from "./people.ts";

const UNITS = [
	{ vault: "call vault", name: "BTC", decimals: ASSET.BTC.decimals, shown: 6 },
	{ vault: "put vault", name: "USD", decimals: ASSET.USD.decimals, shown: 2 },
] as const;

/** The asset of a vault. */
export const unitsOf = (id: number) => (id === CALLS ? UNITS[0] : UNITS[1]);

/** An amount of a vault's asset, for people. */
export const amount = (id: number, value: bigint): string =>
	`${plain(id, value)} ${unitsOf(id).name}`;

/** The same without its name. */
export function plain(id: number, value: bigint): string {
	const { decimals, shown } = unitsOf(id);
	return human(value * 10n ** BigInt(18 - decimals), shown);
}

/** A market time, for people. */
export const clock = (seconds: number): string =>
	new Date(seconds * 1000).toISOString().slice(5, 16).replace("T", " ");

export function tellVaults(entry: Entry, names: ReadonlyMap<string, string>): string | undefined {
	const { data, by } = entry;
	if (entry.section === "options" && entry.method === "SeriesSettled") {
		return `series ${String(data["series"])} settles at ${human(big(data["price"]))}`;
	}
	if (entry.section !== "optionVaults") return undefined;
	const id = Number(data["vault"]);
	const text = tellVault(entry, id, (field) => {
		const address = String(data[field]);
		return names.get(address) ?? (field === "buyer" ? "the mutual pool" : address.slice(0, 8));
	});
	const author = by === "hook" ? " (by the chain)" : "";
	return text && `block ${entry.block}, ${unitsOf(id).vault}: ${text}${author}`;
}

function tellVault(
	{ method, data }: Entry,
	id: number,
	who: (field: string) => string,
): string | undefined {
	const number = (field: string) => human(big(data[field]), 2);
	const of = (field: string) => amount(id, big(data[field]));
	switch (method) {
		case "DepositQueued":
			return `${who("who")} deposits ${of("amount")}`;
		case "RoundOpened":
			return `round ${String(data["round"])} opens: strike ${number("strike")}, expiry ${clock(Number(data["expiry"]))}, ${number("offered")} contracts, mark ${number("mark")}, price from ${number("start")} down to ${number("reserve")}`;
		case "ContractsSold":
			return `${who("buyer")} buys ${number("quantity")} at ${number("price")}, pays ${of("premium")}`;
		case "AuctionClosed":
			return `the auction ends: ${number("sold")} sold for ${of("premium")}, ${number("unsold")} stay unwritten`;
		case "RoundSettled": {
			const { payoff, managementFee, performanceFee, price } = outcome(data["outcome"]);
			return `round ${String(data["round"])} is settled: payoff ${amount(id, payoff)}, fees ${amount(id, managementFee)} + ${amount(id, performanceFee)}, ${shown(id, price)} per share`;
		}
		case "Turned":
			return `deposits of ${of("deposits")} come in and withdrawals of ${of("paid")} go out`;
		case "WithdrawalQueued":
			return `${who("who")} queues ${number("shares")} shares to leave`;
		case "WithdrawalPaid":
			return `${who("who")} receives ${of("amount")} for ${number("shares")} shares`;
		case "FeesPaid":
			return `${of("manager")} of fees to the manager, ${of("treasury")} to the treasury`;
		default:
			return undefined;
	}
}

/** A price per share, for people. */
export function shown(id: number, price: SharePrice): string {
	return perShare(price, unitsOf(id).decimals).toFixed(6);
}
