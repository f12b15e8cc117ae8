// The ramp on four validators, as the preset has it: the market runs with the clock.

import { test } from "node:test";
import { Ramp } from "../ramp.ts";
import { sameChain, withNetwork } from "./support.ts";

test("a referendum on four validators liquidates nobody before the ramp has come to them", async () => {
	await withNetwork(async (network) => {
		const alice = network.member("alice");
		await network.finalized(alice, 3, 60);
		// A fifth of a per cent of spot, which takes six minutes at two per cent an hour.
		await Ramp.play({ api: await alice.api(), url: alice.process!.url, multiple: 3.08, blocks: 300 });
		const block = await alice.finalized();
		await sameChain(network, block);
	});
});
