// Floating point in the compiled runtime: nowhere but where JSON is read and numbers are printed, which
// is genesis presets and debug output. Results of float instructions need not be the same on every
// machine, so nothing that a block contains may depend on one.
//
// Reads the blob that goes into genesis, before compression, with wabt's disassembler. (LLVM's prints
// every `select` as `f32.select`.) Usage: floats.ts [BLOB]

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Who may contain floats. */
const OWNERS = ["serde_json", "zmij", "serde", "serde_core", "core::fmt"] as const;
// zmij is what serde_json prints floats with, and used by it alone.

const FLOAT = /^(?:f32|f64)\.|_f(?:32|64)(?:_[su])?$/;

const folder = process.env["CARGO_TARGET_DIR"] ?? "target";
const blob =
	process.argv[2] ?? `${folder}/release/wbuild/ballast-runtime/ballast_runtime.compact.wasm`;
if (!existsSync(blob)) {
	console.error(`there is no ${blob}: build the node first`);
	process.exit(1);
}

interface Found {
	function: string;
	instructions: string[];
}

/** Float instructions of a blob, by function. */
function floats(path: string): { found: Found[]; functions: number; instructions: number } {
	const text = execFileSync("wasm-objdump", ["-d", path], { maxBuffer: 1 << 30 }).toString();
	const found: Found[] = [];
	let [functions, instructions] = [0, 0];
	let [name, named] = ["", false];
	let here: string[] = [];
	const close = () => {
		if (here.length > 0) found.push({ function: name, instructions: here });
		here = [];
	};
	for (const line of text.split("\n")) {
		const head = /^[0-9a-f]+ func\[\d+\](?: <(.*)>)?:$/.exec(line);
		if (head) {
			close();
			functions += 1;
			name = head[1] ?? "";
			named ||= head[1] !== undefined;
			continue;
		}
		// Address, bytes, bar, instruction; a line without an instruction continues the bytes.
		const opcode = /^ *[0-9a-f]+: [0-9a-f ]+\| +(\S+)/.exec(line)?.[1];
		if (opcode === undefined) continue;
		instructions += 1;
		if (FLOAT.test(opcode)) here.push(opcode);
	}
	close();
	if (!named || instructions === 0) {
		console.error(`${path}: no names of functions, or no code: nothing to tell owners by`);
		process.exit(1);
	}
	return { found, functions, instructions };
}

/** Names as the source has them, without hashes of crates and versions. */
function demangled(names: string[]): string[] {
	const input = names.map((name) => name.replace(/\.llvm\.\d+$/, "")).join("\n");
	const text = execFileSync("c++filt", ["-s", "rust"], { input, maxBuffer: 1 << 28 }).toString();
	return text
		.trimEnd()
		.split("\n")
		.map((name) => name.replace(/\[[0-9a-f]+\]/g, "").replace(/::h[0-9a-f]{16}$/, ""));
}

/** The path at the beginning of a name of a type or a function, such as `core::fmt::float`. */
function path(text: string): string {
	return /^(?:&|mut |\*|const |dyn |\(|\[)*((?:\w+::)*\w+)/.exec(text)?.[1] ?? "";
}

/**
 * The paths that say whose a function is: of a method of an implementation the type's and the trait's,
 * since either crate may have written it; a primitive type is nobody's.
 */
function whose(name: string): string[] {
	const implementation = /^<(.*?) as (.*)>::/.exec(name) ?? /^<(.*)>::/.exec(name);
	if (!implementation) return [path(name)];
	const [, type = "", trait] = implementation;
	const paths = [path(type)].filter((text) => text.includes("::"));
	// What `core` and `alloc` ask of a type, it does itself.
	const ours = trait === undefined ? "" : path(trait);
	if (ours !== "" && !(paths.length > 0 && /^(core|alloc)::/.test(ours))) paths.push(ours);
	return paths.length > 0 ? paths : [path(name)];
}

function owner(name: string): string | undefined {
	const owners = whose(name).map((text) =>
		OWNERS.find((allowed) => text === allowed || text.startsWith(`${allowed}::`)),
	);
	return owners.every((allowed) => allowed !== undefined) ? owners[0] : undefined;
}

const { found, functions, instructions } = floats(blob);
const names = demangled(found.map((item) => item.function));
const counts = new Map<string, number>(OWNERS.map((allowed) => [allowed, 0]));
const broken: string[] = [];
for (const [i, item] of found.entries()) {
	const name = names[i] ?? item.function;
	const allowed = owner(name);
	const distinct = [...new Set(item.instructions)].join(", ");
	if (allowed === undefined) broken.push(`${name}: ${item.instructions.length} (${distinct})`);
	else counts.set(allowed, (counts.get(allowed) ?? 0) + item.instructions.length);
}
const list = [...counts].map(([allowed, count]) => `${allowed} ${count}`).join(", ");
const size = `${instructions} instructions in ${functions} functions`;
if (broken.length > 0) {
	console.error(`float instructions in the runtime (${size}; allowed: ${list}):`);
	console.error(`  ${broken.join("\n  ")}`);
	process.exit(1);
}
console.log(`floats: ${size}, floats only in ${list}`);
