// The closing report of the vaults' act: what the chain says is worked out again from its events, its
// ledger and the settlement prices.

import type { ApiPromise } from "@polkadot/api";
import { human } from "../../lib/units.ts";
import {
	firstPrice,
	higher,
	managementFee,
	payoffError,
	performanceFee,
	priceAt,
	unit,
} from "../../lib/vault-sums.ts";
import { holding, outcome, rounds, vault, waitingAccount, type Vault } from "../../lib/vaults.ts";
import { big, callApi, marketNow } from "../../lib/views.ts";
import type { Entry, Journal } from "../journal.ts";
import type { Check } from "../report.ts";
import { CALLS, PUTS } from "./people.ts";
import { amount, clock, shown, unitsOf } from "./tell.ts";

type Json = Record<string, unknown>;

/** Everything that is checked of one vault is read of one state. */
interface Subject {
	at: ApiPromise;
	vault: Vault;
	entries: Entry[];
	/** Settlement prices by series. */
	settled: ReadonlyMap<number, bigint>;
}

/** The chain as it was after a block. */
async function stateOf(api: ApiPromise, block: number): Promise<ApiPromise> {
	return (await api.at(await api.rpc.chain.getBlockHash(block))) as unknown as ApiPromise;
}

const ofMethod = (entries: readonly Entry[], method: string) =>
	entries.filter((entry) => entry.method === method).map(({ data }) => data);

const sum = (list: readonly Json[], field: string) =>
	list.reduce((total, data) => total + big(data[field]), 0n);

/** Checks both vaults as they stood at the end of the journal, and closes it. */
export async function reportVaults(api: ApiPromise, journal: Journal): Promise<Check[]> {
	const at = await stateOf(api, await journal.close());
	const settled = new Map(
		journal
			.all("options", "SeriesSettled")
			.map(({ data }): [number, bigint] => [Number(data["series"]), big(data["price"])]),
	);
	const checks: Check[] = [];
	for (const id of [CALLS, PUTS]) {
		const entries = journal.entries.filter(
			({ section, data }) => section === "optionVaults" && Number(data["vault"]) === id,
		);
		const subject = { at, vault: await vault(at, id), entries, settled };
		const found = [
			flow(subject),
			await ledger(api, subject),
			...(await settlements(subject, journal)),
			await fees(subject),
			await shares(subject),
			await prices(api, subject),
			await standing(api, subject, journal),
		];
		const { vault: name } = unitsOf(id);
		checks.push(...found.map((check) => ({ ...check, what: `${name}: ${check.what}` })));
	}
	return checks;
}

/** What came in and went out is what is there, to the unit. */
function flow({ vault, entries }: Subject): Check {
	const { id } = vault;
	const deposits =
		sum(ofMethod(entries, "DepositQueued"), "amount") -
		sum(ofMethod(entries, "DepositCancelled"), "amount");
	const premiums = sum(ofMethod(entries, "ContractsSold"), "premium");
	const outcomes = ofMethod(entries, "RoundSettled").map((data) => outcome(data["outcome"]));
	const payoffs = outcomes.reduce((total, { payoff }) => total + payoff, 0n);
	const charged = outcomes.reduce((all, one) => all + one.managementFee + one.performanceFee, 0n);
	const paid = sum(ofMethod(entries, "WithdrawalPaid"), "amount");
	const there = vault.assets + vault.queuedDeposits + vault.claimable;
	const of = (value: bigint) => amount(id, value);
	return {
		what: "deposits + premiums - payoffs - fees - withdrawals = assets, to the unit",
		holds: deposits + premiums - payoffs - charged - paid === there && deposits > 0n,
		figures: `${of(deposits)} + ${of(premiums)} - ${of(payoffs)} - ${of(charged)} - ${of(paid)} = ${of(there)}`,
	};
}

/** What an account of the clearing house has of a vault's asset, covers included, in 18 decimals. */
async function held(at: ApiPromise, vault: Vault, who: string): Promise<bigint> {
	const json = (await callApi(at, "marginApi", "account", who)).toPrimitive() as Json | null;
	if (!json) return 0n;
	const isCall = vault.strategy === "CoveredCall";
	const coins = (json["collateral"] as [number, unknown][]).find(([asset]) => asset === vault.asset);
	const free = isCall ? big(coins?.[1] ?? 0) : big(json["cash"]);
	const covers = (json["positions"] as Json[]).map(({ cover }) => {
		const { units, cash } = (cover ?? {}) as Json;
		return big((isCall ? units : cash) ?? 0);
	});
	return covers.reduce((total, one) => total + one, free);
}

/** The clearing house's ledger has what the vault says: what backs shares, and what waits beside it. */
async function ledger(api: ApiPromise, { at, vault }: Subject): Promise<Check> {
	const [working, waiting] = await Promise.all([
		held(at, vault, vault.account),
		held(at, vault, waitingAccount(api, vault.id)),
	]);
	const least = unit(vault.decimals);
	const owed =
		vault.queuedDeposits + vault.claimable + vault.fees.manager + vault.fees.treasury;
	const of = (value: bigint) => amount(vault.id, value / least);
	return {
		what: "the ledger has what backs shares, and what waits, to the unit",
		holds: working / least === vault.assets && waiting === owed * least,
		figures: `assets ${of(working)}, waiting ${of(waiting)}`,
	};
}

/** Rounds that are over: paid by the settlement price, and no more than what the buyers were due. */
async function settlements(subject: Subject, journal: Journal): Promise<Check[]> {
	const { at, vault, settled, entries } = subject;
	const completed = journal.all("margin", "SeriesCompleted").map(({ data }) => data);
	const kept = (await rounds(at, vault.id)).filter(({ sold }) => sold > 0n);
	const checks = kept.map((round): Check => {
		const { series, strike, sold, outcome: { payoff } } = round;
		const price = settled.get(series);
		const error = price === undefined ? undefined : payoffError(vault, round, price, payoff);
		const done = completed.find((data) => Number(data["series"]) === series);
		const left = done && big(done["collected"]) - big(done["paid"]);
		const sales = ofMethod(entries, "ContractsSold").filter((sale) => Number(sale["round"]) === round.round);
		const bought = sum(sales, "quantity") === sold && sum(sales, "premium") === round.premium;
		const least = unit(vault.decimals);
		return {
			what: `round ${round.round}: the payoff is that of the settlement price, and the buyers received it`,
			holds:
				bought && error !== undefined && error < least &&
				left !== undefined && left >= 0n && left < least,
			figures:
				`${human(sold, 2)} contracts at strike ${human(strike)}, settled at ` +
				`${price === undefined ? "?" : human(price, 2)} on ${clock(round.expiry)}: ` +
				`${amount(vault.id, payoff)}, ${left ?? "?"}e-18 of them rounding`,
		};
	});
	const any = { what: "a round is over", holds: kept.length > 0, figures: `rounds settled: ${kept.length}` };
	return [any, ...checks];
}

/** Fees are those of the terms, by the high-water mark, to the unit. */
async function fees({ at, vault, entries }: Subject): Promise<Check> {
	let mark = firstPrice(vault.decimals);
	let right = true;
	let charged = 0n;
	for (const round of await rounds(at, vault.id)) {
		const { outcome } = round;
		if (round.sold > 0n) {
			const management = managementFee(vault, round);
			const left = round.assets + round.premium - outcome.payoff - management;
			const net = { assets: left, shares: outcome.price.shares };
			const performance = performanceFee(vault.performanceFee, net, mark);
			right &&= outcome.managementFee === management && outcome.performanceFee === performance;
			right &&= outcome.price.assets === left - performance;
			charged += management + performance;
		}
		mark = higher(mark, outcome.price);
	}
	const payments = ofMethod(entries, "FeesPaid");
	const paid = sum(payments, "manager") + sum(payments, "treasury");
	const due = vault.fees.manager + vault.fees.treasury;
	const same = mark.assets * vault.highWater.shares === vault.highWater.assets * mark.shares;
	return {
		what: "fees are those of the terms above the high-water mark, paid or due, to the unit",
		holds: right && same && charged === paid + due,
		figures: `${amount(vault.id, charged)} charged, ${amount(vault.id, paid)} paid; high-water mark ${shown(vault.id, mark)}`,
	};
}

/** Shares are people's, and what they may claim is the vault's, but for what roundings leave to it. */
async function shares({ at, vault }: Subject): Promise<Check> {
	const query = at.query["optionVaults"]!;
	const [holders, turns] = await Promise.all([
		query["holders"]!.entries(vault.id),
		query["turns"]!.entries(vault.id),
	]);
	const stored = holders.map(([, holder]) => holder.toPrimitive() as Json);
	const issued = turns.map(([, turn]) => turn.toPrimitive() as Json);
	const total = sum(stored, "shares") + sum(issued, "issued") + vault.queuedWithdrawals;
	const names = holders.map(([key]) => key.args[1]!.toString());
	const views = await Promise.all(names.map((who) => holding(at, vault.id, who)));
	const claims = views.reduce((all, one) => all + one.value + one.queuedDeposit + one.claimable, 0n);
	const running = vault.selling ?? vault.locked;
	const premium = running?.premium ?? 0n;
	const backing = vault.assets - premium + vault.queuedDeposits + vault.claimable;
	const left = backing - claims;
	return {
		what: "all shares are somebody's, and what people may claim is there",
		holds: total === vault.shares && left >= 0n && left <= BigInt(names.length) && names.length > 0,
		figures: `${human(vault.shares, 4)} shares of ${names.length} people, claims ${amount(vault.id, claims)}, rounding ${left} units`,
	};
}

/** Rounds are the chain's own work, and every sale was at the price of its moment or above. */
async function prices(api: ApiPromise, { entries }: Subject): Promise<Check> {
	const opened = entries.filter(({ method }) => method === "RoundOpened");
	const timeOf = async (block: number) => marketNow(await stateOf(api, block));
	let right = true;
	let exact = 0;
	const sold: string[] = [];
	for (const { block, data } of entries.filter(({ method }) => method === "ContractsSold")) {
		const opening = opened.find((one) => one.data["round"] === data["round"]);
		if (!opening) throw new Error("contracts were sold in a round that never opened");
		const { start, reserve, ends } = opening.data;
		const began = await timeOf(opening.block);
		const auction = { start: big(start), reserve: big(reserve), began, ends: Number(ends) };
		const [price, own] = [big(data["price"]), priceAt(auction, await timeOf(block))];
		right &&= price >= own;
		if (price === own) exact += 1;
		sold.push(`${human(price, 2)}${price > own ? "*" : ""}`);
	}
	const byChain = entries
		.filter(({ method }) => ["RoundOpened", "AuctionClosed", "RoundSettled"].includes(method))
		.every(({ by }) => by === "hook");
	return {
		what: "rounds are turned by the chain itself; each sale was at its moment's price, or above where the market was (*)",
		holds: right && exact > 0 && byChain && opened.length >= 2,
		figures: `${opened.length} rounds opened, sold at ${sold.join(", ")}`,
	};
}

/** Nobody can liquidate a vault: it owes nothing that it does not hold. */
async function standing(
	api: ApiPromise,
	{ at, vault }: Subject,
	journal: Journal,
): Promise<Check> {
	const accounts = [vault.account, waitingAccount(api, vault.id)];
	const started = journal
		.all("liquidation", "LiquidationStarted")
		.filter(({ data }) => accounts.includes(String(data["account"])));
	const cash = await Promise.all(
		accounts.map(async (who) => {
			const json = (await callApi(at, "marginApi", "account", who)).toPrimitive() as Json | null;
			return big(json?.["cash"] ?? 0);
		}),
	);
	return {
		what: "the vault was never liquidated and owes nobody cash",
		holds: started.length === 0 && cash.every((one) => one >= 0n),
		figures: `${started.length} auctions of its accounts`,
	};
}
