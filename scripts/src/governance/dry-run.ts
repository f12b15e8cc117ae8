// What the chain says of a call before anybody votes on it.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringPascalCase } from "@polkadot/util";
import { human } from "../lib/units.ts";
import { big, optionalApi } from "../lib/views.ts";
import { changeOf, variantOf } from "./thresholds.ts";

/** What the chain would do with a proposal now. */
export interface DryRun {
	/** Why the call would be refused; nothing if it would not, or if nobody can say. */
	refusal: string | undefined;
	/** What the chain was asked and what it answered, for people. */
	lines: string[];
}

/**
 * Why the scheduler would never make the call of an approved referendum; nothing if it would. A hundredth of what it
 * may use goes to the agenda itself.
 */
async function tooHeavy(api: ApiPromise, call: RuntimeCall): Promise<string | undefined> {
	const found = optionalApi(api, "transactionPaymentCallApi", "queryCallInfo");
	if (!found) return undefined;
	const { weight } = (await found.ask(call.toHex(), call.encodedLength)).toPrimitive() as { weight: Weight };
	const most = api.consts["scheduler"]!["maximumWeight"]!.toPrimitive() as unknown as Weight;
	const share = (part: keyof Weight) => (big(weight[part]) * 10_000n) / big(most[part]);
	const [time, proof] = [share("refTime"), share("proofSize")];
	const worst = time > proof ? time : proof;
	if (worst <= 9_900n) return undefined;
	return `it weighs ${Number(worst) / 100}% of what the scheduler may use in a block: it would be lost after the vote (scheduler.PermanentlyOverweight); divide it`;
}

type Weight = Record<"refTime" | "proofSize", string | number>;

/**
 * Looks whether the call is too heavy to be enacted at all, and asks `riskParamsApi.check..` about a call of `riskParams`, and what its value would do to accounts where the
 * runtime can say. Of other calls nothing is known before they are made.
 */
export async function dryRun(api: ApiPromise, call: RuntimeCall): Promise<DryRun> {
	const heavy = await tooHeavy(api, call);
	if (heavy !== undefined) return { refusal: heavy, lines: [`too heavy: ${heavy}`] };
	const check = `check${stringPascalCase(call.method.replace(/^set/, ""))}`;
	const found = call.section === "riskParams" ? optionalApi(api, "riskParamsApi", check) : undefined;
	if (!found) return { refusal: undefined, lines: ["no dry run for this call: it is tried when it is enacted"] };
	const answer = await found.ask(...call.args.slice(0, found.parameters));
	const { err } = answer.toPrimitive() as { err?: { rule: string; field: string } };
	const refusal = err ? `refused by the rule ${err.rule}, field ${err.field}` : undefined;
	const lines = [`riskParamsApi.${check}: ${refusal ?? "valid now"}`];
	if (!err) lines.push(...(await impact(api, call)));
	return { refusal, lines };
}

/** Accounts and what they have at stake, as the chain tells it. */
interface Tally {
	accounts: number;
	notional: bigint;
}

/** A condition of accounts, in the chain's words and in ours. */
const CONDITIONS = {
	belowInitial: "below initial margin, can open nothing more",
	belowMaintenance: "below maintenance margin, can be liquidated",
	bankrupt: "bankrupt",
} as const;
/** Accounts asked about at a time. */
const PAGE = 1_000;

type Standings = Record<keyof typeof CONDITIONS, Tally>;

/** What the change would mean for the accounts of the clearing house, once every ramp has ended. */
async function impact(api: ApiPromise, call: RuntimeCall): Promise<string[]> {
	const change = changeOf(api, call);
	const found = optionalApi(api, "riskImpactApi", "impact");
	if (!change || !found) return [];
	const value = change.keys.length > 0 ? [...change.keys, change.value] : change.value;
	const guarded = { [change.group]: value };
	const variant = variantOf(api, found.types[0]!, change.group);
	if (!variant) return [];
	const proposal = call.method === "guard" ? { Guard: guarded } : { [variant]: value };

	const unchanged = nobody();
	const proposed = nobody();
	let examined = 0;
	let after: unknown = null;
	do {
		const { ok } = (await found.ask(proposal, after, PAGE)).toPrimitive() as { ok?: Record<string, unknown> };
		if (!ok) return [];
		examined += Number(ok["examined"]);
		add(unchanged, ok["unchanged"] as Json);
		add(proposed, ok["proposed"] as Json);
		after = ok["next"];
	} while (after);
	const lines = Object.entries(CONDITIONS).map(([name, says]) => {
		const [was, is] = [unchanged, proposed].map((all) => all[name as keyof Standings]);
		return `  ${says}: ${told(is!)}, without the change ${told(was!)}`;
	});
	return [`riskImpactApi.impact: ${examined} accounts at the prices of now, once every ramp has ended`, ...lines];
}

type Json = Record<string, { accounts: number; notional: string | number }>;

const nobody = (): Standings => ({
	belowInitial: { accounts: 0, notional: 0n },
	belowMaintenance: { accounts: 0, notional: 0n },
	bankrupt: { accounts: 0, notional: 0n },
});

function add(sum: Standings, page: Json): void {
	for (const name of Object.keys(CONDITIONS) as (keyof Standings)[]) {
		sum[name].accounts += page[name]!.accounts;
		sum[name].notional += big(page[name]!.notional);
	}
}

const told = ({ accounts, notional }: Tally) => `${accounts} accounts with ${human(notional)} USD of notional`;
