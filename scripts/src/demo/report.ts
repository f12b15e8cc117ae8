// The closing report: the money identities of the design, checked from the chain's state.

import type { ApiPromise } from "@polkadot/api";
import { ASSET } from "../lib/actors.ts";
import { human, ONE } from "../lib/units.ts";
import { big, callApi, pool, unwrap } from "../lib/views.ts";
import type { Journal } from "./journal.ts";

export interface Check {
	what: string;
	holds: boolean;
	figures: string;
}

type Json = Record<string, unknown>;

/** The chain at its best block: everything that is compared is read of one state, since loans grow. */
async function snapshot(api: ApiPromise): Promise<ApiPromise> {
	return (await api.at(await api.rpc.chain.getBlockHash())) as unknown as ApiPromise;
}

/** All margin accounts, up to date: cash, and contracts by series. */
async function ledger(at: ApiPromise): Promise<{ cash: bigint; positions: Map<string, bigint> }> {
	const keys = await at.query["margin"]!["accounts"]!.keys();
	let cash = 0n;
	const positions = new Map<string, bigint>();
	for (const key of keys) {
		const who = key.args[0]!.toString();
		const account = (await callApi(at, "marginApi", "account", who)).toPrimitive() as Json;
		cash += big(account["cash"]);
		for (const position of account["positions"] as Json[]) {
			const series = String(position["series"]);
			const quantity = big(position["quantity"]);
			positions.set(series, (positions.get(series) ?? 0n) + quantity);
		}
	}
	return { cash, positions };
}

/** Everything that the identity adds up to what is held. */
const TERMS = ["cash", "covers", "claims", "dues", "fees", "deficit", "residue"];

/** Identity 1: what is held = signed cash + covers + claims + dues + fees + deficit account + residue. */
async function money(api: ApiPromise): Promise<Check[]> {
	const at = await snapshot(api);
	const report = unwrap(await callApi(at, "marginApi", "checkIdentities"), "identities");
	const field = (name: string) => big(report[name]);
	const { cash } = await ledger(at);
	const sum = TERMS.reduce((total, name) => total + field(name), 0n);
	const figures = ["held", ...TERMS.slice(0, -1), "surplus"]
		.map((name) => `${name} ${human(field(name), 2)}`)
		.concat(`residue ${field("residue")}e-18 of ${String(report["roundings"])} roundings`)
		.join(", ");
	const custody = await custodyBalance(at);
	return [
		{ what: `held = ${TERMS.join(" + ")}`, holds: field("held") === sum, figures },
		{
			what: "cash of all accounts, added up here, is what the chain says",
			holds: cash === field("cash"),
			figures: `${human(cash, 6)}`,
		},
		{
			what: "0 <= residue <= one unit of 1e-18 per rounding",
			holds: field("residue") >= 0n && field("residue") <= BigInt(Number(report["roundings"])) + 512n,
			figures: `${field("residue")} units`,
		},
		{
			what: "the custody account holds what the ledger says",
			holds: custody !== undefined && custody === field("held") + field("surplus"),
			figures: `custody ${custody === undefined ? "unknown" : human(custody, 6)}`,
		},
	];
}

/** The balance of the asset that the clearing house's custody account holds, 18 decimals. */
async function custodyBalance(api: ApiPromise): Promise<bigint | undefined> {
	const id = api.consts["margin"]?.["palletId"]?.toU8a();
	if (!id) return undefined;
	const prefix = new TextEncoder().encode("modl");
	const address = new Uint8Array(32);
	address.set(prefix, 0);
	address.set(id, prefix.length);
	const found = await api.query["assets"]!["account"]!(ASSET.USD.id, address);
	const account = found.toPrimitive() as Json | null;
	return big(account?.["balance"] ?? 0) * 10n ** BigInt(18 - ASSET.USD.decimals);
}

/** Identity 2: longs = shorts, series by series. */
async function contracts(api: ApiPromise): Promise<Check> {
	const at = await snapshot(api);
	const { positions } = await ledger(at);
	const settling = new Set(
		(await at.query["margin"]!["settlements"]!.keys()).map(({ args }) => String(args[0])),
	);
	const open = [...positions].filter(([series]) => !settling.has(series));
	return {
		what: "long total = short total in every series",
		holds: open.every(([, sum]) => sum === 0n),
		figures: `${open.length} open series`,
	};
}

/** Identity 4: shares times price = net asset value, with the virtual offset on both sides. */
async function shares(api: ApiPromise): Promise<Check> {
	const rules = (await callApi(api, "riskParamsApi", "poolRules")).toPrimitive() as Json;
	const offset = big(rules["virtualOffset"]);
	const { nav, shares: total, price } = await pool(api);
	const claimed = ((total + offset) * price) / ONE;
	const gap = claimed > nav + offset ? claimed - nav - offset : nav + offset - claimed;
	return {
		what: "(shares + v) x price = NAV + v",
		holds: gap <= (total + offset) / ONE + 1n,
		figures: `NAV ${human(nav, 2)}, ${human(total, 2)} shares at ${human(price, 6)}, gap ${gap}e-18`,
	};
}

/** Every deficit is borne to the last unit: paid by the fund, by the pool, or carried. */
function deficits(journal: Journal): Check[] {
	const sum = (entries: { data: Json }[], field: string) =>
		entries.reduce((total, { data }) => total + big(data[field]), 0n);
	const borne = journal.all("riskPool", "LossBorne");
	const covered = sum(journal.all("riskPool", "DeficitCovered"), "deficit");
	const carried = sum(journal.all("riskPool", "DeficitUncovered"), "amount");
	const paid = sum(borne, "amount");
	const by = (step: string) =>
		sum(borne.filter(({ data }) => String(data["step"]).includes(step)), "amount");
	return [
		{
			what: "deficits = paid + carried, to the last unit",
			holds: covered === paid + carried,
			figures: `deficits ${human(covered, 2)} = insurance fund ${human(by("Insurance"), 2)} + pool ${human(by("Pool"), 2)} + carried ${human(carried, 2)}`,
		},
	];
}

/** Checks everything; the checks that fail say so in `holds`. */
export async function report(api: ApiPromise, journal: Journal): Promise<Check[]> {
	return [
		...(await money(api)),
		await contracts(api),
		await shares(api),
		...deficits(journal),
	];
}
