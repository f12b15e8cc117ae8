// The long options of the node: those that sc-cli declares, in the version of Cargo.lock. Taken from its
// source, so that they are known before anything is built.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where cargo keeps the sources of sc-cli. */
function source(root: string): string {
	const command = ["metadata", "--format-version", "1", "--locked"];
	const options = { cwd: root, maxBuffer: 1 << 28 };
	const metadata = JSON.parse(execFileSync("cargo", command, options).toString()) as {
		packages: { name: string; manifest_path: string }[];
	};
	const found = metadata.packages.find((one) => one.name === "sc-cli");
	if (!found) throw new Error("sc-cli is not among the packages of Cargo.lock");
	return join(dirname(found.manifest_path), "src");
}

/** Every long option, with its dashes. */
export function nodeFlags(root: string): Set<string> {
	const flags = new Set<string>();
	const cli = source(root);
	for (const folder of ["commands", "params"]) {
		const path = join(cli, folder);
		for (const file of readdirSync(path).filter((name) => name.endsWith(".rs"))) {
			optionsIn(readFileSync(join(path, file), "utf8")).forEach((name) => flags.add(`--${name}`));
		}
	}
	if (flags.size < 50) throw new Error(`only ${flags.size} options found in sc-cli`);
	return flags;
}

/** `#[arg(long)] pub some_field`, or `#[arg(long = "some-name")]`. */
function optionsIn(text: string): string[] {
	const found: string[] = [];
	for (const match of text.matchAll(/#\[(?:arg|clap)\(/g)) {
		const rest = text.slice(match.index);
		const attribute = rest.slice(0, rest.indexOf(")]"));
		const long = /\blong\b(?:\s*=\s*"([^"]+)")?/.exec(attribute);
		if (!long) continue;
		const field = /\bpub\s+(?:r#)?(\w+)\s*:|^\s*(\w+)\s*:\s/m.exec(rest.slice(attribute.length));
		const name = long[1] ?? (field?.[1] ?? field?.[2])?.replaceAll("_", "-");
		if (name) found.push(name);
	}
	return found;
}

/** What is wrong with these arguments of the node. */
export function flagProblems(words: string[], flags: Set<string>): string[] {
	const given = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]!);
	return given.filter((flag) => !flags.has(flag)).map((flag) => `the node has no option ${flag}`);
}
