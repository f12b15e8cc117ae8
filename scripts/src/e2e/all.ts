// Runs the end-to-end tests, the longest first: most of each is waiting for blocks, and what begins last would be
// waited for alone. Further files can be named, relative to this folder: `npm run e2e -- network/finality.test.ts`.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { rawSpec } from "../lib/binary.ts";

// With finality among them eight nodes, and two processors are not busy.
const AT_ONCE = 5;

// Those that take minutes; the others take half a minute at the most.
const LONGEST = ["story", "vault", "ramp", "bad-input", "network/finality"];

const folder = dirname(fileURLToPath(import.meta.url));
const rank = (file: string) => {
	const found = LONGEST.findIndex((name) => file === `${name}.test.ts`);
	return found < 0 ? LONGEST.length : found;
};
const own = readdirSync(folder).filter((file) => file.endsWith(".test.ts"));
const all = [...own, ...process.argv.slice(2)];
all.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
const files = all.map((file) => join(folder, file));

rawSpec("dev");
run({ files, concurrency: AT_ONCE })
	.on("test:fail", () => {
		process.exitCode = 1;
	})
	.compose(new spec())
	.pipe(process.stdout);
