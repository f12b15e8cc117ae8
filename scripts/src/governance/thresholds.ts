// Changes of thresholds, whichever call of `riskParams` makes them: what is in force, what would be.

import type { ApiPromise } from "@polkadot/api";
import type { Call as RuntimeCall } from "@polkadot/types/interfaces";
import type { Codec, IEnum } from "@polkadot/types/types";
import { stringCamelCase } from "@polkadot/util";
import { optionalApi } from "../lib/views.ts";
import { fieldsOf, parse, show } from "./values.ts";

type Json = Record<string, unknown>;

/** A new value of a group. */
export interface Change {
	/** As the enumerations of the runtime name the group: `Underlying`, `Margin`. */
	group: string;
	/** What else names it: the underlying. */
	keys: Codec[];
	value: Codec;
	/** Number of the value's type. */
	type: number;
}

/** The group of a call: `setUnderlyingRisk` sets `Underlying`. */
export function groupOf(method: string): string | undefined {
	return /^set([A-Z]\w*?)(Risk|Rules)$/.exec(method)?.[1];
}

/** The variant of an enumeration of groups: some name a group in the plural. Nothing if the group is not among them. */
export function variantOf(api: ApiPromise, type: string, group: string): string | undefined {
	const { defKeys } = api.registry.createType(type) as unknown as { defKeys: string[] };
	return defKeys.find((name) => name === group || name === `${group}s`);
}

/** The change that a call makes; nothing if it makes none. */
export function changeOf(api: ApiPromise, call: RuntimeCall): Change | undefined {
	if (call.section !== "riskParams") return undefined;
	const { fields } = api.registry.findMetaCall(call.callIndex).meta;
	const group = groupOf(call.method);
	const last = call.args.length - 1;
	if (group) {
		return { group, keys: call.args.slice(0, last), value: call.args[last]!, type: fields[last]!.type.toNumber() };
	}
	if (call.method !== "guard" && call.method !== "ramp") return undefined;
	const { type, value: inner } = call.args[0] as IEnum;
	// Several fields are a tuple, one is itself.
	const parts = Array.isArray(inner) ? [...(inner as Codec[])] : [inner];
	const variants = api.registry.lookup.getSiType(fields[0]!.type).def.asVariant.variants;
	const variant = variants.find(({ name }) => name.toString() === type);
	const of = variant?.fields.at(-1)?.type.toNumber();
	if (of === undefined) return undefined;
	return { group: type, keys: parts.slice(0, -1), value: parts.at(-1)!, type: of };
}

/** The value in force of a group; nothing if there is none, or no API that tells it. */
export async function inForce(api: ApiPromise, group: string, keys: readonly unknown[]): Promise<Json | undefined> {
	for (const suffix of ["Risk", "Rules"]) {
		const found = optionalApi(api, "riskParamsApi", stringCamelCase(group + suffix));
		if (found?.parameters === keys.length) {
			return ((await found.ask(...keys)).toPrimitive() as Json | null) ?? undefined;
		}
	}
	return undefined;
}

/** The value in force with some fields changed: `scanFloor=13.2%`. */
export async function changed(
	api: ApiPromise,
	group: string,
	keys: readonly unknown[],
	type: number,
	changes: readonly string[],
): Promise<Json> {
	const value = await inForce(api, group, keys);
	if (!value) throw new Error("--set changes values in force, and there is none: give all with --args");
	const fields = fieldsOf(api, type);
	for (const change of changes) {
		const [name = "", text = ""] = change.split("=", 2);
		const field = fields.find((one) => one.name === stringCamelCase(name));
		if (!field) throw new Error(`no field ${name}; there are: ${fields.map((one) => one.name).join(", ")}`);
		value[field.name] = parse(field, text);
	}
	return value;
}

/** What would change, field by field, for people. */
export async function differences(api: ApiPromise, { group, keys, value, type }: Change): Promise<string[]> {
	const before = await inForce(api, group, keys);
	const after = value.toPrimitive() as Json;
	const changes = fieldsOf(api, type).flatMap((field) => {
		const [old, fresh] = [before?.[field.name], after[field.name]];
		if (before && JSON.stringify(old) === JSON.stringify(fresh)) return [];
		return [`  ${field.name}: ${before ? `${show(field, old)} -> ` : ""}${show(field, fresh)}`];
	});
	return changes.length > 0 ? changes : ["  all as in force"];
}
