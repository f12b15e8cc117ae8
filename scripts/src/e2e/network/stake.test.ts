// Validators by stake: one that signs twice is slashed and loses its seat, another joins with
// `scripts/validator`, authors, changes its keys and leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { blocksFrom, eventsAt, key, type Happened } from "../../lib/chain.ts";
import type { Network } from "../../lib/network.ts";
import { big } from "../../lib/views.ts";
import { authorOf, standingOf } from "../../validator/session.ts";
import { script } from "../referenda.ts";
import { booksAreRight } from "../support.ts";
import { sameChain, withNetwork } from "./support.ts";

const dave = key("//Dave").address;
const eve = key("//Eve").address;

/** Blocks in which both copies of a validator must have signed for one slot, and been reported. */
const REPORTED = 120;

/** The events of some kinds in the blocks from `first` on, until one is `last`. */
async function until(
	api: ApiPromise,
	first: number,
	blocks: number,
	last: (event: Happened) => boolean,
): Promise<Happened[]> {
	const seen: Happened[] = [];
	for await (const block of blocksFrom(api, first)) {
		for (const event of await eventsAt(api, block)) {
			seen.push(event);
			if (last(event)) return seen;
		}
		assert.ok(block < first + blocks, `not within ${blocks} blocks; events: ${names(seen)}`);
	}
	return seen;
}

const names = (events: readonly Happened[]) =>
	[...new Set(events.map(({ section, method }) => `${section}.${method}`))].join(", ");

const is = (event: Happened, name: string) => `${event.section}.${event.method}` === name;

/**
 * A second process with Dave's keys signs blocks of its own for Dave's slots. He has just set others, which
 * are in force a minute later at the earliest: it does not help him.
 */
async function signTwice(network: Network, api: ApiPromise): Promise<void> {
	const { bonded } = await standingOf(api, dave);
	const url = network.member("dave").process!.url;
	const rotated = await script("validator", url, ["rotate", "--from", "//Dave", "--yes"]);
	assert.equal(rotated.code, 0, rotated.out + rotated.err);
	const first = await network.member("alice").best();
	const twin = await network.join("twin", ["--dave"]);
	// Whoever reports it, the chain slashes the stake, though six eras later.
	const seen = await until(api, first, REPORTED, (event) => is(event, "staking.SlashReported"));
	await twin.kill();
	const slash = seen.at(-1)!;
	assert.equal(slash.data["validator"]?.toString(), dave);
	// One of four: (3/4)^2 of the stake.
	assert.equal(Number(slash.data["fraction"]?.toString()), 562_500_000);
	// The offence is noted and the candidacy ends in the same block, in whatever order.
	const block = await until(api, first, REPORTED + 10, (event) => is(event, "offences.Offence"));
	assert.ok(block.length > 0);
	const { prefs, disabled, now } = await standingOf(api, dave);
	assert.equal(prefs, undefined, "who signed twice is a candidate still");
	assert.ok(disabled || !now, "who signed twice authors on");
	assert.ok(bonded > 0n);
}

/** Eve's node gets keys, a stake and a seat, all by the script. */
async function joinByScript(network: Network, api: ApiPromise): Promise<void> {
	const node = await network.join("eve", ["--validator"]);
	const known = await network.member("alice").finalized();
	await network.finalized(node, known, 60);
	const url = node.process!.url;
	const args = ["--from", "//Eve", "--stake", "100000", "--commission", "5", "--yes"];
	const said = await script("validator", url, ["join", ...args]);
	assert.equal(said.code, 0, said.out + said.err);
	const authored = Number(/the first block: (\d+)/.exec(said.out)?.[1]);
	assert.equal(await authorOf(api, authored), eve, said.out);
	const { now, prefs } = await standingOf(api, eve);
	assert.ok(now);
	assert.equal(prefs?.commission, 50_000_000);
	await network.finalized(network.member("alice"), authored, 40);

	const told = await script("validator", url, ["status", "--from", "//Eve"]);
	assert.match(told.out, /in the session/);
	assert.match(told.out, /commission 5%/);
	assert.match(told.out, /\(in this node\)/);
}

/** New keys come into use, and the node authors with them; then it leaves. */
async function rotateAndLeave(network: Network, api: ApiPromise): Promise<void> {
	const url = network.member("eve").process!.url;
	const { keys: old } = await standingOf(api, eve);
	const said = await script("validator", url, ["rotate", "--from", "//Eve", "--yes"]);
	assert.equal(said.code, 0, said.out + said.err);
	const { keys } = await standingOf(api, eve);
	assert.notEqual(keys, old);
	const inUse = async () => {
		const queued = (await api.query["session"]!["queuedKeys"]!()) as unknown as Iterable<
			[{ toString(): string }, { toHex(): string }]
		>;
		return [...queued].some(([who, those]) => who.toString() === eve && those.toHex() === keys);
	};
	await network.within(80, "the new keys are queued", async () => ((await inUse()) ? true : undefined));
	const session = Number((await api.query["session"]!["currentIndex"]!()).toString());
	await network.within(80, "a block with the new keys", async () => {
		const now = Number((await api.query["session"]!["currentIndex"]!()).toString());
		const author = await authorOf(api, await network.member("alice").best());
		return now > session && author === eve ? true : undefined;
	});

	const left = await script("validator", url, ["leave", "--from", "//Eve", "--yes"]);
	assert.equal(left.code, 0, left.out + left.err);
	await network.within(100, "the seat is free", async () => {
		const { now, next } = await standingOf(api, eve);
		return now || next ? undefined : true;
	});
	// Secrets do not leave the machine on an open connection.
	const open = await script("validator", "ws://192.0.2.1:9944", ["keys", "--insert", "/dev/null"]);
	assert.equal(open.code, 1);
	assert.match(open.err, /open to whoever listens/);
	const early = await script("validator", url, ["withdraw", "--from", "//Eve", "--yes"]);
	assert.equal(early.code, 1);
	assert.match(early.err, /nothing is free before era/);
}

/** The slash is taken when its time has come. */
async function slashed(api: ApiPromise, bonded: bigint, from: number): Promise<void> {
	const seen = await until(api, from, 400, (event) => is(event, "staking.Slashed"));
	const taken = seen.at(-1)!;
	assert.equal(taken.data["staker"]?.toString(), dave);
	assert.equal(big(taken.data["amount"]!.toString()), (bonded * 5_625n) / 10_000n);
}

test("who signs twice is slashed, and somebody else joins, authors and leaves", async () => {
	await withNetwork(async (network) => {
		const alice = network.member("alice");
		await network.finalized(alice, 3, 60);
		const api = await alice.api();
		const { bonded } = await standingOf(api, dave);
		await signTwice(network, api);
		const from = await alice.best();
		await joinByScript(network, api);
		await rotateAndLeave(network, api);
		await slashed(api, bonded, from);
		await sameChain(network, await alice.finalized());
		await booksAreRight(api);
	});
});
