// Values of calls for people: fields by name, shares as per cent, and the way back.

import type { ApiPromise } from "@polkadot/api";
import { stringCamelCase } from "@polkadot/util";
import { fixed } from "../lib/units.ts";
import { big } from "../lib/views.ts";

/** A named field of a structure of the runtime, with the name of its type. */
export interface Field {
	name: string;
	type: string;
}

/** Types that are integers with 18 decimals. */
const FIXED = new Set(["Ratio", "Price", "Quantity", "Volatility", "Usd"]);
/** Of these, those that are read as per cent. */
const SHARES = new Set(["Ratio", "Volatility"]);

/** The fields of a structure, by the number of its type; none if it is something else. */
export function fieldsOf(api: ApiPromise, type: { toNumber(): number } | number): Field[] {
	const { def } = api.registry.lookup.getSiType(typeof type === "number" ? type : type.toNumber());
	if (!def.isComposite) return [];
	return def.asComposite.fields.flatMap(({ name, typeName }) =>
		name.isSome
			? [{ name: stringCamelCase(name.unwrap().toString()), type: typeName.unwrapOr("").toString() }]
			: [],
	);
}

/** A field's value for people. */
export function show({ type }: Field, value: unknown): string {
	if (!FIXED.has(type)) {
		const text = typeof value === "object" ? JSON.stringify(value) : String(value);
		return type === "Moment" ? `${text} s` : text;
	}
	return SHARES.has(type) ? `${decimal(big(value) * 100n)}%` : decimal(big(value));
}

/** A field's value as written by people: `13.2%`, `0.132`, `86400`; of 18-decimal fields always in whole units. */
export function parse({ name, type }: Field, text: string): string | boolean {
	if (FIXED.has(type)) {
		const percent = /^(-?[\d.]+)%$/.exec(text);
		return String(percent ? fixed(percent[1]!) / 100n : fixed(text));
	}
	if (text === "true" || text === "false") return text === "true";
	if (/^-?\d+$/.test(text)) return text;
	throw new Error(`${name} (${type}) is not ${text}: give it with --args`);
}

/** An 18-decimal number without needless zeros. */
function decimal(value: bigint): string {
	const magnitude = value < 0n ? -value : value;
	const digits = magnitude.toString().padStart(19, "0");
	const fraction = digits.slice(-18).replace(/0+$/, "");
	return `${value < 0n ? "-" : ""}${digits.slice(0, -18)}${fraction ? `.${fraction}` : ""}`;
}

