// What the command line of `scripts/propose` asks for.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { scaled } from "../lib/units.ts";
import { SIGNING, type Signing } from "../lib/secrets.ts";
import type { Wanted } from "./calls.ts";
import type { Enactment } from "./submit.ts";

export const USAGE = `usage:
  scripts/propose --track TRACK --call PALLET.CALL [--args JSON] [--set FIELD=VALUE ...] [options]
  scripts/propose --file FILE.json | --hex 0x.. --track TRACK [options]
  scripts/propose --referendum N [--deposit] [--vote aye|nay] [--follow]     one that there is
  scripts/propose --list | --tracks

  --track TRACK       number or name: root, risk_admin, ...; its origin is the call's
  --call PALLET.CALL  such as riskParams.setUnderlyingRisk
  --args JSON         its arguments, a list or an object by their names, as Polkadot.js takes them
  --set FIELD=VALUE   of thresholds: changes these fields (13.2%, 0.5, 86400), keeps the others in force
  --ramp BLOCKS       of thresholds: in steps over so many blocks; --guard BLOCK: the guardian's, until a block
  --file FILE         JSON with track, call, args, set (an object), ramp, guard, hex, after, at
  --after BLOCKS      enactment so many blocks after approval (0: as soon as the track allows); --at BLOCK
  --vote aye|nay      votes, with --balance BLST (1000) and --conviction None|Locked1x..Locked6x (Locked1x)
  --no-deposit        leaves the decision deposit to somebody else
  --follow            says how far it is until the call is made; the exit code is 1 if that fails
  --dry-run           says what would be proposed and what the chain thinks of it, and ends
  --force             also proposes what the chain would refuse now
  --url URL           of a node (ws://127.0.0.1:9944)
who signs: ${SIGNING}`;

export interface Options extends Signing {
	task: "propose" | "referendum" | "list" | "tracks";
	url: string;
	track: string | undefined;
	wanted: Wanted;
	enactment: Enactment;
	referendum: number | undefined;
	deposit: boolean;
	/** With the balance in whole BLST, as text: the chain knows its decimals. */
	vote: { aye: boolean; conviction: string; balance: string } | undefined;
	follow: boolean;
	dryRun: boolean;
	force: boolean;
}

const FLAGS = {
	track: { type: "string" },
	call: { type: "string" },
	args: { type: "string" },
	set: { type: "string", multiple: true },
	ramp: { type: "string" },
	guard: { type: "string" },
	file: { type: "string" },
	hex: { type: "string" },
	after: { type: "string" },
	at: { type: "string" },
	referendum: { type: "string" },
	deposit: { type: "boolean", default: false },
	"no-deposit": { type: "boolean", default: false },
	vote: { type: "string" },
	balance: { type: "string", default: "1000" },
	conviction: { type: "string", default: "Locked1x" },
	follow: { type: "boolean", default: false },
	"dry-run": { type: "boolean", default: false },
	force: { type: "boolean", default: false },
	list: { type: "boolean", default: false },
	tracks: { type: "boolean", default: false },
	from: { type: "string" },
	"key-file": { type: "string" },
	url: { type: "string", default: "ws://127.0.0.1:9944" },
} as const;

/** A proposal in a file. */
interface Written {
	track?: string | number;
	call?: string;
	args?: unknown;
	set?: Record<string, string | number>;
	ramp?: number;
	guard?: number;
	hex?: string;
	after?: number;
	at?: number;
}

/** Understands the command line, or says what is wrong with it. */
export function optionsOf(argv: string[]): Options {
	const { values } = parseArgs({ args: argv, options: FLAGS });
	const written: Written = values.file ? (JSON.parse(readFileSync(values.file, "utf8")) as Written) : {};
	const set = values.set ?? Object.entries(written.set ?? {}).map(([k, v]) => `${k}=${v}`);
	const track = values.track ?? (written.track === undefined ? undefined : String(written.track));
	const task = values.list
		? "list"
		: values.tracks
			? "tracks"
			: values.referendum !== undefined
				? "referendum"
				: "propose";
	if (task === "propose" && track === undefined) throw new Error("which track? --track NAME (--tracks lists them)");
	return {
		task,
		url: values.url,
		track,
		wanted: {
			call: values.call ?? written.call,
			args: values.args === undefined ? written.args : (JSON.parse(values.args) as unknown),
			set,
			ramp: optional(values.ramp ?? written.ramp, "--ramp"),
			guard: optional(values.guard ?? written.guard, "--guard"),
			hex: values.hex ?? written.hex,
		},
		enactment: enactmentOf(values.after ?? written.after, values.at ?? written.at),
		referendum: optional(values.referendum, "--referendum"),
		deposit: task === "referendum" ? values.deposit : !values["no-deposit"],
		vote: voteOf(values.vote, values.conviction, values.balance),
		follow: values.follow,
		dryRun: values["dry-run"],
		force: values.force,
		from: values.from,
		keyFile: values["key-file"],
	};
}

function whole(text: string | number, what: string): number {
	if (!/^\d+$/.test(String(text))) throw new Error(`${what} takes a number, not ${text}`);
	return Number(text);
}

function optional(text: string | number | undefined, what: string): number | undefined {
	return text === undefined ? undefined : whole(text, what);
}

function enactmentOf(after: string | number | undefined, at: string | number | undefined): Enactment {
	if (after !== undefined && at !== undefined) throw new Error("--after or --at, not both");
	return at === undefined ? { After: whole(after ?? 0, "--after") } : { At: whole(at, "--at") };
}

function voteOf(vote: string | undefined, conviction: string, balance: string): Options["vote"] {
	if (vote === undefined) return undefined;
	if (vote !== "aye" && vote !== "nay") throw new Error(`--vote takes aye or nay, not ${vote}`);
	if (!/^(None|Locked[1-6]x)$/.test(conviction)) throw new Error(`no conviction ${conviction}: None, Locked1x to Locked6x`);
	scaled(balance, 12);
	return { aye: vote === "aye", conviction, balance };
}
