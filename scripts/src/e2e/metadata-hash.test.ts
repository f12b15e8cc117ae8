// The hash of the metadata, which hardware wallets sign over: what `ballast-bench metadata-hash` prints
// for the code of a live chain is what wallets compute from the metadata of that chain, and a runtime
// accepts signatures over the hash it was built with and over no other.
//
// `scripts/build-production` runs this with BALLAST_METADATA_HASH, on a node whose runtime was built with
// a hash. Any other build knows none, and must refuse such signatures rather than let them pass.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { ApiPromise } from "@polkadot/api";
import { merkleizeMetadata } from "@polkadot-api/merkleize-metadata";
import { key, send } from "../lib/chain.ts";
import { BINARY } from "../lib/binary.ts";
import { refuses, withNodes } from "./support.ts";

/** The benchmark's binary, built with the node's. */
const BENCH = process.env["BALLAST_BENCH"] ?? join(dirname(BINARY), "ballast-bench");
/** The hash that the node's runtime was built with, if it was built with one. */
const BUILT_WITH = process.env["BALLAST_METADATA_HASH"];
/** `:code`, where a chain keeps its runtime. */
const CODE_KEY = "0x3a636f6465";

/** By the tool of this repository, from the code of the chain. */
async function byTool(api: ApiPromise): Promise<string> {
	const code = (await api.rpc.state.getStorage(CODE_KEY)) as unknown as { toHex(): string };
	const folder = mkdtempSync(join(tmpdir(), "ballast-hash-"));
	try {
		const file = join(folder, "runtime.wasm");
		writeFileSync(file, Buffer.from(code.toHex().slice(2), "hex"));
		return execFileSync(BENCH, ["metadata-hash", "--wasm", file]).toString().trim();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** By a wallet's library, from the metadata of the chain, whose constants come from its state. */
async function byWallet(api: ApiPromise): Promise<string> {
	const answer = await api.rpc.state.call("Metadata_metadata_at_version", "0x0f000000");
	// An option of bytes.
	const bytes = api.registry.createType("Option<Bytes>", answer.toHex());
	const metadata = (bytes.toJSON() as string | null) ?? "";
	const digest = merkleizeMetadata(metadata, { decimals: 12, tokenSymbol: "BLST" }).digest();
	return `0x${Buffer.from(digest).toString("hex")}`;
}

/** A remark whose signature is over this hash. */
const remark = (api: ApiPromise, metadataHash: `0x${string}`) =>
	send(api, key("//Bob"), api.tx.system.remark("0x01"), { mode: 1, metadataHash });

test("signatures over the hash of the metadata", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const hash = (await byTool(api)) as `0x${string}`;
		assert.match(hash, /^0x[0-9a-f]{64}$/);
		assert.equal(await byWallet(api), hash);

		const wrong = `0x${"11".repeat(32)}` as const;
		if (BUILT_WITH === undefined) {
			await refuses("transaction.Invalid", () => remark(api, hash), /CannotLookup/);
			await refuses("transaction.Invalid", () => remark(api, wrong), /CannotLookup/);
		} else {
			assert.equal(BUILT_WITH, hash);
			await refuses("transaction.Invalid", () => remark(api, wrong), /bad signature/);
			await remark(api, hash);
		}
	});
});
