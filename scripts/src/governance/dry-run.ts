// What the chain says of a call before anybody votes on it.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringCamelCase, stringPascalCase } from "@polkadot/util";
import { optionalApi } from "../lib/views.ts";

/** What the chain would do with a proposal now. */
export interface DryRun {
	/** Why the call would be refused; nothing if it would not, or if nobody can say. */
	refusal: string | undefined;
	/** What the chain was asked and what it answered, for people. */
	lines: string[];
}

/**
 * Asks `riskParamsApi.check..` about a call of `riskParams`, and what its value would do to the accounts where the
 * runtime can say. Of other calls nothing is known before they are made.
 */
export async function dryRun(api: ApiPromise, call: RuntimeCall): Promise<DryRun> {
	if (call.section !== "riskParams") {
		return { refusal: undefined, lines: ["no dry run for this call: it is tried when it is enacted"] };
	}
	const group = call.method.replace(/^set/, "");
	const check = await ask(api, `check${stringPascalCase(group)}`, call);
	const impact = await ask(api, `impactOf${stringPascalCase(group)}`, call);
	const lines: string[] = [];
	let refusal: string | undefined;
	for (const answer of [check, impact]) {
		if (!answer) continue;
		lines.push(`${answer.asked}: ${answer.refusal ?? answer.value}`);
		refusal ??= answer.refusal;
	}
	if (!check) lines.push(`the chain has no check of riskParams.${call.method}`);
	return { refusal, lines };
}

interface Answer {
	asked: string;
	/** The rule that refuses, and its field. */
	refusal: string | undefined;
	value: string;
}

/** Calls an API function with the leading arguments of a call; nothing if there is no such function. */
async function ask(api: ApiPromise, name: string, call: RuntimeCall): Promise<Answer | undefined> {
	const method = stringCamelCase(name);
	const found = optionalApi(api, "riskParamsApi", method);
	if (!found) return undefined;
	const answer = await found.ask(...call.args.slice(0, found.parameters));
	const json = answer.toHuman() as { Err?: { rule?: string; field?: string }; Ok?: unknown };
	const error = json && typeof json === "object" ? json.Err : undefined;
	return {
		asked: `riskParamsApi.${method}`,
		refusal: error ? `refused by ${error.rule ?? JSON.stringify(error)} (${error.field ?? ""})` : undefined,
		value: "Ok" in (json ?? {}) && json.Ok !== null && json.Ok !== "()" ? JSON.stringify(json.Ok) : "valid",
	};
}
