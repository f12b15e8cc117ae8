// The ramp on one node, with a clock on which a block is four minutes: the short form of
// `network/referendum.test.ts`, where the market runs with the clock and four validators author.

import { test } from "node:test";
import { Ramp } from "./ramp.ts";
import { withNodes, withSpec } from "./support.ts";

test("a referendum raises the scan range, and liquidates nobody before the ramp has come to them", async () => {
	await withSpec({ preset: "dev", marketSeconds: 240, pace: 14_400 }, (chain) =>
		withNodes(async (start) => {
			const { api, node } = await start({ args: ["--dev", "--chain", chain] });
			await Ramp.play({ api, url: node.url, multiple: 3.6, blocks: 60 });
		}),
	);
});
