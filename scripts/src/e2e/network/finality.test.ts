// Four validators: finality survives the loss of one, stops at the loss of two, and resumes when one returns.
// This is the part of the network tests that `scripts/test` runs always.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Network } from "../../lib/network.ts";
import { booksAreRight } from "../support.ts";
import { sameChain, withNetwork } from "./support.ts";

/** Blocks within which four nodes must have found each other and finalised something. */
const FIRST = 40;
/** Blocks within which finality must follow. */
const SOON = 40;

/** With one validator gone, what is authored after its loss is finalised. */
async function withoutOne(network: Network): Promise<void> {
	const [alice] = network.running;
	await network.member("dave").kill();
	const target = (await alice!.best()) + 4;
	await network.finalized(alice!, target, SOON);
}

/** With two of four gone blocks are authored and none is finalised; with one of them back all are. */
async function withoutTwo(network: Network): Promise<void> {
	const alice = network.member("alice");
	const charlie = network.member("charlie");
	await charlie.kill();
	// Votes that were on their way may still finalise a block or two.
	await network.blocks(2);
	const stopped = await alice.finalized();
	await network.blocks(6);
	assert.equal(await alice.finalized(), stopped, "two of four validators finalised a block");
	const best = await alice.best();

	// From its database: it knows what it had before it was killed.
	await network.start(charlie);
	assert.ok((await charlie.finalized()) > 0, "the node has lost its database");
	await network.finalized(alice, best, SOON);
	await network.finalized(charlie, best, SOON);
}

test("finality survives one of four validators, stops without two, and resumes with three", async () => {
	await withNetwork(async (network) => {
		const alice = network.member("alice");
		await network.finalized(alice, 3, FIRST);
		await withoutOne(network);
		await withoutTwo(network);
		// A fifth that knows nothing but the others' addresses gets everything.
		const fifth = await network.join("fifth");
		const known = await alice.finalized();
		await network.finalized(fifth, known, SOON);
		await sameChain(network, known);
		await booksAreRight(await alice.api());
	});
});
