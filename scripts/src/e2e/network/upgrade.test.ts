// A referendum on four validators upgrades the runtime of the live chain. Its migration takes several blocks;
// a validator that was away comes back from its database, a node that knows nothing runs every block, and another takes
// the state from its peers.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { blake2AsHex } from "@polkadot/util-crypto";
import { UNDERLYING, voters } from "../../lib/actors.ts";
import { blocksFrom, connect, eventsAt, key, send, sleep } from "../../lib/chain.ts";
import type { Member, Network } from "../../lib/network.ts";
import { callApi } from "../../lib/views.ts";
import { Desk } from "../../demo/desk.ts";
import { inProgress } from "../../governance/referenda.ts";
import { Feed } from "../feed.ts";
import { carry, script } from "../referenda.ts";
import { booksAreRight, eventually } from "../support.ts";
import { sameChain, withNetwork } from "./support.ts";

/** The code of the next runtime: `ballast-bench next-runtime --out FILE` writes it. */
function nextRuntime(): Uint8Array {
	const file = process.env["BALLAST_NEXT_RUNTIME"];
	if (!file || !existsSync(file)) {
		throw new Error(
			`BALLAST_NEXT_RUNTIME names no file (${file ?? "it is not set"}): write one with ballast-bench next-runtime --out FILE`,
		);
	}
	return readFileSync(file);
}

interface Version {
	specName: string;
	specVersion: number;
}

/** Accounts at the clearing house, so that the migration has something to do in several blocks. */
async function accounts(api: ApiPromise): Promise<void> {
	const desk = new Desk(api);
	// All but those without dollars: the stashes.
	const rich = [...voters.slice(12), ...voters.slice(0, 12).filter((_, i) => i % 2 === 0)];
	await Promise.all(rich.map((who) => send(api, who, desk.deposit(1_000))));
	const stored = await api.query["margin"]!["accounts"]!.keys();
	assert.ok(stored.length >= rich.length, `${stored.length} accounts`);
}

/** The referendum that authorises the code, through the script. */
async function authorised(api: ApiPromise, url: string, code: Uint8Array): Promise<void> {
	const hash = blake2AsHex(code, 256);
	const call = ["--track", "root", "--call", "system.authorizeUpgrade", "--args", JSON.stringify([hash])];
	const by = ["--from", "//Alice", "--vote", "aye", "--balance", "900000", "--follow"];
	const said = script("propose", url, [...call, ...by]);
	await eventually("the referendum", 240_000, async () =>
		(await inProgress(api)).find(([index]) => index === 0),
	);
	await carry(api, [0], ["//Alice"]);
	const { code: exit, out, err } = await said;
	assert.equal(exit, 0, out + err);
	assert.match(out, /system\.UpgradeAuthorized/);
	const found = (await api.query["system"]!["authorizedUpgrade"]!()).toJSON() as { codeHash: string } | null;
	assert.equal(found?.codeHash, hash);
}

/**
 * Anybody hands the code in. Sent and looked for without decoding: the metadata that a connection has is then that of
 * the old runtime or of the new one, and neither reads the events of both.
 */
async function handedIn(member: Member, code: Uint8Array): Promise<number> {
	const api = await member.api();
	const version = async (hash?: string | null) =>
		(await member.ask<Version>("state_getRuntimeVersion", ...(hash ? [hash] : []))).specVersion;
	const before = await version();
	const first = await member.best();
	const signed = await api.tx["system"]!["applyAuthorizedUpgrade"]!(
		`0x${Buffer.from(code).toString("hex")}`,
	).signAsync(key("//Ferdie"), { nonce: -1 });
	await member.ask("author_submitExtrinsic", signed.toHex());
	for (let block = first; ; block += 1) {
		assert.ok(block < first + 20, "the code was not taken");
		while ((await member.best()) < block) await sleep(500);
		if ((await version(await member.hashOf(block))) > before) return block;
	}
}

/** The blocks after the upgrade in which the migration goes on; the last of them. */
async function migrated(api: ApiPromise, upgraded: number): Promise<number> {
	const happened: string[] = [];
	for await (const block of blocksFrom(api, upgraded + 1)) {
		happened.push(...(await eventsAt(api, block)).map(({ section, method }) => `${section}.${method}`));
		if (happened.includes("multiBlockMigrations.UpgradeCompleted")) {
			const steps = happened.filter((name) => name === "multiBlockMigrations.MigrationAdvanced").length;
			console.log(`code in block ${upgraded}, migrated in block ${block}, ${steps} steps before the last`);
			assert.ok(steps >= 2, `the migration took ${steps} steps: ${happened}`);
			assert.ok(happened.includes("multiBlockMigrations.UpgradeStarted"));
			return block;
		}
		assert.ok(block < upgraded + 30, `no end of the migration: ${[...new Set(happened)]}`);
	}
	throw new Error("the chain has no more blocks");
}

/** What every account has, as the chain tells it. */
async function everybody(api: ApiPromise): Promise<string> {
	const keys = await api.query["margin"]!["accounts"]!.keys();
	const views = await Promise.all(
		keys.map(async ({ args: [who] }) => [
			who!.toString(),
			(await callApi(api, "marginApi", "account", who)).toPrimitive(),
		]),
	);
	return JSON.stringify(views.sort());
}

/** A node that takes the state of a finalised block from its peers, and the blocks before it afterwards. */
async function warped(network: Network, known: number): Promise<void> {
	const first = await network.member("alice").hashOf(1);
	const member = await network.join("warped", ["--sync", "warp"]);
	await network.finalized(member, known, 60);
	await network.within(60, "warped has the first block", async () =>
		(await member.hashOf(1)) === first ? true : undefined,
	);
}

/** Whoever was away, or new, ends up on the same chain and the same version. */
async function others(network: Network, known: number, version: number): Promise<void> {
	const charlie = network.member("charlie");
	await network.start(charlie);
	await network.finalized(charlie, known, 60);
	const fresh = await network.join("fresh", ["--sync", "full"]);
	await network.finalized(fresh, known, 60);
	await sameChain(network, known);
	await warped(network, known);
	for (const member of network.running) {
		assert.equal((await member.ask<Version>("state_getRuntimeVersion")).specVersion, version, member.name);
	}
}

/** Feeds, deposits, and finality with all four. */
async function goesOn(network: Network, api: ApiPromise): Promise<void> {
	const feed = await Feed.begin(api, [
		{ underlying: UNDERLYING.BTC, spot: 8_000, volatility: Array<number>(6).fill(0.65) },
	]);
	await send(api, key("//Bob"), new Desk(api).deposit(1));
	await feed.more(3);
	await feed.stop();
	await network.finalized(network.member("charlie"), await network.member("alice").best(), 40);
	await booksAreRight(api);
}

test("a referendum upgrades the runtime of a live chain, whose state migrates over several blocks", async () => {
	const code = nextRuntime();
	await withNetwork(async (network) => {
		const alice = network.member("alice");
		await network.finalized(alice, 3, 60);
		const api = await alice.api();
		const before = (await alice.ask<Version>("state_getRuntimeVersion")).specVersion;
		await accounts(api);
		await authorised(api, alice.process!.url, code);
		const books = await everybody(api);

		// Away while the code changes.
		await network.member("charlie").kill();
		const upgraded = await handedIn(alice, code);
		const fresh = await connect(alice.process!.url, 180_000);
		try {
			const last = await migrated(fresh, upgraded);
			const after = (await alice.ask<Version>("state_getRuntimeVersion")).specVersion;
			assert.ok(after > before, `spec_version ${before}, then ${after}`);
			assert.equal(await everybody(fresh), books, "the migration has changed an account");
			await network.finalized(alice, last + 2, 60);
			await others(network, last + 2, after);
			await goesOn(network, fresh);
		} finally {
			await fresh.disconnect();
		}
	});
});
