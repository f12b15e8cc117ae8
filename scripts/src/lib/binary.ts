// The node's binary, and what its nodes share so that each starts at once: of a start on a chain that was never seen
// all but half a second is compiling the runtime, twice to make the genesis and once to run it.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The binary, as `scripts/lib/env.sh` builds it. */
export const BINARY =
	process.env["BALLAST_NODE"] ??
	join(
		process.env["CARGO_TARGET_DIR"] ?? join(homedir(), ".cache/ballast-target"),
		"release/ballast-node",
	);

/** Folder of what was made with the binary. Who can write there can write the binary. */
const MADE = join(dirname(BINARY), "made-by-nodes");

/** Folder of compiled runtimes. */
export const COMPILED = join(MADE, "compiled");

/** Asks the node for a specification. */
export function exportSpec(chain: string, ...options: string[]): string {
	const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
	const command = ["export-chain-spec", "--chain", chain, ...options];
	return execFileSync(BINARY, command, { maxBuffer: 1 << 28, stdio }).toString();
}

/** A file with the genesis that this binary makes of a preset or of a file; made once. */
export function rawSpec(chain: string): string {
	const { mtimeMs, size } = statSync(BINARY);
	const source = existsSync(chain) ? readFileSync(chain) : chain;
	const name = createHash("sha256").update(`${mtimeMs} ${size} `).update(source).digest("hex");
	const file = join(MADE, `${name}.json`);
	if (!existsSync(file)) {
		mkdirSync(MADE, { recursive: true });
		const unfinished = `${file}.${process.pid}`;
		writeFileSync(unfinished, exportSpec(chain, "--raw"));
		renameSync(unfinished, file);
	}
	return file;
}
