// `scripts/validator`: from an account with BLST to the first authored block, and back.

import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { Keyring, type ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { cryptoWaitReady, mnemonicGenerate } from "@polkadot/util-crypto";
import { connect, lost } from "../lib/chain.ts";
import { onConsole } from "../lib/progress.ts";
import { signer, SIGNING } from "../lib/secrets.ts";
import { scaled } from "../lib/units.ts";
import { has, insert, keyNames, keepsSecrets, ready, rotate } from "./node.ts";
import { standingOf } from "./session.ts";
import { blst, carryOut, joining, leaving, phaseOf, untilAuthoring, withdrawing, type Plan } from "./steps.ts";

const USAGE = `usage: scripts/validator COMMAND [options]
  generate --out FILE   writes the secret phrase of a new account into FILE and prints its address
  keys                  has the node make session keys; with --insert FILE puts keys of a phrase into it, over
                        wss or on the same machine only
  join                  makes keys, bonds, stands for election, and waits for the first authored block
  status                how the account stands
  rotate                makes new session keys and puts them in the place of the old ones
  leave                 no candidate any more, and all of the stake is being taken out
  withdraw              takes out what is free

  --url URL             of the validator's own node (ws://127.0.0.1:9944); from elsewhere through a tunnel:
                        ssh -N -L 9944:127.0.0.1:9944 you@validator
  --stake BLST          to bond (join; the least that is allowed if absent)
  --commission PERCENT  of what nominators earn (join; 5)
  --payee WHERE         Staked or Stash: whether rewards add to the stake (join; Staked)
  --stash ADDRESS       whose status
  --no-wait             join does not wait for the first block
  --dry-run             says what would be done, and ends; --yes does it without asking
who signs: ${SIGNING}; at home, never on the validator`;

const FLAGS = {
	url: { type: "string", default: "ws://127.0.0.1:9944" },
	out: { type: "string" },
	insert: { type: "string" },
	stake: { type: "string" },
	commission: { type: "string", default: "5" },
	payee: { type: "string", default: "Staked" },
	stash: { type: "string" },
	"no-wait": { type: "boolean", default: false },
	"dry-run": { type: "boolean", default: false },
	yes: { type: "boolean", default: false },
	from: { type: "string" },
	"key-file": { type: "string" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

function parsed(argv: string[]) {
	return parseArgs({ args: argv, options: FLAGS, allowPositionals: true });
}

const who = (values: Values): KeyringPair => signer({ from: values.from, keyFile: values["key-file"] });

/**
 * Says what will be done, asks, and does it; false if it was not done. What has to be made for it is made
 * after the question: `made` gives the same plan with it.
 */
async function agreed(
	api: ApiPromise,
	pair: KeyringPair,
	plan: Plan,
	values: Values,
	made: () => Promise<Plan> = async () => plan,
): Promise<boolean> {
	console.log(`${pair.address} will, in one transaction:`);
	for (const word of plan.words) console.log(`  - ${word}`);
	if (values["dry-run"]) return false;
	if (!values.yes) {
		if (!process.stdin.isTTY) throw new Error("nobody is there to be asked: --yes does it");
		const asked = createInterface({ input: process.stdin, output: process.stdout });
		const answer = await asked.question("go on? [y/N] ");
		asked.close();
		if (!/^y(es)?$/i.test(answer.trim())) return false;
	}
	await carryOut(api, pair, await made());
	return true;
}

/** Stands for keys that are not made before somebody has agreed. */
const nobodys = (api: ApiPromise) => `0x${"00".repeat(32 * keyNames(api).length)}`;

async function join(api: ApiPromise, values: Values): Promise<void> {
	const pair = who(values);
	await ready(api);
	const commission = Number(values.commission);
	if (!(commission >= 0 && commission <= 100)) throw new Error(`no commission: ${values.commission}`);
	if (values.payee !== "Staked" && values.payee !== "Stash") throw new Error("--payee takes Staked or Stash");
	const least = BigInt((await api.query["staking"]!["minValidatorBond"]!()).toString());
	const stake = values.stake ? scaled(values.stake, api.registry.chainDecimals[0] ?? 12) : least;
	// Keys that the node has already are as good as new ones.
	const { keys: set } = await standingOf(api, pair.address);
	const kept = set && (await has(api, set)) ? set : undefined;
	const wanted = { stake, commission, payee: values.payee };
	const withKeys = (keys: string) => joining(api, pair.address, { ...wanted, keys });
	const plan = await withKeys(kept ?? nobodys(api));
	const made = async () => (kept ? plan : withKeys(await rotate(api)));
	if (!(await agreed(api, pair, plan, values, made)) || values["no-wait"]) return;
	const block = await untilAuthoring(api, pair.address, onConsole());
	console.log(`the first block: ${block}`);
}

async function keys(api: ApiPromise, values: Values): Promise<void> {
	const made = values.insert ? await insert(api, values.insert) : await rotate(api);
	console.log(`session keys (${keyNames(api).join(", ")}), public parts, for session.setKeys:\n${made}`);
}

async function renew(api: ApiPromise, values: Values): Promise<void> {
	const pair = who(values);
	await ready(api);
	const withKeys = (fresh: string): Plan => ({
		words: ["set new session keys of this node: they are used from the session after the next on"],
		calls: [api.tx["session"]!["setKeys"]!(fresh, "0x")],
	});
	const made = async () => withKeys(await rotate(api));
	if (await agreed(api, pair, withKeys(nobodys(api)), values, made)) {
		console.log("leave the old keys in the keystore until then");
	}
}

async function status(api: ApiPromise, values: Values): Promise<void> {
	const stash = values.stash ?? who(values).address;
	const found = await standingOf(api, stash);
	console.log(`${stash}: ${phaseOf(found)} (era ${found.era})`);
	console.log(`  bonded ${blst(api, found.bonded)}`);
	for (const { value, era } of found.unlocking) console.log(`  ${blst(api, value)} free from era ${era} on`);
	if (found.prefs) console.log(`  commission ${found.prefs.commission / 1e7}%`);
	if (found.keys) {
		// A node that others may reach does not say.
		const here = await has(api, found.keys).then((yes) => (yes ? "in this node" : "not in this node"), () => "somewhere");
		console.log(`  session keys ${found.keys} (${here})`);
	}
	console.log(`  points of this era: ${found.points}`);
}

async function generate(values: Values): Promise<void> {
	if (!values.out) throw new Error("generate needs --out FILE");
	if (existsSync(values.out)) throw new Error(`${values.out} exists already`);
	await cryptoWaitReady();
	const phrase = mnemonicGenerate(24);
	writeFileSync(values.out, `${phrase}\n`, { mode: 0o600, flag: "wx" });
	const { address } = new Keyring({ type: "sr25519" }).createFromUri(phrase);
	console.log(`address: ${address}\nits secret phrase is in ${values.out}: write it down, and keep it off the validator`);
}

const COMMANDS: Readonly<Record<string, (api: ApiPromise, values: Values) => Promise<void>>> = {
	keys,
	join,
	status,
	rotate: renew,
	leave: async (api, values) => {
		const pair = who(values);
		await agreed(api, pair, await leaving(api, pair.address), values);
	},
	withdraw: async (api, values) => {
		const pair = who(values);
		await agreed(api, pair, await withdrawing(api, pair.address), values);
	},
};

async function main(argv: string[]): Promise<number> {
	if (argv.length === 0 || argv.includes("--help") || argv.includes("-h")) {
		console.log(USAGE);
		return argv.length === 0 ? 2 : 0;
	}
	const { values, positionals } = parsed(argv);
	const [name = "", ...others] = positionals;
	if (others.length > 0) throw new Error(`one command at a time, not ${positionals.join(" ")}`);
	if (name === "generate") return generate(values).then(() => 0);
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (!command) throw new Error(`no command ${name || "given"}; --help lists them`);
	if (values.insert && !keepsSecrets(values.url)) {
		throw new Error(`${values.url} is open to whoever listens: --insert takes wss, or a node on this machine`);
	}
	const api = await connect(values.url, 20_000);
	try {
		await Promise.race([command(api, values), lost(api)]);
		return 0;
	} finally {
		await api.disconnect();
	}
}

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
