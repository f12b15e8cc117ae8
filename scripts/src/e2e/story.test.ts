// Black Thursday, asserted: what `scripts/demo` shows must have happened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actors } from "../lib/actors.ts";
import { big } from "../lib/views.ts";
import { latency } from "../demo/latency.ts";
import { report } from "../demo/report.ts";
import { Story } from "../demo/story.ts";
import { withNodes } from "./support.ts";

test("an option is written, goes wrong, is liquidated, and its loss is borne in order", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const journal = await (await Story.open(api)).play();

		for (const check of await report(api, journal)) {
			assert.ok(check.holds, `${check.what}: ${check.figures}`);
		}

		const started = journal.all("liquidation", "LiquidationStarted");
		const under = (who: string) => started.filter(({ data }) => data["account"] === who);
		assert.ok(under(actors.writer.address).length > 0, "the thin writer was not liquidated");
		assert.ok(under(actors.keeper.address).length > 0, "the late writer was not liquidated");
		assert.equal(under(actors.prudent.address).length, 0, "the prudent writer was liquidated");
		assert.equal(under(actors.covered.address).length, 0, "the covered writer was liquidated");

		const { all, byWorker, nextBlock, text } = latency(journal);
		console.log(text);
		// The round robin of on_idle may happen to look at a failing account in the block of the feed.
		assert.ok(byWorker * 2 >= all, `only ${byWorker} of ${all} by the offchain worker`);
		assert.ok(nextBlock >= all - 1, `only ${nextBlock} of ${all} in the block after a feed`);

		assert.ok(journal.all("liquidation", "BidAccepted").length > 0, "nobody's bid was accepted");
		const steps = journal.all("riskPool", "LossBorne").map(({ data }) => String(data["step"]));
		const fund = steps.findIndex((step) => step.includes("Insurance"));
		const pool = steps.findIndex((step) => step.includes("Pool"));
		assert.ok(fund >= 0 && pool > fund, `losses were borne by ${steps.join(", ")}`);

		const deficits = journal.all("riskPool", "DeficitCovered");
		const late = deficits.filter(({ data }) => Object.values(data).includes(actors.keeper.address));
		assert.ok(late.some(({ data }) => big(data["deficit"]) > 0n), "the late writer could pay");
		assert.ok(journal.all("options", "SeriesSettled").length > 0, "no series was settled");
		assert.ok(journal.all("margin", "SeriesCompleted").length > 0, "no settlement was completed");
	});
});
