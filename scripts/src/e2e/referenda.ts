// Referenda in tests: proposed through `scripts/propose` as users do, carried by everybody's votes.

import { execFile } from "node:child_process";
import type { ApiPromise } from "@polkadot/api";
import { voters } from "../lib/actors.ts";
import { key, send } from "../lib/chain.ts";
import { voteCall } from "../governance/submit.ts";
import { wholeToken } from "../governance/tracks.ts";

/** What a script has said, and how it ended. */
export interface Said {
	code: number;
	out: string;
	err: string;
}

const SCRIPTS = new URL("../../", import.meta.url).pathname;

/** Runs one of the scripts with these arguments. */
export function script(name: string, url: string, args: readonly string[]): Promise<Said> {
	return new Promise((resolve) => {
		execFile(`${SCRIPTS}${name}`, [...args, "--url", url], { maxBuffer: 1 << 26 }, (error, out, err) => {
			const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
			resolve({ code, out, err });
		});
	});
}

/**
 * Everybody votes for these referenda, with nine tenths of what they were born with; but for those who are busy:
 * two transactions of one key at a time may take the same nonce.
 */
export async function carry(
	api: ApiPromise,
	indices: readonly number[],
	busy: readonly string[] = [],
): Promise<void> {
	const balance = 900_000n * wholeToken(api);
	const vote = { aye: true, conviction: "Locked1x", balance };
	// Each its own: a call that is being signed and sent belongs to its signer.
	const votes = () => api.tx["utility"]!["batchAll"]!(indices.map((index) => voteCall(api, index, vote)));
	const at = new Set(busy.map((path) => key(path).address));
	await Promise.all(voters.filter(({ address }) => !at.has(address)).map((one) => send(api, one, votes())));
}
