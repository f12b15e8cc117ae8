// The node as validators run it: killed and restarted, and followed by another node.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { bestNumber, untilBlock } from "../lib/chain.ts";
import { freePort } from "../lib/node.ts";
import { eventually, withNodes } from "./support.ts";

async function finalized(api: ApiPromise): Promise<number> {
	const hash = await api.rpc.chain.getFinalizedHead();
	return (await api.rpc.chain.getHeader(hash)).number.toNumber();
}

/** A folder that outlives the node that uses it. */
function withFolder(body: (folder: string) => Promise<void>): () => Promise<void> {
	return async () => {
		const folder = mkdtempSync(join(tmpdir(), "ballast-e2e-"));
		try {
			await body(folder);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

test(
	"a node killed with SIGKILL continues its chain when restarted",
	withFolder(async (basePath) => {
		let before = 0;
		let hash = "";
		await withNodes(async (start) => {
			const { node, api } = await start({ args: ["--dev"], basePath });
			await eventually("three finalized blocks", 60_000, async () =>
				(await finalized(api)) >= 3 ? true : undefined,
			);
			before = await finalized(api);
			hash = (await api.rpc.chain.getBlockHash(before)).toHex();
			await node.kill("SIGKILL");
		});
		await withNodes(async (start) => {
			const { api } = await start({ args: ["--dev"], basePath });
			await untilBlock(api, before + 3);
			assert.equal((await api.rpc.chain.getBlockHash(before)).toHex(), hash);
			await eventually("finality resumes", 60_000, async () =>
				(await finalized(api)) > before ? true : undefined,
			);
		});
	}),
);

test("a second node syncs and follows finality", async () => {
	await withNodes(async (start) => {
		const p2pPort = await freePort();
		const first = await start({ args: ["--dev"], p2pPort });
		const peerId = (await first.api.rpc.system.localPeerId()).toString();
		await untilBlock(first.api, 4);
		const bootnode = `/ip4/127.0.0.1/tcp/${p2pPort}/p2p/${peerId}`;
		const second = await start({ args: ["--chain", "dev", "--bootnodes", bootnode] });
		const target = await bestNumber(first.api);
		await eventually("the second node finalizes what the first had", 60_000, async () =>
			(await finalized(second.api)) >= target ? true : undefined,
		);
		const at = await finalized(second.api);
		assert.equal(
			(await second.api.rpc.chain.getBlockHash(at)).toHex(),
			(await first.api.rpc.chain.getBlockHash(at)).toHex(),
		);
	});
});
