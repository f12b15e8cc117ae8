// What the chain says of a call before anybody votes on it.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringPascalCase } from "@polkadot/util";
import { optionalApi } from "../lib/views.ts";
import { changeOf } from "./thresholds.ts";

/** What the chain would do with a proposal now. */
export interface DryRun {
	/** Why the call would be refused; nothing if it would not, or if nobody can say. */
	refusal: string | undefined;
	/** What the chain was asked and what it answered, for people. */
	lines: string[];
}

/**
 * Asks `riskParamsApi.check..` about a call of `riskParams`, and what its value would do to accounts where the
 * runtime can say. Of other calls nothing is known before they are made.
 */
export async function dryRun(api: ApiPromise, call: RuntimeCall): Promise<DryRun> {
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

/** What the change would mean for the accounts of the clearing house. */
async function impact(api: ApiPromise, call: RuntimeCall): Promise<string[]> {
	const change = changeOf(api, call);
	const sections = Object.keys(api.call).filter((name) => api.call[name]!["impact"]);
	const found = sections[0] === undefined ? undefined : optionalApi(api, sections[0], "impact");
	if (!change || !found) return [];
	const value = change.keys.length > 0 ? [...change.keys, change.value] : change.value;
	const named = { [change.group]: value };
	const answer = await found.ask(call.method === "guard" ? { Guard: named } : named);
	return [`${sections[0]}.impact: ${JSON.stringify(answer.toHuman())}`];
}
