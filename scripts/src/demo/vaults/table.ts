// The live table of the vaults' act: one line a block.

import { human } from "../../lib/units.ts";
import { priceAt } from "../../lib/vault-sums.ts";
import { perShare, type Offered, type Vault } from "../../lib/vaults.ts";
import type { Candle } from "../market.ts";
import { clock, plain, unitsOf } from "./tell.ts";

const BOLD = process.stdout.isTTY ? "\x1b[1m" : "";
const PLAIN = process.stdout.isTTY ? "\x1b[0m" : "";

/** Lines between two headings. */
const HEADING_EVERY = 16;

const COLUMNS: readonly (readonly [string, number])[] = [
	["state", 9],
	["strike", 6],
	["sold", 11],
	["price", 8],
	["premium", 8],
	["share", 6],
	["to come", 10],
	["to go", 9],
];

export interface Line {
	vault: Vault;
	/**
	 * What a contract costs now, while an auction is open. Marked with an asterisk where it is above the
	 * auction's own price: at the governed share of today's mark, or at the mutual pool's bid.
	 */
	offer: Offered | undefined;
}

export class VaultTable {
	private lines = 0;

	/** Prints one line for the state after a candle. */
	print(now: number, candle: Candle, vaults: readonly Line[]): void {
		if (this.lines % HEADING_EVERY === 0) this.heading(vaults);
		this.lines += 1;
		const cells = vaults.map((line) => cell(line, now));
		console.log([clock(now), `${candle.btc}`.padStart(5), ...cells].join(" | "));
	}

	/** Prints something that happened, under the line of its block. */
	say(text: string): void {
		console.log(`            ${BOLD}${text}${PLAIN}`);
	}

	private heading(vaults: readonly Line[]): void {
		const names = COLUMNS.map(([name, width]) => name.padStart(width)).join(" ");
		const wide = names.length;
		const titles = vaults.map(({ vault: { id, strategy, decimals } }) => {
			const { name } = unitsOf(id);
			return `${strategy} in ${name}, ${decimals} decimals`.padEnd(wide);
		});
		console.log(`${BOLD}${["UTC        ", "  BTC", ...titles].join(" | ")}`);
		console.log(`${["           ", "     ", ...vaults.map(() => names)].join(" | ")}${PLAIN}`);
	}
}

function cell({ vault, offer }: Line, now: number): string {
	const { selling, locked } = vault;
	const held = offer && selling && offer.price > priceAt(selling, now) ? "*" : "";
	const running = selling ?? locked;
	const of = selling ? `/${human(selling.offered, 2)}` : "";
	const values = [
		`${vault.round} ${vault.stage}`,
		running ? human(running.strike).replace(",", "") : "-",
		running ? `${human(running.sold, 2)}${of}` : "-",
		offer ? held + human(offer.price, 2) : "-",
		running ? plain(vault.id, running.premium) : "-",
		perShare(vault.price, vault.decimals).toFixed(4),
		plain(vault.id, vault.queuedDeposits),
		human(vault.queuedWithdrawals, 2),
	];
	return values.map((text, i) => text.padStart(COLUMNS[i]?.[1] ?? 0)).join(" ");
}
