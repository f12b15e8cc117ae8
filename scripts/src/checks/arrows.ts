// The dependency arrows of the workspace, checked over `cargo metadata`: pallets of ours depend on
// no pallet of ours, math on nothing of ours, and neither node nor benchmark links the runtime.

import { execFileSync } from "node:child_process";

interface Dependency {
	name: string;
	kind: string | null;
	path?: string;
}

interface Package {
	name: string;
	manifest_path: string;
	dependencies: Dependency[];
}

const root = new URL("../../../", import.meta.url).pathname;
const metadata = JSON.parse(
	execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1", "--locked"], {
		cwd: root,
		maxBuffer: 1 << 26,
	}).toString(),
) as { packages: Package[] };

const isPallet = (p: Package) => p.manifest_path.startsWith(`${root}pallets/`);
const pallets = new Set(metadata.packages.filter(isPallet).map((p) => p.name));
const foundation = ["ballast-math", "ballast-primitives", "ballast-traits"];

// What each crate of ours may depend on (of ours). Development dependencies are looked at apart.
function allowed(p: Package): string[] {
	switch (p.name) {
		case "ballast-math":
			return [];
		case "ballast-primitives":
			return ["ballast-math"];
		case "ballast-traits":
			return ["ballast-primitives"];
		case "ballast-mocks":
			return ["ballast-primitives", "ballast-traits"];
		case "ballast-runtime-wasm":
			return [];
		case "ballast-node":
			return ["ballast-runtime-wasm"];
		case "ballast-bench-runtime":
		case "ballast-runtime-next":
			return ["ballast-runtime"];
		case "ballast-bench-workloads":
			return ["ballast-math"];
		case "ballast-bench":
			return ["ballast-bench-workloads", "ballast-runtime-wasm"];
		case "ballast-runtime":
			return [...foundation, ...pallets];
		case "ballast-integration-tests":
			return [...foundation, ...pallets, "ballast-runtime"];
		default:
			return isPallet(p) ? foundation : [];
	}
}

const ours = new Set(metadata.packages.map((p) => p.name));
const broken: string[] = [];
for (const p of metadata.packages) {
	const may = new Set(allowed(p));
	for (const d of p.dependencies) {
		if (!d.path || !ours.has(d.name)) continue;
		const development = d.kind === "dev";
		if (development && d.name === "ballast-mocks") continue;
		if (!may.has(d.name)) broken.push(`${p.name} -> ${d.name}${development ? " (dev)" : ""}`);
	}
}

if (broken.length > 0) {
	console.error(`dependencies against the arrows of the design:\n  ${broken.join("\n  ")}`);
	process.exit(1);
}
console.log(`arrows: ${metadata.packages.length} crates, ${pallets.size} pallets, none against the design`);
