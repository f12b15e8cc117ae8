// What the tests of networks share: a network that is stopped whatever happens, one chain for all.

import assert from "node:assert/strict";
import { Network } from "../../lib/network.ts";

/** The validators of the `local_testnet` preset. */
export const VALIDATORS = ["alice", "bob", "charlie", "dave"] as const;

/** Runs `body` with a network of the preset's validators; keeps the logs if it fails. */
export async function withNetwork(
	body: (network: Network) => Promise<void>,
	chain = "local",
): Promise<void> {
	const network = await Network.ofValidators(VALIDATORS, chain);
	let failed = true;
	try {
		await body(network);
		failed = false;
	} finally {
		await network.stop(failed);
	}
}

/** Asserts that all running nodes have the same block of this number. */
export async function sameChain(network: Network, block: number): Promise<void> {
	const hashes = await Promise.all(network.running.map((member) => member.hashOf(block)));
	assert.ok(hashes[0], `nobody has block ${block}`);
	assert.deepEqual(new Set(hashes).size, 1, `block ${block}: ${hashes}`);
}
