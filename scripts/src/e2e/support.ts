// What the end-to-end tests share: nodes that are stopped whatever happens, and refusals.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiPromise } from "@polkadot/api";
import { connect, Refused, sleep } from "../lib/chain.ts";
import { NodeProcess, type NodeOptions } from "../lib/node.ts";
import { writeSpec, type Clocks } from "../lib/spec.ts";
import { callApi } from "../lib/views.ts";

// A test that is interrupted ends its nodes too: they are ended when this process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

export interface Running {
	node: NodeProcess;
	api: ApiPromise;
}

/** Runs `body` with started nodes; stops them all at the end and shows their logs on failure. */
export async function withNodes(
	body: (start: (options: NodeOptions) => Promise<Running>) => Promise<void>,
): Promise<void> {
	const running: Running[] = [];
	const start = async (options: NodeOptions): Promise<Running> => {
		const node = await NodeProcess.start(options);
		try {
			const one = { node, api: await connect(node.url) };
			running.push(one);
			return one;
		} catch (error) {
			showLog(node);
			await node.stop();
			throw error;
		}
	};
	try {
		await body(start);
	} catch (error) {
		for (const { node } of running) showLog(node);
		throw error;
	} finally {
		for (const { node, api } of running) {
			await api.disconnect().catch(() => undefined);
			await node.stop();
		}
	}
}

/** Runs `body` with the file of a specification that differs from a preset in how fast its clocks are. */
export async function withSpec(clocks: Clocks, body: (chain: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "ballast-chain-"));
	try {
		await body(writeSpec(folder, clocks));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function showLog(node: NodeProcess): void {
	const lines = readFileSync(node.logFile, "utf8").split("\n").slice(-40);
	console.error(`--- end of ${node.logFile}\n${lines.join("\n")}`);
}

/** Asserts that the action is refused with this condition (`section.Name`), and says so. */
export async function refuses(
	condition: string,
	action: () => Promise<unknown>,
	saying = /(?:)/,
): Promise<void> {
	let outcome: unknown;
	try {
		await action();
	} catch (error) {
		outcome = error;
	}
	assert.ok(outcome instanceof Refused, `expected ${condition}, got ${String(outcome ?? "success")}`);
	assert.equal(outcome.condition, condition, outcome.message);
	assert.match(outcome.message, saying);
}

/** Waits until `probe` gives something, asking every half second. */
export async function eventually<T>(
	what: string,
	timeoutMs: number,
	probe: () => Promise<T | undefined>,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const value = await probe().catch(() => undefined);
		if (value !== undefined) return value;
		if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
		await sleep(500);
	}
}

/** Asserts that every invariant of the clearing house holds, and between its pallets. */
export async function booksAreRight(api: ApiPromise): Promise<void> {
	assert.deepEqual((await callApi(api, "invariantsApi", "checkInvariants")).toPrimitive(), []);
}
