// The call of a proposal: put together from what people write, and shown to them.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringCamelCase } from "@polkadot/util";
import { changed, changeOf, differences, groupOf, variantOf } from "./thresholds.ts";

/** What is proposed, as people write it. */
export interface Wanted {
	/** `riskParams.setMarginRules`. */
	call?: string | undefined;
	/** Arguments: a list, or an object by their names. */
	args?: unknown;
	/**
	 * For thresholds: fields that change (`scanFloor=13.2%`). The others keep the values in force, and the argument
	 * `value` is left out of `args`.
	 */
	set?: readonly string[];
	/** For thresholds: comes in steps over so many blocks (`riskParams.ramp`). */
	ramp?: number | undefined;
	/** For thresholds: the guardian's, until a block (`riskParams.guard`). */
	guard?: number | undefined;
	/** The call as bytes instead. */
	hex?: string | undefined;
}

type Json = Record<string, unknown>;

/** The call that is wanted. */
export async function callOf(api: ApiPromise, wanted: Wanted): Promise<RuntimeCall> {
	if (wanted.hex !== undefined) return decode(api, wanted.hex);
	if (wanted.call === undefined) throw new Error("which call? --call pallet.call, --file FILE or --hex 0x..");
	const [section = "", method = ""] = wanted.call.split(".").map((part) => stringCamelCase(part));
	const found = api.tx[section]?.[method];
	if (!found) throw new Error(`the runtime has no call ${wanted.call}`);
	const names = found.meta.args.map(({ name }) => stringCamelCase(name.toString()));
	const changes = wanted.set ?? [];
	const args = byName(wanted.args ?? [], changes.length > 0 ? names.filter((n) => n !== "value") : names);
	const group = section === "riskParams" ? groupOf(method) : undefined;
	if (changes.length > 0) {
		const field = found.meta.fields[names.indexOf("value")];
		if (!group || !field) throw new Error(`--set is for riskParams.set..., not for ${wanted.call}`);
		args["value"] = await changed(api, group, Object.values(args), field.type.toNumber(), changes);
	}
	const missing = names.filter((name) => !(name in args));
	if (missing.length > 0) throw new Error(`${wanted.call} also takes: ${missing.join(", ")}`);
	const values = names.map((name) => args[name]);
	const { ramp, guard } = wanted;
	if (ramp === undefined && guard === undefined) return decode(api, found(...values).method.toU8a());
	if (!group) throw new Error(`--ramp and --guard are for riskParams.set..., not for ${wanted.call}`);
	const way = ramp === undefined ? "guard" : "ramp";
	const other = api.tx["riskParams"]![way];
	if (!other) throw new Error(`the runtime has no riskParams.${way}`);
	const variant = variantOf(api, other.meta.args[0]!.type.toString(), group);
	if (!variant) throw new Error(`riskParams.${way} does not take ${wanted.call}'s group: it comes at once`);
	const value = { [variant]: values.length === 1 ? values[0] : values };
	return decode(api, other(value, ramp ?? guard).method.toU8a());
}

/** A call of its bytes. */
export function decode(api: ApiPromise, bytes: string | Uint8Array): RuntimeCall {
	return api.registry.createType("Call", bytes) as RuntimeCall;
}

/** Arguments by their names. */
function byName(args: unknown, names: readonly string[]): Json {
	if (!Array.isArray(args)) {
		const given = args as Json;
		const unknown = Object.keys(given).find((name) => !names.includes(stringCamelCase(name)));
		if (unknown) throw new Error(`no argument ${unknown}; there are: ${names.join(", ")}`);
		return Object.fromEntries(Object.entries(given).map(([name, value]) => [stringCamelCase(name), value]));
	}
	if (args.length > names.length) throw new Error(`too many arguments; there are: ${names.join(", ")}`);
	return Object.fromEntries(args.map((value, i) => [names[i]!, value]));
}

/** The call for people: what it is, its arguments, and of thresholds what would change. */
export async function describe(api: ApiPromise, call: RuntimeCall): Promise<string[]> {
	const { section, method, meta } = api.registry.findMetaCall(call.callIndex);
	const docs = meta.docs.map((line) => line.toString().trim());
	const end = docs.indexOf("");
	const lines = [`${section}.${method}: ${docs.slice(0, end < 0 ? docs.length : end).join(" ")}`];
	const change = changeOf(api, call);
	for (const [i, { name }] of meta.args.entries()) {
		if (change && name.toString() === "value") {
			if (!groupOf(method)) lines.push(`  ${[change.group, ...change.keys].join(" ")}`);
			lines.push(...(await differences(api, change)));
		} else {
			lines.push(`  ${name.toString()}: ${shortened(JSON.stringify(call.args[i]!.toHuman()))}`);
		}
	}
	return lines;
}

/** Long text, such as the code of a runtime, without its middle. */
function shortened(text: string): string {
	return text.length <= 400 ? text : `${text.slice(0, 300)} ... (${text.length} characters)`;
}
