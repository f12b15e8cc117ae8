// The call of a proposal: put together from what people write, and shown to them.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import { stringCamelCase } from "@polkadot/util";
import { optionalApi } from "../lib/views.ts";
import { fieldsOf, parse, show } from "./values.ts";

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
	if (changes.length > 0) {
		const field = found.meta.fields[names.indexOf("value")];
		if (!field) throw new Error(`${wanted.call} sets no thresholds: give all arguments with --args`);
		args["value"] = await changed(api, method, field.type.toNumber(), args, changes);
	}
	const missing = names.filter((name) => !(name in args));
	if (missing.length > 0) throw new Error(`${wanted.call} also takes: ${missing.join(", ")}`);
	return decode(api, found(...names.map((name) => args[name])).method.toU8a());
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

/** The value in force of the group that the call sets, with some fields changed. */
async function changed(
	api: ApiPromise,
	method: string,
	type: number,
	args: Json,
	changes: readonly string[],
): Promise<Json> {
	const value = await inForce(api, method, Object.values(args));
	if (!value) throw new Error(`--set changes values in force, and there is none: give all with --args`);
	const fields = fieldsOf(api, type);
	for (const change of changes) {
		const [name = "", text = ""] = change.split("=", 2);
		const field = fields.find((one) => one.name === stringCamelCase(name));
		if (!field) throw new Error(`no field ${name}; there are: ${fields.map((one) => one.name).join(", ")}`);
		value[field.name] = parse(field, text);
	}
	return value;
}

/** The thresholds that a call `setGroup` of `riskParams` replaces; nothing if there are none, or it is another call. */
async function inForce(api: ApiPromise, method: string, args: readonly unknown[]): Promise<Json | undefined> {
	if (!method.startsWith("set")) return undefined;
	const found = optionalApi(api, "riskParamsApi", stringCamelCase(method.slice(3)));
	if (!found) return undefined;
	const answer = await found.ask(...args.slice(0, found.parameters));
	return (answer.toPrimitive() as Json | null) ?? undefined;
}

/** The call for people: what it is, its arguments, and of thresholds what would change. */
export async function describe(api: ApiPromise, call: RuntimeCall): Promise<string[]> {
	const { section, method, meta } = api.registry.findMetaCall(call.callIndex);
	const docs = meta.docs.map((line) => line.toString().trim());
	const summary = docs.slice(0, docs.findIndex((line) => line === "") >>> 0).join(" ");
	const lines = [`${section}.${method}: ${summary}`];
	const names = meta.args.map(({ name }) => stringCamelCase(name.toString()));
	const others = names.flatMap((name, i) => (name === "value" ? [] : [call.args[i]!]));
	const before = section === "riskParams" ? await inForce(api, method, others) : undefined;
	for (const [i, name] of names.entries()) {
		if (before && name === "value") {
			const after = call.args[i]!.toPrimitive() as Json;
			lines.push(...differences(api, meta.fields[i]!.type.toNumber(), before, after));
		} else {
			lines.push(`  ${name}: ${shortened(JSON.stringify(call.args[i]!.toHuman()))}`);
		}
	}
	return lines;
}

/** What would change, field by field. */
function differences(api: ApiPromise, type: number, before: Json, after: Json): string[] {
	const changes = fieldsOf(api, type).filter(
		({ name }) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
	);
	if (changes.length === 0) return ["  value: as in force"];
	return changes.map(
		(field) => `  ${field.name}: ${show(field, before[field.name])} -> ${show(field, after[field.name])}`,
	);
}

/** Long text, such as the code of a runtime, without its middle. */
function shortened(text: string): string {
	return text.length <= 400 ? text : `${text.slice(0, 300)} ... (${text.length} characters)`;
}
