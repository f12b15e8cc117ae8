// The live table: one line a block.

import { human } from "../lib/units.ts";
import type { Candle } from "./market.ts";
import type { AccountLine, Snapshot } from "./state.ts";

const BOLD = process.stdout.isTTY ? "\x1b[1m" : "";
const RED = process.stdout.isTTY ? "\x1b[31m" : "";
const PLAIN = process.stdout.isTTY ? "\x1b[0m" : "";

/** Lines between two headings. */
const HEADING_EVERY = 16;

export class Table {
	private lines = 0;

	/** Prints one line for the state after a candle. */
	print(candle: Candle, state: Snapshot): void {
		if (this.lines % HEADING_EVERY === 0) this.heading(state);
		this.lines += 1;
		const time = new Date(candle.closedAt * 1000).toISOString().slice(5, 16).replace("T", " ");
		const accounts = state.accounts.map(cell).join(" ");
		console.log(
			[
				time,
				`${candle.btc}`.padStart(6),
				candle.eth.toFixed(1).padStart(6),
				`${(state.scan * 100).toFixed(1)}%`.padStart(6),
				accounts,
				`${state.auctions}`.padStart(3),
				(state.insurance === undefined ? "?" : human(state.insurance)).padStart(8),
				(state.pool ? human(state.pool.nav) : "?").padStart(10),
				(state.pool ? state.pool.sharePrice.toFixed(4) : "?").padStart(7),
			].join(" "),
		);
	}

	/** Prints something that happened, under the line of its block. */
	say(text: string): void {
		console.log(`            ${BOLD}${text}${PLAIN}`);
	}

	private heading(state: Snapshot): void {
		const names = state.accounts.map(({ name }) => `${name} E/MM`.padStart(17)).join(" ");
		console.log(
			`${BOLD}UTC            BTC    ETH  R(BTC) ${names} auc insuranc   pool NAV   share${PLAIN}`,
		);
	}
}

function cell(account: AccountLine): string {
	const text = `${human(account.equity)}/${human(account.maintenance)}`.padStart(17);
	const bad = account.status === "Liquidatable" || account.status === "Bankrupt";
	return bad ? `${RED}${text}${PLAIN}` : text;
}
