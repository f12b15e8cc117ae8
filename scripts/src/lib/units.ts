// Numbers of the chain: 18-decimal fixed point as integers, asset amounts with their decimals.

/** One in 18-decimal fixed point. */
export const ONE = 10n ** 18n;

/** A decimal number (string or number) in 18-decimal fixed point, exactly as written. */
export function fixed(value: number | string): bigint {
	return scaled(value, 18);
}

/** A decimal number as integer units of an asset with these decimals. */
export function scaled(value: number | string, decimals: number): bigint {
	const text = typeof value === "number" ? value.toFixed(Math.min(decimals, 12)) : value;
	const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	if (!match) throw new Error(`not a decimal number: ${text}`);
	const [, sign = "", whole = "0", fraction = ""] = match;
	if (fraction.replace(/0+$/, "").length > decimals) {
		throw new Error(`${text} has more than ${decimals} decimals`);
	}
	const digits = whole + fraction.slice(0, decimals).padEnd(decimals, "0");
	const magnitude = BigInt(digits);
	return sign === "-" ? -magnitude : magnitude;
}

/** An 18-decimal fixed point number as a float, for display only. */
export function float(value: bigint): number {
	return Number(value) / 1e18;
}

/** For people: thousands separated, the given decimals. */
export function human(value: bigint, decimals = 0): string {
	const text = float(value).toLocaleString("en-US", {
		minimumFractionDigits: decimals,
		maximumFractionDigits: decimals,
	});
	return /[1-9]/.test(text) ? text : text.replace("-", "");
}
