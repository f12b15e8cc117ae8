// Referenda on one node: thresholds change by a vote, a proposal that is not valid is refused with its
// reason, and the chain's tracks are those of the document.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { UNDERLYING } from "../lib/actors.ts";
import { bestNumber, key, send } from "../lib/chain.ts";
import { fixed } from "../lib/units.ts";
import { big, callApi } from "../lib/views.ts";
import { inProgress, proposedCall } from "../governance/referenda.ts";
import { table } from "../governance/tracks.ts";
import { carry, script } from "./referenda.ts";
import { booksAreRight, eventually, withNodes, withSpec } from "./support.ts";

/** An hour of governance and less are a block, the five days of a decision ten. */
const PACE = 14_400;

const SET = ["--track", "risk_admin", "--call", "riskParams.setUnderlyingRisk"];
const by = (who: string) => ["--from", who, "--vote", "aye", "--balance", "900000", "--follow"];

async function multiple(api: ApiPromise, underlying: number): Promise<bigint> {
	const risk = (await callApi(api, "riskParamsApi", "underlyingRisk", underlying)).toPrimitive();
	return big((risk as Record<string, unknown>)["scanMultiple"]);
}

test("the tracks in the metadata of a chain at the pace of production are those of the document", async () => {
	const document = readFileSync(new URL("../../../docs/governance.md", import.meta.url), "utf8");
	const written = /<!-- table -->\s+([\s\S]*?)\s+<!-- end of table -->/.exec(document)?.[1];
	await withSpec({ preset: "dev", pace: 1 }, (chain) =>
		withNodes(async (start) => {
			const { api } = await start({ args: ["--dev", "--chain", chain] });
			assert.equal(table(api).trim(), written);
		}),
	);
});

test("a vote changes a threshold, and what is not valid is refused with its reason", async () => {
	await withSpec({ preset: "dev", pace: PACE }, (chain) =>
		withNodes(async (start) => {
			const { api, node } = await start({ args: ["--dev", "--chain", chain] });
			const before = await multiple(api, UNDERLYING.BTC);
			assert.equal(before, fixed(3));
			const valid = [...SET, "--args", `[${UNDERLYING.BTC}]`, "--set", "scanMultiple=350%"];
			const tooFar = [...SET, "--args", `[${UNDERLYING.ETH}]`, "--set", "scanMultiple=900%"];

			// Whoever asks first is told, and nothing is submitted.
			const told = await script("propose", node.url, [...tooFar, ...by("//Bob")]);
			assert.equal(told.code, 2, told.out + told.err);
			assert.match(told.out, /refused by the rule StepTooLarge, field scan_multiple/);
			assert.deepEqual(await inProgress(api), []);

			const accepted = script("propose", node.url, [...valid, ...by("//Alice")]);
			await referendum(api, 0, "scanMultiple");
			const forced = script("propose", node.url, [...tooFar, ...by("//Bob"), "--force"]);
			await referendum(api, 1, "scanMultiple");
			await carry(api, [0, 1], ["//Alice", "//Bob"]);

			const [good, bad] = await Promise.all([accepted, forced]);
			assert.equal(good.code, 0, good.out + good.err);
			assert.match(good.out, /scanMultiple: 300% -> 350%[^]*confirming[^]*enacted in block \d+[^]*riskParams\.UnderlyingRiskSet/);
			assert.equal(bad.code, 1, bad.out + bad.err);
			for (const { out } of [good, bad]) {
				assert.match(out, /deposits are back: referenda\.refundDecisionDeposit\(\d\) and referenda\.refundSubmissionDeposit/);
			}
			assert.match(bad.err, /refused in block \d+: riskParams\.StepTooLarge: \w+/);
			assert.equal(await multiple(api, UNDERLYING.BTC), fixed("3.5"));
			assert.equal(await multiple(api, UNDERLYING.ETH), fixed(3));
			await booksAreRight(api);
		}),
	);
});

test("a call that is too heavy to be enacted is not proposed", async () => {
	await withNodes(async (start) => {
		const { api, node } = await start({ args: ["--dev"] });
		const most = api.consts["scheduler"]!["maximumWeight"]!.toPrimitive() as { refTime: number; proofSize: number };
		const heavy = (refTime: number) => {
			const remark = api.tx["system"]!["remark"]!("0x");
			return api.tx["utility"]!["withWeight"]!(remark, { refTime, proofSize: 0 }).method.toHex();
		};
		const propose = (hex: string) => script("propose", node.url, ["--track", "root", "--hex", hex, "--from", "//Alice"]);
		const refused = await propose(heavy(most.refTime + 1));
		assert.equal(refused.code, 2, refused.out + refused.err);
		assert.match(refused.out, /too heavy: it weighs 100% of what the scheduler may use[^]*PermanentlyOverweight/);
		assert.deepEqual(await inProgress(api), []);
		const proposed = await propose(heavy(Math.floor(most.refTime / 2)));
		assert.equal(proposed.code, 0, proposed.out + proposed.err);
		assert.equal((await inProgress(api)).length, 1);
	});
});

test("a referendum for whose call the agenda has no place is told as lost", async () => {
	await withSpec({ preset: "dev", pace: PACE }, (chain) =>
		withNodes(async (start) => {
			const { api, node } = await start({ args: ["--dev", "--chain", chain] });
			// Late enough that it has been approved before.
			const at = (await bestNumber(api)) + 60;
			const places = Number(api.consts["scheduler"]!["maxScheduledPerBlock"]!.toString());
			const one = api.tx["scheduler"]!["schedule"]!(at, null, 128, api.tx["system"]!["remark"]!("0x"));
			const all = api.tx["utility"]!["batchAll"]!(Array.from({ length: places }, () => one));
			await send(api, key("//Alice"), api.tx["sudo"]!["sudo"]!(all));

			const valid = [...SET, "--args", `[${UNDERLYING.BTC}]`, "--set", "scanMultiple=350%"];
			const proposed = script("propose", node.url, [...valid, ...by("//Bob"), "--at", String(at)]);
			await referendum(api, 0, "scanMultiple");
			await carry(api, [0], ["//Bob"]);
			const { code, out, err } = await proposed;
			assert.equal(code, 1, out + err);
			assert.match(err, /lost: approved in block \d+[^]*Submit the same proposal again/);
			assert.match(out, /deposits are back/);
		}),
	);
});

/** Waits for a referendum, whose call anybody can read. */
async function referendum(api: ApiPromise, index: number, field: string): Promise<void> {
	const found = await eventually(`referendum ${index}`, 120_000, async () =>
		(await inProgress(api)).find(([number]) => number === index),
	);
	const call = await proposedCall(api, found[1]);
	assert.equal(`${call?.section}.${call?.method}`, "riskParams.setUnderlyingRisk");
	assert.ok(field in (call!.args[1]!.toPrimitive() as object));
}
